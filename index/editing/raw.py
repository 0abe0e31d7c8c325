"""An entry's own source, edited as text."""

from __future__ import annotations

from typing import NamedTuple

from index.editing.plan_checks import EntryInFile, others_unchanged
from index.editing.single import edit_message
from index.formats.base import MemoryFile
from index.formats.opened import entries_inside, line_column
from index.formats.registry import format_of
from index.model.entry import Entry
from index.model.plan import BrokenMarkup, CannotEdit, Plan, of_file


class Markup(NamedTuple):
    """An entry's own source, to be edited as text."""

    data: bytes
    """The bytes of its file."""
    document: MemoryFile
    entry: Entry
    text: str
    """Its markup with the indentation of its first line, so that columns are those of the file."""
    line: int
    """Number of the first line in the file."""
    format: str
    """The name of the format: `XML`, `Markdown`."""


def open_markup(found: EntryInFile) -> Markup:
    """Return the source of an entry as it is written."""
    document, entry = found
    start, end = document.span(entry.ref)
    line, column = line_column(document, start)
    indent = document.source[start - column + 1 : start]
    lead = indent if not indent.strip(" \t") else ""
    text = (lead + document.source[start:end]).replace("\r\n", "\n").replace("\r", "\n")
    return Markup(document.to_bytes(), document, entry, text, line, format_of(document.path).name)


def plan_markup(place: EntryInFile, markup: str) -> Plan:
    """Plan another text for an entry, of which only its own span differs in the file.

    A character that the file's encoding lacks is written as a reference.

    Raises:
        BrokenMarkup: the text is not well-formed; it names every problem.
        CannotEdit: it would be no entry, or change how others read.
    """
    document, entry = place
    problems = document.check_source(entry.ref, markup)
    if problems:
        raise BrokenMarkup(problems)
    edited = document.with_source(entry.ref, markup)
    found = next((other for other in edited.entries if other.ref == entry.ref), None)
    if found is None:
        raise CannotEdit("This text would not read as an entry: it needs two fields, or an id.")
    inside = {entry.ref, *(other.ref for other in entries_inside(document, entry))}
    now = {found.ref, *(other.ref for other in entries_inside(edited, found))}
    if not others_unchanged(document.entries, edited.entries, inside, now):
        raise CannotEdit("Other entries of the file would read differently with this text.")
    old = {field.name: field.text for field in entry.fields}
    new = {field.name: field.text for field in found.fields}
    fields = tuple(name for name in {**old, **new} if old.get(name) != new.get(name))
    message = edit_message(entry, fields or ("markup",))
    return of_file(document.path, document.to_bytes(), edited.to_bytes(), message, found.id, fields)
