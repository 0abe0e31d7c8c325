"""Fields of one entry: set, added at their usual place, taken away; its tags one by one.

Nothing here reads a file anew: an entry and its element are enough, so that `single` and `bulk` can both
build on it. Whether the result reads as it was meant is checked there, with `check`.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.editing.composing import (
    WORD_LISTS,
    FieldValue,
    Style,
    composed,
    fill_inline,
    find,
    given_for,
    value_of,
)
from index.editing.plan_checks import names_and_texts, refusing
from index.formats.xml.document import Document
from index.formats.xml.editing import set_attribute
from index.formats.xml.items import set_items
from index.formats.xml.recovery.tags import loose_attributes, tag_inside
from index.formats.xml.structure import insert_element, remove_element
from index.formats.xml.white_space import given_to, lay
from index.model.entry import Entry
from index.model.field import Field
from index.model.item_lists import items_of, list_text, read_as, swap_word
from index.model.kind_shape import FieldShape, KindShape
from index.model.margins import line_ends
from index.model.plan import CannotEdit
from index.model.problems import Splice
from index.model.vocabulary import players, role

_SPACE = " \t\r\n"


def spelled(entry: Entry, name: str, known: KindShape) -> str:
    """Return the name that a field has in an entry: `level` is `@level` where its like write it so."""
    own = [field.name for field in entry.fields]
    usual = known.field(name)
    likely = usual.name if usual is not None else name
    return next((same for same in (name, f"@{name}", likely) if same in own), likely)


def put_field(
    document: Document,
    entry: Entry,
    name: str,
    text: str,
    known: KindShape,
    style: Style,
    like: FieldShape | None = None,
) -> Document:
    """Return the document with one field of an entry set; added at its usual place when it is not there.

    `like` describes the field where `known` does not.

    Raises:
        CannotEdit: a text that XML cannot hold there.
    """
    field = next((field for field in entry.fields if field.name == name), None)
    usual = known.field(name) or like or FieldShape(name)
    if usual.likely and text.lstrip().startswith("- "):  # it was emptied, or has never held anything
        usual = usual._replace(item=usual.likely)
    value = value_of(usual._replace(name=name), text)
    with refusing(f"{name} cannot be set"):
        if field is None:
            return _added(document, entry, value, known, style) if text.strip() else document
        element = entry.ref + field.ref
        if field.items:
            items = items_of(text, commas=role(name) in WORD_LISTS)
            return document if items == [*field.items] else set_items(document, element, items)
        if value.item and not field.text:
            return set_items(document, element, list(value.items), style.item(value))
        text = line_ends(text) if "@" in name else given_to(document, element, text)
        if field.text == text:
            return document
        if "@" in name:
            return set_attribute(document, element, name.rpartition("@")[2], text)
        return lay(document, element, text)


def check(before: Entry, after: Entry, name: str, text: str, known: KindShape) -> None:
    """Check that a field reads as it was meant, and that it is the only one that changed.

    Raises:
        CannotEdit: it does not.
    """
    was, now = dict(names_and_texts(before.fields)), dict(names_and_texts(after.fields))
    whole, text = line_ends(text), given_for(name, text)
    value = value_of((known.field(name) or FieldShape(name))._replace(name=name), text)
    meant = (value.text, text, whole, list_text(items_of(text, commas=role(name) in WORD_LISTS)))
    own = {read for text in meant if (read := read_as(now, name, text))}
    if not text and not any(now[other] for other in now if other == name or other.startswith(f"{name}/")):
        own.add(name)
    # A list of one turns out to be a nested field when it is no longer alone.
    split = {other for other in was if any(inner.rpartition("/")[0] == other for inner in now)}
    lost = [n for n, same in was.items() if same and now.get(n) != same and n not in {name, *split}]
    more = [n for n, same in now.items() if same and not read_as(was, n, same) and n not in own]
    if not own or lost or more:
        raise CannotEdit(f"{name} cannot be set so: it would read as something else.")


def _added(document: Document, entry: Entry, value: FieldValue, known: KindShape, style: Style) -> Document:
    path, at, attribute = value.name.partition("@")
    if at:
        element = find(document, entry.ref, path)
        if element is None:
            raise CannotEdit(f"The entry has no field {path} that could have an attribute.")
        return set_attribute(document, element, attribute, value.text)
    steps = path.split("/")
    there, parent = 0, entry.ref
    while there < len(steps) and (inner := find(document, parent, steps[there])) is not None:
        there, parent = there + 1, inner
    if there == len(steps):
        if not value.item:
            raise CannotEdit(f"{value.name} holds fields of its own: set those.")
        return set_items(document, parent, list(value.items), style.item(value))
    node = composed("entry", [value], style)
    for _ in range(there + 1):
        node = node.children[-1]  # of several of one name it is the last
    place = _place(document, parent, path, known) if not there else len(list(document.children(parent)))
    document = insert_element(document, parent, place, node.new())
    return fill_inline(document, list(document.children(parent))[place], node)


def _place(document: Document, element: int, path: str, known: KindShape) -> int:
    """Return the number among the children of an entry where a field of this name usually is."""
    heads = list(dict.fromkeys(field.name.partition("/")[0].partition("@")[0] for field in known.fields))
    children = [document.names[child] for child in document.children(element)]
    head = path.partition("/")[0]
    if head not in heads:
        return len(children)
    before = set(heads[: heads.index(head)])
    return max((place + 1 for place, name in enumerate(children) if name in before), default=0)


# ── removing ──────────────────────────────────────────────────────────────────


def drop_field(document: Document, entry: Entry, name: str) -> Document:
    """Return the document without a field of an entry, and without elements that are empty then.

    Raises:
        CannotEdit: no such field, or one that holds others.
    """
    above = name.rpartition("/")[0]
    lone = [field for field in entry.fields if field.name == above and len(field.items) == 1]
    field = next((field for field in entry.fields if field.name == name), next(iter(lone), None))
    if field is None:
        names = ", ".join(dict.fromkeys(f.name for f in entry.fields))
        raise CannotEdit(f"The entry has no field {name}: it has {names}.")
    element = entry.ref + field.ref
    with refusing(f"{name} cannot be removed"):
        if "@" in field.name:
            return _without_attribute(document, element, field.name.rpartition("@")[2])
        others = [f for f in entry.fields if f != field and not f.name.startswith(f"{field.name}@")]
        held = (entry.ref + other.ref for other in others)
        if element == entry.ref or any(element <= place <= document.last[element] for place in held):
            raise CannotEdit(f"{name} holds other fields: set its text instead.")
        while True:
            parent = document.parents[element]
            document = remove_element(document, element)
            if parent == entry.ref or document.last[parent] > parent or document.attributes(parent):
                return document
            if document.text(parent).strip(_SPACE):
                return document
            element = parent


def _without_attribute(document: Document, element: int, name: str) -> Document:
    start, end = document.starts[element], document.content_starts[element]
    inside = tag_inside(document.source, start, end, document.names[element])
    found = next((a for a in loose_attributes(document.source, *inside) if a.name == name), None)
    left = {key: value for key, value in document.attributes(element).items() if key != name}
    if found is not None:
        stop = found.name_end if found.value_start < 0 else found.value_end + len(found.quote)
        space = len(document.source[: found.start].rstrip(_SPACE))
        edited = document.spliced([Splice(space, stop, "")])
        if edited.names == document.names and edited.attributes(element) == left:
            return edited
    raise CannotEdit(f"The attribute {name} cannot be removed: repair the file first.")


# ── tags ──────────────────────────────────────────────────────────────────────


def tags_field(entry: Entry) -> Field | None:
    """Return the field that holds an entry's own tags: the preferred of those that hold any."""
    found = [entry.fields[place] for place in players("tags", [field.name for field in entry.fields])]
    return next((field for field in found if field.text), None)


def tags_after(entry: Entry, swap: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tags of an entry after some are renamed, to nothing: removed.

    Raises:
        CannotEdit: the tags to change are not the entry's own.
    """
    own = entry.tags if tags_field(entry) is not None else ()
    for tag in swap:
        if tag not in own:
            where = "only in what the file says of all its entries" if tag in entry.tags else "not there"
            raise CannotEdit(f"The tag {tag} cannot be changed in {entry.id}: it is {where}.")
    wanted = (swap.get(tag, tag).strip() for tag in own)
    return tuple(dict.fromkeys(tag for tag in wanted if tag))


def change_tags(
    document: Document, entry: Entry, swap: Mapping[str, str], known: KindShape, style: Style
) -> Document:
    """Return the document with the tags of `tags_after`, written as the entry writes them.

    Raises:
        CannotEdit: as `tags_after`.
    """
    wanted = tags_after(entry, swap)
    field = tags_field(entry)
    assert field is not None
    text = list_text([*wanted]) if field.items else field.text
    for old, new in swap.items() if not field.items else ():
        text = swap_word(text, old, new.strip())
    return put_field(document, entry, field.name, text, known, style, FieldShape(field.name, item="tag"))


def check_tags(before: Entry, after: Entry, swap: Mapping[str, str]) -> None:
    """Check that an entry has the tags it was meant to have, and that nothing else changed in it.

    Raises:
        CannotEdit: it has not.
    """
    wanted = tags_after(before, swap)
    fields = [_without_tags(entry) for entry in (before, after)]
    if (wanted and set(after.tags) != set(wanted)) or fields[0] != fields[1]:
        raise CannotEdit(f"The tags of {before.id} cannot be written so: they would read as others.")


def _without_tags(entry: Entry) -> list[tuple[str, str]]:
    fields = (f for f in entry.fields if role(f.name.partition("/")[0]) != "tags")
    return [(field.name, field.text) for field in fields]
