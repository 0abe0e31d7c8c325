"""The fields of an entry, in the order of the file, with nothing left out."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    Attributes = Sequence[tuple[str | bytes, str | bytes]]

_SPACE = " \t\r\n"


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
    reader = _Reader()
    items = element.items()
    if items:
        reader.attributes(element, items, "")
    reader.children(element, "", name_of(element), skip)
    return tuple(reader.fields)


class _Reader:
    """Walks the elements of one entry, counting them in document order."""

    __slots__ = ("fields", "index", "seen")

    def __init__(self) -> None:
        self.index = 0
        self.fields: list[Field] = []
        self.seen: dict[str, int] = {}

    def children(
        self, element: Element, prefix: str, own: str, skip: frozenset[Element] = frozenset()
    ) -> None:
        """Add the fields of an element's children, and in front of them its own text under the name `own`.

        This runs for every element of a tree, so it is kept tight.
        """
        fields, seen, make = self.fields, self.seen, tuple.__new__
        add = fields.append
        first, start = len(fields), self.index
        text = element.text
        pieces = [text] if text and text.strip(_SPACE) else []
        index = start
        for child in element:
            index += 1
            tail = child.tail
            if tail and tail.strip(_SPACE):
                pieces.append(tail)
            if skip and child in skip:
                index += sum(1 for _ in child.iterdescendants())
                continue
            tag = child.tag
            # A tree has few names, and each of them once: comparing them is comparing addresses.
            name = intern(prefix + (tag if tag[0] != "{" else name_of(child)))
            if name in seen:
                name = self.unique(name)
            else:
                seen[name] = 1
            if len(child):
                self.index = index
                self.nested(child, name)
                index = self.index
                continue
            value = child.text
            value = value.strip(_SPACE) if value else ""
            # What `Field(…)` does, without the call: there are ten of these to an entry.
            add(make(Field, (name, dedent(value) if "\n" in value else value, (), index)))
            items = child.items()
            if items:
                self.index = index
                self.attributes(child, items, name)
        self.index = index
        if pieces:
            value = dedent("".join(pieces).strip(_SPACE))
            fields.insert(first, Field(own if prefix else self.unique(own), value, (), start))

    def nested(self, element: Element, name: str) -> None:
        """Add a list as one field, anything else that has children as one field for each of them."""
        attributes = element.items()
        if attributes:
            self.attributes(element, attributes, name)
        items = _items(element)
        if items:
            lines = "\n".join(["- " + item.replace("\n", "\n  ") for item in items])
            self.fields.append(Field(name, lines, items, self.index))
            self.index += len(element)
        else:
            self.children(element, name + "/", name)

    def attributes(self, element: Element, items: Attributes, name: str) -> None:
        """Add the attributes of an element."""
        for key, value in items:
            self.fields.append(
                Field(self.unique(f"{name}@{attribute_name(element, str(key))}"), str(value), (), self.index)
            )

    def unique(self, name: str) -> str:
        """Return the name, with a number from its second use on."""
        count = self.seen[name] = self.seen.get(name, 0) + 1
        return name if count == 1 else f"{name}[{count}]"


def _items(element: Element) -> tuple[str, ...]:
    """Return the items of a list: children of one name that hold nothing but text, not all empty."""
    text = element.text
    if text and text.strip(_SPACE):
        return ()
    tag, items = element[0].tag, []
    for child in element:
        tail, text = child.tail, child.text
        if child.tag != tag or len(child) or child.items() or (tail and tail.strip(_SPACE)):
            return ()
        text = text.strip(_SPACE) if text else ""
        if text:
            items.append(dedent(text) if "\n" in text else text)
    return tuple(items)


def name_of(element: Element) -> str:
    """Return an element's name as it is written, prefix and all."""
    tag = str(element.tag)
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


def dedent(text: str) -> str:
    """Remove the indentation that lines after the first share, as a file indents its values.

    >>> dedent("first\\n      second\\n        third")
    'first\\nsecond\\n  third'
    """
    if "\n" not in text:
        return text
    first, *rest = text.replace("\r\n", "\n").split("\n")
    margin = min((len(line) - len(line.lstrip(" \t")) for line in rest if line.strip(_SPACE)), default=0)
    return "\n".join([first, *(line[margin:].rstrip(_SPACE) for line in rest)])


def indent_like(old: str, new: str) -> str:
    """Lay `new` out as the raw content `old` is: the same edges, the same indentation of its lines.

    `old` is the element's own text as it stands in the file, `new` what a user typed.
    """
    body = old.strip(_SPACE)
    start = old.find(body) if body else 0
    head, tail = (old[:start], old[start + len(body) :]) if body else ("", "")
    lines = [line for line in old.replace("\r\n", "\n").split("\n")[1:] if line.strip(_SPACE)]
    margins = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines]
    margin = min(margins, key=len, default="")
    return head + new.replace("\n", "\n" + margin) + tail
