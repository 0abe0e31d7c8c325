"""The conditions between two brackets of a query → one."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.search.language.syntax import And, Filter, Node, Or, Range


@dataclass
class Group:
    """The items between two brackets, as they come."""

    items: list[tuple[Node, bool]] = field(default_factory=list)
    """Each with whether an OR joins it to the one before."""
    joined: bool = False
    """An OR comes before the next item."""
    negated: bool = False
    last: int = -1
    """Number of the filter that the last item is, or -1."""


def build(group: Group) -> Node | None:
    """Join the items of a group: OR binds the items beside it, all the rest must match."""
    choices: list[list[Node]] = []
    for node, joined in group.items:
        if joined and choices:
            choices[-1].append(node)
        else:
            choices.append([node])
    nodes = _same_names([_either(choice) for choice in choices])
    flat: list[Node] = []
    for node in nodes:
        flat.extend(node.nodes if isinstance(node, And) else (node,))
    flat = list(dict.fromkeys(flat))
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _either(nodes: list[Node]) -> Node:
    unique = tuple(dict.fromkeys(nodes))
    return unique[0] if len(unique) == 1 else Or(unique)


def _same_names(nodes: list[Node]) -> list[Node]:
    """Let several values of one filter widen it; limits (`level:>=2 level:<=4`) still narrow."""
    values: dict[str, list[Node]] = {}
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, Filter) and not _is_limit(node):
            if node.name in values:
                values[node.name].append(node)
                continue
            values[node.name] = [node]
        out.append(node)
    return [_either(values[n.name]) if isinstance(n, Filter) and not _is_limit(n) else n for n in out]


def _is_limit(node: Filter) -> bool:
    return isinstance(node.value, Range) and None in node.value
