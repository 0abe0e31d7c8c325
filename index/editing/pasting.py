"""An entry that was written as XML somewhere else, put into a file as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from index.editing.adding import check_id, frame_for, place_entry
from index.editing.composing import Style
from index.editing.field_edits import put_field
from index.editing.moving import called
from index.editing.placement import Placement, places
from index.editing.plan_checks import is_about, kind_words, parse, subject, warn, with_others
from index.editing.templates import next_id, shape_of
from index.formats.xml.document import Document
from index.formats.xml.document_entries import entries_of
from index.formats.xml.elements import content_of
from index.formats.xml.fields import read_fields
from index.formats.xml.markup import WHITESPACE
from index.model.entry import Entry
from index.model.field import Field
from index.model.kind_shape import KindShape
from index.model.known_entries import KnownEntries
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.model.vocabulary import own_id, role


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
        file: its path in the tree.
        kind: as `Entry.kind`.
        markup: one well-formed element.
        entries: those of the tree; its id differs from theirs.
        now: the time it gets.
        like: a file of the same kind in another place, the model for a new file.

    Raises:
        CannotEdit: it says nothing, its id is taken, or it would not read there as one entry.
    """
    document = parse(data, file)
    tree = with_others(entries, document, file)
    shape = shape_of(kind, tree, file)
    fields = fields_in(markup)
    if not any(field.text and not is_about(field.name) for field in fields):
        raise CannotEdit(f"A new {kind_words(kind)} needs a text in one field at least.")
    own = own_id(fields)
    if own:
        check_id(own, kind, tree, file, now)
    spots: Iterator[Placement]
    if document.source.strip(WHITESPACE):
        spots = places(document, entries_of(document, file), shape, file)
    else:
        frame = frame_for(file, shape, like, now)
        root = Placement(-1, 0, shape.called or kind)
        document, spots = frame.document, iter(frame.places or (root,))
    markup, made = _completed(markup, fields, shape, tree, file, now)
    said = {field.name: field.text for field in fields} | made
    added = place_entry(document, file, kind, called(spots, markup), said)
    return Plan(
        (PlannedChange(file, data, added.document.to_bytes()),),
        subject("add", added.entry),
        (added.entry.id,),
        tuple(said),
        warn(added.document),
    )


def fields_in(markup: str) -> tuple[Field, ...]:
    """Return the fields of one element."""
    content = content_of(Document.parse(markup.encode("utf-8", "surrogateescape")))
    return read_fields(content.roots[0]) if content.roots else ()


def _completed(
    markup: str, fields: tuple[Field, ...], shape: KindShape, tree: KnownEntries, file: str, now: datetime
) -> tuple[str, dict[str, str]]:
    """Return the element with an id and a time, where the kind has them and it lacks them, and those."""
    said = {role(field.name): field.text for field in reversed(fields) if field.text}
    made = {}
    if shape.id and "id" not in said:
        title = said.get("title", said.get("problem", ""))
        made[shape.id] = next_id(shape.kind, tree, now, file=file, title=title)
    if shape.time and "time" not in said and not is_about(shape.time):
        made[shape.time] = shape.stamp(now)
    document = Document.parse(markup.encode("utf-8", "surrogateescape"))
    for name, text in made.items():
        entry = Entry("", shape.kind, "", "", file, 1, fields_in(document.markup(0)), ref=0)
        document = put_field(document, entry, name, text, shape, Style(document, ()))
    return document.markup(0), made
