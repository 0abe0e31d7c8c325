"""Texts as sets of words, and how much of their words two of them share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from index.search.language.analysis import plain_words
from index.search.language.spelling import stem

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
