"""Queries, parsed from typed text. Every text is one: where it does not parse, it is taken as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from index.model import days
from index.search.language import analysis, filters
from index.search.language.conditions import Group, build
from index.search.language.operators import idle, misplaced_star, only_left_out, with_operators
from index.search.language.syntax import (
    And,
    Filter,
    Node,
    Not,
    Or,
    Phrase,
    Range,
    Token,
    Word,
    exactly,
    tokenize,
)

__all__ = [
    "And",
    "Filter",
    "FilterText",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "Range",
    "Span",
    "Term",
    "Word",
    "parse",
]

_MAX_DEPTH = 20

Role = Literal["word", "phrase", "operator", "filter-name", "filter-value"]


class Span(NamedTuple):
    """A part of the text and its role, for colouring."""

    start: int
    end: int
    role: Role


class Term(NamedTuple):
    """A word or phrase and its place in the text."""

    node: Word | Phrase
    start: int
    end: int
    negated: bool


class FilterText(NamedTuple):
    """A filter and its place in the text, its dash included."""

    name: str
    value: str
    """As compared: see `filters.key`."""
    filter: Filter | None
    """None when the value is missing."""
    start: int
    end: int
    negated: bool
    narrows: bool
    """It is not negated, in no group and no part of an OR."""
    written: str
    """As typed, without a dash."""


@dataclass(frozen=True)
class Query:
    """A parsed query: the condition to search for, and the place of each part in the text."""

    text: str
    typing: bool
    """Whether the last word may go on."""
    entered: bool
    """Whether nobody is typing any more: see `parse`."""
    node: Node | None
    """The condition to match; None matches everything."""
    hint: str
    """One plain line when a seeming filter was taken as words, else empty."""
    terms: tuple[Term, ...]
    filters: tuple[FilterText, ...]
    spans: tuple[Span, ...]
    """The spans to colour, in order."""
    head: int = -1
    """Offset for a new filter when the end waits for more: a quote, a bracket, an OR. Else -1: at the end."""

    def again(self, text: str) -> Query:
        """Return the query of a variant of the text, read as this one was."""
        return parse(text, typing=self.typing, entered=self.entered)

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything."""
        return self.node is None

    @property
    def words(self) -> tuple[Word | Phrase, ...]:
        """The words and phrases to highlight in the texts found."""
        return tuple(dict.fromkeys(term.node for term in self.terms if not term.negated))

    def asks(self, state: str) -> bool:
        """Whether it has a filter on a state: `is:new`, `-is:new`."""
        return any(f.filter == Filter("is", "is", state) for f in self.filters)

    @property
    def asks_templates(self) -> bool:
        """Whether it speaks of templates; else they stay out of the results."""
        return self.asks("template")

    @property
    def asks_meaning(self) -> bool:
        """Whether it asks for entries related by meaning too: a `~` is before it.

        >>> [parse(text).asks_meaning for text in ("~ pool", "~pool", "pool~", "~/.ssh/config")]
        [True, True, False, False]
        """
        return any(self.text[span.start] == "~" for span in self.spans[:1] if span.role == "operator")

    @property
    def asks_deleted(self) -> bool:
        """Whether it speaks of deleted entries; else they are not looked at."""
        return any(f.filter == Filter("is", "is", "deleted") for f in self.filters)

    def chosen(self, name: str) -> tuple[str, ...]:
        """Return the values that the filter `name` narrows to, each as `filters.key` spells it."""
        return tuple(dict.fromkeys(f.value for f in self.filters if f.narrows and f.name == name and f.value))

    def without(self, part: FilterText) -> str:
        """Return the text without `part`, the rest as typed."""
        return _cut(self.text, part.start, part.end)

    def toggled(self, name: str, value: str) -> str:
        """Return the text with the filter `name:value` put in, or taken out where it is by itself."""
        key = filters.key(name, value)
        if not key:
            return self.text
        if key in self.chosen(name):
            text = self.text
            for part in reversed(self.filters):
                if part.narrows and part.name == name and part.value == key:
                    text = _cut(text, part.start, part.end)
            return text
        new = exactly(name, value)
        if not self.text:
            return new
        if self.head < 0:
            return f"{self.text} {new}"
        return f"{self.text[: self.head]} {new} ".lstrip() + self.text[self.head :].lstrip()

    def as_words(self, unknown: Callable[[FilterText], bool] = lambda part: True) -> Query | None:
        """Return the query with its `unknown` filters taken as words, None when there are none.

        A filter that takes any value may be code (`id:int`, `status:200`): ask so where it finds nothing.
        A value in quotes is meant.
        """
        text = self.text
        for part in reversed(self.filters):
            if part.name in filters.OPEN and part.value and '"' not in part.written and unknown(part):
                text = f'{text[: part.end - len(part.written)]}"{part.written}"{text[part.end :]}'
        return self.again(text) if text != self.text else None

    def replaced(self, changes: Mapping[tuple[int, int], str]) -> str:
        """Return the text with another one for some of its parts, each given by its start and end."""
        text = self.text
        for (start, end), new in sorted(changes.items(), reverse=True):
            text = text[:start] + new + text[end:]
        return text


def parse(text: str, *, typing: bool = True, entered: bool = False, now: datetime | None = None) -> Query:
    """Return the query of `text`; never fails.

    Args:
        typing: the last word may go on, unless a space follows it.
        entered: no more letters come, as on a command line: a last single letter counts, and a filter's value
            that is none is a mistake. In the app both may be on their way.
        now: the time that `today` is counted from.

    >>> query = parse('pool exh kind:solution -"read replica"')
    >>> query.chosen("kind"), [word.text for word in query.words]
    (('solution',), ['pool', 'exh'])
    >>> query.toggled("project", "data lake")
    'pool exh kind:solution -"read replica" project:"data lake"'
    """
    return _Parser(text, typing, entered, days.today(now)).query()


def _make(token: Token, text: str, prefix: bool = False, fuzzy: bool = False) -> Word | Phrase:
    return Word(text, prefix, fuzzy) if token.role == "word" else Phrase(text, prefix)


def _cut(text: str, start: int, end: int) -> str:
    """Take out a part and one space beside it."""
    if text[start - 1 : start].isspace():
        start -= 1
    elif text[end : end + 1].isspace():
        end += 1
    return text[:start] + text[end:]


def _may_go_on(text: str, runs: int) -> bool:
    """Whether the sign that a text ends with may be before its next word: `repo/issues#` on the way to `#12`.

    That of `C#` and `F#` is none.
    """
    begun = text[:-1]
    return text.endswith(("#", "+")) and begun[-1:].isalnum() and (runs > 1 or len(begun) > 2)


class _Parser:
    def __init__(self, text: str, typing: bool, entered: bool, today: date) -> None:
        self.text = text
        self.typing = typing
        self.entered = entered
        self.today = today
        self.hint = ""
        self.conditions: dict[int, Filter | None] = {}
        """The condition of each filter, by where it starts."""
        self.tokens = self._read(with_operators(tokenize(text)))
        self.idle = idle(self.tokens)
        self.growing = self._growing() if typing else -1
        self.terms: list[Term] = []
        self.filters: list[FilterText] = []
        self.spans: list[Span] = []
        self.groups = [Group()]
        self.too_deep = 0
        self.head = 0

    def query(self) -> Query:
        dash: Token | None = None
        for place, token in enumerate(self.tokens):
            if token.role == "not":
                dash = token
                self._colour(token, "operator")
                continue
            self._token(place, token, dash)
            dash = None
        waits = len(self.groups) > 1 or self.groups[0].joined or any(not t.closed for t in self.tokens)
        while len(self.groups) > 1:
            self._close()
        return Query(
            self.text,
            self.typing,
            self.entered,
            build(self.groups[0]),
            self.hint or only_left_out(self.tokens),
            tuple(self.terms),
            tuple(self.filters),
            tuple(self.spans),
            self.head if waits else -1,
        )

    def _token(self, place: int, token: Token, dash: Token | None) -> None:
        group = self.groups[-1]
        match token.role:
            case "meaning":
                self._colour(token, "operator")
            case "or":
                self._colour(token, "operator")
                group.joined = bool(group.items)
                if len(self.groups) == 1 and not group.items:
                    self.head = token.end  # it joins nothing, and is to join nothing put before it
            case "open":
                self._colour(token, "operator")
                if len(self.groups) > _MAX_DEPTH:
                    self.too_deep += 1
                else:
                    self.groups.append(Group(negated=dash is not None))
            case "close":
                self._colour(token, "operator")
                if self.too_deep:
                    self.too_deep -= 1
                elif len(self.groups) > 1:
                    self._close()
            case "filter":
                self._filter(token, dash)
            case "and":
                self._colour(token, "operator")
            case "word" if place in self.idle:
                self._colour(token, "word")
            case _:
                self._colour(token, "word" if token.role == "word" else "phrase")
                node = self._term(token, place == self.growing)
                if node is not None:
                    self.terms.append(Term(node, token.start, token.end, dash is not None))
                    self._add(node, dash is not None)

    def _growing(self) -> int:
        """Return the place of the word that may go on: the last, unless a space was typed after it."""
        end = len(self.text)
        for place in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[place]
            if token.role in ("filter", "not"):
                end = token.start - 1
                continue
            grows = token.role == "word" or (token.role == "phrase" and not token.closed)
            negated = place > 0 and self.tokens[place - 1].role == "not"
            return place if grows and not negated and token.end >= end else -1
        return -1

    def _term(self, token: Token, growing: bool) -> Word | Phrase | None:
        text, fuzzy, prefix = token.text, False, False
        if token.role == "word" and analysis.runs(text):
            fuzzy = text.endswith("~")
            prefix = text.endswith("*")
            text = text.rstrip("~*")
            self.hint = self.hint or misplaced_star(text)
        runs = analysis.runs(text)
        if not runs:
            return _make(token, text) if analysis.operators(text) else None
        last = runs[-1].word
        single = analysis.is_single(last)
        if growing and not (prefix or fuzzy or self.entered) and _may_go_on(text, len(runs)):
            return self._term(token._replace(text=text[:-1]), growing)
        if growing and not fuzzy and not prefix and not text[analysis.end(text) :].strip(analysis.JOINERS):
            prefix = len(last) > 1 or single or len(runs) > 1
            if len(last) == 1 and not (single or self.entered or (prefix and last.isdigit())):
                # One letter says too little yet.
                return self._term(token._replace(text=text[:-1]), growing) if prefix else None
        prefix = prefix and (not single or analysis.is_hangul(last))
        return _make(token, text, prefix, fuzzy)

    def _read(self, tokens: list[Token]) -> list[Token]:
        """Read the filters; a token of no filter is a word: `on:click`, `level:error`, `status: 200`."""
        for place, token in enumerate(tokens):
            if token.role == "filter":
                live = self.typing and token.end == len(self.text) and not (token.quoted and token.closed)
                after = tokens[place + 1].role if place + 1 < len(tokens) else ""
                try:
                    self.conditions[token.start] = filters.read(
                        token, after, live=live, unfinished=live and not self.entered, today=self.today
                    )
                except filters.UnusableValue as problem:
                    self.hint = self.hint or f"{problem}; searched as words"
                    words = self.text[token.start : token.end].replace('"', "")
                    tokens[place] = token._replace(role="phrase" if token.quoted else "word", text=words)
        return tokens

    def _filter(self, token: Token, dash: Token | None) -> None:
        self.spans.append(Span(token.start, token.value, "filter-name"))
        node = self.conditions[token.start]
        if token.end > token.value:
            self.spans.append(Span(token.value, token.end, "filter-value"))
        start = token.start if dash is None else dash.start
        negated = dash is not None
        alone = not negated and len(self.groups) == 1 and not self.too_deep
        key, typed = filters.key(token.name, token.text), self.text[token.start : token.end]
        self.filters.append(FilterText(token.name, key, node, start, token.end, negated, alone, typed))
        if node is not None:
            self._add(node, negated, len(self.filters) - 1)

    def _add(self, node: Node, negated: bool, place: int = -1) -> None:
        group = self.groups[-1]
        if negated:
            node = node.node if isinstance(node, Not) else Not(node)
        if group.joined:
            for one in (place, group.last):
                if one >= 0:
                    self.filters[one] = self.filters[one]._replace(narrows=False)
        group.items.append((node, group.joined))
        group.joined = False
        group.last = place

    def _close(self) -> None:
        group = self.groups.pop()
        node = build(group)
        if node is not None:
            self._add(node, group.negated)

    def _colour(self, token: Token, role: Role) -> None:
        self.spans.append(Span(token.start, token.end, role))
