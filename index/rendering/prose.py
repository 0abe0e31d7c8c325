"""Running text of a memory in its parts: paragraphs, lists, and code, which is told apart from prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,})\s*([\w+#.-]*)")
_ITEM = re.compile(r"^(\s*)(?:[-*•+]|\d{1,3}[.)])\s+")
_NUMBER = re.compile(r"^\s*(\d{1,3}[.)])\s+")
_DRAWN = re.compile(r"(?<=[^\s.!?:;,])(?:  +|\t)(?=\S)|[\u2500-\u259f]|^\s*(?:\||\+-|->)")
"""A line of a drawing or a table: columns set apart by spaces, but not the two after a sentence."""
_WRAPPED = 60
"""Lines at least this long, one after the other, are one paragraph that someone wrapped by hand."""


class Block(NamedTuple):
    """A part of a text."""

    kind: str
    """`text`, `item` or `code`."""
    text: str
    mark: str = ""
    """Number before a list item, empty for a dot; language that a fence names before its code."""
    depth: int = 0
    """Depth of an item in a list of lists."""


def blocks(text: str) -> Iterator[Block]:
    """Yield the parts of a text in order; an empty `text` block is an empty line between two paragraphs."""
    lines = text.split("\n")
    place = prose = 0  # up to `prose` a paragraph is known to be one
    while place < len(lines):
        line = lines[place]
        if fence := _FENCE.match(line):
            end = next((n for n in range(place + 1, len(lines)) if _FENCE.match(lines[n])), len(lines))
            yield Block("code", "\n".join(lines[place + 1 : end]), fence[1])
            place = end + 1
        elif line.startswith(("    ", "\t")) and not _ITEM.match(line) and _stands_apart(lines, place):
            end = place
            while end < len(lines) and (not lines[end].strip() or lines[end].startswith(("    ", "\t"))):
                end += 1
            yield Block("code", _shift("\n".join(lines[place:end]).rstrip()))
            place = end
        elif item := _ITEM.match(line):
            end = place + 1
            while end < len(lines) and lines[end].startswith("  ") and not _ITEM.match(lines[end]):
                end += 1
            number = _NUMBER.match(line)
            words = " ".join([line[item.end() :], *(more.strip() for more in lines[place + 1 : end])])
            yield Block("item", words, number[1] if number else "", len(item[1].expandtabs(4)) // 2)
            place = end
        elif place >= prose and is_preformatted(lines[place : (prose := _paragraph_end(lines, place))]):
            yield Block("code", _shift("\n".join(lines[place:prose])))
            place = prose
        else:
            end = place + 1
            while end < len(lines) and len(lines[end - 1]) >= _WRAPPED and _goes_on(lines[end]):
                end += 1
            yield Block("text", " ".join(part.strip() for part in lines[place:end]))
            place = end


def is_preformatted(lines: Sequence[str]) -> bool:
    """Return whether the lines of a paragraph mean something where they are: a plan, a table, a tree, code.

    Most of them are aligned with spaces, drawn, or code; or they are indented in three depths and more, which
    no paragraph is that someone wrapped by hand.
    """
    if len(lines) < 2:
        return False
    depths = [len(line) - len(line.lstrip()) for line in map(str.expandtabs, lines)]
    stepped = len({*depths}) >= 3
    drawn = sum(
        1 for line, depth in zip(lines, depths, strict=True) if _DRAWN.search(line) or (stepped and depth)
    )
    return drawn * 2 > len(lines) or looks_like_code("", "\n".join(lines))


def _paragraph_end(lines: list[str], place: int) -> int:
    """Return the place behind the last line of the paragraph that begins at `place`."""
    ends = (
        n
        for n in range(place, len(lines))
        if not lines[n].strip() or _ITEM.match(lines[n]) or _FENCE.match(lines[n])
    )
    return next(ends, len(lines))


def _goes_on(line: str) -> bool:
    return (
        bool(line.strip())
        and not line.startswith("    ")
        and not _ITEM.match(line)
        and not _FENCE.match(line)
    )


def _stands_apart(lines: list[str], place: int) -> bool:
    return place == 0 or not lines[place - 1].strip() or lines[place - 1].rstrip().endswith(":")


def _shift(text: str) -> str:
    """Remove the indentation all lines share."""
    lines = text.expandtabs(4).split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)


# ── code, told apart from prose ───────────────────────────────────────────────


@cache
def _names() -> re.Pattern[str]:
    return re.compile(r"(?:^|-)(?:code|snippet|example|command|commands|sql|script|config|configuration)$")


@cache
def _line() -> re.Pattern[str]:
    return re.compile(
        r"[;{}]\s*$|^\s*(?:\$ |[\w.]+\(.*\)|[\w.\[\]]+ = |(?:def|class|import|const|let|var|return) )"
        r"|^\s*(?:EXPLAIN|SELECT|FROM|WHERE|AND|OR|ORDER|GROUP|LIMIT|INSERT|UPDATE|DELETE|CREATE|ALTER)\s"
    )


def looks_like_code(name: str, text: str) -> bool:
    """Return whether a field of several lines is code: by its name, or by most of its lines.

    `name` is folded. One line is prose, whatever it says.
    """
    lines = [line for line in text.splitlines()[:40] if line.strip()]
    if len(lines) < 2:
        return False
    coded = sum(1 for line in lines if _line().search(line))
    return coded * 2 > len(lines) or (bool(_names().search(name)) and coded * 5 >= len(lines))


def words_around(text: str) -> tuple[str, str, str]:
    """Split a text that is code: the paragraphs of prose before it, the code, and those behind it.

    >>> words_around("It never passes through a Date.\\n\\nSELECT 1;\\nSELECT 2;")
    ('It never passes through a Date.', 'SELECT 1;\\nSELECT 2;', '')
    """
    parts = text.strip("\n").split("\n\n")
    first, last = 0, len(parts)
    while first < last and _is_prose(parts[first]):
        first += 1
    while last > first and _is_prose(parts[last - 1]):
        last -= 1
    return "\n\n".join(parts[:first]), "\n\n".join(parts[first:last]), "\n\n".join(parts[last:])


def _is_prose(paragraph: str) -> bool:
    """Whether a paragraph is a sentence or several: it begins as one, ends as one, and no line is code."""
    text = paragraph.strip()
    return (
        bool(re.match(r"[^\W\d_a-z][^\W_]*,? [^\W_]+", text))
        and text.endswith((".", ":", "!", "?"))
        and not any(_line().search(line) for line in text.split("\n"))
    )
