"""The elements while they are balanced, and the layout of text by which their ends are told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.formats.xml.markup import Elements

VISIBLE = re.compile(r"[^ \t\r\n]")

_DEEPEST_INDENT = 200
"""Characters of indentation looked at: a longer run is not one, and looking would cost."""
_ALIKE = 0.7
"""From this similarity on (difflib, 0 to 1) a name is a misspelling of another."""

_TAG_BELOW = re.compile(r"[ \t]*+(?:\r\n?|\n)[ \t]*+<(?:[!?:]|[^\W\d])")
_REST_OF_LINE = re.compile(r"[ \t]*+(?:\r\n?|\n|\Z)")
_LINE = re.compile(r"[^\r\n]*+")


def column_of(source: str, offset: int) -> int | None:
    """Return the indentation of ``offset`` in columns, or None when it does not start its line."""
    before = source[max(0, offset - _DEEPEST_INDENT) : offset]
    indent = len(before) - len(before.rstrip(" \t"))
    return indent if indent == offset or source[offset - indent - 1] in "\r\n" else None


def is_block(source: str, start: int, end: int) -> bool:
    """Whether a start tag begins its line as structure does: with attributes, or with a tag below."""
    if column_of(source, start) is None:
        return False
    return "=" in source[start:end] or _TAG_BELOW.match(source, end) is not None


def rest_of_line(source: str, offset: int) -> int | None:
    """The start of the next line, when there is nothing else on this one behind ``offset``."""
    match = _REST_OF_LINE.match(source, offset)
    return match.end() if match else None


def end_of_line(source: str, offset: int, limit: int) -> int:
    """Return the end of the line that ``offset`` is on, at most ``limit``."""
    match = _LINE.match(source, offset, limit)
    return match.end() if match else limit


def holds_line_end(source: str, start: int, end: int) -> bool:
    """Whether ``source[start:end]`` goes over more than one line."""
    return end_of_line(source, start, end) < end


def are_alike(one: str, other: str) -> bool:
    """Whether one name may be the other, misspelt."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio() > _ALIKE


@dataclass(slots=True, eq=False)
class OpenElement:
    """An element; offsets as in ``Elements``, -1 while not known."""

    name: str
    start: int
    content_start: int
    content_end: int = -1
    end: int = -1


@dataclass(slots=True, eq=False)
class Open(OpenElement):
    """An element that was opened, to be filled and closed."""

    children: list[OpenElement] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    """Spans of the text seen directly in it, so far."""


@dataclass(slots=True, eq=False)
class Closed(OpenElement):
    """An element that was read with all that is in it."""

    columns: Elements = field(default_factory=Elements)
    """The columns that it is in, with its descendants behind it."""
    index: int = 0

    @classmethod
    def of(cls, columns: Elements, index: int) -> Closed:
        """That element of those columns."""
        return cls(
            columns.names[index],
            columns.starts[index],
            columns.content_starts[index],
            columns.content_ends[index],
            columns.ends[index],
            columns,
            index,
        )


def flatten(roots: list[OpenElement]) -> Elements:
    """The columns of a finished tree, which is no deeper than `MAX_DEPTH`."""
    elements = Elements()
    for root in roots:
        _add(root, -1, elements)
    return elements


def _add(node: OpenElement, parent: int, elements: Elements) -> None:
    """Add an element and those in it."""
    if isinstance(node, Closed):
        _copy(node, parent, elements)
        return
    index = len(elements.names)
    elements.names.append(node.name)
    elements.parents.append(parent)
    elements.last.append(index)
    elements.starts.append(node.start)
    elements.content_starts.append(node.content_start)
    elements.content_ends.append(node.content_end)
    elements.ends.append(node.end)
    if isinstance(node, Open):
        for child in node.children:
            _add(child, index, elements)
        elements.last[index] = len(elements.names) - 1


def _copy(node: Closed, parent: int, elements: Elements) -> None:
    """Add an element and those in it, copied from other columns."""
    columns, first = node.columns, node.index
    behind = columns.last[first] + 1
    moved = len(elements.names) - first
    elements.names += columns.names[first:behind]
    elements.parents.append(parent)
    elements.parents += [above + moved for above in columns.parents[first + 1 : behind]]
    elements.last += [last + moved for last in columns.last[first:behind]]
    elements.starts += columns.starts[first:behind]
    elements.content_starts += columns.content_starts[first:behind]
    elements.content_ends += columns.content_ends[first:behind]
    elements.ends += columns.ends[first:behind]
