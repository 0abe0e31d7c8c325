"""Completions of a query: the names of filters and the values that are in the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.model.facets import LEVELS
from index.model.text.letters import normal
from index.search.language import day_spans
from index.search.language.syntax import DATES, FILTERS, STATES, Token, tokenize, written

_LEVELS = (*(str(level) for level in LEVELS), ">=3", "2..4")
_TYPED = frozenset({"word", "filter", "phrase"})


class Completion(NamedTuple):
    """A text to put in place of a part of the query."""

    text: str
    start: int
    """The part it takes the place of."""
    end: int
    note: str
    """A description in a few words."""


def completions(text: str, cursor: int, values: Mapping[str, Sequence[str]]) -> list[Completion]:
    """Return completions of the token at `cursor`, the likeliest first; after a space, every filter.

    `values` are those in the tree by filter name, in the order to offer them; `@` has the named searches,
    with which a query can begin. Inside quotes and brackets of words there is nothing to complete.

    >>> [c.text for c in completions("pool pro", 8, {})]
    ['project:']
    >>> [c.text for c in completions("tag:po", 6, {"tag": ["depot", "pool"]})]
    ['tag:pool', 'tag:depot']
    >>> [c.text for c in completions("@op", 3, {"@": ["open now", "mine"]})]
    ['@open now']
    """
    if text.startswith("@") and cursor:
        key = normal(text[1:cursor])
        names = [name for name in values.get("@", ()) if normal(name).startswith(key)]
        return [Completion(f"@{name}", 0, cursor, "saved search") for name in names]
    beside = [t for t in tokenize(text) if t.role in _TYPED and t.start < cursor <= t.end and t.text != "-"]
    if beside:
        token = beside[0]
    elif not cursor or text[cursor - 1].isspace() or text[cursor - 1] in "-(":
        token = Token("word", cursor, cursor)
    else:
        return []
    if token.role == "filter" and cursor >= token.value:
        return _values(token, text[token.value : cursor].lstrip('"'), values)
    if token.role != "phrase":
        typed = text[token.start : cursor].lower()
        end = token.end if token.role == "word" else token.value
        return [
            Completion(f"{name}:", token.start, end, note)
            for name, note in FILTERS.items()
            if name.startswith(typed)
        ]
    return []


def _values(token: Token, typed: str, values: Mapping[str, Sequence[str]]) -> list[Completion]:
    known = _spelled(tuple(values.get(token.name) or _known(token.name)))
    key = normal(typed)
    starting = [value for value, spelled in known if spelled.startswith(key)]
    inside = [value for value, spelled in known if spelled.find(key) > 0]
    return [Completion(written(token.name, v), token.start, token.end, token.name) for v in starting + inside]


@lru_cache(maxsize=8)
def _spelled(values: tuple[str, ...]) -> Sequence[tuple[str, str]]:
    """Return each value with the spelling it is compared in: a key may not spell ten thousand files anew."""
    return [(value, normal(value)) for value in values]


def _known(name: str) -> Sequence[str]:
    if name == "is":
        return STATES
    if name == "level":
        return _LEVELS
    return (*day_spans.WORDS, "7d", "30d") if name in DATES else ()
