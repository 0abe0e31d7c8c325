"""Adding an entry to a file, or to a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from index.changes.composing import Node, Style, Value, composed, fill_inline, value_of, values_of
from index.changes.layout import laid_out, layout_for
from index.changes.placing import Place, places
from index.changes.plan import (
    Plan,
    PlannedChange,
    entries_of,
    kind_words,
    others_unchanged,
    parse,
    refusing,
    subject,
)
from index.edits import CannotEdit
from index.memory.document import Document, EditRefused
from index.memory.entries import Entry
from index.memory.fields import name_of
from index.memory.structure import New
from index.memory.vocabulary import fold, role
from index.memory.writing import newline_of
from index.shapes import FieldShape, KindShape, next_id, own_id, project_of, shape_of

__all__ = ["Added", "add_element", "plan_add", "with_others"]


class Added(NamedTuple):
    """A document with one more entry."""

    document: Document
    entry: Entry


def plan_add(
    data: bytes | None,
    file: str,
    kind: str,
    texts: Mapping[str, str],
    *,
    entries: Sequence[Entry],
    now: datetime,
    like: bytes | None = None,
) -> Plan:
    """Plan a new entry; an id and a time are made when the kind has them and none is given.

    Args:
        data: the file's bytes; None: it is to be made.
        file: its path in the tree.
        kind: as `Entry.kind`.
        texts: field name → text; a list is one item a line. Empty ones are left out.
        entries: those of the tree, the model for the new one; its id differs from theirs.
        now: the time it gets.
        like: a file of the same kind in another place, the model for a new file.

    Raises:
        CannotEdit: nothing to add, an id that is taken, or a file where it would not read as one entry.
    """
    document = parse(data, file)
    tree = with_others(entries, document, file)
    shape = shape_of(kind, tree, file)
    values = _completed(shape, values_of(shape, texts), tree, file, now)
    if document.source.strip():
        added = _added(document, file, shape, values)
    else:
        added = _added(_new_file(file, shape, like, now, document), file, shape, values)
    message = subject("add", added.entry)
    count = len(document.errors)
    warning = f"The file has {count} {'problem' if count == 1 else 'problems'}; they stay." if data and count else ""
    change = PlannedChange(file, data, added.document.to_bytes())
    return Plan((change,), message, (added.entry.id,), tuple(v.name for v in values), warning if data else "")


def with_others(entries: Sequence[Entry], document: Document, file: str) -> list[Entry]:
    """Return the entries of a tree, those of one file as `document` has them now."""
    return [entry for entry in entries if entry.file != file] + entries_of(document, file)


def _completed(
    shape: KindShape, values: list[Value], tree: Sequence[Entry], file: str, now: datetime
) -> list[Value]:
    """Add an id and a time where the kind has them and nobody gave them."""
    if not values:
        raise CannotEdit(f"A new {kind_words(shape.kind)} needs a text in one field at least.")
    given = {value.name: value.text for value in values}
    made: dict[str, str] = {}
    if shape.time and shape.time not in given and "metadata" not in shape.time:
        made[shape.time] = shape.stamp(now)
    own = given.get(shape.id, "")
    if own:
        twin = next((entry for entry in tree if own_id(entry) == own), None)
        if twin is not None:
            free = next_id(shape.kind, tree, now, file=file)
            raise CannotEdit(f"{own} is the id of another entry, {twin.id}: the next free one is {free}.")
    elif shape.id:
        title = next((v.text for part in ("title", "problem") for v in values if role(v.name) == part), "")
        made[shape.id] = next_id(shape.kind, tree, now, file=file, title=title)
    values = values + [value_of(FieldShape(name), text) for name, text in made.items()]
    order = {field.name: place for place, field in enumerate(shape.fields)}
    return sorted(values, key=lambda value: order.get(value.name, len(order)))


def _added(document: Document, file: str, shape: KindShape, values: Sequence[Value]) -> Added:
    """Return the document with the entry at the first place where it reads as one."""
    before = entries_of(document, file)
    refused = ""
    for place in places(document, before, shape, file):
        style = Style(document, place.samples)
        node = composed(place.element, values, style)
        with refusing(f"The {kind_words(shape.kind)} cannot be added"):
            edited, element = add_element(document, place, node)
        after = entries_of(edited, file)
        entry = next((entry for entry in after if entry.element == element), None)
        if entry is None or entry.kind != shape.kind:
            refused = "it would not read as one there"
        elif (wrong := _misread(entry, values)) is not None:
            refused = f"its {wrong} would read as something else"
        elif not others_unchanged(before, after, {place.template}, {element}):
            refused = "the other entries would read differently then"
        else:
            return Added(edited, entry)
    raise CannotEdit(
        f"The {kind_words(shape.kind)} cannot be added to {file}: {refused or 'nothing in it fits'}. "
        "Name another file."
    )


def _misread(entry: Entry, values: Sequence[Value]) -> str | None:
    """Return the name of a field that is not as it was meant."""
    found = {field.name: field.text for field in entry.fields}
    for value in values:
        if found.get(value.name) != value.read:
            return value.name
    return next((name for name in found if name not in {value.name for value in values}), None)


def add_element(document: Document, place: Place, node: Node) -> tuple[Document, int]:
    """Return the document with an element at that place, in the layout of those there, and where it is.

    The template that it replaces goes. Raises `EditRefused`.
    """
    new = node.new()
    if place.wrapper:
        document = document.insert(place.parent, place.index, New(place.wrapper, content=[new]))
        element = list(document.children(place.parent))[place.index] + 1
    else:
        written = document.insert(place.parent, place.index, new)
        element = list(written.children(place.parent))[place.index]
        layout = layout_for(document, place.parent, place.index, next(iter(place.samples), -1))
        if layout.indent is None and "\n" in written.markup(element):
            flat = laid_out(written.markup(element), layout)
            written = document.insert(place.parent, place.index, flat)
        document = written
    document = fill_inline(document, element, node)
    if place.template >= 0:
        size = document.last[place.template] + 1 - place.template
        document = document.remove(place.template)
        element -= size if place.template < element else 0
    return document, element


# ── a new file ────────────────────────────────────────────────────────────────


def _new_file(file: str, shape: KindShape, like: bytes | None, now: datetime, empty: Document) -> Document:
    """Return a file with everything but the entry: declaration, root, metadata and wrapper.

    As the documented family has it, with the names of a file `like` it where there is one.
    """
    model = Document.parse(like or b"")
    newline = newline_of(model)
    within, attributes = _frame(model, file, shape)
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = [New("last-updated", content=stamp), New("version", content="1.0")]
    project = project_of(file)
    if project and "project" not in attributes:
        about.insert(0, New("project", content=project))
    root, *inner = within or (shape.element or shape.kind,)
    content: list[New] = [New("metadata", content=about)]
    for name in reversed(inner):
        content.append(New(name))
    text = f'<?xml version="1.0" encoding="UTF-8"?>{newline}'
    document = Document.parse(text.encode(), file)
    try:
        return document.insert(-1, 0, New(root, attributes, content)).spliced(())
    except EditRefused as error:
        raise CannotEdit(f"{file} cannot be made: {error}") from error
