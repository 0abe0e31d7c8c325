"""The outline of a Markdown text: headings, fences and comments, as CommonMark has them.

Lines end at CR, LF or CRLF and nowhere else. Setext headings are none here: in memory files all of them
are a paragraph above a rule, or a second front matter.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
BLANK_LINE = re.compile(r"(?:\r\n|\r(?!\n)|\n)[ \t]*(?:\r\n|[\r\n])")
"""The end of a line and a blank one behind it; a CRLF is one end."""
_HEADING = re.compile(
    r" {0,3}(#{1,6})(?:[ \t]+(?P<title>[^ \t\r\n]+(?:[ \t]+[^ \t\r\n]+)*?))??(?:[ \t]+#+)?[ \t]*(?=[\r\n]|\Z)"
)
_FENCE = re.compile(r" {0,3}(?P<ticks>`{3,}(?=[^`\r\n]*(?:[\r\n]|\Z))|~{3,})")
_HTML = tuple(
    (re.compile(rf" {{0,3}}{begins}", re.I), re.compile(ends, re.I))
    for begins, ends in (
        (r"<(?:script|pre|style|textarea)(?=[\s>]|\Z)", r"</(?:script|pre|style|textarea)>"),
        ("<!--", "-->"),
        (r"<\?", r"\?>"),
        (r"<!\[CDATA\[", r"\]\]>"),
        ("<![A-Z]", ">"),
    )
)
"""Beginnings of HTML blocks that only their own end closes, and that end (CommonMark 0.31, 4.6: 1 to 5)."""
_TAGS = """
address article aside base basefont blockquote body caption center col colgroup dd details dialog dir div dl
dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend
li link main menu menuitem nav noframes ol optgroup option p param search section summary table tbody td
tfoot th thead title tr track ul
"""
_HTML_TO_BLANK = re.compile(rf" {{0,3}}</?(?:{'|'.join(_TAGS.split())})(?=[\s/>]|\Z)", re.I)
"""Beginnings of those that a blank line closes (6)."""
_ATTRIBUTE = r"""\s+[\w:.-]+(?:\s*=\s*(?:[^\s"'=<>`]+|'[^'\n]*'|"[^"\n]*"))?"""
_HTML_ALONE = re.compile(
    rf" {{0,3}}(?:</[A-Za-z][\w-]*\s*>|<[A-Za-z][\w-]*(?:{_ATTRIBUTE})*\s*/?>)[ \t]*$", re.M
)
"""Beginnings of those of any other tag, alone in its line and behind no text (7)."""
RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}$| {0,3}(?:\*[ \t]*){3,}$| {0,3}(?:_[ \t]*){3,}$")
_INTERESTING = re.compile(r"^ {0,3}(?=[#`~<])", re.M)
_BLANK = re.compile(r"[ \t]*(?:[\r\n]|\Z)")


class Heading(NamedTuple):
    """A heading in `#`s."""

    level: int
    start: int
    """Offset of its line."""
    end: int
    """Offset behind its line, its end included."""
    title_start: int
    title_end: int


class Fence(NamedTuple):
    """A code block between fences."""

    start: int
    end: int
    """Offset behind the closing line; the end of the text where none closes it."""
    ticks: str
    closed: bool


@dataclass(slots=True)
class Outline:
    """The blocks of a text that tell its structure."""

    headings: list[Heading] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    """Spans of HTML blocks, comments among them."""
    hidden: list[tuple[int, int]] = field(default_factory=list)
    """Spans of fences and of those, in order: no structure is in them."""


def line_start(text: str, at: int) -> int:
    """Return the offset of the line that an offset is in."""
    start = text.rfind("\n", 0, at) + 1
    return max(start, text.rfind("\r", start, at) + 1)


def covers(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether one of these spans, in order, holds an offset."""
    place = bisect_right(spans, (at, 1 << 62)) - 1
    return place >= 0 and spans[place][0] <= at < spans[place][1]


def lines(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the offsets of each line and behind its end."""
    end_of = _line_end if "\r" not in text else _any_line_end
    while start < len(text):
        end = end_of(text, start)
        yield start, end
        start = end


def outline(text: str, start: int = 0) -> Outline:
    """Return the blocks of a text from an offset on, which is the beginning of a line."""
    found = Outline()
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")  # as long, and lines end in one way
    at = start
    while match := _INTERESTING.search(text, at):
        begin = match.start()
        at = _block(text, begin, found, alone=_stands_alone(text, begin, found))
    return found


def _block(text: str, begin: int, found: Outline, *, alone: bool) -> int:
    """Take in the block that begins in this line, with no text right above it; return where to go on."""
    end = _line_end(text, begin)
    if heading := _HEADING.match(text, begin, end):
        title = heading.span("title") if heading["title"] else (heading.end(1), heading.end(1))
        found.headings.append(Heading(len(heading[1]), begin, end, *title))
        return end
    if fence := _FENCE.match(text, begin, end):
        stop, closed = _fence_end(text, end, fence["ticks"])
        found.fences.append(Fence(begin, stop, fence["ticks"], closed))
        found.hidden.append((begin, stop))
        return stop
    for begins, ends in _HTML:
        if begins.match(text, begin, end):
            last = ends.search(text, begin)
            stop = _line_end(text, last.start()) if last else len(text)
            return _hide(found, begin, stop)
    if _HTML_TO_BLANK.match(text, begin, end) or (alone and _HTML_ALONE.match(text, begin, end)):
        stop = begin
        while stop < len(text) and not _BLANK.match(text, stop):
            stop = _line_end(text, stop)
        return _hide(found, begin, stop)
    return end


def _hide(found: Outline, begin: int, stop: int) -> int:
    found.comments.append((begin, stop))
    found.hidden.append((begin, stop))
    return stop


def _stands_alone(text: str, begin: int, found: Outline) -> bool:
    """Whether no text goes on in this line: a blank line, a rule, code or the end of a block is above it."""
    ends = [heading.end for heading in found.headings[-1:]] + [end for _, end in found.hidden[-1:]]
    while begin not in ends and begin:
        start = text.rfind("\n", 0, begin - 1) + 1
        above = text[start : begin - 1]
        if not above.strip(" \t") or RULE.match(above):
            return True
        if not above.startswith(("    ", "\t")):
            return False
        begin = start  # indented: code, unless it goes on with a text above it
    return True


def _fence_end(text: str, at: int, ticks: str) -> tuple[int, bool]:
    closing = re.compile(rf"^ {{0,3}}{re.escape(ticks[0])}{{{len(ticks)},}}[ \t]*$", re.M)
    last = closing.search(text, at)
    return (_line_end(text, last.start()), True) if last else (len(text), False)


def _line_end(text: str, at: int) -> int:
    return text.find("\n", at) + 1 or len(text)


def _any_line_end(text: str, at: int) -> int:
    found = LINE.match(text, at)
    return found.end() if found else len(text)
