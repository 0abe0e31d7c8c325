"""Lighting of matches: in a line, and in several that a match goes across."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from textual.content import Content, Span

Spans = Callable[[str], Iterable[tuple[int, int]]]
"""Finds the matches of the query in a text."""
_ROWS = 6
"""Rows that a match goes across at most, those between two paragraphs too."""
_BEFORE = " \t·▏✓○"
"""Signs before the words of a row, no part of a match."""


def lit(line: Content, spans: Iterable[tuple[int, int]]) -> Content:
    """Light the matches in a line, given as (start, end) in its text, but for those that are lit already."""
    there = [(span.start, span.end) for span in line.spans if span.style == "lit"]
    more = [(a, b) for a, b in spans if not any(start <= a and b <= end for start, end in there)]
    return line.add_spans([Span(start, end, "lit") for start, end in more])


def goes_across(text: str, spans: Spans | None) -> bool:
    """Whether a match in a text holds the end of a line."""
    return spans is not None and "\n" in text and any("\n" in text[a:b] for a, b in spans(text))


def lit_across(rows: Iterable[Content], spans: Spans) -> Iterator[Content]:
    """Light the matches that begin in one row and end in a later one; each row as soon as it can be."""
    held: deque[Content] = deque()
    for row in rows:
        held.append(row)
        _light_last(held, spans)
        if len(held) == _ROWS:
            yield held.popleft()
    yield from held


def _light_last(held: deque[Content], spans: Spans) -> None:
    """Light the matches that end in the last of the rows and begin before it."""
    text = "\n".join(row.plain for row in held)
    last = len(text) - len(held[-1].plain)
    for start, end in spans(text):
        if start < last < end:
            at = 0
            for number, row in enumerate([*held]):
                first, behind = max(0, start - at), min(end - at, len(row.plain))
                first += len(row.plain[first:behind]) - len(row.plain[first:behind].lstrip(_BEFORE))
                if first < behind:
                    held[number] = lit(row, [(first, first + len(row.plain[first:behind].rstrip()))])
                at += len(row.plain) + 1
