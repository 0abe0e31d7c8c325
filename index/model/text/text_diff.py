"""Differences between two texts, line by line, with the changed words marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_TOKEN = re.compile(r"\n|\w+|[^\S\n]+|.", re.DOTALL)
_SMALL_BLOCK = 6_400
"""Old times new lines (or words) that difflib may compare: it is quadratic at best."""
_WORTH_KEEPING = 0.3
"""A changed passage keeps its equal words only where they are this share of it: below, they are confetti."""

Part = tuple[str, bool]
"""A stretch of a line, and whether it changed."""


class DiffLine(NamedTuple):
    """One line of a diff."""

    old: int | None
    """Line number before, from 1; for a skipped stretch, the first line of it."""
    new: int | None
    """Line number after."""
    sign: str
    """` ` the same, `-` removed, `+` added, `…` a stretch of equal lines that is left out."""
    parts: tuple[Part, ...]
    """The text without its line end; of a skipped stretch, the number of its lines."""

    @property
    def text(self) -> str:
        """The line as one string."""
        return "".join(text for text, _ in self.parts)


class _Block(NamedTuple):
    """A stretch of old lines `a1:a2`, paired with new lines `b1:b2`."""

    equal: bool
    a1: int
    a2: int
    b1: int
    b2: int


def diff_lines(before: str, after: str, context: int = 3) -> list[DiffLine]:
    """Compare two texts and return the changes, with `context` equal lines around them.

    The cost stays near linear on texts of any size: equal ends are cut off first, lines that occur once
    on both sides tie the rest together, and a part still large and unlike is one removed and one added
    block.

    >>> [f"{line.sign}{line.text}" for line in diff_lines("a\\nb\\nc\\n", "a\\nB\\nc\\n")]
    [' a', '-b', '+B', ' c']
    """
    if before == after:
        return []
    old, new = _split(before), _split(after)
    _end_alike(old, new)
    blocks = list(_merge(_blocks(old, new, _whole(old, new))))
    _slide(blocks, old, new)
    out: list[DiffLine] = []
    for place, block in enumerate(blocks):
        if block.equal:
            lead = context if place else 0
            trail = context if place < len(blocks) - 1 else 0
            out += _equal(old, block, lead, trail)
        else:
            out += _changed(old, new, block)
    return out


def same_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield the lines that both hold in one order: where in each, and how many; near linear in their number.

    In a long stretch that nothing ties together, lines at the same place are taken for the same.
    """
    for equal, a1, a2, b1, b2 in _blocks(old, new, _whole(old, new)):
        if equal:
            yield a1, b1, a2 - a1
        elif a2 - a1 == b2 - b1:
            yield from ((a1 + n, b1 + n, 1) for n in range(a2 - a1) if old[a1 + n] == new[b1 + n])


def stats(lines: Iterable[DiffLine]) -> tuple[int, int]:
    """Return how many lines were added and how many removed."""
    count = Counter(line.sign for line in lines)
    return count["+"], count["-"]


def _split(text: str) -> list[str]:
    """Split at `\\n` only, as git counts lines, and keep the ends: a changed end is a change."""
    lines = text.split("\n")
    last = lines.pop()
    kept = [line + "\n" for line in lines]
    return [*kept, last] if last else kept


def _end_alike(old: list[str], new: list[str]) -> None:
    """Give a last line its line end where the other text goes on below it: that is no change of the line."""
    if old and new and _body(old[-1]) != _body(new[-1]):
        for lines in (old, new):
            if not lines[-1].endswith("\n"):
                lines[-1] += "\n"


# ── which lines are the same ──────────────────────────────────────────────────

_Texts = Sequence[str]


def _whole(old: _Texts, new: _Texts) -> _Block:
    return _Block(False, 0, len(old), 0, len(new))


def _blocks(old: _Texts, new: _Texts, span: _Block, limit: int = _SMALL_BLOCK) -> Iterator[_Block]:
    """Yield the blocks of a span in order; equal ends first, then the lines that tie the middle together."""
    _, a1, a2, b1, b2 = span
    start = 0
    while a1 + start < a2 and b1 + start < b2 and old[a1 + start] == new[b1 + start]:
        start += 1
    if start:
        yield _Block(True, a1, a1 + start, b1, b1 + start)
    a1, b1 = a1 + start, b1 + start
    end = 0
    while a1 < a2 - end and b1 < b2 - end and old[a2 - end - 1] == new[b2 - end - 1]:
        end += 1
    yield from _middle(old, new, _Block(False, a1, a2 - end, b1, b2 - end), limit)
    if end:
        yield _Block(True, a2 - end, a2, b2 - end, b2)


def _middle(old: _Texts, new: _Texts, span: _Block, limit: int) -> Iterator[_Block]:
    _, a1, a2, b1, b2 = span
    if (a2 - a1) * (b2 - b1) <= limit:
        yield from _compared(old, new, span)
        return
    anchors = _anchors(old, new, span)
    if not anchors:
        yield span
        return
    for a, b in [*anchors, (a2, b2)]:
        if a > a1 or b > b1:
            yield from _blocks(old, new, _Block(False, a1, a, b1, b), limit)
        if a < a2 and b < b2:
            yield _Block(True, a, a + 1, b, b + 1)
        a1, b1 = a + 1, b + 1


def _compared(old: _Texts, new: _Texts, span: _Block) -> Iterator[_Block]:
    _, a1, a2, b1, b2 = span
    matcher = SequenceMatcher(_is_glue, old[a1:a2], new[b1:b2], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield _Block(tag == "equal", a1 + i1, a1 + i2, b1 + j1, b1 + j2)


def _is_glue(item: str) -> bool:
    """Space and punctuation are equal everywhere and tie nothing together."""
    return not any(c.isalnum() for c in item[:80])


def _anchors(old: _Texts, new: _Texts, span: _Block) -> list[tuple[int, int]]:
    """Return the lines that occur once on both sides, in an order both share (a patience diff)."""
    _, a1, a2, b1, b2 = span
    count_old, count_new = Counter(old[a1:a2]), Counter(new[b1:b2])
    where = {new[b]: b for b in range(b1, b2) if count_new[new[b]] == 1}
    pairs = [(a, where[old[a]]) for a in range(a1, a2) if count_old[old[a]] == 1 and old[a] in where]
    # The longest run that rises on both sides: for each length, the smallest end seen so far.
    ends: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for place, (_, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before.append(piles[length - 1] if length else -1)
        if length == len(ends):
            ends.append(b)
            piles.append(place)
        else:
            ends[length], piles[length] = b, place
    run: list[tuple[int, int]] = []
    place = piles[-1] if piles else -1
    while place >= 0:
        run.append(pairs[place])
        place = before[place]
    return run[::-1]


def _merge(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Join neighbours of the same sort."""
    held: _Block | None = None
    for block in blocks:
        if block.a1 == block.a2 and block.b1 == block.b2:
            continue
        if held is not None and held.equal == block.equal:
            held = _Block(held.equal, held.a1, block.a2, held.b1, block.b2)
            continue
        if held is not None:
            yield held
        held = block
    if held is not None:
        yield held


_SLIDES = 200
"""Lines that a block is moved at most to where it reads best."""


def _slide(blocks: list[_Block], old: _Texts, new: _Texts) -> None:
    """Move lines that are only added, or only removed, to where an element begins.

    In a row of like elements a block may as well begin one line later, with the end tag before it; as git's
    indent heuristic does, it is put where its first line is least indented.
    """
    for place in range(1, len(blocks) - 1):
        before, block, after = blocks[place - 1 : place + 2]
        if block.equal or (block.a1 < block.a2 and block.b1 < block.b2):
            continue
        texts, start, end = (old, block.a1, block.a2) if block.a1 < block.a2 else (new, block.b1, block.b2)
        up = down = 0
        while up < min(before.a2 - before.a1, _SLIDES) and texts[start - up - 1] == texts[end - up - 1]:
            up += 1
        while down < min(after.a2 - after.a1, _SLIDES) and texts[start + down] == texts[end + down]:
            down += 1
        by = min(range(-up, down + 1), key=lambda step: (_awkward(texts[start + step]), abs(step)))
        blocks[place - 1] = before._replace(a2=before.a2 + by, b2=before.b2 + by)
        blocks[place] = block._replace(a1=block.a1 + by, a2=block.a2 + by, b1=block.b1 + by, b2=block.b2 + by)
        blocks[place + 1] = after._replace(a1=after.a1 + by, b1=after.b1 + by)


def _awkward(line: str) -> tuple[bool, int, bool]:
    """Say how badly a block begins with a line: blank, far in, or with an end tag."""
    text = line.lstrip()
    return not text, len(line) - len(text), text.startswith("</")


# ── lines ─────────────────────────────────────────────────────────────────────


def _equal(old: _Texts, block: _Block, lead: int, trail: int) -> Iterator[DiffLine]:
    """Yield the equal lines next to a change: `lead` at the start of the block, `trail` at its end."""
    size = block.a2 - block.a1
    for step in range(size):
        if lead + trail + 1 < size and lead <= step < size - trail:
            if step == lead and lead and trail:
                parts = ((f"{size - lead - trail:,} lines", False),)
                yield DiffLine(block.a1 + step + 1, block.b1 + step + 1, "…", parts)
            continue
        parts = ((_body(old[block.a1 + step]), False),)
        yield DiffLine(block.a1 + step + 1, block.b1 + step + 1, " ", parts)


def _changed(old: _Texts, new: _Texts, block: _Block) -> Iterator[DiffLine]:
    gone, come = _light(old[block.a1 : block.a2], new[block.b1 : block.b2])
    for step, parts in enumerate(gone):
        yield DiffLine(block.a1 + step + 1, None, "-", parts)
    for step, parts in enumerate(come):
        yield DiffLine(None, block.b1 + step + 1, "+", parts)


def _body(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


# ── words ─────────────────────────────────────────────────────────────────────

_Lit = list[tuple[Part, ...]]


def _light(gone: _Texts, come: _Texts) -> tuple[_Lit, _Lit]:
    """Mark the words that differ; a block with nothing against it is new as a whole and has no marks."""
    if not gone or not come:
        return [((_body(x), False),) for x in gone], [((_body(x), False),) for x in come]
    if len(gone) == len(come):
        pairs = [_words([a], [b]) for a, b in zip(gone, come, strict=True)]
        return [a[0] for a, _ in pairs], [b[0] for _, b in pairs]
    return _words(gone, come)


def _words(gone: _Texts, come: _Texts) -> tuple[_Lit, _Lit]:
    bodies = [_body(x) for x in gone], [_body(x) for x in come]
    if bodies[0] == bodies[1]:  # only the ends of the lines differ: show them
        return _ends(gone), _ends(come)
    old, new = _TOKEN.findall("\n".join(bodies[0])), _TOKEN.findall("\n".join(bodies[1]))
    blocks = list(_blocks(old, new, _whole(old, new), _SMALL_BLOCK * 4))
    middle = [b for b in blocks if not (b.equal and (b is blocks[0] or b is blocks[-1]))]
    same = sum(_size(old, b.a1, b.a2) for b in middle if b.equal)
    whole = max(sum(_size(old, b.a1, b.a2) for b in middle), sum(_size(new, b.b1, b.b2) for b in middle), 1)
    confetti = same / whole < _WORTH_KEEPING
    left: list[Part] = []
    right: list[Part] = []
    for place, block in enumerate(blocks):
        edge = place in (0, len(blocks) - 1)
        changed = not block.equal or (not edge and (confetti or not _worth(old, block)))
        left.append(("".join(old[block.a1 : block.a2]), changed))
        right.append(("".join(new[block.b1 : block.b2]), changed))
    return _rows(left), _rows(right)


def _worth(tokens: _Texts, block: _Block) -> bool:
    """Whether an equal run says something: a space or a comma between two changes does not."""
    return block.equal and any(not _is_glue(token) for token in tokens[block.a1 : block.a2])


def _size(tokens: _Texts, start: int, end: int) -> int:
    return sum(len(token) for token in tokens[start:end] if not token.isspace())


def _ends(lines: _Texts) -> _Lit:
    shown = {"\r\n": "␍␊", "\n": "␊", "": ""}
    return [((_body(x), False), (shown.get(x[len(_body(x)) :], "␊"), True)) for x in lines]


def _rows(parts: Iterable[Part]) -> _Lit:
    """Split parts into lines, join neighbours, and leave the indentation of a changed line unmarked."""
    rows: list[list[Part]] = [[]]
    for text, changed in parts:
        for place, piece in enumerate(text.split("\n")):
            if place:
                rows.append([])
            row = rows[-1]
            if row and row[-1][1] == changed:
                row[-1] = (row[-1][0] + piece, changed)
            elif piece:
                row.append((piece, changed))
    return [_unlit_indent(row) for row in rows]


def _unlit_indent(row: list[Part]) -> tuple[Part, ...]:
    if row and row[0][1]:
        text = row[0][0]
        indent = len(text) - len(text.lstrip())
        if 0 < indent < len(text):
            return ((text[:indent], False), (text[indent:], True), *row[1:])
    return tuple(row) or (("", False),)
