"""Pairs of nodes of two sides: by id, by value, by place."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from index.formats.xml.merging.merge_nodes import MergeNode, MergeValue, own_id
from index.model.vocabulary import fold, singular

LIKE = 0.5
"""Two nodes that share this much of their text are versions of one."""


_COMPARED = 40_000
"""Pairs of unmatched siblings that are compared with each other; past it none are."""


_MEASURED = 2_000
"""Characters of a text that are compared."""


def pair(before: Sequence[MergeNode], after: Sequence[MergeNode], *, exact: bool = False) -> dict[int, int]:
    """Return which sibling of `before` became which of `after`, by place; others are left out.

    Equal ones first, then those of one id, then the only one left of its name, then the most alike, then
    those between the same two: a reworded one is edited, not deleted.
    With `exact` only equal ones, as in a set.
    """
    found = _equal(before, after)
    if exact:
        return found

    def rest() -> tuple[list[int], list[int]]:
        taken = set(found.values())
        return (
            [x for x in range(len(before)) if x not in found],
            [y for y in range(len(after)) if y not in taken],
        )

    found.update(_same(*rest(), before, after, key=lambda node: node.key))
    found.update(_same(*rest(), before, after, key=lambda node: "" if node.entry else node.name))
    found.update(_alike(before, after, *rest()))
    found.update(_in_place(before, after, found))
    return found


def pair_added(
    mine: MergeNode, others: MergeNode, left: list[int], right: list[int], *, exact: bool = False
) -> dict[int, int]:
    """Return which child that one side added is the one the other side added; `left`, `right` are the new.

    Two entries that were given the same id, or the same moment, are one only when they are alike:
    agents number on from what they see, so two of them give one number to two memories.
    """
    ours, theirs = mine.children, others.children
    found = _equal([ours[place] for place in left], [theirs[place] for place in right])
    found = {left[x]: right[y] for x, y in found.items()}
    if exact:
        return found

    def rest() -> tuple[list[int], list[int]]:
        taken = set(found.values())
        return [x for x in left if x not in found], [y for y in right if y not in taken]

    for x, y in _same(*rest(), ours, theirs, key=lambda node: node.key):
        if likeness(ours[x], theirs[y]) >= LIKE:
            found[x] = y
    names = Counter(node.name for node in ours) | Counter(node.name for node in theirs)
    item = singular(fold(mine.name))

    def field(node: MergeNode) -> str:
        return "" if node.key or names[node.name] > 1 or fold(node.name) == item else node.name

    found.update(_same(*rest(), ours, theirs, key=field))
    return found


def _equal(before: Sequence[MergeNode], after: Sequence[MergeNode]) -> dict[int, int]:
    places: dict[MergeValue, list[int]] = defaultdict(list)
    for place, node in enumerate(after):
        places[node.value].append(place)
    found = {}
    for place, node in enumerate(before):
        if same := places.get(node.value):
            found[place] = same.pop(0)
    return found


def _same(
    left: list[int],
    right: list[int],
    before: Sequence[MergeNode],
    after: Sequence[MergeNode],
    key: Callable[[MergeNode], str],
) -> Iterator[tuple[int, int]]:
    """Pair those of `left` and `right` that alone have their key on each side; an empty one is none."""
    places: tuple[dict[str, list[int]], dict[str, list[int]]] = (defaultdict(list), defaultdict(list))
    for side, (nodes, those) in enumerate(((before, left), (after, right))):
        for place in those:
            places[side][key(nodes[place])].append(place)
    for name, found in places[0].items():
        other = places[1].get(name, [])
        if name and len(found) == len(other) == 1:
            yield found[0], other[0]


def _alike(
    before: Sequence[MergeNode], after: Sequence[MergeNode], left: list[int], right: list[int]
) -> Iterator[tuple[int, int]]:
    """Pair the rest, the most alike first; neighbours win a tie."""
    if len(left) * len(right) > _COMPARED:
        return
    scored = []
    for x in left:
        for y in right:
            if before[x].name and before[x].name == after[y].name:
                score = likeness(before[x], after[y])
                if score >= LIKE:
                    scored.append((-score, abs(x - y), x, y))
    taken_x: set[int] = set()
    taken_y: set[int] = set()
    for _, _, x, y in sorted(scored):
        if x not in taken_x and y not in taken_y:
            taken_x.add(x)
            taken_y.add(y)
            yield x, y


def pair_doubtful(
    before: Sequence[MergeNode],
    after: Sequence[MergeNode],
    found: Mapping[int, int],
    other: Mapping[int, int],
) -> dict[int, int]:
    """Return `found` with what both sides seem to have deleted paired with what it may have become.

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
    """Return the place before of a pair whose later one may as well be what became of the one at `x`."""
    for place, y in pairs.items():
        one, later = before[place], after[y]
        known = own_id(one.value) and own_id(one.value) == own_id(later.value)
        if known or one.value == later.value or not _may_be(before[x], later):
            continue
        if likeness(one, later) < LIKE:
            return place
    return None


def _may_be(one: MergeNode, other: MergeNode) -> bool:
    """Whether two nodes are of one name, and no two ids tell them apart."""
    return one.name == other.name and len({own_id(one.value), own_id(other.value)} - {""}) < 2


def _in_place(
    before: Sequence[MergeNode], after: Sequence[MergeNode], found: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Pair those of one name behind the same one, unless their ids differ."""
    taken = set(found.values())
    for x in range(len(before)):
        if x in found:
            continue
        y = found[x - 1] + 1 if x - 1 in found else 0 if x == 0 else None
        if y is None or y >= len(after) or y in taken or not before[x].name:
            continue
        if _may_be(before[x], after[y]):
            found[x] = y
            taken.add(y)
            yield x, y


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
