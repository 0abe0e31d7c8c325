"""The elements while they are being balanced: a tree, for the children of one may still move to another."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.formats.xml.markup import Elements


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
    """The columns of a finished tree."""
    elements = Elements()
    names, parents, starts, ends = elements.names, elements.parents, elements.starts, elements.ends
    content_starts, content_ends = elements.content_starts, elements.content_ends
    waiting = [(root, -1) for root in reversed(roots)]
    while waiting:
        node, parent = waiting.pop()
        index = len(names)
        if isinstance(node, Closed):
            _copy(node, parent, elements)
            continue
        if isinstance(node, Open):
            waiting += [(child, index) for child in reversed(node.children)]
        names.append(node.name)
        parents.append(parent)
        starts.append(node.start)
        content_starts.append(node.content_start)
        content_ends.append(node.content_end)
        ends.append(node.end)
    elements.last = last = list(range(len(names)))
    for index in range(len(names) - 1, -1, -1):
        parent = parents[index]
        if parent >= 0 and last[parent] < last[index]:
            last[parent] = last[index]
    return elements


def _copy(node: Closed, parent: int, elements: Elements) -> None:
    """Add an element and those in it, copied from other columns."""
    columns, first = node.columns, node.index
    behind = columns.last[first] + 1
    moved = len(elements.names) - first
    elements.names += columns.names[first:behind]
    elements.parents.append(parent)
    elements.parents += [above + moved for above in columns.parents[first + 1 : behind]]
    elements.starts += columns.starts[first:behind]
    elements.content_starts += columns.content_starts[first:behind]
    elements.content_ends += columns.content_ends[first:behind]
    elements.ends += columns.ends[first:behind]
