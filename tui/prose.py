"""Running text of a memory in its parts: paragraphs, lists, blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_ITEM = re.compile(r"^(\s*)(?:[-*•+]|\d{1,3}[.)])\s+")
_NUMBER = re.compile(r"^\s*(\d{1,3}[.)])\s+")
_WRAPPED = 60
"""Lines at least this long, one after the other, are one paragraph that someone wrapped by hand."""


class Block(NamedTuple):
    """A part of a text."""

    kind: str
    """`text`, `item` or `code`."""
    text: str
    mark: str = ""
    """What stands before an item: a number, or nothing for a dot."""
    depth: int = 0
    """How deep an item is in a list of lists."""


def blocks(text: str) -> Iterator[Block]:
    """Yield the parts of a text in order; an empty `text` block is an empty line between two paragraphs."""
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        line = lines[place]
        if _FENCE.match(line):
            end = next((n for n in range(place + 1, len(lines)) if _FENCE.match(lines[n])), len(lines))
            yield Block("code", "\n".join(lines[place + 1 : end]))
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
        else:
            end = place + 1
            while end < len(lines) and len(lines[end - 1]) >= _WRAPPED and _goes_on(lines[end]):
                end += 1
            yield Block("text", " ".join(part.strip() for part in lines[place:end]))
            place = end


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
