"""An entry that was written down as source, put into a file as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from index.editing.adding import check_id, place_entry, plan_add, plan_of_new
from index.editing.plan_checks import parse, with_others
from index.editing.templates import next_id, shape_of
from index.formats.base import Excerpt, FieldForm, NewEntry
from index.formats.opened import refusing
from index.formats.registry import WRITTEN, format_of
from index.model.counts import kind_words
from index.model.field import Field
from index.model.kind_shape import KindShape
from index.model.known_entries import KnownEntries
from index.model.plan import CannotEdit, Plan
from index.model.vocabulary import is_about, own_id, role


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
        with refusing(f"{name} cannot be set"):
            edited = read.document.put_field(read.entry, name, text, FieldForm(shape))
        markup = edited.source
    return markup, made
