"""Pairs of nodes of two sides: by id, by value, by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from index.formats.xml.merging.merge_nodes import MergeNode, MergeValue
from index.model.entry_matching import Matching, successors
from index.model.vocabulary import fold, singular

LIKE = 0.5
"""Two nodes that share this much of their text are versions of one."""


_COMPARED = 40_000
"""Pairs of unmatched siblings that are compared with each other; past it none are."""


_MEASURED = 2_000
"""Characters of a text that are compared."""


def known_entries(before: MergeNode, after: MergeNode) -> dict[str, str]:
    """Return the ids of a file's entries, each with the id of the entry in an earlier version that it is."""
    olds, news = ([node.entry for node in file.walk() if node.entry] for file in (before, after))
    return {new.id: old.id for old, new in successors(olds, news)}


def pair(
    before: Sequence[MergeNode], after: Sequence[MergeNode], known: Mapping[str, str], *, exact: bool = False
) -> dict[int, int]:
    """Return which sibling of `before` became which of `after`, by place; others are left out.

    Equal ones first, then entries that are `known` to be one and others of one id, then the only one left of
    its name, then the most alike, then those between the same two: a reworded one is edited, not deleted.
    With `exact` only equal ones, as in a set.
    """
    matching = Matching(before, after)
    matching.in_order(_value)
    if exact:
        return matching.found
    matching.by(_key, _one_name, later=lambda node: known.get(node.key) if node.entry else node.key)
    matching.by(lambda node: "" if node.entry else node.name)
    matching.by_likeness(_name, _likeness_enough, _COMPARED)
    matching.in_place(_may_be_named)
    return matching.found


def pair_added(
    mine: MergeNode, others: MergeNode, left: list[int], right: list[int], *, exact: bool = False
) -> dict[int, int]:
    """Return which child that one side added is the one the other side added; `left`, `right` are the new.

    Two entries that were given the same id, or the same moment, are one only when they are alike:
    agents number on from what they see, so two of them give one number to two memories.
    """
    matching = Matching([mine.children[place] for place in left], [others.children[place] for place in right])
    matching.in_order(_value)
    if not exact:
        names = Counter(node.name for node in mine.children) | Counter(node.name for node in others.children)
        item = singular(fold(mine.name))

        def field(node: MergeNode) -> str:
            return "" if node.key or names[node.name] > 1 or fold(node.name) == item else node.name

        matching.by(_key, lambda one, other: likeness(one, other) >= LIKE)
        matching.by(field)
    return {left[old]: right[new] for old, new in matching.found.items()}


def _value(node: MergeNode) -> MergeValue:
    return node.value


def _key(node: MergeNode) -> str:
    return node.key


def _name(node: MergeNode) -> str:
    return node.name


def _one_name(one: MergeNode, other: MergeNode) -> bool:
    """Whether two elements are called the same: a new name is no change of a field that could be merged."""
    return one.name == other.name


def _likeness_enough(one: MergeNode, other: MergeNode) -> float:
    """Return how much two nodes share, 0 where it is less than two versions of one do."""
    found = likeness(one, other)
    return found if found >= LIKE else 0.0


def pair_doubtful(
    before: Sequence[MergeNode],
    after: Sequence[MergeNode],
    found: Mapping[int, int],
    other: Mapping[int, int],
) -> dict[int, int]:
    """Return `found` with nodes that both sides seem to have deleted paired with their likely successors.

    Without ids nobody can tell an element that was moved and written anew from a new one, or from one that
    is where another one was and has nothing in common with it, so it is asked for.
    """
    pairs = dict(found)
    left = [y for y in range(len(after)) if y not in set(found.values())]
    for x in range(len(before)):
        if x in found or x in other or not before[x].name:
            continue
        if (y := next((y for y in left if _may_be(before[x], after[y])), None)) is not None:
            pairs[x] = y
            left.remove(y)
        elif (place := _doubtful(before, after, pairs, x)) is not None:
            pairs[x] = pairs.pop(place)
    return pairs


def _doubtful(
    before: Sequence[MergeNode], after: Sequence[MergeNode], pairs: Mapping[int, int], x: int
) -> int | None:
    """Return the place before of a pair whose later one may as well be the successor of the one at `x`."""
    for place, y in pairs.items():
        one, later = before[place], after[y]
        if one.own == later.own != "" or one.value == later.value or not _may_be(before[x], later):
            continue
        if likeness(one, later) < LIKE:
            return place
    return None


def _may_be(one: MergeNode, other: MergeNode) -> bool:
    """Whether two nodes are of one name, and no two ids tell them apart."""
    return one.name == other.name and len({one.own, other.own} - {""}) < 2


def _may_be_named(one: MergeNode, other: MergeNode) -> bool:
    """Whether two elements may be one; comments have no name, and are never that sure."""
    return bool(one.name) and _may_be(one, other)


def likeness(one: MergeNode, other: MergeNode) -> float:
    """Return how much of their text two nodes share, from 0 to 1.

    Of elements with fields, whole fields count, by their length: that two memories have one level or one
    day says little.
    """
    if not one.children and not other.children:
        a, b = one.text[:_MEASURED], other.text[:_MEASURED]
        return SequenceMatcher(None, a, b, autojunk=False).ratio()
    mine, others = Counter(dict(_fields(one.value))), Counter(dict(_fields(other.value)))
    whole = max(mine.total(), others.total())
    return (mine & others).total() / whole if whole else 1.0


def _fields(value: MergeValue, above: str = "") -> Iterator[tuple[tuple[str, str], int]]:
    """Yield each text in a value, with its place and its weight."""
    for name, text in value.attributes:
        yield (f"{above}@{name}", text), len(text)
    if value.text:
        yield (above, value.text), len(value.text)
    for child in value.children:
        yield from _fields(child, f"{above}/{child.name}")
