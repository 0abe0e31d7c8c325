"""Text on its way to a screen: letters that steer a terminal, bytes that are no text, too long ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final
from unicodedata import combining, east_asian_width

STEERING: Final = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""C0 but tab and newline, DEL, C1, and signs that turn the direction of text; inside of a set of `re`."""
HALVES: Final = r"\ud800-\udfff"
"""Bytes that are no letters in a file's encoding, as Python reads them; no program takes them as text."""
_FENCE: Final = re.compile(
    r"^([ \t>]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+)?)(?:`{3,}|~{3,})[^`\n]*$|`{3,}", re.MULTILINE
)
"""The marks around a block of code: a line of its own with the language, or within a line."""
_HALVES: Final = re.compile(f"[{HALVES}]")


def whole(text: str) -> str:
    """Return the text with `\ufffd` for every byte that is no letter, so that any encoder takes it."""
    return _HALVES.sub("\ufffd", text)


def unfenced(text: str) -> str:
    """Return a text without the marks around its blocks of code, to be shown in one line.

    >>> unfenced("Run:\\n```sh\\nmake test\\n```\\n- ~~~\\n  ```ls```")
    'Run:\\n\\nmake test\\n\\n- \\n  ls'
    """
    return _FENCE.sub(lambda found: found[1] or "", text) if "```" in text or "~~~" in text else text


def cells(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    return 0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1


def shorten(text: str, most: int) -> str:
    """Return a text of at most `most` characters, with `…` where its end was left out.

    >>> shorten("Health check opens a connection", 13)
    'Health check…'
    """
    return text if len(text) <= most else _until(text, most - 1)


def shorten_at_word(text: str, most: int) -> str:
    """Return a text of at most `most` columns, with `…` behind a whole word where its end was left out.

    Within a word it is cut only where less than half of the room would be used, as in a path or in Chinese.

    >>> shorten_at_word("Health check opens a connection", 15), shorten_at_word("patterns/database.xml", 15)
    ('Health check…', 'patterns/datab…')
    """
    if cells(text) <= most:
        return text
    end = next(end for end, taken in enumerate(accumulate(map(_width, text))) if taken > most - 1)
    word = text.rfind(" ", 0, end + 1)
    return _until(text, word if 2 * word >= end else end)


def _until(text: str, end: int) -> str:
    return text[:end].rstrip(" ,;:.") + "…"


_NO_NAMES = frozenset({"A", "It", "Its", "The", "These", "This", "What", "Without"})


def as_many_as_fit(names: Sequence[str], most: int) -> str:
    """Return names in a line of at most `most` columns: those that fit whole, and how many more there are.

    A first one that does not fit is cut.

    >>> [as_many_as_fit(["level", "tech stack", "tags"], most) for most in (23, 22, 12)]
    ['level, tech stack, tags', 'level, 2 more', 'lev…, 2 more']
    """
    for shown in range(min(len(names), most // 2), 0, -1):
        line = ", ".join([*names[:shown], *_rest(names, shown)])
        if cells(line) <= most:
            return line
    rest = "".join(f", {more}" for more in _rest(names, 1))
    return shorten_at_word(names[0], most - len(rest)) + rest if names else ""


def _rest(names: Sequence[str], shown: int) -> list[str]:
    return [f"{len(names) - shown:,} more"] if shown < len(names) else []


def as_clause(sentence: str) -> str:
    """Return a sentence as the second half of another: with a small letter, where it begins with no name.

    >>> as_clause("Its heading is the title of others."), as_clause("XML does not allow it.")
    ('its heading is the title of others.', 'XML does not allow it.')
    """
    first = sentence.partition(" ")[0]
    return sentence[:1].lower() + sentence[1:] if first in _NO_NAMES else sentence
