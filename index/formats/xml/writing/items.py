"""Lists inside an entry: items as people type them, and the smallest change that makes a list hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.markup_writing import doctype_of, newline_of, require_editable, write_text
from index.formats.xml.writing.structure import New, beside, insert_element, remove_element, verified
from index.formats.xml.writing.white_space import SPACE, element_value, keeps_space, lay
from index.model.errors import EditRefused
from index.model.problems import Splice
from index.model.text.margins import indent_like, is_plain
from index.model.text.text_diff import same_lines
from index.model.vocabulary import is_item

_FEW = 4
"""Changes of a list that are made one by one; for more, the file is read once for all of them."""


class _Step(NamedTuple):
    """Items `low:high` of a list give way to items `start:end`: one for one, or none on one side."""

    low: int
    high: int
    start: int
    end: int


def set_items(document: Document, element: int, items: list[str], item: str = "") -> Document:
    """Return the document with exactly these items in a list; those that stay are not touched.

    `item` names a new item's element where the list has none to go by. Raises `EditRefused`.
    """
    children = list(document.children(element))
    if not children and len(items) > 1:  # how the first is laid out is how the others are
        document = set_items(document, element, items[:1], item)
        children = list(document.children(element))
    name = document.names[children[0]] if children else item
    inline = bool(children) and not any(sign in document.markup(element) for sign in "\r\n")
    old = [element_value(document, child) for child in children]
    if not items and children and is_item(name, document.names[element]):
        items = [""]  # it is what templates ship with, and how the file shows the name
    steps = _steps(old, items)
    flat = document.last[element] - element == len(children)
    if children and flat and sum(max(step.high - step.low, step.end - step.start) for step in steps) > _FEW:
        edited = _at_once(document, element, items, steps)
        if edited is not None:
            return edited
    return _one_by_one(document, element, name, items, steps, inline=inline)


def _steps(old: list[str], new: list[str]) -> list[_Step]:
    """Return the changes that turn one list into the other, from the first on.

    An item that becomes another is a step of its own.
    """
    steps: list[_Step] = []
    low = start = 0
    for first, second, size in (*same_lines(old, new), (len(old), len(new), 0)):
        both = min(first - low, second - start)
        steps += [_Step(low + n, low + n + 1, start + n, start + n + 1) for n in range(both)]
        steps += [_Step(low + both, first, start + both, second)] * (first - low != second - start)
        low, start = first + size, second + size
    return steps


def _one_by_one(
    document: Document, element: int, name: str, items: list[str], steps: list[_Step], *, inline: bool
) -> Document:
    """Change a list item by item; the file is read again for each."""
    for low, high, start, end in reversed(steps):
        if high - low == end - start:
            document = lay(document, _child(document, element, low), items[start])
            continue
        for place in reversed(range(low, high)):
            document = remove_element(document, _child(document, element, place))
        for place in reversed(range(start, end)):
            item = new_item(document, element, name, items[place])
            document = insert_element(document, element, low, item_markup(document, item) if inline else item)
    return document


def _at_once(document: Document, element: int, items: list[str], steps: list[_Step]) -> Document | None:
    """Change all items of a list and read the file once; None where that gives anything else."""
    children = list(document.children(element))
    require_editable(document)
    splices: list[Splice] = []
    for low, high, start, end in steps:
        if high - low == end - start:
            child = children[low]
            splices.append(
                Splice(document.starts[child], document.ends[child], _relaid(document, child, items[start]))
            )
        elif low < high:
            splices += _cuts(document, children, low, high)
        else:
            splices.append(_added(document, children, low, items[start:end]))
    size, behind = len(items) - len(children), document.last[element] + 1
    names = [document.names[children[0]]] * len(items)
    names = [*document.names[: element + 1], *names, *document.names[behind:]]
    above = [one + size if one >= behind else one for one in document.parents[behind:]]
    try:
        edited = verified(
            document, splices, names, [*document.parents[: element + 1], *[element] * len(items), *above]
        )
    except EditRefused:
        return None
    told = [element_value(edited, child) for child in edited.children(element)]
    return edited if told == items else None


def _relaid(document: Document, child: int, text: str) -> str:
    """Return the markup of an item with another text."""
    keep = f' {SPACE}="preserve"' if keeps_space(document, document.parents[child]) else ""
    markup = document.markup(child)
    alone = Document.parse((doctype_of(document) + f"<x{keep}>{markup}</x>").encode(errors="surrogateescape"))
    laid = lay(alone, 1, text).markup(1)
    return document.encoding.fit_markup(laid if "\n" in markup else laid.replace("\n", newline_of(document)))


def _cuts(document: Document, children: list[int], low: int, high: int) -> Iterator[Splice]:
    """Take out items, each with the line or the gap it was in."""
    if not low and high < len(children):
        start, end = document.starts[children[0]], document.starts[children[high]]
        between = [document.source[document.ends[one] : document.starts[one + 1]] for one in children[:high]]
        if not "".join(between).strip(WHITESPACE):
            yield Splice(start, end, "")
            return
    for child in children[low:high]:
        start, end = document.starts[child], document.ends[child]
        gap = len(document.source[:start].rstrip(WHITESPACE))
        on_own_line = any(sign in document.source[gap:start] for sign in "\r\n")
        yield Splice(gap if on_own_line else start, end, "")


def _added(document: Document, children: list[int], place: int, texts: list[str]) -> Splice:
    """Insert items between those there are, each with the gap that two of them have."""
    at, _, gap = beside(document, children, place, "")
    element, name = document.parents[children[0]], document.names[children[0]]
    markup = [item_markup(document, new_item(document, element, name, text)) for text in texts]
    return Splice(at, at, "".join(gap + item if place else item + gap for item in markup))


def new_item(document: Document, element: int, name: str, text: str) -> New:
    """Return a new item of a list; white space that would be taken for layout is kept by `xml:space`."""
    if keeps_space(document, element):
        return New(name, content=text)
    return (
        New(name, content=indent_like("", text)) if is_plain(text) else New(name, {SPACE: "preserve"}, text)
    )


def item_markup(document: Document, item: New) -> str:
    """Return the markup of a new item of a list on one line."""
    tag = item.name + "".join(f' {key}="{value}"' for key, value in item.attributes.items())
    return f"<{tag}>{write_text(document, str(item.content))}</{item.name}>"


def _child(document: Document, element: int, place: int) -> int:
    return list(document.children(element))[place]
