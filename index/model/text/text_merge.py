"""Three versions of one value into one: lines, sets, times and counts, without asking where that is safe."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from index.model.text.text_diff import diff_lines
from index.model.timestamps import parse as parse_time

_LIKE = 0.75
"""Two lines that share this much of their letters are versions of one."""
_COMPARED = 2_000
"""Pairs of lines that are compared with each other; past it only equal ones are found."""
_CLOSING = re.compile(r"</[^<>]*>|<[\w.:-]+[ \t]*/?>")
"""Lines without meaning of their own: they occur in many places."""
_SEPARATOR = re.compile(r"[ \t]*[,;|\n][ \t\n]*")
_WHOLE = re.compile(r"-?\d{1,15}")
_FIGURE = re.compile(r"[~<>≈]?-?\d[\d.,]*[ ]?%?")
_VERSION = re.compile(r"v?\d+(?:\.\d+)*")


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """Merge two texts that came of one, line by line (diff3); None when both changed one place.

    Lines that touch are one place: between two changes there must be a line that neither touched. A line that
    one side moved is one place with where it was, so that it neither comes back nor is there twice. Lines
    that both dropped and lines that one added may be the same, moved and reworded: that is left open too.

    >>> merge_lines("a\\nb\\nc", "A\\nb\\nc", "a\\nb\\nC")
    'A\\nb\\nC'
    """
    old, mine, others = base.split("\n"), ours.split("\n"), theirs.split("\n")
    to_mine, to_others = _kept(old, mine), _kept(old, others)
    out: list[str] = []
    gone: set[str] = set()
    come: set[str] = set()
    dropped = False
    a = b = c = 0
    for x, y, z in _stable(old, mine, others, to_mine, to_others):
        chunk = _chunk(old[a:x], mine[b:y], others[c:z])
        if chunk is None:
            return None
        out += chunk
        gone.update(_telling_lines(old[p] for p in range(a, x) if p not in to_mine and p not in to_others))
        dropped = dropped or (not chunk and mine[b:y] == others[c:z] and bool(_telling_lines(old[a:x])))
        if mine[b:y] != others[c:z]:
            come.update(_telling_lines(chunk).difference(_telling_lines(old[a:x])))
        if x < len(old):
            out.append(old[x])
        a, b, c = x + 1, y + 1, z + 1
    return None if (dropped and come) or returns(gone, come) else "\n".join(out)


def merge_listed(
    old: Sequence[str], mine: Sequence[str], others: Sequence[str], listed: re.Pattern[str]
) -> list[str] | None:
    """Merge the lines of lists: those that both sides add at one place follow each other, ours first.

    None when both changed a place that holds others than lines of lists, which begin with `listed`.
    """
    out: list[str] = []
    a = b = c = 0
    for x, y, z in _stable(old, mine, others, _kept(old, mine), _kept(old, others)):
        was, here, there = old[a:x], mine[b:y], others[c:z]
        chunk = _chunk(was, here, there)
        if chunk is None:
            if not all(listed.match(line) for line in (*was, *here, *there) if line):
                return None
            gone = {*was} - ({*here} & {*there})
            chunk = _in_turn(
                [one for one in here if one not in gone], [one for one in there if one not in gone]
            )
        out += [*chunk, *old[x : x + 1]]
        a, b, c = x + 1, y + 1, z + 1
    return out


def _in_turn(here: list[str], there: list[str]) -> list[str]:
    """Return the lines of two lists between those that both have, ours first."""
    both: list[tuple[int, int]] = []
    for y, z in _kept(here, there).items():
        if here[y] or (y - 1, z - 1) in both[-1:]:  # a blank line belongs to the one above it
            both.append((y, z))
    out: list[str] = []
    b = c = 0
    for y, z in [*both, (len(here), len(there))]:
        first, second = here[b:y], there[c:z]
        out += [*first, *(second if any(second) and second != first else ()), *here[y : y + 1]]
        b, c = y + 1, z + 1
    return out


def _telling_lines(lines: Iterable[str]) -> set[str]:
    """Return the lines with a meaning of their own, without their indentation."""
    stripped = (line.strip() for line in lines)
    return {line for line in stripped if any(map(str.isalnum, line)) and not _CLOSING.fullmatch(line)}


def returns(gone: set[str], come: set[str]) -> bool:
    """Whether a line that both sides took away from its place comes in elsewhere, perhaps edited."""
    if gone & come:
        return True
    if len(gone) * len(come) > _COMPARED:
        return False
    return any(get_close_matches(line, come, 1, _LIKE) for line in gone)


def _stable(
    old: Sequence[str],
    mine: Sequence[str],
    others: Sequence[str],
    to_mine: dict[int, int],
    to_others: dict[int, int],
) -> Iterator[tuple[int, int, int]]:
    """Yield the lines that both sides kept, and last the three ends."""
    for line in range(len(old)):
        if line in to_mine and line in to_others:
            yield line, to_mine[line], to_others[line]
    yield len(old), len(mine), len(others)


def _chunk(old: Sequence[str], mine: Sequence[str], others: Sequence[str]) -> Sequence[str] | None:
    if others in (mine, old):
        return mine
    return others if mine == old else None


def _kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return where each line that stayed is now."""
    gone: set[int] = set()
    come: set[int] = set()
    for line in diff_lines("\n".join(old) + "\n", "\n".join(new) + "\n", context=0):
        if line.old is not None and line.sign == "-":
            gone.add(line.old - 1)
        if line.new is not None and line.sign == "+":
            come.add(line.new - 1)
    left = (place for place in range(len(old)) if place not in gone)
    right = (place for place in range(len(new)) if place not in come)
    return dict(zip(left, right, strict=True))


def merge_values(base: str, ours: str, theirs: str) -> str:
    """Merge `a, b` as the set it is: an item that one side added is added, one that a side removed is gone.

    >>> merge_values("a, b", "a, b, c", "b, d")
    'b, c, d'
    """
    old, mine, others = _values(base), _values(ours), _values(theirs)
    kept = [value for value in mine if value in others or value not in old]
    kept += [value for value in others if value not in mine and value not in old]
    found = _SEPARATOR.search(ours) or _SEPARATOR.search(theirs)
    return (found[0] if found else ", ").join(kept)


def _values(text: str) -> list[str]:
    return list(dict.fromkeys(value for value in _SEPARATOR.split(text.strip()) if value))


def later(ours: str, theirs: str) -> str | None:
    """Return the later of two times, None when one of them is no time."""
    mine, other = parse_time(ours), parse_time(theirs)
    if mine is None or other is None:
        return None
    return theirs if other > mine else ours


def newer(ours: str, theirs: str) -> str | None:
    """Return the higher of two version numbers, None when one of them is none.

    >>> newer("1.9", "1.10")
    '1.10'
    """
    if not (_VERSION.fullmatch(ours) and _VERSION.fullmatch(theirs)):
        return None
    mine, other = ([int(part) for part in text.lstrip("v").split(".")] for text in (ours, theirs))
    return theirs if other > mine else ours


def whole(text: str) -> int | None:
    """Return a whole number, None for anything else."""
    return int(text) if _WHOLE.fullmatch(text) else None


def figure(ours: str, base: str, theirs: str) -> str | None:
    """Merge a figure about the file: of whole numbers both changes count, of others ours stays.

    A mean or a share that both sides worked out anew is right on neither; the next count puts it right.
    None when it is no figure.
    """
    a, b, c = whole(ours), whole(base), whole(theirs)
    if a is not None and b is not None and c is not None:
        return str(a + c - b)
    return ours if all(_FIGURE.fullmatch(text) for text in (ours, base, theirs)) else None


ALIKE = 0.5
"""Share of two texts in common from which one is the other, renamed or edited; git's own for lines:
https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---find-renamesltngt."""


def common_lines(one: bytes, other: bytes) -> int:
    """Return the bytes of those lines that both texts have, each as often as both have it."""
    both = Counter(one.splitlines(keepends=True)) & Counter(other.splitlines(keepends=True))
    return sum(len(line) * times for line, times in both.items())


def common_share(one: bytes, other: bytes) -> float:
    """Return how much of the longer one of two texts is lines that both have."""
    return common_lines(one, other) / max(len(one), len(other), 1)
