"""A query asked of one thing, whoever answers for its words and filters one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.search.language.syntax import And, Filter, Node, Not, Or, Phrase, Range, Word

Leaf = Word | Phrase | Filter

_DAYS = frozenset({"after", "before", "on", "changed"})


def holds(node: Node | None, is_true: Callable[[Leaf], bool]) -> bool:
    """Whether a query holds of a thing; None holds of everything.

    Args:
        node: the query's condition.
        is_true: whether a word or a filter is true of the thing.
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
    if isinstance(leaf, Filter) and leaf.name in _DAYS and isinstance(leaf.value, Range):
        return leaf.value
    return None


def state_of(leaf: Leaf) -> str:
    """Return the state that an `is:` asks for; empty for any other."""
    value = leaf.value if isinstance(leaf, Filter) and leaf.name == "is" else ""
    return value if isinstance(value, str) else ""


def within(number: int, span: Range) -> bool:
    """Whether a number lies in a range."""
    return (span.low is None or number >= span.low) and (span.high is None or number <= span.high)
