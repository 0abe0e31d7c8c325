"""A word or phrase of the query → the words to look for, and whether a word is one of them.

One answer for every index, for what is in none, and for what is lit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from index.search.language import analysis, spelling
from index.search.language.syntax import Phrase, Word

EXACT, LONGER, STEMMED, AKIN, TYPO = 1.0, 0.9, 0.6, 0.4, 0.3
"""Weights of a word found: as typed, going on after it, of the same stem, beginning so, one slip away."""


class Slot(NamedTuple):
    """One word to look for."""

    word: str
    """Folded."""
    prefix: bool = False
    """Longer words that begin with it are found too."""
    fuzzy: bool = False
    """Words that are spelled nearly like it are found too."""
    stems: tuple[str, ...] = ()
    """Words of these stems are found too."""
    root: str = ""
    """Words that begin with it are found too, where it is not empty."""

    def weight(self, word: str) -> float:
        """Return how well a folded word answers, 0 when it does not."""
        if word == self.word:
            return EXACT
        if self.prefix and word.startswith(self.word):
            return LONGER
        if self.stems and spelling.stem(word) in self.stems:
            return STEMMED
        if self.root and word.startswith(self.root):
            return AKIN
        return TYPO / slips if self.fuzzy and (slips := spelling.slips(self.word, word)) else 0.0


@lru_cache(maxsize=1 << 10)
def ways(node: Word | Phrase) -> list[list[Slot]]:
    """Return the rows of words that `node` may be: as typed, its names in parts, joined by a dash.

    The words of a row follow one another in the text; a row of one word may be another form of it.

    >>> [[slot.word for slot in way] for way in ways(Word("db.maxConnections"))]
    [['db', 'maxconnections'], ['db', 'max', 'connections'], ['dbmaxconnections']]
    >>> [[slot.word for slot in way] for way in ways(Word("utf8"))]
    [['utf8'], ['utf', '8']]
    """
    runs = analysis.runs(node.text)
    if not runs:
        signs = analysis.operators(node.text)
        return [[Slot(max(signs, key=len))]] if signs else []
    whole = [run.word for run in runs]
    parts = [part for run in runs for part in run.parts]
    joined: list[str] = []
    for run in runs:
        if run.joins:
            joined[-1] += run.word
        else:
            joined.append(run.word)
    rows = dict.fromkeys(map(tuple, (whole, parts, joined)))
    return [[*map(Slot, row[:-1]), _last(row[-1], node, alone=len(row) == 1)] for row in rows]


def _last(word: str, node: Word | Phrase, *, alone: bool) -> Slot:
    if isinstance(node, Phrase):
        return Slot(word, node.prefix)
    slot = Slot(word, node.prefix, node.fuzzy)
    if not alone:
        return slot
    stems = spelling.stems(word, unfinished=node.prefix)
    return slot._replace(stems=stems, root=spelling.root(word))


def says(node: Word | Phrase, text: str) -> bool:
    """Whether a text has a word or phrase, in any of its forms."""
    held = analysis.tokens(text) if text else []
    return any(places(way, held) for way in ways(node))


def places(way: list[Slot], held: list[analysis.WordAt]) -> list[tuple[analysis.WordAt, analysis.WordAt]]:
    """Return the first and last word of each place where the words of a row follow one another."""
    here = [(token, token) for token in held if way[0].weight(token.word)]
    for slot in way[1:]:
        begun: dict[int, analysis.WordAt] = {}
        for first, token in here:
            begun.setdefault(token.first, first)
            begun.setdefault(token.last, first)
        here = []
        for token in held:
            ends = (*analysis.before(token.first), *analysis.before(token.last))
            before = next((end for end in ends if end in begun), None)
            if before is not None and slot.weight(token.word):
                here.append((begun[before], token))
    return here
