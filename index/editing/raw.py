"""Entries by their own source: edited as text, or written down and put into a file as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from index.editing.adding import check_id, place_entry, plan_add, plan_of_new
from index.editing.plan_checks import EntryInFile, others_unchanged, parse, with_others
from index.editing.single import edit_message
from index.editing.templates import next_id, shape_of
from index.formats.base import Excerpt, FieldForm, MemoryFile, NewEntry
from index.formats.opened import entries_inside, line_column, refusing
from index.formats.registry import WRITTEN, format_of
from index.model.counts import kind_words
from index.model.entry import Entry
from index.model.field import Field
from index.model.kind_shape import KindShape
from index.model.known_entries import KnownEntries
from index.model.plan import BrokenMarkup, CannotEdit, Plan, of_file
from index.model.vocabulary import is_about, own_id, role


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


def plan_paste(
    data: bytes | None,
    file: str,
    kind: str,
    markup: str,
    *,
    entries: KnownEntries,
    now: datetime,
    like: bytes | None = None,
) -> Plan:
    """Plan a new entry from its own element; an id and a time are made when the kind has them and it lacks
    them. Its text stays as it is written, in the layout and under the element name of its like.

    Args:
        data: the file's bytes; None: it is to be made.
        markup: one well-formed element.
        entries: those of the tree; its id differs from theirs.
        like: a file of the same kind in another place, the model for a new file.

    Raises:
        CannotEdit: it says nothing, its id is taken, or it would not read there as one entry.
    """
    document = parse(data, file)
    tree = with_others(entries, document)
    shape = shape_of(kind, tree, file)
    fields = fields_in(markup)
    if not any(field.text and not is_about(field.name) for field in fields):
        raise CannotEdit(f"A new {kind_words(kind)} needs a text in one field at least.")
    if format_of(file) is not WRITTEN:
        texts = {field.name: field.text for field in fields}
        return plan_add(data, file, kind, texts, entries=entries, now=now, like=like)
    own = own_id(fields)
    if own:
        check_id(own, kind, tree, file, now)
    markup, made = _completed(markup, fields, shape, tree, file, now)
    said = {field.name: field.text for field in fields} | made
    added = place_entry(document, NewEntry(shape, now, excerpt=Excerpt(markup), like=like), said)
    return plan_of_new(data, added, tuple(said))


def fields_in(markup: str) -> Sequence[Field]:
    """Return the fields of one entry that was written down."""
    read = WRITTEN.lone(markup)
    return read.entry.fields if read is not None else ()


def _completed(
    markup: str, fields: Sequence[Field], shape: KindShape, tree: KnownEntries, file: str, now: datetime
) -> tuple[str, dict[str, str]]:
    """Return the element with an id and a time, where the kind has them and it lacks them, and those."""
    said = {role(field.name): field.text for field in reversed(fields) if field.text}
    made = {}
    if shape.id and "id" not in said:
        title = said.get("title", said.get("problem", ""))
        made[shape.id] = next_id(shape.kind, tree, now, file=file, title=title)
    if shape.time and "time" not in said and not is_about(shape.time):
        made[shape.time] = shape.stamp(now)
    for name, text in made.items():
        read = WRITTEN.lone(markup)
        assert read is not None  # it has fields
        with refusing(f"The field {name} cannot be set"):
            edited = read.document.put_field(read.entry, name, text, FieldForm(shape))
        markup = edited.source
    return markup, made
