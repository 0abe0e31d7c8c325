"""Words that are nearly the same: of one stem, or a slip of the finger apart; texts of many such words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from index.search.language.analysis import plain_words

_ENDINGS = (
    "ing", "ings", "ed", "er", "ers", "es", "ion", "ions", "ation", "ations", "ative", "ional",
    "ment", "ments", "able", "ability", "ible", "ibility", "ility", "ity", "ities", "ies", "ied",
    "ization", "izations", "izing", "ized", "izes", "ness", "ful", "fully", "ly", "ally", "ance", "ence",
    "ancy", "ency", "ively", "ness", "ous", "ive", "al", "ic", "ical",
)  # fmt: skip
_SHORTEST_ROOT = 3
"""Letters of a stem that longer words are looked for by."""


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a folded English word; any other word as it is.

    >>> stem("exhausted"), stem("exhaustion"), stem("p95")
    ('exhaust', 'exhaust', 'p95')
    """
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    return str(_stemmer()(word))


@cache
def _stemmer() -> Callable[[str], str]:
    from whoosh.lang.snowball.english import EnglishStemmer

    stem_of: Callable[[str], str] = EnglishStemmer().stem
    return stem_of


@lru_cache(maxsize=1 << 12)
def stems(word: str, *, unfinished: bool = False) -> tuple[str, ...]:
    """Return the stems of a word, an unfinished one with those that it may get: `cachi` that of `caching`.

    >>> stems("indexing"), "index" in stems("indexi", unfinished=True)
    (('index',), True)
    """
    found = {stem(word)}
    if unfinished and len(word) >= _SHORTEST_ROOT and word.isascii() and word.isalpha():
        found |= {stem(word + "ing"), stem(word + "ed")}
        for ending in _ENDINGS:
            for typed in range(1, min(len(ending), len(word) - 1)):
                if word.endswith(ending[:typed]):
                    found.add(stem(word + ending[typed:]))
    return tuple(sorted(found))


def root(word: str) -> str:
    """Return the beginning that a word shares with all words of its stem; empty where it has no ending.

    >>> root("paginated"), root("pool"), root("using")
    ('pagin', '', 'use')
    """
    found = stem(word)
    return found if found != word and len(found) >= _SHORTEST_ROOT else ""


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


Words = frozenset[str]
_SHORT = 4
"""Letters below which a word without a digit is left out."""


def words_in(texts: Iterable[str]) -> Words:
    """Return the words of texts by their stems, without the short ones."""
    return frozenset().union(*map(_between_spaces, {*"\n".join(texts).split()}))


@lru_cache(maxsize=1 << 16)
def _between_spaces(text: str) -> Words:
    """Return the words of a text without spaces: there are few such texts in a tree, and each is cut once."""
    return frozenset(
        stem(word) for word in plain_words(text) if len(word) >= _SHORT or any(c.isdigit() for c in word)
    )


def similarity(one: Words, other: Words) -> float:
    """Return the share of words in both, of those in either (the Jaccard similarity)."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 0.0
