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
    nodes: list[Node] = []
    parents: list[int] = []
    waiting = [(root, -1) for root in reversed(roots)]
    while waiting:
        node, parent = waiting.pop()
        if isinstance(node, Open):
            index = len(nodes)
            waiting += [(child, index) for child in reversed(node.children)]
        nodes.append(node)
        parents.append(parent)
    last = list(range(len(nodes)))
    for index in range(len(nodes) - 1, -1, -1):
        parent = parents[index]
        if parent >= 0 and last[parent] < last[index]:
            last[parent] = last[index]
    return Elements(
        names=[node.name for node in nodes],
        parents=parents,
        last=last,
        starts=[node.start for node in nodes],
        content_starts=[node.content_start for node in nodes],
        content_ends=[node.content_end for node in nodes],
        ends=[node.end for node in nodes],
    )
