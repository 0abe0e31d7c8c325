"""A parsed query against one state of the index → the documents it matches, with their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from math import log
from typing import Protocol

from index.model.days import ordinal_at
from index.search.engine import States
from index.search.engines.entry_terms import filter_terms
from index.search.engines.schema import encode
from index.search.language import analysis, spelling
from index.search.language.conditions import within
from index.search.language.query import And, Filter, Node, Not, Or, Phrase, Range, Word
from index.search.language.syntax import DATES
from index.search.language.terms import AKIN, EXACT, LONGER, STEMMED, TYPO, Slot, ways

Weights = dict[int, float]
"""Document number → weight."""


class Index(Protocol):
    """The questions that an index answers: that of Whoosh (`IndexReader`), or one in memory."""

    @property
    def all(self) -> frozenset[int]:
        """Every document."""

    @property
    def files(self) -> list[tuple[str, bytes]]:
        """The files that have entries: their paths without case, and their terms."""

    @property
    def by_id(self) -> dict[str, int]:
        """The document of each entry."""

    @property
    def folded_ids(self) -> dict[int, str]:
        """The id of each document without case."""

    def once(self, node: Node, find: Callable[[], Weights]) -> Weights:
        """Return the finds of `find` for a word; the index may keep it."""

    def weights(self, field: str, term: bytes) -> Weights:
        """Return the documents that hold the term."""

    def starting(self, field: str, prefix: bytes) -> list[bytes]:
        """Return the terms that start with `prefix`."""

    def between(self, field: str, low: int | None, high: int | None) -> Iterator[bytes]:
        """Yield the terms of a field of numbers that lie in a range."""

    def time(self, document: int) -> int:
        """Return the time of a document in seconds since 1970."""

    def near(self, word: str) -> dict[str, int]:
        """Return the words spelled nearly like `word`, the likeliest first, each with its slips."""

    def positions(self, terms: Iterable[bytes], documents: Iterable[int]) -> dict[int, list[int]]:
        """Return where any of the terms occurs in the text of each document."""


def evaluate(node: Node, index: Index, states: States) -> Weights:
    """Return the documents that `node` matches; filters score nothing."""
    match node:
        case Word() | Phrase():
            return index.once(node, lambda: _words(node, index))
        case Filter():
            return _filter(node, index, states)
        case Not():
            return _without(dict.fromkeys(index.all, 0.0), evaluate(node.node, index, states))
        case Or():
            return _any(evaluate(one, index, states) for one in node.nodes)
        case And():
            return _every(node.nodes, index, states)


def _every(nodes: tuple[Node, ...], index: Index, states: States) -> Weights:
    found: Weights | None = None
    for node in nodes:
        if not isinstance(node, Not):
            also = evaluate(node, index, states)
            if found is None:
                found = also
            elif len(also) < len(found):
                found = {d: score + found[d] for d, score in also.items() if d in found}
            else:
                found = {d: score + also[d] for d, score in found.items() if d in also}
            if not found:
                return found
    if found is None:
        found = dict.fromkeys(index.all, 0.0)
    for node in nodes:
        if isinstance(node, Not):
            found = _without(found, evaluate(node.node, index, states))
    return found


def _any(parts: Iterable[Weights]) -> Weights:
    total: Weights = {}
    for part in parts:
        for document, score in part.items():
            total[document] = total.get(document, 0.0) + score
    return total


def _without(found: Weights, gone: Weights) -> Weights:
    return {d: score for d, score in found.items() if d not in gone} if gone else found


# ── words ─────────────────────────────────────────────────────────────────────


def _words(node: Word | Phrase, index: Index) -> Weights:
    """Weigh the documents with a typed word, which may be several adjacent ones, or a camelCase name."""
    found: Weights = {}
    for way in ways(node):
        if len(way) > 1:
            found |= _together(way, index, found)
        else:
            for document, weight in _single(way[0], index).items():
                if weight > found.get(document, 0.0):
                    found[document] = weight
    return _rarity(found, index)


def _single(slot: Slot, index: Index) -> Weights:
    best = _best(_terms(slot, index), index)
    for stem in slot.stems:
        found = [index.weights("stem", encode(stem))]
        if stem != slot.word and spelling.stem(stem) == stem:
            found.append(index.weights("text", encode(stem)))
        for weights in found:
            for document, weight in weights.items():
                if STEMMED * weight > best.get(document, 0.0):
                    best[document] = STEMMED * weight
    return best


def _together(slots: list[Slot], index: Index, known: Weights) -> Weights:
    """Return where the words follow one another, without looking at the documents in `known`."""
    terms = [_terms(slot, index) for slot in slots]
    weights = []
    for choices in terms:
        weights.append(_best(choices, index))
        if not weights[-1]:
            return {}
    documents = reduce(lambda a, b: a & b, (set(part) for part in weights)) - known.keys()
    first, *others = (index.positions(choices, documents) for choices in terms)
    found = {}
    for document in documents:
        ends = set(first[document])
        for other in others:
            ends = analysis.following(ends, other[document])
        if ends:
            found[document] = sum(part[document] for part in weights)
    return found


def _terms(slot: Slot, index: Index) -> dict[bytes, float]:
    """Return the terms that a word matches, each with its weight."""
    word = encode(slot.word)
    terms = {word: EXACT}
    if slot.prefix:
        terms |= {term: LONGER for term in index.starting("text", word) if term != word}
    if slot.root:
        for term in index.starting("text", encode(slot.root)):
            terms.setdefault(term, AKIN)
    if slot.fuzzy:
        for other, slips in index.near(slot.word).items():
            terms.setdefault(encode(other), TYPO / slips)
    return terms


def _best(terms: dict[bytes, float], index: Index) -> Weights:
    best: Weights = {}
    for term, factor in terms.items():
        weights = index.weights("text", term)
        if factor == EXACT and not best:
            best = weights.copy()
            continue
        for document, weight in weights.items():
            if factor * weight > best.get(document, 0.0):
                best[document] = factor * weight
    return best


def _rarity(found: Weights, index: Index) -> Weights:
    """Let a word that few entries hold say more than one that many do."""
    if not found:
        return found
    factor = log(1 + len(index.all) / len(found))
    return {document: weight * factor for document, weight in found.items()}


# ── filters ───────────────────────────────────────────────────────────────────


def _filter(node: Filter, index: Index, states: States) -> Weights:
    value = node.value
    if isinstance(value, Range):
        if node.name in DATES:
            return _on_days(value, index)
        return _union("level", index.between("level", value.low, value.high), index)
    match node.name:
        case "is" | "similar":
            found = index.weights("state", encode(value))
            told = [index.by_id[i] for i in states.get(value, ()) if i in index.by_id]
            return dict.fromkeys([*found, *told], 0.0)
        case "file":
            exact = [term for path, term in index.files if path == value]
            return _union("file", exact or (term for path, term in index.files if value in path), index)
        case "id":
            ids = index.folded_ids
            same = [document for document, entry in ids.items() if entry == value]
            return dict.fromkeys(same or [d for d, entry in ids.items() if value in entry], 0.0)
        case "status":
            words = [run.word for run in analysis.runs(value)]
            parts = [_union("status", index.starting("status", encode(word)), index) for word in words]
            return {d: 0.0 for d in parts[0] if all(d in part for part in parts)} if parts else {}
    found = {}
    for term in filter_terms(node, value, lambda field, one: bool(index.weights(field, encode(one)))):
        key = encode(term.value)
        found |= _union(term.field, index.starting(term.field, key) if term.starts else [key], index)
    return found


def _on_days(span: Range, index: Index) -> Weights:
    """Return the documents of these days of the user: dates as they are, instants by the user's clock.

    An index does not know whose clock it will be asked by, so it keeps the day in UTC; only beside the ends
    of the span may the user's day be another one.
    """
    found = _union("day", index.between("day", span.low, span.high), index)
    first = span.low - 1 if span.low is not None else None
    last = span.high + 1 if span.high is not None else None
    for term in index.between("utc_day", first, last):
        day = int(term)
        sure = (first is None or day > first + 1) and (last is None or day < last - 1)
        for document in index.weights("utc_day", term):
            if sure or within(ordinal_at(index.time(document)), span):
                found[document] = 0.0
    return found


def _union(field: str, terms: Iterable[bytes], index: Index) -> Weights:
    found: Weights = {}
    for term in terms:
        found |= index.weights(field, term)
    return dict.fromkeys(found, 0.0)


# ── spelling ──────────────────────────────────────────────────────────────────

_MAX_NEAR = 5


def near(text: str, prefix: bool, index: Index) -> list[str]:
    """Return words spelled nearly like `text`; none when it is found as it is."""
    runs = analysis.runs(text)
    if len(runs) != 1 or _words(Word(text, prefix), index):
        return []
    return list(index.near(runs[0].word))[:_MAX_NEAR]
