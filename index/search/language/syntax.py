"""The query language: its words, its filters, and the text cut into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NamedTuple

from index.model.facets import GROUPS
from index.model.text.letters import normal
from index.model.vocabulary import kind_key

FILTERS = {
    "kind": "solution, pattern, decision …",
    "project": "a project's name",
    "tag": "a tag",
    "tech": "a technology",
    "level": "3, >=3, 2..4",
    "status": "a word of the status",
    "agent": "who wrote it",
    "store": "serena, memory-bank, CLAUDE.md …",
    "file": "a part of the path",
    "id": "an entry's id, or a part of it",
    "similar": "an entry's id: what says nearly the same",
    "is": "new, malformed, template, session …",
    "after": "on this day or later",
    "before": "before this day",
    "on": "on this day, in this month",
    "changed": "in these days: 7d, last week",
}
"""The filters by name, each with a note on its values."""

DATES = frozenset({"after", "before", "on", "changed"})
"""Those of them whose values are days."""

STATES = ("malformed", "template", "session", "pending", "new", "deleted")
"""The values of `is:`."""


# ── what a query is made of ───────────────────────────────────────────────────


class Range(NamedTuple):
    """Numbers from `low` to `high`, both included; None is open. Days are counted as `date.toordinal`."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Word:
    """Something typed without quotes: one word, or a name like `pg-pool` whose words belong together."""

    text: str
    prefix: bool = False
    """Its last word may go on."""
    fuzzy: bool = False
    """It may hold typos."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another in this order."""

    text: str
    prefix: bool = False
    """Its last word may go on: the quote is not closed yet."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a property of entries.

    `is`: the value and no other · `prefix`: any that starts with the value · `typed`: the value if there is
    one, else any that starts with it · `contains`: the value, else any that has it inside · `range`: a number
    in the range. Who searches tells which entries are `similar:ID`, as it does for
    the states that no index knows.
    """

    name: str
    op: Literal["is", "prefix", "typed", "contains", "range"]
    value: str | Range


@dataclass(frozen=True, slots=True)
class Not:
    """A negation: matches where the node does not."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """A conjunction: matches where every node does; at least two."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A disjunction: matches where any node does; at least two."""

    nodes: tuple[Node, ...]


Node = Word | Phrase | Filter | Not | And | Or


# ── the text in tokens ────────────────────────────────────────────────────────

_CHUNK = re.compile(r'[^\s"()]+')
_FILTER = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)
_MEANING = re.compile(r"\s*~(?!/)")
"""Before a query it asks for entries that are related by meaning too; `~/.ssh` is a path."""
_CODE = ("//", ":")
"""Text after the colon of `file:///etc/hosts` and `tag::Name`: no value of a filter begins so."""


class Token(NamedTuple):
    """A piece of the query's text."""

    role: Literal["word", "phrase", "filter", "and", "or", "not", "open", "close", "meaning"]
    start: int
    end: int
    text: str = ""
    """The words asked for, without quotes; a filter's value."""
    name: str = ""
    """A filter's name."""
    quoted: bool = False
    closed: bool = True
    """Whether the closing quote is there."""
    value: int = 0
    """Offset of a filter's value, quote included."""


def tokenize(text: str) -> Iterator[Token]:
    """Cut `text` into tokens. Every text has tokens; all that is no sign of the language is a word.

    >>> [(t.role, t.text) for t in tokenize('pool -"no way" kind:api OR http://x')]
    [('word', 'pool'), ('not', ''), ('phrase', 'no way'), ('filter', 'api'), ('or', ''), ('word', 'http://x')]
    """
    at = 0
    if (asks := _MEANING.match(text)) is not None:
        at = asks.end()
        yield Token("meaning", at - 1, at)
    while at < len(text):
        here = text[at]
        if here.isspace():
            at += 1
        elif here in "()":
            yield Token("open" if here == "(" else "close", at, at + 1)
            at += 1
        elif here == '"':
            inside, end, closed = _quoted(text, at)
            yield Token("phrase", at, end, inside, quoted=True, closed=closed)
            at = end
        elif here == "-" and _negates(text, at):
            yield Token("not", at, at + 1)
            at += 1
        else:
            token = _chunk(text, at)
            yield token
            at = token.end


def _quoted(text: str, at: int) -> tuple[str, int, bool]:
    end = text.find('"', at + 1)
    return (text[at + 1 :], len(text), False) if end < 0 else (text[at + 1 : end], end + 1, True)


def _negates(text: str, at: int) -> bool:
    """A dash says not when something follows at once; `--flag` and `->` are words."""
    after = text[at + 1 : at + 2]
    return bool(after) and not after.isspace() and after not in "->=)"


def _chunk(text: str, at: int) -> Token:
    found = _CHUNK.match(text, at)
    chunk = found[0] if found else text[at]
    end = at + len(chunk)
    if chunk == "OR":
        return Token("or", at, end)
    named = _FILTER.fullmatch(chunk)
    name = named[1].lower() if named else ""
    if named is None or name not in FILTERS or named[2].startswith(_CODE):
        return Token("word", at, end, chunk)
    value = at + len(name) + 1
    if not named[2] and text[end : end + 1] == '"':
        inside, end, closed = _quoted(text, end)
        return Token("filter", at, end, inside, name, quoted=True, closed=closed, value=value)
    return Token("filter", at, end, named[2], name, value=value)


def written(name: str, value: str) -> str:
    """Return the filter as one types it, with quotes where the value needs them.

    >>> written("tag", "pool"), written("project", "data lake"), written("tag", "c*")
    ('tag:pool', 'project:"data lake"', 'tag:"c*"')
    """
    value = " ".join(value.replace('"', " ").split())
    signs = ("<", ">", *_CODE)
    plain = _CHUNK.fullmatch(value) is not None and "*" not in value and not value.startswith(signs)
    return f"{name}:{value}" if plain else f'{name}:"{value}"'


def exactly(name: str, value: str) -> str:
    """Return the filter for one value alone: a kind that is no group of kinds is meant by its whole name.

    >>> exactly("kind", "solution"), exactly("kind", "API Patterns"), exactly("tag", "pool")
    ('kind:solution', 'kind:"api-pattern"', 'tag:pool')
    """
    if name == "kind" and (key := kind_key(value)) not in GROUPS:
        return f'kind:"{key}"'
    return written(name, value)


def meant(word: str) -> str:
    """Return the filter that a word was meant to be, empty when it is like none.

    >>> meant("kidn:solution"), meant("is:malfromed"), meant("std::vector")
    ('kind:solution', 'is:malformed', '')
    """
    name, _, value = word.partition(":")
    if not value or value.startswith(_CODE):
        return ""
    if name == "is":
        near = get_close_matches(normal(value), STATES, 1)
        return f"is:{near[0]}" if near else ""
    near = get_close_matches(name.lower(), FILTERS, 1, 0.65) if name not in FILTERS else []
    near = ["on"] if name == "date" else near
    return f"{near[0]}:{value}" if near else ""
