"""The fields of an entry, in the order of the file, with nothing left out."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    Attributes = Sequence[tuple[str | bytes, str | bytes]]

_SPACE = " \t\r\n"
_BLOCK = re.compile(r"[^\n]*[:{(\[=>|\\][ \t]*\n[ \t\n]*(?!(?:[-*•+]|\d{1,3}[.)])[ \t])\S")
"""A first line that says of the others that they belong below it, but not words above a list."""
_LEVEL = re.compile(r"(?:\t| {1,4})$")
"""The indentation of a block inside of what opens it."""


class Field(NamedTuple):
    """A named part of an entry."""

    name: str
    """Element name; `a/b` for a nested one; `@x` or `a/b@x` for an attribute; `a[2]` for a second `a`."""
    text: str
    """Content without the file's indentation; a list is one `- item` a line."""
    items: tuple[str, ...] = ()
    """The items, when the field is a list of plain elements."""
    element: int = -1
    """Place of its element among those of the entry, whose own is 0."""


def read_fields(element: Element, skip: frozenset[Element] = frozenset()) -> tuple[Field, ...]:
    """Return the fields of the entry that `element` is, without the elements in `skip`."""
    fields: list[Field] = []
    attributes = element.items()
    if attributes:
        _add_attributes(fields, element, attributes, "", 0)
    _add_children(fields, element, "", 0, skip)
    return tuple(fields)


def _add_children(
    fields: list[Field], element: Element, path: str, index: int, skip: frozenset[Element] = frozenset()
) -> int:
    """Add the fields of an element's children, and in front of them that of its own text.

    `path` is the element's name as a field, empty for the entry itself, and `index` its place; returns that
    of the last element in it. This runs for every element of a tree, so it is kept tight.
    """
    first, start, make, add = len(fields), index, tuple.__new__, fields.append
    text = element.text
    pieces = [text] if text and text.strip(_SPACE) else []
    children = list(element)
    names = _names(path, children, skip)
    for child, name in zip(children, names, strict=True):
        index += 1
        tail = child.tail
        if tail and tail.strip(_SPACE):
            pieces.append(tail)
        if len(child) or not name:
            index = _add_nested(fields, child, name, index)
            continue
        raw = child.text
        value = raw.strip(_SPACE) if raw else ""
        # What `Field(…)` does, without the call: there are ten of these to an entry.
        add(make(Field, (name, dedent(raw) if raw and "\n" in value else value, (), index)))
        attributes = child.items()
        if attributes:
            _add_attributes(fields, child, attributes, name, index)
    if pieces:
        own = path or _behind(names, name_of(element))
        fields.insert(first, Field(own, dedent("".join(pieces)), (), start))
    return index


def _add_nested(fields: list[Field], element: Element, name: str, index: int) -> int:
    """Add a list as one field, anything else that has children as one field for each of them.

    Nothing of an element without a name, which is skipped. Returns the place of the last element in it.
    """
    if not name:
        return index + sum(1 for _ in element.iterdescendants())
    attributes = element.items()
    if attributes:
        _add_attributes(fields, element, attributes, name, index)
    items = _items(element)
    if not items:
        return _add_children(fields, element, name, index)
    lines = "- " + "\n- ".join(items)
    if lines.count("\n") >= len(items):  # an item of several lines
        lines = "\n".join(["- " + item.replace("\n", "\n  ") for item in items])
    fields.append(tuple.__new__(Field, (name, lines, items, index)))
    return index + len(element)


def _add_attributes(
    fields: list[Field], element: Element, attributes: Attributes, name: str, index: int
) -> None:
    for key, value in attributes:
        fields.append(Field(f"{name}@{attribute_name(element, str(key))}", str(value), (), index))


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
    seen: Counter[str] = Counter()
    paths = []
    for name in names:
        seen[name] += 1
        number = f"[{seen[name]}]" if name and seen[name] > 1 else ""
        paths.append(f"{path}/{name}{number}" if path and name else name + number)
    return tuple(paths)


def _behind(names: tuple[str, ...], name: str) -> str:
    """Return the name, numbered as one more behind those."""
    count = sum(1 for other in names if other.partition("[")[0] == name)
    return f"{name}[{count + 1}]" if count else name


def _items(element: Element) -> tuple[str, ...]:
    """Return the items of a list: children of one name that hold nothing but text, not all empty."""
    text = element.text
    if text and text.strip(_SPACE):
        return ()
    children = list(element)
    tag, items = children[0].tag, []
    for child in children:
        tail, text = child.tail, child.text
        if child.tag != tag or len(child) or child.items() or (tail and tail.strip(_SPACE)):
            return ()
        value = text.strip(_SPACE) if text else ""
        if text and value:
            items.append(dedent(text) if "\n" in value else value)
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


def dedent(raw: str) -> str:
    """Return what the raw content of an element says: without its edges, and the indentation of the file.

    That is what all lines share where the first has a line of its own. Behind the tag nobody knows how deep
    the first would stand: then it is what the others share; where the first begins a block, all but a level.

    >>> dedent("\\n      if x:\\n        go()\\n    "), dedent("first\\n      second\\n        third")
    ('if x:\\n  go()', 'first\\nsecond\\n  third')
    """
    head, body, _ = _split(raw)
    if "\n" not in body:
        return body
    first, *rest = body.split("\n")
    margin = len(_margin(head, body))
    return "\n".join([first.rstrip(_SPACE), *(line[margin:].rstrip(_SPACE) for line in rest)])


def _split(raw: str) -> tuple[str, str, str]:
    """Return white space, text, white space."""
    text = raw.replace("\r\n", "\n")
    body = text.strip(_SPACE)
    start = text.find(body) if body else len(text)
    return text[:start], body, text[start + len(body) :]


def _margin(head: str, body: str) -> str:
    """Return the indentation that is the file's."""
    _, *rest = body.split("\n")
    margins = [line[: len(line) - len(line.lstrip(" \t"))] for line in rest if line.strip(_SPACE)]
    if "\n" in head:
        margins.append(head.rpartition("\n")[2])
    shared = min(margins, key=len, default="")
    return _LEVEL.sub("", shared) if "\n" not in head and _BLOCK.match(body) else shared


def indent_like(old: str, new: str) -> str:
    """Lay `new` out as the raw content `old` is, so that `dedent` gives it back.

    The same edges, the same indentation, and no byte of a line that says what it said is another one.

    Args:
        old: the element's own text as it stands in the file.
        new: what a user typed, without white space around it.
    """
    from difflib import SequenceMatcher

    head, body, tail = _split(old)
    if not body:
        head = tail = ""
    margin = _margin(head, body)
    was, is_ = body.split("\n"), new.replace("\r\n", "\n").split("\n")
    lines = [is_[0], *(margin + line if line.strip(_SPACE) else "" for line in is_[1:])]
    matcher = SequenceMatcher(a=dedent(old).split("\n")[1:], b=is_[1:], autojunk=False)
    for start, place, size in matcher.get_matching_blocks() if "\n" in new else ():
        lines[1 + place : 1 + place + size] = was[1 + start : 1 + start + size]
    laid = head + "\n".join(lines) + tail
    if dedent(laid) == dedent("\n" + new):
        return laid
    # Only on lines of its own the first line shows how deep the others are.
    end = tail if "\n" in tail else "\n"
    return "\n" + "\n".join(margin + line if line.strip(_SPACE) else "" for line in is_) + end
