"""The conditions of a query: made of groups of words and filters, and asked of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from index.search.language.syntax import DATES, And, Filter, Node, Not, Or, Phrase, Range, Word


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


Leaf = Word | Phrase | Filter


def holds(node: Node | None, is_true: Callable[[Leaf], bool]) -> bool:
    """Whether a query holds of a thing; None holds of everything.

    Args:
        node: the query's condition.
    """
    match node:
        case None:
            return True
        case And():
            return all(holds(one, is_true) for one in node.nodes)
        case Or():
            return any(holds(one, is_true) for one in node.nodes)
        case Not():
            return not holds(node.node, is_true)
    return is_true(node)


def leaves(node: Node | None) -> Iterator[Leaf]:
    """Yield the words and filters of a query."""
    match node:
        case And() | Or():
            for one in node.nodes:
                yield from leaves(one)
        case Not():
            yield from leaves(node.node)
        case Word() | Phrase() | Filter():
            yield node


def days_of(leaf: Leaf) -> Range | None:
    """Return the days that a filter asks for, as `date.toordinal` counts; None for any other."""
    if isinstance(leaf, Filter) and leaf.name in DATES and isinstance(leaf.value, Range):
        return leaf.value
    return None


def state_of(leaf: Leaf) -> str:
    """Return the state that an `is:` asks for; empty for any other."""
    value = leaf.value if isinstance(leaf, Filter) and leaf.name == "is" else ""
    return value if isinstance(value, str) else ""


def within(number: int, span: Range) -> bool:
    """Whether a number lies in a range."""
    return (span.low is None or number >= span.low) and (span.high is None or number <= span.high)
