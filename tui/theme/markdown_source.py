"""The source of Markdown, toned line by line: quick enough to be asked anew with every key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Tone(NamedTuple):
    """A stretch of a line, drawn in a role."""

    start: int
    end: int
    role: str


_RULE = re.compile(r"(?:---|\.\.\.)\s*")
_KEY = re.compile(r"\s*(?:- )?[^\s#:\-][^:]*:(?=\s|$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_QUIET = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s)?|\s*>+\s?|\s*(?:-\s*){3,}$")
"""The mark of an item, with its box, that of a quote, a rule."""
_INLINE = re.compile(
    r"(?P<string>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))|(?P<muted><!--.*?-->)"
    r"|(?P<strong>\*\*(?=\S)[^*\n]+\*\*|__(?=\S)[^_\n]+__)"
    r"|(?P<name>\[\[[^\[\]\n]+\]\]|\]\([^()\s]*\)|https?://[^\s)>\]]+)"
)


def markdown_tones(text: str) -> Iterator[list[Tone]]:
    """Yield the tones of each line of a text."""
    lines = text.split("\n")
    begin = _end_of_front(lines)
    for line in lines[:begin]:
        yield _front(line)
    fence = ""
    hidden = False
    for line in lines[begin:]:
        ticks = _FENCE.match(line)
        if fence:
            yield [Tone(0, len(line), "string")]
            if ticks and ticks[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif hidden or line.lstrip().startswith("<!--"):
            hidden = "-->" not in line
            yield [Tone(0, len(line), "muted")]
        elif ticks:
            fence = ticks[1]
            yield [Tone(0, len(line), "string")]
        elif _HEADING.match(line):
            yield [Tone(0, len(line), "strong")]
        else:
            yield [*_inline(line)]


def _end_of_front(lines: list[str]) -> int:
    """Return the number of lines of a front matter; 0 without one."""
    if lines[0].rstrip() != "---":
        return 0
    return next((n + 1 for n, line in enumerate(lines) if n and _RULE.fullmatch(line)), 0)


def _front(line: str) -> list[Tone]:
    if _RULE.fullmatch(line) or line.lstrip().startswith("#"):
        return [Tone(0, len(line), "muted")]
    key = _KEY.match(line)
    return [Tone(0, key.end(), "strong")] if key else []


def _inline(line: str) -> Iterator[Tone]:
    if mark := _QUIET.match(line):
        yield Tone(*mark.span(), "muted")
    for found in _INLINE.finditer(line, mark.end() if mark else 0):
        yield Tone(*found.span(), found.lastgroup or "")
