"""The elements while they are being balanced: a tree, for what is in one may still move to another."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.memory.markup import Elements


@dataclass(slots=True, eq=False)
class Node:
    """An element; offsets as in ``Elements``, -1 while not known."""

    name: str
    start: int
    content_start: int
    content_end: int = -1
    end: int = -1


@dataclass(slots=True, eq=False)
class Open(Node):
    """An element that was opened, to be filled and closed."""

    children: list[Node] = field(default_factory=list)
    texts: list[tuple[int, int]] = field(default_factory=list)
    """Where text was seen directly in it, so far."""


def flatten(roots: list[Node]) -> Elements:
    """The columns of a finished tree."""
    elements = Elements()
    waiting = [(root, -1) for root in reversed(roots)]
    while waiting:
        node, parent = waiting.pop()
        index = len(elements.names)
        elements.names.append(node.name)
        elements.parents.append(parent)
        elements.last.append(index)
        elements.starts.append(node.start)
        elements.content_starts.append(node.content_start)
        elements.content_ends.append(node.content_end)
        elements.ends.append(node.end)
        if isinstance(node, Open):
            waiting += [(child, index) for child in reversed(node.children)]
    for index in range(len(elements.names) - 1, -1, -1):
        parent = elements.parents[index]
        if parent >= 0:
            elements.last[parent] = max(elements.last[parent], elements.last[index])
    return elements
