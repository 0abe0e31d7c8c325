"""Markdown, as the registry of formats knows it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING

from index.model.cached import once
from index.model.field_path import field_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from index.formats.base import Choices, Lone, Merged, Parsed, Sides
    from index.formats.linking import Linking
    from index.formats.markdown.markdown_file import MarkdownFile
    from index.model.entry import Entry
    from index.model.file_record import LoadLimit, ToolBlock
    from index.model.kind_shape import KindShape

_SUFFIXES = (".md", ".mdc", ".markdown")
_WORDS = 8
"""Words of a title that a file is called after."""


class MarkdownFormat:
    """The `Format` of files that end in `.md`, and of Cursor's rules."""

    name = "Markdown"
    suffix = ".md"
    texts_are_markdown = True

    @once
    def linking(self) -> Linking:
        from index.formats.markdown.index_lines import MarkdownLinks

        return MarkdownLinks()

    def matches(self, path: str) -> bool:
        """Whether a path ends as one of Markdown does."""
        return path.lower().endswith(_SUFFIXES)

    def read(self, data: bytes, path: str = "") -> Parsed:
        from index.formats.base import Parsed

        file = self.open(data, path)
        return Parsed(file.problems, lambda: file.entries, legible=file.legible, rule=file.rule)

    def is_broken(self, data: bytes) -> bool:
        from index.formats.markdown.reading import is_broken

        file = self.open(data)
        return file.readonly or is_broken(file.source)

    def protection(self, data: bytes) -> str:
        """Return the clause that the line `read_only: true` of the front matter gives, where it has one."""
        return self.open(data).protection

    def tool_blocks(self, data: bytes) -> tuple[ToolBlock, ...]:
        """Return the parts between comments that a tool writes."""
        return self.open(data).tool_blocks

    def open(self, data: bytes, path: str = "", rule: str = "") -> MarkdownFile:
        """Open a file to be edited, by the unit and the level of `rule` where its place leaves them open."""
        from index.formats.markdown.layouts import fitting
        from index.formats.markdown.markdown_file import MarkdownFile

        return MarkdownFile.parse(data, path, fitting(rule, path))

    def file_of_its_own(self, path: str, data: bytes, name: str, kind: str = "") -> str:
        """Return a path beside a file that is one entry, called after the new one, by kind too as that is.

        Where no file is there, and each entry of the place is one, it is called by its kind, too, unless that
        is the usual one there.
        """
        from index.formats.markdown.layouts import layout_of

        file, layout = self.open(data, path), layout_of(path)
        folder, _, stem = path.rpartition("/")
        words = re.findall(r"\w+", name.lower())[:_WORDS] or ["note"]
        if file.source.strip():
            if file.reading.unit == "sections":
                return path
            old = file.entries[0].kind.split("-")
            lead = kind.split("-") if kind else old
            by_kind = re.split(r"[_-]", stem.lower())[:-1][: len(old)] == old
        elif layout.unit == "file":
            lead, by_kind = kind.split("-"), kind != layout.kind
        else:
            return path
        joint = "_" if "_" in stem else "-"
        if by_kind and words[: len(lead)] != lead:
            words = [*lead, *words]
        return f"{folder}/{joint.join(words)}{self.suffix}" if folder else joint.join(words) + self.suffix

    def field_name(self, name: str) -> str:
        """Return a name as a label can be: without numbers and the signs of attributes and of emphasis."""
        from index.formats.markdown.named_parts import label_name

        bare = field_path(name).bare
        return label_name(" ".join([*(step.name for step in bare.steps), bare.attribute]))

    def takes_more(self, path: str, entries: Sequence[Entry]) -> bool:
        """Whether the entries of a file are sections: by its place, else there is more than one."""
        from index.formats.markdown.layouts import layout_of

        return layout_of(path).unit == "sections" or len(entries) > 1

    def wrapped(self, text: str, *, indent: bool = False) -> str:
        from index.formats.markdown.wrapping import fenced, indented

        return (indented if indent else fenced)(text)

    def plain(self, text: str) -> str:
        from index.formats.markdown.plain_text import plain_text

        return plain_text(text)

    def misleads(self, text: str) -> bool:
        """Whether something in a text is a heading, a label, a rule, or half a fence."""
        from index.formats.markdown.wrapping import misleads

        return misleads(text)

    def told_by(self, name: str, text: str) -> dict[str, str]:
        """Return the labels that a section called Metadata is a list of, else the field as it is."""
        from index.formats.markdown.named_parts import told_by

        return told_by(name, text)

    def text(self, data: bytes) -> str:
        from index.formats.markdown.text_encoding import decode

        return decode(data)[0]

    def blank(self, path: str, shape: KindShape, now: datetime) -> bytes:
        """Return nothing: the first entry begins the file."""
        return b""

    def merge(self, sides: Sides, path: str, choices: Choices | None = None) -> Merged:
        """Merge by entry and field, outside of entries by line."""
        from index.formats.markdown.merging import merge_file
        from index.formats.whole_file import merged

        return merged(self, merge_file, sides, path, choices or {})

    def declared(self, data: bytes) -> str:
        """Return nothing: Markdown names no encoding."""
        return ""

    def lone(self, text: str) -> Lone | None:
        """Read the source of one entry: a section with all below it, or a text with front matter."""
        from index.formats.base import Lone
        from index.formats.markdown.markdown_file import MarkdownFile
        from index.formats.markdown.text_encoding import TextEncoding

        file = MarkdownFile(text, TextEncoding("utf-8", errors="surrogateescape"), "", "file")
        heads = text.lstrip().startswith(("#", "---"))
        return Lone(file, file.entries[0], "") if heads and len(file.entries) == 1 else None

    def may_lose(self, gone: bytes, come: bytes) -> bool:
        """Whether a heading or a front matter went, or a comment that hides one began."""
        return any(mark in gone for mark in (b"#", b"---")) or any(
            mark in come for mark in (b"```", b"~~~", b"<!", b"---")
        )

    def is_all(self, data: bytes, start: int, end: int, rule: str) -> bool:
        """Whether an entry is outside of fences and comments, and nothing of it is behind its end.

        Without a heading only the rest of the file tells the end of it.
        """
        from index.formats.markdown.outline import covers, outline

        text = data.decode("latin-1")
        seen = outline(text)
        if covers(seen.hidden, start):
            return False
        if not data[:start].removeprefix(BOM_UTF8) and not data[end:].strip():
            return True
        if rule.partition(":")[0] not in ("", "sections"):
            return False
        own = next((heading for heading in seen.headings if heading.start == start), None)
        behind = next((heading for heading in seen.headings if heading.start >= end), None)
        gap = text[end : behind.start if behind else len(text)]
        ends = own is not None and (behind is None or behind.level <= own.level)
        return ends and not gap.strip("- \t\r\n")

    def load_limit(self, path: str) -> LoadLimit | None:
        """Return the limit of an index that an agent reads as it starts."""
        from index.formats.markdown.layouts import layout_of

        return layout_of(path).limit
