"""A word or phrase of the query → the words to look for, in an index or in a text."""

from __future__ import annotations

from typing import NamedTuple

from index.search.language import analysis
from index.search.language.query import Phrase, Word


class Slot(NamedTuple):
    """One word to look for."""

    word: str
    """Folded."""
    prefix: bool = False
    """Longer words that begin with it are found too."""
    fuzzy: bool = False
    """Words that are spelled nearly like it are found too."""


def ways(node: Word | Phrase) -> list[list[Slot]]:
    """Return the rows of words that `node` may be, each in one piece: as typed, and camelCase apart.

    >>> [[slot.word for slot in way] for way in ways(Word("db.maxConnections"))]
    [['db', 'maxconnections'], ['db', 'max', 'connections']]
    """
    whole: list[Slot] = []
    apart: list[Slot] = []
    for run in analysis.runs(node.text):
        forms = analysis.forms(run)
        whole.append(Slot(forms[0].word))
        apart += [Slot(form.word) for form in forms[1:] or forms]
    fuzzy = isinstance(node, Word) and node.fuzzy
    found = [way for way in ([whole] if len(apart) == len(whole) else [whole, apart]) if way]
    for way in found:
        way[-1] = way[-1]._replace(prefix=node.prefix, fuzzy=fuzzy)
    return found
