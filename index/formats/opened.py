"""An opened file, whatever its format: its entries, their sources and the places that they take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from index.formats.base import MemoryFile
from index.model.display import as_clause
from index.model.entry import NOWHERE, Entry, EntryRef
from index.model.errors import EditRefused, ReadsElse
from index.model.field import Field
from index.model.plan import CannotEdit, Misread
from index.model.text.line_index import LineIndex


def find_entry(document: MemoryFile, entry_id: str) -> Entry:
    """Return the entry of a file with this id. Raises CannotEdit: the file no longer holds it."""
    for entry in document.entries:
        if entry.id == entry_id:
            return entry
    raise CannotEdit(f"{entry_id} is no longer in {document.path}: reload and look for it again.")


def loosely(rule: str) -> str:
    """Return the way in which entries are found without its detail, which each version has its own of.

    >>> loosely("sections:2")
    'sections'
    """
    return rule.partition(":")[0]


def source_of(document: MemoryFile, entry: Entry) -> str:
    """Return the source of one of a file's entries; all of it for one without a place."""
    if entry.ref == NOWHERE:
        return document.source
    start, end = document.span(entry.ref)
    return document.source[start:end]


def line_column(document: MemoryFile, offset: int) -> tuple[int, int]:
    """Return line and column of a character of a file's source, from 1."""
    return LineIndex(document.source).locate(offset)


def encloses(document: MemoryFile, outer: EntryRef, inner: EntryRef) -> bool:
    """Whether one entry of a file is inside of another."""
    if outer >= inner:
        return False
    start, end = document.span(outer)
    first, last = document.span(inner)
    return start <= first and last <= end and first < end


def entries_inside(document: MemoryFile, entry: Entry) -> list[Entry]:
    """Return the entries of a file that are inside of one of them."""
    return [other for other in document.entries if encloses(document, entry.ref, other.ref)]


def field_of(entry: Entry, name: str) -> Field | None:
    """Return the field of an entry with this name, None where there is none."""
    return next((field for field in entry.fields if field.name == name), None)


@contextmanager
def refusing(what: str) -> Iterator[None]:
    """Name the edit that failed when a format refuses it.

    Raises CannotEdit: in place of the format's own errors.
    """
    try:
        yield
    except ReadsElse as error:
        raise Misread(f"{what}: {as_clause(str(error))}") from error
    except EditRefused as error:
        raise CannotEdit(f"{what}: {as_clause(str(error))}") from error
    except UnicodeEncodeError as error:
        sign = error.object[error.start]
        raise CannotEdit(f"{what}: the file's encoding has no character {sign!r}.") from error
