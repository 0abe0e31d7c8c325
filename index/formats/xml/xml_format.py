"""XML, as the registry of formats knows it; nothing heavy is imported before the first file is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.model.field_path import field_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from index.formats.base import Choices, Lone, MemoryFile, Merged, Parsed, Sides
    from index.formats.xml.xml_file import XmlFile
    from index.model.entry import Entry
    from index.model.file_record import LoadLimit, ToolBlock
    from index.model.kind_shape import KindShape


class XmlFormat:
    """Files that end in `.xml`, well-formed or not."""

    name = "XML"
    suffix = ".xml"
    texts_are_markdown = False
    linking = None

    def matches(self, path: str) -> bool:
        """Whether a path ends in `.xml`, in small letters or capitals."""
        return path.lower().endswith(".xml")

    def read(self, data: bytes, path: str = "") -> Parsed:
        """Read a file with lxml where it is well-formed, else as it is mended."""
        from index.formats.base import Parsed
        from index.formats.xml.elements import is_legible, read_content
        from index.formats.xml.entries import read_entries

        content = read_content(data, path)
        return Parsed(content.problems, lambda: read_entries(content, path), legible=is_legible(content))

    def is_broken(self, data: bytes) -> bool:
        """Whether a file is not well-formed; several roots are no error."""
        from index.formats.xml.elements import is_broken

        return is_broken(data)

    def protection(self, data: bytes) -> str:
        """Return nothing: XML does not say that nobody is to change it."""
        return ""

    def tool_blocks(self, data: bytes) -> tuple[ToolBlock, ...]:
        """Return none: no tool keeps parts of a file of XML."""
        return ()

    def open(self, data: bytes, path: str = "", rule: str = "") -> XmlFile:
        from index.formats.xml.document import Document
        from index.formats.xml.xml_file import XmlFile

        return XmlFile(Document.parse(data, path))

    def blank(self, path: str, shape: KindShape, now: datetime) -> bytes:
        """Write the declaration, the root and its metadata."""
        from index.formats.xml.writing.placing import blank

        return blank(path, shape, now).to_bytes()

    def file_of_its_own(self, path: str, data: bytes, name: str, kind: str = "") -> str:
        """Return the path: a file of XML takes many entries."""
        return path

    def field_name(self, name: str) -> str:
        """Return a name as one of elements, without numbers: a heading with its words joined."""
        from index.formats.xml.markup import is_name

        path = field_path(name).bare
        words = [re.sub(r"[^\w.-]+", "-", part).strip("-.") for part in (*path.parts,)]
        named = [word if re.match(r"[^\W\d]", word) else f"n-{word}" for word in words]
        known = [word if is_name(word) else "text" for word in named]
        return "/".join(known[: len(path.steps)]) + (f"@{known[-1]}" if path.attribute else "")

    def takes_more(self, path: str, entries: Sequence[Entry]) -> bool:
        """Return True: only the file itself tells where it is one entry."""
        return True

    def plain(self, text: str) -> str:
        """Return a text as it is: it has no marks."""
        return text

    def wrapped(self, text: str, *, indent: bool = False) -> str:
        """Return the text: XML escapes all that would read as more."""
        return text

    def misleads(self, text: str) -> bool:
        return False

    def told_by(self, name: str, text: str) -> dict[str, str]:
        return {name: text}

    def text(self, data: bytes) -> str:
        from index.formats.xml.encoding import decode

        return decode(data)[0]

    def merge(self, sides: Sides, path: str, choices: Choices | None = None) -> Merged:
        """Merge by entry and field, by line where a file cannot be read by element."""
        from index.formats.whole_file import merged
        from index.formats.xml.merging.merge import merge_file

        return merged(self, merge_file, sides, path, choices or {})

    def declared(self, data: bytes) -> str:
        """Return the encoding that the XML declaration names."""
        from index.formats.xml.encoding import declared_in

        return declared_in(data)

    def lone(self, text: str) -> Lone | None:
        """Read one element."""
        from index.formats.base import Lone
        from index.formats.xml.document import Document
        from index.formats.xml.elements import content_of
        from index.formats.xml.fields import read_fields
        from index.formats.xml.xml_file import XmlFile
        from index.model.entry import Entry

        document = Document.parse(text.encode("utf-8", "surrogateescape"))
        roots = content_of(document).roots
        if len(roots) != 1 or document.parents.count(-1) != 1 or document.markup(0) != document.source:
            return None
        fields = read_fields(roots[0]).pack()
        return Lone(XmlFile(document), Entry("", "", "", "", "", 1, fields, ref=0), document.names[0])

    def pieces(self, document: MemoryFile) -> list[tuple[int, int]]:
        """Return the spans of the roots, each of which may be an entry that was written down by itself."""
        from index.formats.xml.xml_file import inner

        found = inner(document)
        return [(found.starts[root], found.ends[root]) for root in found.children()]

    def may_lose(self, gone: bytes, come: bytes) -> bool:
        """Whether a tag went, or a comment began."""
        return b"<" in gone or b"<!" in come

    def is_all(self, data: bytes, start: int, end: int, rule: str) -> bool:
        """Whether an element is not inside of a comment or a CDATA section."""
        marks = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"))
        return all(data.rfind(begin, 0, start) <= data.rfind(close, 0, start) for begin, close in marks)

    def load_limit(self, path: str) -> LoadLimit | None:
        return None
