"""Entries written as XML: bare elements, or a file of them."""

from __future__ import annotations

from index.editing.record import Kinds, UnreadableInput, WrittenEntry, refuse_at, same_kind
from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit
from index.model.vocabulary import fold, vocabulary


def read_xml(data: bytes, kinds: Kinds, kind: str) -> list[WrittenEntry]:
    """Read the entries of well-formed XML, each as its own markup.

    An element that is called as a kind is an entry; anything else is read as a file of the tree would be.

    Raises:
        UnreadableInput: it is not well-formed, or no entry can be told from it.
    """
    document = Document.parse(data)
    problem = next(iter(document.errors), None)
    if problem is not None:
        raise UnreadableInput(f"Line {problem.line}, column {problem.column}: {problem.message}")
    roots = list(document.children())
    wanted = kinds.shape(kind) if kind else None
    if all(_is_called(document.names[root], wanted, kinds) for root in roots):
        return [_record(document, root, kind, fold(document.names[root]), kinds) for root in roots]
    entries = [entry for entry in read_entries(content_of(document), "") if not entry.template]
    for entry in entries:
        _check_alone(document, entry, entries)
    return [_record(document, entry.ref, kind, entry.kind, kinds) for entry in entries]


def _is_called(name: str, wanted: KindShape | None, kinds: Kinds) -> bool:
    """Whether an element's name alone makes it an entry."""
    own = vocabulary().kinds.get(fold(name), fold(name))
    if wanted is None:
        return own in kinds
    return own in (wanted.kind, fold(wanted.called)) or wanted.kind.endswith(f"-{own}")


def _record(document: Document, element: int, wanted: str, found: str, kinds: Kinds) -> WrittenEntry:
    place = f"line {document.line(element)}"
    markup = document.markup(element)
    alone = Document.parse(markup.encode())
    if alone.errors:
        at = document.starts[element] + alone.errors[0].start
        refuse_at(document.source, at, f"the entry cannot stand by itself: {alone.errors[0].message}")
    if wanted and _is_called(document.names[element], kinds.shape(wanted), kinds):
        found = ""
    try:
        return WrittenEntry(same_kind(kinds, wanted, found, place), markup=markup, place=place)
    except UnreadableInput:
        raise
    except CannotEdit as error:
        raise UnreadableInput(f"{place.capitalize()}: {error}") from error


def _check_alone(document: Document, entry: Entry, entries: list[Entry]) -> None:
    last = document.last[entry.ref]
    if any(entry.ref < other.ref <= last for other in entries):
        name = document.names[entry.ref]
        refuse_at(
            document.source,
            document.starts[entry.ref],
            f"{name} holds entries and other text beside them: give the entries alone.",
        )
