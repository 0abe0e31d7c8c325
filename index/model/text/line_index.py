"""Line and column of an offset, as an editor counts: from 1."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_LINE_END = re.compile(r"\r\n?|\n")


class LineIndex:
    """The line starts of one text, counted on first use: most texts are never asked."""

    __slots__ = ("_source", "_starts")

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts: list[int] | None = None

    def locate(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1; lines end at ``\\n``, ``\\r\\n`` or a lone ``\\r``."""
        starts = self._lines()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def offset(self, line: int) -> int:
        """Return the offset where a line begins, that of the last one for a line behind it."""
        starts = self._lines()
        return starts[min(line, len(starts)) - 1]

    def _lines(self) -> list[int]:
        if self._starts is None:
            self._starts = _line_starts(self._source)
        return self._starts


def _line_starts(source: str) -> list[int]:
    if "\r" in source:
        return [0, *(match.end() for match in _LINE_END.finditer(source))]
    # Faster than a pattern: every line but the last is its text and one "\n".
    lengths = [len(line) + 1 for line in source.split("\n")]
    lengths.pop()
    return list(accumulate(lengths, initial=0))
