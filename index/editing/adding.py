"""Adding an entry to a file, or to a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from index.editing.composing import (
    FieldValue,
    NewElement,
    Style,
    Text,
    composed,
    fill_inline,
    value_of,
    values_of,
)
from index.editing.placement import Placement, places
from index.editing.plan_checks import (
    above,
    is_about,
    kind_words,
    others_unchanged,
    parse,
    refusing,
    subject,
    warn,
    with_others,
)
from index.editing.templates import next_id, project_of, shape_of
from index.formats.xml.document import Document
from index.formats.xml.document_entries import entries_of
from index.formats.xml.editing import set_attribute
from index.formats.xml.layout import laid_out, layout_for
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.markup_writing import newline_of
from index.formats.xml.structure import New, insert_element, remove_element
from index.formats.xml.white_space import SPACE, keeps_space, kept
from index.model.counts import plural
from index.model.entry import Entry
from index.model.item_lists import read_as
from index.model.kind_shape import FieldShape, KindShape, iso
from index.model.known_entries import KnownEntries
from index.model.margins import dedent
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.model.vocabulary import role


class Added(NamedTuple):
    """A document with one more entry."""

    document: Document
    entry: Entry


def plan_add(
    data: bytes | None,
    file: str,
    kind: str,
    texts: Mapping[str, Text],
    *,
    entries: KnownEntries,
    now: datetime,
    like: bytes | None = None,
) -> Plan:
    """Plan a new entry; an id and a time are made when the kind has them and none is given.

    Args:
        data: the file's bytes; None: it is to be made.
        file: its path in the tree.
        kind: as `Entry.kind`.
        texts: field name → text, or the items of a list; as a text, a list is one item a line. Empty
            ones are left out.
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
    if document.source.strip(WHITESPACE):
        spots = _spots(document, shape, values, file)
    else:
        document, spots = _new_file(file, shape, values, like, now)
    added = place_entry(document, file, kind, spots, said_by(values))
    return Plan(
        (PlannedChange(file, data, added.document.to_bytes()),),
        subject("add", added.entry),
        (added.entry.id,),
        tuple(value.name for value in values),
        warn(added.document),
    )


def _completed(
    shape: KindShape, values: list[FieldValue], tree: KnownEntries, file: str, now: datetime
) -> list[FieldValue]:
    """Add an id and a time where the kind has them and nobody gave them."""
    if not values:
        raise CannotEdit(f"A new {kind_words(shape.kind)} needs a text in one field at least.")
    given = {value.name: value.text for value in values}
    made: dict[str, str] = {}
    if shape.time and shape.time not in given and not is_about(shape.time):
        made[shape.time] = shape.stamp(now)
    own = given.get(shape.id, "")
    if own:
        check_id(own, shape.kind, tree, file, now)
    elif shape.id:
        title = next((v.text for part in ("title", "problem") for v in values if role(v.name) == part), "")
        made[shape.id] = next_id(shape.kind, tree, now, file=file, title=title)
    values = values + [value_of(FieldShape(name), text) for name, text in made.items()]
    order = {field.name: place for place, field in enumerate(shape.fields)}
    return sorted(values, key=lambda value: order.get(value.name, len(order)))


def check_id(own: str, kind: str, tree: KnownEntries, file: str, now: datetime) -> None:
    """Check that no entry of the tree gives itself this id.

    Raises:
        CannotEdit: one does; names the next free one.
    """
    twin = next((entry_id for one, entry_id in tree.own_ids(own) if one == own), None)
    if twin is not None:
        free = next_id(kind, tree, now, file=file)
        raise CannotEdit(f"{own} is the id of another entry, {twin}: the next free one is {free}.")


def _spots(
    document: Document, shape: KindShape, values: Sequence[FieldValue], file: str
) -> Iterator[tuple[Placement, NewElement]]:
    for place in places(document, entries_of(document, file), shape, file):
        yield place, composed(place.element, values, Style(document, place.samples))


def said_by(values: Sequence[FieldValue]) -> dict[str, str]:
    """Return the values that fields will read as, by name."""
    return {value.name: value.text for value in values}


def place_entry(
    document: Document,
    file: str,
    kind: str,
    spots: Iterable[tuple[Placement, NewElement | str]],
    expected: Mapping[str, str],
    *,
    within: bool = False,
) -> Added:
    """Return the document with an entry at the first spot where it reads as one, with `expected` in it.

    Args:
        document: that of the file.
        file: its path in the tree.
        kind: as `Entry.kind`.
        spots: places with the element for each, the best first.
        expected: texts by field name.
        within: whether white space was kept around the element where its markup comes from.

    Raises:
        CannotEdit: there is none.
    """
    before = entries_of(document, file)
    refused = "nothing in it fits"
    for place, node in spots:
        with refusing(f"The {kind_words(kind)} cannot be added to {file}"):
            edited, element = _put(document, place, node, within=within)
        after = entries_of(edited, file)
        entry = next((entry for entry in after if entry.ref == element), None)
        if entry is None or entry.kind != kind:
            refused = "it would not read as one there"
        elif wrong := _misread(entry, expected):
            refused = f"its {wrong} would read as something else"
        elif not others_unchanged(before, after, {place.template}, {element}, above(edited, element)):
            refused = "the other entries would read differently then"
        else:
            return Added(edited, entry)
    raise CannotEdit(f"The {kind_words(kind)} cannot be added to {file}, for {refused}: name another file.")


def _misread(entry: Entry, expected: Mapping[str, str]) -> str:
    """Return the name of a field that is not as it was meant."""
    found = {field.name: field.text for field in entry.fields}
    read = {name: read_as(found, name, text) for name, text in expected.items()}
    wrong = [name for name, as_name in read.items() if not as_name]
    more = [name for name in found if name not in read.values() and not is_about(name)]
    return next(iter(wrong + more), "")


def _put(
    document: Document, place: Placement, node: NewElement | str, *, within: bool
) -> tuple[Document, int]:
    """Return the document with an element at that place, in the layout of those there, and where it is.

    The template that it replaces goes. Raises `EditRefused`.
    """
    if place.wrapper:
        document = insert_element(document, place.parent, place.at, New(place.wrapper))
        wrapper = list(document.children(place.parent))[place.at]
        return _put(document, place._replace(parent=wrapper, at=0, wrapper=""), node, within=within)
    layout = layout_for(document, place.parent, place.at, next(iter(place.samples), -1))
    keeps = keeps_space(document, place.parent)
    if isinstance(node, str):
        node = _spaced(node, keep=within) if keeps != within else node
        document = insert_element(document, place.parent, place.at, laid_out(node, layout, within=keeps))
        element = list(document.children(place.parent))[place.at]
    else:
        if keeps and node.is_laid_out():
            node = replace(node, attributes={**node.attributes, SPACE: "default"})
        written = insert_element(document, place.parent, place.at, node.new())
        element = list(written.children(place.parent))[place.at]
        if layout.indent is None and len(written.markup(element).splitlines()) > 1:
            flat = laid_out(written.markup(element), layout, within=keeps)
            written = insert_element(document, place.parent, place.at, flat)
        document = fill_inline(written, element, node)
    if place.template >= 0:
        size = document.last[place.template] + 1 - place.template
        document = remove_element(document, place.template)
        element -= size if place.template < element else 0
    return document, element


def _spaced(markup: str, *, keep: bool) -> str:
    """Return an element that says by `xml:space` how its white space is read, where it would be misread."""
    document = Document.parse(markup.encode("utf-8", "surrogateescape"))
    ways = zip(kept(document), kept(document, within=True), strict=True)
    texts = (document.text(element) for element, (one, other) in enumerate(ways) if one != other)
    if all(text == dedent(text) for text in texts if text.strip(WHITESPACE)):
        return markup
    return set_attribute(document, 0, SPACE, "preserve" if keep else "default").source


# ── a new file ────────────────────────────────────────────────────────────────


class Surroundings(NamedTuple):
    """A new file that waits for its entry."""

    document: Document
    places: tuple[Placement, ...]
    """The places where the entry may go; none when it is the root, for which `document` is too early."""
    style: Style
    about: NewElement
    """The metadata."""


def frame_for(file: str, shape: KindShape, like: bytes | None, now: datetime) -> Surroundings:
    """Return a new file but for its entry: declaration, root, metadata and wrapper.

    As the documented family has it, with the names of a file `like` it where there is one.

    Raises:
        CannotEdit: a name that no element can have.
    """
    model = Document.parse(like or b"")
    mates = [entry for entry in entries_of(model, file) if entry.kind == shape.kind]
    within = shape.within if shape.called else (plural(shape.kind),)
    names = [shape.called or shape.kind, shape.kind]
    attributes: dict[str, str] = {}
    project = project_of(file)
    if mates and (outer := above(model, mates[-1].ref)):
        within = tuple(model.names[element] for element in outer)
        names.insert(0, model.names[mates[-1].ref])
        attributes = {n: project for n in model.attributes(outer[0]) if n == "project" and project}
    about = NewElement("metadata")
    for name, text in (("project", project), ("last-updated", iso(now)), ("version", "1.0")):
        if text and name not in attributes:
            about.child(name, 1).text = text
    newline = newline_of(model)
    document = Document.parse(f'<?xml version="1.0" encoding="UTF-8"?>{newline}'.encode(), file)
    style = Style(model, [mate.ref for mate in mates])
    if not within:
        return Surroundings(document, (), style, about)
    root = inner = NewElement(within[0], attributes, children=[about])
    for name in within[1:]:
        inner.children.append(NewElement(name))
        inner = inner.children[-1]
    with refusing(f"{file} cannot be made"):
        document = insert_element(document, -1, 0, root.new())
    parent = len(document.names) - 1 if len(within) > 1 else 0
    at = len(list(document.children(parent)))
    return Surroundings(document, tuple(Placement(parent, at, n) for n in dict.fromkeys(names)), style, about)


def _new_file(
    file: str, shape: KindShape, values: Sequence[FieldValue], like: bytes | None, now: datetime
) -> tuple[Document, Iterator[tuple[Placement, NewElement]]]:
    frame = frame_for(file, shape, like, now)
    if frame.places:
        return frame.document, ((p, composed(p.element, values, frame.style)) for p in frame.places)
    root = composed(shape.called or shape.kind, values, frame.style)
    about = root.child("metadata", 1)
    for child in frame.about.children:
        about.child(child.name, 1).text = about.child(child.name, 1).text or child.text
    root.children.sort(key=lambda child: child is not about)
    return frame.document, iter([(Placement(-1, 0, root.name), root)])
