"""Entries written as a file has them: bare ones, or a whole file."""

from __future__ import annotations

from index.editing.record import Kinds, UnreadableInput, WrittenEntry, refuse_at, same_kind
from index.formats.base import MemoryFile
from index.formats.opened import entries_inside, line_column
from index.formats.registry import WRITTEN
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit
from index.model.vocabulary import fold, vocabulary


def read_source(data: bytes, kinds: Kinds, kind: str) -> list[WrittenEntry]:
    """Read the entries of a text that is written as a file is, each as its own source.

    A part that is called as a kind is an entry; anything else is read as a file of the tree would be.

    Raises UnreadableInput: it has an error, or no entry can be told from it.
    """
    document = WRITTEN.open(data)
    problem = next(iter(document.errors), None)
    if problem is not None:
        raise UnreadableInput(f"Line {problem.line}, column {problem.column}: {problem.message}")
    wanted = kinds.shape(kind) if kind else None
    pieces = WRITTEN.pieces(document)
    names = [_name(document, span) for span in pieces]
    if all(_is_called(name, wanted, kinds) for name in names):
        return [
            _record(document, span, kind, fold(name), kinds) for span, name in zip(pieces, names, strict=True)
        ]
    entries = [entry for entry in document.entries if not entry.template]
    for entry in entries:
        if entries_inside(document, entry):
            start, end = document.span(entry.ref)
            name = _name(document, (start, end))
            refuse_at(
                document.source,
                start,
                f"{name} holds entries and other text beside them: give the entries alone.",
            )
    return [_record(document, document.span(entry.ref), kind, entry.kind, kinds) for entry in entries]


def _name(document: MemoryFile, span: tuple[int, int]) -> str:
    """Return the name that the source has for the part at a span."""
    read = WRITTEN.lone(document.source[slice(*span)])
    return read.name if read is not None else ""


def _is_called(name: str, wanted: KindShape | None, kinds: Kinds) -> bool:
    """Whether a name alone makes its element an entry."""
    own = vocabulary().kinds.get(fold(name), fold(name))
    if wanted is None:
        return own in kinds
    return own in (wanted.kind, fold(wanted.called)) or wanted.kind.endswith(f"-{own}")


def _record(
    document: MemoryFile, span: tuple[int, int], wanted: str, found: str, kinds: Kinds
) -> WrittenEntry:
    start, end = span
    place = f"line {line_column(document, start)[0]}"
    markup = document.source[start:end]
    read = WRITTEN.lone(markup)
    errors = read.document.errors if read is not None else ()
    if errors:
        refuse_at(
            document.source, start + errors[0].start, f"this is not an entry by itself: {errors[0].message}"
        )
    if wanted and read is not None and _is_called(read.name, kinds.shape(wanted), kinds):
        found = ""
    try:
        return WrittenEntry(same_kind(kinds, wanted, found, place), markup=markup, place=place)
    except UnreadableInput:
        raise
    except CannotEdit as error:
        raise UnreadableInput(f"{place.capitalize()}: {error}") from error
