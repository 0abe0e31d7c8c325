"""Fields of one entry: set, or added at their usual place.

Nothing here reads a file anew: an entry and its element are enough.
"""

from __future__ import annotations

from index.formats.field_values import WORD_LISTS, FieldValue, value_of
from index.formats.opened import field_of
from index.formats.xml.document import Document
from index.formats.xml.writing.composing import Style, composed, fill_inline
from index.formats.xml.writing.editing import set_attribute
from index.formats.xml.writing.field_paths import follow, written_path
from index.formats.xml.writing.items import set_items
from index.formats.xml.writing.structure import insert_element
from index.formats.xml.writing.white_space import given_to, lay
from index.model.entry import Entry
from index.model.field_path import field_path
from index.model.kind_shape import FieldShape, KindShape
from index.model.plan import CannotEdit
from index.model.text.item_lists import items_of
from index.model.text.margins import given, line_ends
from index.model.vocabulary import role


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

    Raises EditRefused, CannotEdit: a text that XML cannot hold there.
    """
    field = field_of(entry, name)
    usual = known.field(name) or like or FieldShape(name)
    if usual.likely and text.lstrip().startswith("- "):  # it was emptied, or has never held anything
        usual = usual._replace(item=usual.likely)
    value = value_of(usual._replace(name=name), text)
    if field is None:
        return _added(document, entry, value, known, style) if text.strip() else document
    element = entry.ref + field.ref
    if field.items:
        items = items_of(given(text), commas=role(name) in WORD_LISTS)
        return document if items == [*field.items] else set_items(document, element, items)
    if value.item and not field.text:
        return set_items(document, element, list(value.items), style.item(value))
    attribute = field.path.attribute
    text = line_ends(text) if attribute else given_to(document, element, text)
    if field.text == text:
        return document
    if attribute:
        return set_attribute(document, element, attribute, text)
    return lay(document, element, text)


def _added(document: Document, entry: Entry, value: FieldValue, known: KindShape, style: Style) -> Document:
    path = written_path(value.name)
    steps = path.steps
    if path.attribute:
        element = follow(document, entry.ref, steps)
        if element is None:
            raise CannotEdit(f"The entry has no field {path.owner} that could have an attribute.")
        return set_attribute(document, element, path.attribute, value.text)
    there, parent = 0, entry.ref
    while there < len(steps) and (inner := follow(document, parent, steps[there : there + 1])) is not None:
        there, parent = there + 1, inner
    if there == len(steps):
        if not value.item:
            raise CannotEdit(f"{value.name} holds fields of its own: set those.")
        return set_items(document, parent, list(value.items), style.item(value))
    step = steps[there]
    next_one = sum(document.names[child] == step.name for child in document.children(parent)) + 1
    if step.number > next_one:
        raise CannotEdit(f"The entry has no {step}: the next one is {step.name}[{next_one}].")
    node = composed("entry", [value], style)
    for _ in range(there + 1):
        node = node.children[-1]  # of several of one name it is the last
    place = _place(document, parent, path.head, known) if not there else len(list(document.children(parent)))
    document = insert_element(document, parent, place, node.new())
    return fill_inline(document, list(document.children(parent))[place], node)


def _place(document: Document, element: int, head: str, known: KindShape) -> int:
    """Return the number among the children of an entry where a field of this name usually is."""
    heads = list(dict.fromkeys(field_path(field.name).head for field in known.fields))
    children = [document.names[child] for child in document.children(element)]
    if head in children:
        return len(children) - children[::-1].index(head)
    if head not in heads:
        return len(children)
    before = set(heads[: heads.index(head)])
    return max((place + 1 for place, name in enumerate(children) if name in before), default=0)
