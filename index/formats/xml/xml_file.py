"""An XML file as the rest of the house sees it: entries, and edits of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from index.formats.base import Excerpt, FieldForm, Inserted, Lone, MemoryFile, NewEntry, Samples
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of, is_legible
from index.formats.xml.entries import Content, read_entries
from index.formats.xml.writing import placing, restoring, source_edits
from index.formats.xml.writing.composing import Style
from index.formats.xml.writing.field_writing import put_field
from index.formats.xml.writing.placement import is_whole
from index.formats.xml.writing.repair import repair_document
from index.formats.xml.writing.structure import remove_element
from index.model.cached import once
from index.model.entry import Entry, EntryRef
from index.model.errors import EditRefused
from index.model.plan import CannotEdit
from index.model.problems import Problem, Splice


class XmlFile:
    """A `MemoryFile` over a `Document`, whose elements are its refs: each answer is told there."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.path = document.path
        self.source = document.source
        self.problems = document.problems
        self.errors = document.errors
        self.readonly = document.readonly
        self.refusal = document.encoding.refusal
        self.rule = ""
        self.codec = document.encoding.codec
        self.to_bytes = document.to_bytes

    @once
    def _content(self) -> Content:
        return content_of(self.document)

    @once
    def entries(self) -> list[Entry]:
        return read_entries(self._content, self.path)

    @property
    def legible(self) -> bool:
        return is_legible(self._content)

    def encoded(self, text: str) -> bytes:
        return text.encode(self.codec, self.document.encoding.errors)

    def span(self, ref: EntryRef) -> tuple[int, int]:
        return self.document.starts[ref], self.document.ends[ref]

    def spliced(self, splices: Iterable[Splice]) -> XmlFile:
        return self._with(self.document.spliced(splices))

    def _with(self, document: Document) -> XmlFile:
        return self if document is self.document else XmlFile(document)

    # ── fields ────────────────────────────────────────────────────────────────

    def put_field(self, entry: Entry, name: str, text: str, form: FieldForm) -> XmlFile:
        samples = form.samples or Samples(self, ())
        style = Style(inner(samples.document), samples.refs)
        return self._with(put_field(self.document, entry, name, text, form.shape, style, form.like))

    def put_field_back(self, entry: Entry, name: str, then: MemoryFile, was: Entry) -> XmlFile:
        return self._with(restoring.put_field_back(self.document, entry, name, inner(then), was))

    # ── entries ───────────────────────────────────────────────────────────────

    def insertions(self, draft: NewEntry) -> Iterator[Inserted]:
        for edited, element, template in placing.insertions(self.document, draft):
            yield Inserted(XmlFile(edited), element, template)

    def doubled(self, entry: Entry) -> Inserted:
        edited, element, _ = placing.insert_double(self.document, entry)
        return Inserted(XmlFile(edited), element)

    def without(self, ref: EntryRef) -> XmlFile:
        return XmlFile(remove_element(self.document, ref))

    def is_whole(self, entry: Entry) -> bool:
        return is_whole(self.document, entry)

    def holds_only(self, ref: EntryRef) -> bool:
        return ref == 0 and self.document.last[ref] == len(self.document.names) - 1

    def excerpt(self, entry: Entry, to: MemoryFile, new: NewEntry) -> Excerpt:
        return placing.excerpt(self.document, entry, inner(to))

    def alone(self, entry: Entry) -> Lone:
        try:
            own = XmlFile(source_edits.part(self.document, entry.ref))
        except EditRefused as error:
            raise CannotEdit(f"{entry.id} {error}") from error
        return Lone(own, replace(entry, ref=0), self.document.names[entry.ref])

    def with_parts(self, parts: Mapping[EntryRef, MemoryFile]) -> XmlFile:
        return XmlFile(
            source_edits.with_parts(self.document, {ref: inner(part) for ref, part in parts.items()})
        )

    # ── the source of an entry ────────────────────────────────────────────────

    def check_source(self, ref: EntryRef, text: str) -> tuple[Problem, ...]:
        return source_edits.check_source(self.document, ref, text)

    def with_source(self, ref: EntryRef, text: str) -> XmlFile:
        return self._with(source_edits.with_source(self.document, ref, text))

    def put_back(self, ref: EntryRef, then: MemoryFile, was: EntryRef) -> Iterator[XmlFile]:
        return map(XmlFile, restoring.put_back(self.document, ref, inner(then), was))

    def insert_back(
        self, then: MemoryFile, was: EntryRef, twins: Mapping[EntryRef, EntryRef | None]
    ) -> Iterator[XmlFile]:
        return map(XmlFile, restoring.insert_back(self.document, inner(then), was, twins))

    # ── repair ────────────────────────────────────────────────────────────────

    def repaired(self, *, guesses: bool = True) -> XmlFile:
        return self._with(repair_document(self.document, guesses=guesses))


def inner(file: MemoryFile) -> Document:
    """Return the document of an opened XML file; one of another format is read anew, as the text it is."""
    return file.document if isinstance(file, XmlFile) else Document.parse(file.to_bytes(), file.path)
