"""Terms of an entry as every engine indexes them: texts by their weight, values that filters compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from heapq import nlargest
from math import log
from typing import TYPE_CHECKING, NamedTuple

from index.model.entry import Entry
from index.model.facets import GROUPS
from index.model.text.letters import normal
from index.model.vocabulary import kind_key, role
from index.search.language import analysis

if TYPE_CHECKING:
    from index.search.language.query import Filter

_key = lru_cache(maxsize=1 << 14)(normal)
_kind_key = lru_cache(maxsize=1 << 10)(kind_key)

EXACTLY = "="
"""Before the term of a kind by its whole name: its last words are terms too, and may be another kind."""

TITLE, LEAD, REST = 4, 2, 1
"""Weights of a word by its place: the title, the problem or solution, elsewhere."""
OFTEN = 0.5
"""Weight that a word has on top where it comes often: less than 1, so that place comes first."""

COMPARED = ("file", "kind", "group", "project", "store", "tag", "tech", "agent", "status", "state")
"""Names of the `properties` of an entry."""

SEARCHED = 100_000
"""Letters of an entry that are searched: one of more is data, whose words would take seconds to index."""

_LEAD_ROLES = frozenset({"problem", "solution"})
_ISO_DAY = 10
"""Letters of a timestamp that are searched as words: the day."""


class FilterTerm(NamedTuple):
    """A term that answers a filter."""

    field: str
    value: str
    starts: bool = False
    """Every term that starts so answers it too."""


def filter_terms(node: Filter, value: str, holds: Callable[[str, str], bool]) -> list[FilterTerm]:
    """Return the terms of which any answers a filter of a name; `holds` tells whether an entry has a term.

    A value that entries have is meant as it is, unless it is still being typed; in quotes it always is.
    Of kinds it is a group of them by its name, else one by its name or its last words, else all that start
    so; in quotes that of this whole name, where there is one.
    """
    name, typing = node.name, node.op == "prefix"
    if name != "kind":
        return [FilterTerm(name, value, typing or (node.op != "is" and not holds(name, value)))]
    if node.op == "is" and holds(name, EXACTLY + value):
        return [FilterTerm(name, EXACTLY + value)]
    for field in ("group", "kind") if not typing else ():
        if value in GROUPS or holds(field, value):
            return [FilterTerm(field, value)]
    return [FilterTerm("group", value, True), FilterTerm("kind", value, True)]


def is_often(count: int, words: int) -> bool:
    """Whether a word that comes so many times in an entry of so many words comes often in it."""
    return 2 * count >= count + 1 + words / 100


@lru_cache(maxsize=1 << 10)  # a status comes in many entries
def _words(text: str) -> tuple[str, ...]:
    return tuple(token.word for token in analysis.tokens(text))


def properties(entry: Entry) -> dict[str, list[str]]:
    """Return the values of an entry that filters compare, each value in the one spelling that is compared."""
    kind = _kind_key(entry.kind)
    states = [
        name
        for name, holds in (
            ("malformed", entry.broken),
            ("template", entry.template),
            ("session", entry.group == "session"),
            ("pending", entry.group == "pending"),
        )
        if holds
    ]
    values: dict[str, Iterable[str]] = {
        "file": [entry.file],
        "kind": [kind, *kind.split("-")[1:], EXACTLY + kind],
        "group": [_kind_key(entry.group)],
        "project": [_key(entry.project)],
        "store": [_key(entry.store)],
        "tag": map(_key, entry.tags),
        "tech": map(_key, entry.tech),
        "agent": [_key(entry.agent)],
        "status": _words(entry.status),
        "state": states,
    }
    return {name: [value for value in dict.fromkeys(held) if value] for name, held in values.items()}


def places(entry: Entry) -> Iterator[tuple[str, int]]:
    """Yield the texts of an entry that are searched, each with the weight of its words, heaviest first."""
    left = SEARCHED
    for text, place in _texts(entry):
        yield text[:left], place
        left = max(0, left - len(text))


def is_too_long(entry: Entry) -> bool:
    """Whether an entry has words that no search finds."""
    return sum(len(text) for text, _ in _texts(entry)) > SEARCHED


def _texts(entry: Entry) -> Iterator[tuple[str, int]]:
    title = entry.title
    yield title, TITLE
    rest = []
    for field in entry.fields:
        text = field.text
        if text == title or not text:
            continue
        meaning = role(field.name)
        if meaning in _LEAD_ROLES:
            yield text, LEAD
            continue
        if meaning == "time" and len(text) > _ISO_DAY and text[_ISO_DAY] in "T ":
            text = text[:_ISO_DAY]
        rest.append(text)
    for text in (*rest, entry.project):
        yield text, REST


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
    words = {
        word
        for text, _ in places(entry)
        for word in analysis.plain_words(text)
        if len(word) >= _SHORT and not word.isdigit()
    }
    held = ((word, frequency(word)) for word in words)
    rarity = [(word, 1 / log(2 + count)) for word, count in held if count]
    return nlargest(_MOST, rarity, key=lambda item: (item[1], item[0]))
