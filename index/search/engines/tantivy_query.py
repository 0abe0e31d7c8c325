"""A parsed query → a query of Tantivy's own objects, which weigh as the other engine does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from math import log
from typing import Any, NamedTuple

from tantivy import FieldType, Occur
from tantivy import Query as Native

from index.model.days import ordinal_at
from index.search.engine import States
from index.search.engines.entry_terms import REST, filter_terms
from index.search.engines.tantivy_document import LONGEST, STEM, WEIGHTS, schema, term
from index.search.language import analysis, spelling
from index.search.language.query import And, Filter, Node, Not, Or, Phrase, Query, Range, Word
from index.search.language.syntax import DATES
from index.search.language.terms import AKIN, EXACT, LONGER, STEMMED, TYPO, Slot, ways

_MAX_EXPANSIONS = 50
"""Words that the unfinished last word of a phrase is tried as, those of most entries and the word itself."""
_LONGEST_PATTERN = 300
"""Letters of a text that is looked for inside of others by a pattern: Tantivy takes no large ones."""
_SIGNS = "$.@#+-"
"""Signs that a word may carry before or behind its letters."""
_INITIALS = "abcdefghijklmnopqrstuvwxyz0123456789"
_A_DAY = 86_400
_LARGEST = 1 << 62
LATE = 2_000
"""Entries among which the newest of equal finds are looked for first."""


class Tally(NamedTuple):
    """The entries that have a word."""

    total: int
    late: int
    """The time since which they are no more than `LATE`, but for some of that very time."""


class Compiler:
    """Compiles queries for one state of the index.

    Args:
        scored: False for queries that find the same and score nothing of use, which costs half.
        tallies: filled with the entries that have each word, and asked for them: the counts of a key need
            what its rows have found, and the next key what this one has found of the words before.

    Attributes:
        late: a time since which the query that was compiled finds not too many, where a word tells one.
    """

    def __init__(
        self, searcher: Any, states: States, tallies: dict[Word | Phrase, Tally], *, scored: bool = True
    ) -> None:
        self._searcher = searcher
        self._states = states
        self._tallies = tallies
        self._weights = WEIGHTS if scored else {"words": REST}
        self.late: int | None = None
        self._schema = schema()

    def query(self, query: Query) -> Native:
        """Return the query for the entries of a query; filters score nothing."""
        found = everything() if query.node is None else self._node(query.node)
        return found if query.asks_templates else without(found, self.templates)

    @property
    def templates(self) -> Native:
        """The query that finds the templates."""
        return self._term("state", "template")

    def named(self, entry_id: str) -> Native:
        """Return the query for the entry of an id."""
        return self._term("id", entry_id)

    def holding(self, word: str, weight: float) -> Native:
        """Return the query for the entries that hold a word as it is."""
        return Native.const_score_query(self._term("words", word), weight)

    def finds(self, word: Word) -> bool:
        """Whether any entry has a word."""
        return bool(self._tally(word).total)

    def since(self, time: int) -> Native:
        """Return the query for the entries of a time, as they are ordered by it, and all later ones."""
        return Native.const_score_query(self._between("time", time, None), 0.0)

    def _node(self, node: Node) -> Native:
        match node:
            case Word() | Phrase():
                return self._weighed(node)
            case Filter():
                return Native.const_score_query(self._filter(node), 0.0)
            case Not():
                return without(everything(), self._node(node.node))
            case Or():
                return any_of(self._node(one) for one in node.nodes)
            case And():
                return self._every(node.nodes)

    def _every(self, nodes: tuple[Node, ...]) -> Native:
        wanted = [(Occur.Must, self._node(node)) for node in nodes if not isinstance(node, Not)]
        gone = [(Occur.MustNot, self._node(node.node)) for node in nodes if isinstance(node, Not)]
        return Native.boolean_query([*(wanted or [(Occur.Must, everything())]), *gone])

    # ── words ─────────────────────────────────────────────────────────────────

    def _weighed(self, node: Word | Phrase) -> Native:
        """Let a word that few entries hold say more than one that many do."""
        tally = self._tallies.get(node)
        if tally is None:
            tally = self._tallies[node] = self._tally(node)
        if not tally.total:
            return nothing()
        self.late = min(tally.late, _LARGEST if self.late is None else self.late)
        return Native.boost_query(self._words(node), log(1 + self._searcher.num_docs / tally.total))

    def _tally(self, node: Word | Phrase) -> Tally:
        found = Compiler(self._searcher, self._states, self._tallies, scored=False)._words(node)
        room = max(1, min(LATE, self._searcher.num_docs))  # Tantivy makes room for all that it is asked for
        answer = self._searcher.search(found, room, order_by_field="time")
        return Tally(int(answer.count), answer.hits[-1][0] if answer.hits else _LARGEST)

    def _words(self, node: Word | Phrase) -> Native:
        """Return the query for a typed word in any of its ways, each weighed by the first that finds it."""
        found = nothing()
        for row in ways(node):
            if len(row) == 1:
                found = Native.disjunction_max_query([found, self._slot(row[0])])
            else:
                found = any_of([found, without(self._row(row), found)])
        return found

    def _row(self, row: list[Slot]) -> Native:
        weights = [(Occur.Should, self._slot(slot)) for slot in row]
        return Native.boolean_query(
            [(Occur.Must, Native.const_score_query(self._in_turn(row), 0.0)), *weights]
        )

    def _slot(self, slot: Slot) -> Native:
        forms = [self._word(slot.word, EXACT)]
        if slot.prefix:
            forms.append(self._boosted(lambda field: self._starting(field, slot.word), LONGER))
        if slot.fuzzy:
            forms += [self._word(other, TYPO / slips) for other, slips in self.near(slot.word).items()]
        if slot.root:
            forms.append(self._boosted(lambda field: self._starting(field, slot.root), AKIN))
        for stem in slot.stems:
            forms.append(self._stem(stem))
            if stem != slot.word and spelling.stem(stem) == stem:
                forms.append(self._word(stem, STEMMED))
        return forms[0] if len(forms) == 1 else Native.disjunction_max_query(forms)

    def _stem(self, stem: str) -> Native:
        return self._boosted(lambda field: self._term(*_marked(field, stem)), STEMMED)

    def _word(self, word: str, factor: float) -> Native:
        return self._boosted(lambda field: self._term(field, word), factor)

    def _boosted(self, find: Callable[[str], Native], factor: float) -> Native:
        """Return the finds of `find` in a field of words, weighed by the best place of it in an entry."""
        return Native.disjunction_max_query(
            [
                Native.const_score_query(find(field), weight * factor)
                for field, weight in self._weights.items()
            ]
        )

    def _in_turn(self, row: list[Slot]) -> Native:
        """Return the query for the words of a row one after the other."""
        *first, last = row
        words = [slot.word for slot in first]
        ends = {last.word: None}
        if last.prefix:
            held = self._searcher.terms_with_prefix("words", last.word, limit=_MAX_EXPANSIONS)
            ends |= dict.fromkeys(word for word, _ in held)
        if last.fuzzy:
            ends |= dict.fromkeys(self.near(last.word))
        return any_of(self._phrase([*words, end]) for end in ends)

    def _phrase(self, words: list[str]) -> Native:
        """Return the query for words one after the other.

        The index has a text without the signs of its words, and each that has one (`c++`, `--force`) once
        more between its neighbours.
        """
        plain = [word.strip(_SIGNS) for word in words]
        signed = (at for at, word in enumerate(words) if word != plain[at])
        beside = ([*plain[max(at - 1, 0) : at], words[at], *plain[at + 1 : at + 2]] for at in signed)
        return all_of(Native.phrase_query(self._schema, "words", [*turn]) for turn in (plain, *beside))

    def near(self, word: str) -> dict[str, int]:
        """Return the words spelled nearly like `word`, the likeliest first, each with its slips."""
        found: dict[str, tuple[int, int, str]] = {}
        letters = set(word)
        for other, count in self._likely(word):
            near = abs(len(other) - len(word)) <= 2 and len(letters.difference(other)) <= 2
            if near and count and (slips := spelling.slips(word, other)):
                found[other] = (slips, -count, other)
        return {other: found[other][0] for other in sorted(found, key=found.__getitem__)}

    def _likely(self, word: str) -> Iterator[tuple[str, int]]:
        """Yield words that may be near, each with its entries: of other initials only the nearest."""
        if len(word) < 3:
            return
        if not word.isascii():
            yield from self._searcher.terms_with_prefix("words", "")
            return
        yield from self._searcher.terms_with_prefix("words", word[0])
        rest = word[1:]
        others = {rest, rest[0] + word[0] + rest[1:], *(c + end for c in _INITIALS for end in (rest, word))}
        yield from ((other, self._searcher.doc_freq("words", other)) for other in others)

    # ── filters ───────────────────────────────────────────────────────────────

    def _filter(self, node: Filter) -> Native:
        value = node.value
        if isinstance(value, Range):
            return (
                self._on_days(value) if node.name in DATES else self._between("level", value.low, value.high)
            )
        match node.name:
            case "is" | "similar":
                told = [term(one) for one in self._states.get(value, ())]
                held = Native.term_set_query(self._schema, "id", told)
                return any_of([self._term("state", value), held])
            case "file" | "id":
                return self._inside(f"any_{node.name}", value)
            case "status":
                return all_of(self._starting("status", run.word) for run in analysis.runs(value))
        return any_of(
            self._starting(field, one) if starts else self._term(field, one)
            for field, one, starts in filter_terms(node, value, self._holds)
        )

    def _inside(self, field: str, value: str) -> Native:
        if self._holds(field, value):
            return self._term(field, value)
        wanted = term(value[:LONGEST])  # of a longer one that is what is kept
        if len(wanted) <= _LONGEST_PATTERN:
            return Native.regex_query(self._schema, field, f"(?s).*{_escaped(wanted)}.*")
        held = (other for other, _ in self._searcher.terms_with_prefix(field, "") if wanted in other)
        return Native.term_set_query(self._schema, field, list(held))

    def _on_days(self, span: Range) -> Native:
        """Return dates without a clock as they are, instants by the user's clock of now."""
        low = None if span.low is None else _begins(span.low)
        high = None if span.high is None else _begins(span.high + 1) - 1
        return any_of([self._between("day", span.low, span.high), self._between("instant", low, high)])

    def _between(self, field: str, low: int | None, high: int | None) -> Native:
        low, high = (None if end is None else max(min(end, _LARGEST), -_LARGEST) for end in (low, high))
        return Native.range_query(self._schema, field, FieldType.Integer, low, high)

    # ── terms ─────────────────────────────────────────────────────────────────

    def _term(self, field: str, value: str) -> Native:
        return Native.term_query(self._schema, field, term(value), "basic")

    def _starting(self, field: str, value: str) -> Native:
        return Native.fuzzy_term_query(self._schema, field, term(value)[:_LONGEST_PATTERN], 0, True, True)

    def _holds(self, field: str, value: str) -> bool:
        return bool(self._searcher.doc_freq(field, term(value)))


def everything() -> Native:
    """Return the query for every entry, without a score."""
    return Native.const_score_query(Native.all_query(), 0.0)


def nothing() -> Native:
    """Return the query for no entry."""
    return Native.empty_query()


def any_of(queries: Iterable[Native]) -> Native:
    """Return the query for the entries of any query; their scores are added."""
    held = list(queries)
    return held[0] if len(held) == 1 else Native.boolean_query([(Occur.Should, query) for query in held])


def all_of(queries: Iterable[Native]) -> Native:
    """Return the query for the entries of all queries; none of none."""
    held = [(Occur.Must, query) for query in queries]
    return Native.boolean_query(held) if held else nothing()


def without(query: Native, gone: Native) -> Native:
    """Return the query for the entries of a query that another one does not find."""
    return Native.boolean_query([(Occur.Must, query), (Occur.MustNot, gone)])


def _marked(field: str, root: str) -> tuple[str, str]:
    return ("stems", root) if field == "words" else (field, STEM + root)


def _escaped(text: str) -> str:
    return re.sub(r"[^\w\s]", lambda sign: f"\\u{{{ord(sign[0]):x}}}", text)


def _begins(day: int) -> int:
    """Return the first second since 1970 that the user's clock shows on a day or after it."""
    low = (day - 719_163 - 2) * _A_DAY
    high = low + 4 * _A_DAY
    while low < high:
        middle = (low + high) // 2
        if ordinal_at(middle) < day:
            low = middle + 1
        else:
            high = middle
    return low
