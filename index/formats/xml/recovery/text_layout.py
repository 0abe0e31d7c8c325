"""The layout of text: a person sees it at a glance, and the tolerant reader goes by it."""

from __future__ import annotations

import re

VISIBLE = re.compile(r"[^ \t\r\n]")

_DEEPEST_INDENT = 200
"""Characters of indentation looked at: a longer run is not one, and looking would cost."""
_ALIKE = 0.7
"""From this similarity on (difflib, 0 to 1) a name is a misspelling of another."""

_TAG_BELOW = re.compile(r"[ \t]*+(?:\r\n?|\n)[ \t]*+<(?:[!?:]|[^\W\d])")
_REST_OF_LINE = re.compile(r"[ \t]*+(?:\r\n?|\n|\Z)")
_LINE = re.compile(r"[^\r\n]*+")


def column_of(source: str, offset: int) -> int | None:
    """Return the indentation of ``offset`` in columns, or None when it does not start its line."""
    before = source[max(0, offset - _DEEPEST_INDENT) : offset]
    indent = len(before) - len(before.rstrip(" \t"))
    return indent if indent == offset or source[offset - indent - 1] in "\r\n" else None


def is_block(source: str, start: int, end: int) -> bool:
    """Whether a start tag begins its line as structure does: with attributes, or with a tag below."""
    if column_of(source, start) is None:
        return False
    return "=" in source[start:end] or _TAG_BELOW.match(source, end) is not None


def rest_of_line(source: str, offset: int) -> int | None:
    """The start of the next line, when there is nothing else on this one behind ``offset``."""
    match = _REST_OF_LINE.match(source, offset)
    return match.end() if match else None


def end_of_line(source: str, offset: int, limit: int) -> int:
    """Return the end of the line that ``offset`` is on, at most ``limit``."""
    match = _LINE.match(source, offset, limit)
    return match.end() if match else limit


def holds_line_end(source: str, start: int, end: int) -> bool:
    """Whether ``source[start:end]`` goes over more than one line."""
    return end_of_line(source, start, end) < end


def are_alike(one: str, other: str) -> bool:
    """Whether one name may be the other, misspelt."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio() > _ALIKE
