"""Text → the words it is found by: one reading for the index, the query and the highlights."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

MAX_WORD = 64
"""Letters that a word may have: a longer one is data, not a word."""
STRIDE = 8
"""Positions from one run to the next; the parts of an identifier take those in between."""

# Scripts without spaces, and pictographs: every character is a word of its own, and a query of
# several characters is a phrase of them.
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7af"  # Hangul
    "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"  # pictographs
)
_MARKS = "\u0300-\u036f"
_ASCII_RUN = re.compile(r"[A-Za-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Form(NamedTuple):
    """A word that a run of letters and digits is found by: all of it, or a part of an identifier."""

    word: str
    """Folded; at most `MAX_WORD` letters."""
    part: int
    """Its place among the parts of the run; 0 for the whole."""
    start: int
    """Offset of its start in the run; `end` is behind it."""
    end: int


@cache
def _unicode_run() -> re.Pattern[str]:
    """Return the pattern for all scripts; it takes 15 ms to compile, so not before it is needed."""
    return re.compile(rf"[{_SINGLE}]|[^\W_{_SINGLE}]+(?:[{_MARKS}]+[^\W_{_SINGLE}]*)*")


def _run(text: str) -> re.Pattern[str]:
    return _ASCII_RUN if text.isascii() else _unicode_run()


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits in `text`, as written.

    >>> runs("pg-pool: idle_in_transaction, don't"), runs("連接池 ok")
    (['pg', 'pool', 'idle', 'in', 'transaction', 'don', 't'], ['連', '接', '池', 'ok'])
    """
    return _run(text).findall(text)


def spans(text: str) -> Iterator[tuple[str, int]]:
    """Yield each run of `text` with its offset."""
    for found in _run(text).finditer(text):
        yield found[0], found.start()


def is_single(run: str) -> bool:
    """Whether `run` is a character that is a word by itself: an ideograph, an emoji."""
    return len(run) == 1 and not run.isascii() and re.match(f"[{_SINGLE}]", run) is not None


def fold(run: str) -> str:
    """Return `run` in the one spelling that words are compared in: no case, no accents.

    >>> fold("PostgreSQL"), fold("Kovač"), fold("Straße")
    ('postgresql', 'kovac', 'strasse')
    """
    if run.isascii():
        return run.lower()
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", run).casefold())
    return unicodedata.normalize("NFC", "".join(c for c in letters if not unicodedata.combining(c))) or run


@lru_cache(maxsize=1 << 16)
def forms(run: str) -> tuple[Form, ...]:
    """Return the words `run` is found by, the whole first, then the parts of a camelCase name.

    >>> [form.word for form in forms("connectionTimeoutMillis")]
    ['connectiontimeoutmillis', 'connection', 'timeout', 'millis']
    """
    whole = Form(fold(run)[:MAX_WORD], 0, 0, len(run))
    if run.islower() or run.isupper() or run[1:].islower() or len(run) > MAX_WORD:
        return (whole,)
    edges = [0, *(cut.start() for cut in _CAMEL.finditer(run)), len(run)]
    if len(edges) == 2:
        return (whole,)
    parts = (
        Form(fold(run[start:end]), min(part, STRIDE - 1), start, end)
        for part, (start, end) in enumerate(pairwise(edges))
    )
    return (whole, *(form for form in parts if form.end - form.start > 1))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a folded English word; any other word as it is.

    >>> stem("exhausted"), stem("exhaustion"), stem("p95")
    ('exhaust', 'exhaust', 'p95')
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    from whoosh.lang.porter import stem as porter

    return str(porter(word))


def before(position: int) -> range:
    """Return the positions that a word at `position` comes next after.

    Those of the run before it; for a part of an identifier, the part before it. So "connection pool" is
    in connectionPool, and "postgresql server" in "PostgreSQL server".
    """
    return range(position - 1, position) if position % STRIDE else range(position - STRIDE, position)


def following(ends: Collection[int], after: Iterable[int]) -> set[int]:
    """Return the positions in `after` that come next after one of `ends`; see `before`."""
    next_ones = {end + 1 for end in ends if (end + 1) % STRIDE}
    next_ones |= {(end // STRIDE + 1) * STRIDE for end in ends}
    return next_ones.intersection(after)


def slips(word: str, other: str) -> int | None:
    """Return how many slips of the finger make `other` of `word`, None when they are not so near.

    One slip from three letters on; two from six, and then the first letter must agree.
    """
    reach = 0 if len(word) < 3 else 1 if len(word) < 6 else 2
    found = distance(word, other, reach)
    return found if found <= reach and (found < 2 or word[0] == other[0]) else None


def distance(a: str, b: str, limit: int) -> int:
    """Return the slips between two words: letters added, left out, changed or swapped.

    Any distance above `limit` is returned as `limit + 1`.

    >>> distance("exhaustoin", "exhaustion", 2), distance("pol", "pool", 1), distance("pool", "queue", 2)
    (1, 1, 3)
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and other == a[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
