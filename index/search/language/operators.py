"""Habits of other search boxes: AND, NOT, && and ||, words that say nothing, a star in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.search.language import analysis
from index.search.language.syntax import Token

SAY_NOTHING = frozenset(
    """
    a about an and are as at be been but by can could did do does for from had has have how i if in into
    is it its me my of on or our should so that the their them there these they this those to too was we
    were what when where which while who whom why will with would you your
    """.split()  # noqa: SIM905  # one a line would be a page
)
"""Words that a question has and its answer need not have."""
_JOINS = {"AND": "and", "&&": "and", "||": "or"}
_STARRED = re.compile(r"(?:^|\s)\*+\w|[^\W_]\*+\w")


def with_operators(tokens: Iterable[Token]) -> list[Token]:
    """Return the tokens with AND, NOT, && and || as operators, where they join two.

    >>> from index.search.language.syntax import tokenize
    >>> [token.role for token in with_operators(tokenize("pool AND redis NOT kafka"))]
    ['word', 'and', 'word', 'not', 'word']
    >>> [token.role for token in with_operators(tokenize("AND"))]
    ['word']
    >>> [token.role for token in with_operators(tokenize("OR"))]
    ['word']
    """
    found = list(tokens)
    if not any(one.role in _ASKS for one in found):
        found = [one._replace(role="word", text="OR") if one.role == "or" else one for one in found]
    begun = False
    for place, token in enumerate(found):
        if token.role == "word":
            goes_on = place + 1 < len(found) and found[place + 1].role in (*_ASKS, "open", "not")
            if token.text == "NOT" and goes_on:
                found[place] = token._replace(role="not")
            elif token.text == "NOT" and begun:
                found[place] = token._replace(role="and")
            elif begun and token.text in _JOINS:
                found[place] = token._replace(role="or" if token.text == "||" else "and")
        begun = begun or found[place].role in _ASKS
    return found


_ASKS = ("word", "phrase", "filter")


def idle(tokens: Sequence[Token]) -> frozenset[int]:
    """Return the places of words that need not match, as others say more: the, of, how.

    They count where they are all there is, in quotes, with a star, beside an OR or after a dash.
    """
    words = [
        place
        for place, token in enumerate(tokens)
        if token.role == "phrase" or (token.role == "word" and analysis.runs(token.text))
    ]
    found = {place for place in words if _says_nothing(tokens, place)}
    return frozenset(found if len(found) < len(words) else ())


def _says_nothing(tokens: Sequence[Token], place: int) -> bool:
    beside = {one.role for one in tokens[max(place - 1, 0) : place + 2] if one is not tokens[place]}
    said = tokens[place].text.strip(".,;:!?").lower()
    return tokens[place].role == "word" and said in SAY_NOTHING and not beside & {"or", "not"}


_SHOWN = 40  # letters of a word in a hint


def only_left_out(tokens: Sequence[Token]) -> str:
    """Return one line when a dash may be meant to be found: in `-Xmx2g` alone, in `docker run --rm -it`."""
    roles = [one.role for one in tokens]
    is_command = any(one.role == "word" and one.text.startswith("--") for one in tokens)
    if roles != ["not", "word"] and not is_command:
        return ""
    pairs = (pair for pair in pairwise(tokens) if [one.role for one in pair] == ["not", "word"])
    word = next((word.text for sign, word in pairs if not sign.text), "")
    if not word or len(word) > _SHOWN:
        return ""
    return f"Entries without {word}; to find -{word} itself, put it in quotes"


def misplaced_star(word: str) -> str:
    """Return one line when a star is not at the end of the word, else nothing."""
    if not _STARRED.search(word) or any(sign in word for sign in "/\\."):
        return ""
    return "Put the star at the end of a word: pool*"
