"""Fields as they are to be written: a text, or the items of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from index.model.field_path import field_path
from index.model.kind_shape import FieldShape, KindShape, item_name
from index.model.plan import CannotEdit
from index.model.text.item_lists import items_of, list_text
from index.model.text.margins import given, line_ends
from index.model.vocabulary import role

Text = str | tuple[str, ...]


T = TypeVar("T", str, Text)
"""The value of a field: a text, or the items of a list."""


WORD_LISTS = ("tags", "tech")
"""Roles whose values may be one text, with commas between them."""


class FieldValue(NamedTuple):
    """A field to be written."""

    name: str
    text: str
    items: tuple[str, ...] = ()
    item: str = ""
    """Name of an item's element; empty when the field is a text."""


def values_of(shape: KindShape, texts: Mapping[str, Text]) -> list[FieldValue]:
    """Return the fields that say something, in the order of the shape, those it does not know at the end.

    Raises CannotEdit: two names mean one field.
    """
    named: dict[str, tuple[FieldShape, Text]] = {}
    for name, text in texts.items():
        path = field_path(name)
        known = shape.field(str(path.bare))
        if known is None:
            known = FieldShape(name, "" if isinstance(text, str) else item_name(name))
        own = known.name if path == path.bare else name
        if own in named:
            raise CannotEdit(f"The field {own} is given twice.")
        text = given_for(own, text)
        if text:
            named[own] = known, text
    order = {known.name: place for place, known in enumerate(shape.fields)}
    rows = sorted(named.items(), key=lambda row: order.get(row[1][0].name, len(order)))
    return [value_of(known._replace(name=name), text) for name, (known, text) in rows]


def given_for(name: str, text: T) -> T:
    """Return a text as it is written into a field of this name, or the items of a list that say something.

    An attribute holds all of it; of the text of an element the blank lines around it are layout.
    """
    if isinstance(text, tuple):
        return tuple(item for part in text if (item := given(part)))
    return line_ends(text) if field_path(name).attribute else given(text)


def value_of(shape: FieldShape, text: Text) -> FieldValue:
    """Return one field to be written, from the text typed for it."""
    words = role(shape.name) in WORD_LISTS
    if isinstance(text, tuple):
        if shape.item:
            return FieldValue(shape.name, list_text([*text]), text, shape.item)
        return FieldValue(
            shape.name, ", ".join(text) if words or field_path(shape.name).attribute else list_text([*text])
        )
    if shape.item:
        items = items_of(text, commas=words)
        return FieldValue(shape.name, list_text(items), tuple(items), shape.item)
    if words and "\n" in text:
        return FieldValue(shape.name, ", ".join(items_of(text, commas=True)))
    return FieldValue(shape.name, text)
