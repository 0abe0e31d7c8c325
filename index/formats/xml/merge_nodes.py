"""A file's elements as nodes that can be compared and paired, whatever their layout."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from index.formats.xml.content import opaque_in
from index.formats.xml.document import Document
from index.formats.xml.entries import read_entries
from index.formats.xml.margins import dedent
from index.formats.xml.markup import DECLARATION, WHITESPACE, Opaque
from index.formats.xml.white_space import SPACE, keeps_space
from index.model.vocabulary import fold, singular

FILE = "/"
"""The name of the node that is the whole file: no element can have it."""
LIKE = 0.5
"""Two nodes that share this much of their text are versions of one."""
_COMPARED = 40_000
"""Pairs of unmatched siblings that are compared with each other; past it none are."""
_MEASURED = 2_000
"""Characters of a text that are compared."""
_NAMESPACE = re.compile(r"""[ \t\r\n](xmlns(?::[^ \t\r\n=]+)?)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')""")


class MergeValue(NamedTuple):
    """What a node says, without how it is laid out; equal values mean equal content."""

    name: str
    attributes: frozenset[tuple[str, str]]
    text: str
    children: tuple[MergeValue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MergeNode:
    """An element; or a comment or instruction, without a name; or the whole file.

    Offsets are those of the document's source.
    """

    document: Document
    start: int
    content_start: int
    content_end: int
    end: int
    value: MergeValue
    children: tuple[MergeNode, ...]
    mixed: bool
    """Text and elements beside each other: compared and taken as a whole."""
    entry: str
    """Id of the entry that it is, else empty."""
    key: str
    """What tells it from its siblings: the entry's id, or its own; else empty."""

    @property
    def name(self) -> str:
        return self.value.name

    @property
    def text(self) -> str:
        """The text in it, without the file's indentation; of mixed content and comments, the markup."""
        return self.value.text

    @property
    def markup(self) -> str:
        return self.document.source[self.start : self.end]

    @property
    def content(self) -> str:
        """The source between its tags."""
        return self.document.source[self.content_start : self.content_end]

    @property
    def start_tag(self) -> str:
        return self.document.source[self.start : self.content_start]

    @property
    def is_list(self) -> bool:
        """Whether it is a list of plain elements: of one name, with nothing but text."""
        plain = not self.mixed and len({child.name for child in self.children}) == 1
        return plain and all(
            child.name and not child.children and not child.mixed and not child.value.attributes
            for child in self.children
        )

    def gaps(self) -> tuple[list[str], str]:
        """Return the white space before each child, and behind the last."""
        source, position, gaps = self.document.source, self.content_start, []
        for child in self.children:
            gaps.append(source[position : child.start])
            position = child.end
        return gaps, source[position : self.content_end]

    def margin(self) -> str | None:
        """Return its indentation; None when it does not start its line."""
        source = self.document.source
        line = max(source.rfind("\n", 0, self.start), source.rfind("\r", 0, self.start)) + 1
        before = source[line : self.start]
        return None if before.strip(" \t") else before

    def field_names(self, above: str) -> list[str]:
        """Return the names of its children as fields of the entry; `above` is its own.

        What is in a file's only root is named as if the root were the file.
        """
        if self.name == FILE and sum(1 for child in self.children if child.name) == 1:
            return [""] * len(self.children)
        seen: Counter[str] = Counter()
        names = []
        for child in self.children:
            seen[child.name] += 1
            number = f"[{seen[child.name]}]" if seen[child.name] > 1 else ""
            names.append(f"{above}/{child.name}{number}" if above else child.name + number)
        return names

    def walk(self) -> Iterator[MergeNode]:
        """Yield the node and all in it."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_nodes(document: Document, path: str) -> MergeNode:
    """Return the file as one node; `path` is relative to the tree, and begins the ids of its entries."""
    from index.formats.xml.elements import content_of  # loads lxml

    ids = {entry.element: entry.id for entry in read_entries(content_of(document), path)}
    source = document.source
    head = _head_end(document)
    top = [span for span in document.elements.opaque if span.start >= head]
    return _node(document, -1, (0, head, len(source), len(source)), sorted(top), ids)


def _head_end(document: Document) -> int:
    """Where the XML declaration and the DOCTYPE end: what a merge of elements leaves alone."""
    declaration = DECLARATION.match(document.source)
    ends = [declaration.end() if declaration else 0, *(end for _, end in document.elements.hidden)]
    return max(ends)


def _node(
    document: Document,
    element: int,
    span: tuple[int, int, int, int],
    opaque: list[Opaque],
    ids: dict[int, str],
) -> MergeNode:
    """Build an element, or the file (-1); `opaque` are the comments and the like within its content."""
    inside: list[MergeNode] = []
    for child in document.children(element):
        tags = (
            document.starts[child],
            document.content_starts[child],
            document.content_ends[child],
            document.ends[child],
        )
        inside.append(_node(document, child, tags, opaque_in(opaque, tags[1], tags[2]), ids))
    comments = [_comment(document, span) for span in _outside(opaque, inside, document.source)]
    text = document.text(element) if element >= 0 else ""
    says = bool(text.strip(WHITESPACE))
    mixed = says and bool(inside or comments)
    keep = not mixed and SPACE in document.source and keeps_space(document, element)
    children = tuple(sorted([*inside, *comments], key=lambda node: node.start)) if not mixed else ()
    _, content_start, content_end, _ = span
    if mixed:
        text = document.source[content_start:content_end].replace("\r\n", "\n")
    value = MergeValue(
        document.names[element] if element >= 0 else FILE,
        frozenset(document.attributes(element).items()) if element >= 0 else frozenset(),
        (text if keep else dedent(text)) if says else "",
        tuple(child.value for child in children),
    )
    entry = ids.get(element, "")
    return MergeNode(document, *span, value, children, mixed, entry, entry or _own_id(value))


def _outside(opaque: list[Opaque], inside: list[MergeNode], source: str) -> Iterator[Opaque]:
    """Yield the comments and instructions that stand in none of these nodes."""
    ends = iter([*(node.start for node in inside), len(source)])
    bounds = iter(inside)
    before, limit = 0, next(ends)
    for span in opaque:
        while span.start > limit:
            before, limit = next(bounds).end, next(ends)
        if span.start >= before and not source.startswith("<![CDATA[", span.start):
            yield span


def _comment(document: Document, span: Opaque) -> MergeNode:
    text = document.source[span.start : span.end].replace("\r\n", "\n")
    value = MergeValue("", frozenset(), dedent(text), ())
    return MergeNode(document, span.start, span.end, span.end, span.end, value, (), False, "", "")


def _own_id(value: MergeValue) -> str:
    found = [text for name, text in value.attributes if fold(name) == "id"]
    found += [child.text for child in value.children if fold(child.name) == "id"]
    return f"{value.name} {found[0]}" if found and found[0] else ""


def namespaces(document: Document) -> frozenset[tuple[str, str]]:
    """Return the namespaces that a file declares, anywhere."""
    return frozenset((name, uri[1:-1]) for name, uri in _NAMESPACE.findall(document.source))


# ── which is which ────────────────────────────────────────────────────────────


def pair(before: Sequence[MergeNode], after: Sequence[MergeNode], *, exact: bool = False) -> dict[int, int]:
    """Return which sibling of `before` became which of `after`, by place; what is in neither is not there.

    Equal ones first, then those of one id, then the only one left of its name, then the most alike, then
    those that stand between the same two: what is written anew is edited, not deleted.
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
    """Pair what is left, the most alike first; neighbours win a tie."""
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
    stands where another one was and has nothing in common with it, so it is asked for.
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
        known = _own_id(one.value) and _own_id(one.value) == _own_id(later.value)
        if known or one.value == later.value or not _may_be(before[x], later):
            continue
        if likeness(one, later) < LIKE:
            return place
    return None


def _may_be(one: MergeNode, other: MergeNode) -> bool:
    """Whether two nodes are of one name, and no two ids tell them apart."""
    return one.name == other.name and len({_own_id(one.value), _own_id(other.value)} - {""}) < 2


def _in_place(
    before: Sequence[MergeNode], after: Sequence[MergeNode], found: dict[int, int]
) -> Iterator[tuple[int, int]]:
    """Pair those of one name that stand behind the same one, unless their ids differ."""
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
    """Yield each text in a value, with where it stands, and its weight."""
    for name, text in value.attributes:
        yield (f"{above}@{name}", text), len(text)
    if value.text:
        yield (above, value.text), len(value.text)
    for child in value.children:
        yield from _fields(child, f"{above}/{child.name}")
