"""The words that tell an entry from the others, by which entries like it are found."""

from __future__ import annotations

from collections.abc import Callable
from heapq import nlargest
from math import log

from index.model.entry import Entry
from index.search.language import analysis

_MOST = 25
"""Words that are looked for: with more of them common ones begin to count."""
_SHORT = 3
"""Letters below which a word tells little."""


def rare_words(entry: Entry, frequency: Callable[[str], int]) -> list[tuple[str, float]]:
    """Return the rarest words of an entry, each with how much it says.

    Args:
        entry: need not be in the index.
        frequency: returns how many entries hold a word; a word that no entry holds finds nothing.
    """
    texts = (entry.title, *(field.text for field in entry.fields))
    words = {
        word
        for text in texts
        for word in analysis.plain_words(text)
        if len(word) >= _SHORT and not word.isdigit()
    }
    held = ((word, frequency(word)) for word in words)
    rarity = [(word, 1 / log(2 + count)) for word, count in held if count]
    return nlargest(_MOST, rarity, key=lambda item: (item[1], item[0]))
