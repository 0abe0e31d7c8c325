"""The fields of an entry, in the order of the file, with nothing left out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from index.model.field_path import field_path, told_apart
from index.model.text.margins import dedent
from index.model.vocabulary import is_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    Attributes = Sequence[tuple[str | bytes, str | bytes]]
from index.model.field import FieldColumns

_SPACE = " \t\r\n"
_KEEPS = "{http://www.w3.org/XML/1998/namespace}space"
"""The attribute `xml:space`: with `preserve`, all white space of a text is part of it."""
_ENDS_IN_LINE, _BEGINS_IN_LINE = re.compile(r"[^ \t\r\n][ \t\r]*\Z"), re.compile(r"[ \t\r]*[^ \t\r\n]")
"""A text with an element behind it in the same line, or before it; lxml drops some that are blank."""
_LEVELS = 3
"""Levels of elements in a line of text that are part of it: text below them is read no more often."""
_MANY = 256
"""Attributes of one element from which on they are read in another way."""


def read_fields(
    element: Element, skip: frozenset[Element] = frozenset(), *, keep: bool = False
) -> FieldColumns:
    """Return the fields of the entry that `element` is, without the elements in `skip`.

    `keep`: the element around it `keeps_space`.
    """
    fields = FieldColumns([], [], [], {})
    names = element.keys()
    if names:
        _add_attributes(fields, element, _attributes(element, names), "", 0)
        keep = keeps_space(element) if element.get(_KEEPS) else keep
    _add_children(fields, element, "", 0, skip, keep=keep)
    return fields


def keeps_space(element: Element) -> bool:
    """Whether `xml:space` of an element, or of the nearest around it that says, keeps its white space."""
    said = element.get(_KEEPS)
    if said is None:
        said = next((above.get(_KEEPS) for above in element.iterancestors() if above.get(_KEEPS)), None)
    return said == "preserve"


def _add_children(
    fields: FieldColumns,
    element: Element,
    path: str,
    index: int,
    skip: frozenset[Element] = frozenset(),
    *,
    keep: bool = False,
) -> int:
    """Add the fields of an element's children, and in front of them that of its own text.

    `path` is the element's name as a field, empty for the entry itself, and `index` its place; `keep`: white
    space is text. Returns the place of the last element in it. This runs for every element of a tree, so it
    is kept tight.
    """
    children = list(element)
    called = _names(path, children, skip)
    around = [tail for child in children if (tail := child.tail)]
    if text := element.text:
        around.insert(0, text)
    if around and (own := "".join([text for text in around if text.strip(_SPACE)])):
        if path:
            fields.add(path, _kept(_prose(element), keep), index)
        else:
            fields.add(_behind(called, name_of(element)), _kept(own, keep), index)
    names, texts, refs, _ = fields
    for child, name in zip(children, called, strict=True):
        index += 1
        if len(child) or not name:
            index = _add_nested(fields, child, name, index, keep=keep)
            continue
        raw = child.text
        attributes = child.keys()
        if keep or (attributes and child.get(_KEEPS)):
            value = _kept(raw, keeps_space(child))
        else:
            value = raw.strip(_SPACE) if raw else ""
            if raw and "\n" in value:
                value = dedent(raw)
        # As `fields.add`, without the call: there are ten of these to an entry.
        names.append(name)
        texts.append(value)
        refs.append(index)
        if attributes:
            _add_attributes(fields, child, _attributes(child, attributes), name, index)
    return index


def _prose(element: Element, levels: int = _LEVELS) -> str:
    """Return the text directly in an element, with that of the elements in a line of it: `Use <b>foo</b>`."""
    said = [element.text or ""]
    for child in element:
        before, tail = said[-1], child.tail or ""
        in_line = _ENDS_IN_LINE.search(before) or _BEGINS_IN_LINE.match(tail)
        if in_line and levels and (not len(child) or own_text(child)):
            apart = before[-1:].isspace() or tail[:1].isspace()
            said.append(_prose(child, levels - 1) or ("" if apart else " "))
        said.append(tail)
    return "".join([text for text in said if text.strip(_SPACE) or "\n" not in text])


def _kept(raw: str | None, keep: bool) -> str:
    """Return the value of a raw text, with its white space or without its layout."""
    return (raw if keep else dedent(raw)) if raw else ""


def _add_nested(fields: FieldColumns, element: Element, name: str, index: int, *, keep: bool) -> int:
    """Add a list as one field, anything else that has children as one field for each of them.

    Nothing of an element without a name, which is skipped. Returns the place of the last element in it.
    """
    if not name:
        return index + sum(1 for _ in element.iterdescendants())
    attributes = element.keys()
    if attributes:
        _add_attributes(fields, element, _attributes(element, attributes), name, index)
        keep = keeps_space(element) if element.get(_KEEPS) else keep
    items = _items(element, keep)
    if not items:
        return _add_children(fields, element, name, index, keep=keep)
    lines = "- " + "\n- ".join(items) if items[0] else ""
    if lines.count("\n") >= len(items):  # an item of several lines
        lines = "\n".join(["- " + item.replace("\n", "\n  ") for item in items])
    fields.add(name, lines, index, items)
    return index + len(element)


def _attributes(element: Element, names: Sequence[str | bytes]) -> Attributes:
    """Return an element's attributes, of these names; of very many, in a time that grows with them alone.

    lxml looks each value up by its name, from the first one on: 40,000 take it seconds.
    """
    if len(names) < _MANY:
        return element.items()
    values = cast("list[str]", element.xpath("@*"))
    return list(zip(names, map(str, values), strict=True))


def _add_attributes(
    fields: FieldColumns, element: Element, attributes: Attributes, name: str, index: int
) -> None:
    for key, value in attributes:
        if key != _KEEPS:
            fields.add(f"{name}@{attribute_name(element, str(key))}", str(value), index)


def _names(path: str, children: list[Element], skip: frozenset[Element]) -> tuple[str, ...]:
    """Return the names of these children as fields, empty for those to skip."""
    if skip:
        return _paths(path, tuple(["" if child in skip else name_of(child) for child in children]))
    tags = tuple([child.tag for child in children])
    return _paths(path, tags) or _paths(path, tuple([name_of(child) for child in children]))


@lru_cache(maxsize=4096)
def _paths(path: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return these names below `path`, numbered where one comes again; nothing for names in a namespace.

    A tree has few shapes, each of them many times over: its entries share these names, and finding them
    costs one look.
    """
    if any(name.startswith("{") for name in names):
        return ()
    return tuple([f"{path}/{name}" if path and name else name for name in told_apart(names)])


def _behind(names: tuple[str, ...], name: str) -> str:
    """Return the name, numbered as one more behind those."""
    return told_apart([*(field_path(other).head for other in names), name])[-1]


def _items(element: Element, keep: bool) -> tuple[str, ...]:
    """Return the items of a list: children of one name that hold nothing but text.

    Where all are empty, their name must say that it is a list: else it is all there is to tell.
    """
    text = element.text
    if text and text.strip(_SPACE):
        return ()
    children = list(element)
    tag, items = children[0].tag, []
    for child in children:
        tail, text = child.tail, child.text
        if child.tag != tag or len(child) or (tail and tail.strip(_SPACE)):
            return ()
        attributes = child.keys()
        if attributes and attributes != [_KEEPS]:
            return ()
        value = text.strip(_SPACE) if text else ""
        if text and value and (keep or attributes):
            items.append(_kept(text, keeps_space(child)))
        elif text and value:
            items.append(dedent(text) if "\n" in value else value)
    if not items and (len(children) > 1 or is_item(name_of(children[0]), name_of(element))):
        return ("",)
    return tuple(items)


def name_of(element: Element) -> str:
    """Return an element's name as it is written, prefix and all."""
    tag = element.tag
    if tag[0] != "{":
        return tag
    local = tag.rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local


def attribute_name(element: Element, key: str) -> str:
    """Return an attribute's name as it is written."""
    if key[0] != "{":
        return key
    uri, _, local = key[1:].rpartition("}")
    prefix = next((p for p, u in element.nsmap.items() if u == uri and p), "xml")
    return f"{prefix}:{local}"


def own_text(element: Element) -> str:
    """Return the text directly in an element, stripped."""
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(pieces).strip(_SPACE)
