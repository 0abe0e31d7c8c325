"""Deleted entries, which are in no file: an index of them in memory, that answers as that of Whoosh does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from index.model.entry import Deleted, Entry
from index.model.text.letters import bare
from index.search.engines.schema import document, encode, number, read_column, read_positions
from index.search.language import spelling
from index.search.language.query import Node, Query

Weights = dict[int, float]
"""Document number → weight; documents are numbered as they came."""


class MemoryIndex:
    """The index of a sequence of entries, in memory; it answers as `evaluate.Index` says.

    More can be added behind those there are.

    Args:
        state: the state of all of them, as a value of `is:`.
    """

    def __init__(self, state: str) -> None:
        self._state = encode(state)
        self._weights: dict[str, dict[bytes, Weights]] = {}
        self._positions: dict[bytes, dict[int, bytes]] = {}
        self.ids: list[str] = []
        """The id of each entry."""
        self._times: list[int] = []

    def add(self, entry: Entry) -> None:
        at = len(self.ids)
        self.ids.append(entry.id)
        told = document(entry)
        self._times.append(read_column(told.pop("entry"))[0])
        for field, items in told.items():
            terms = self._weights.setdefault(field, {})
            for term, _, weight, value in items:
                terms.setdefault(term, {})[at] = weight
                if field == "text":
                    self._positions.setdefault(term, {})[at] = value
        self._weights.setdefault("state", {}).setdefault(self._state, {})[at] = 0.0
        for name in ("all", "files", "by_id", "folded_ids"):
            self.__dict__.pop(name, None)

    @cached_property
    def all(self) -> frozenset[int]:
        return frozenset(range(len(self.ids)))

    def once(self, node: Node, find: Callable[[], Weights]) -> Weights:
        return find()

    def weights(self, field: str, term: bytes) -> Weights:
        return self._weights.get(field, {}).get(term, {})

    def starting(self, field: str, prefix: bytes) -> list[bytes]:
        return sorted(term for term in self._weights.get(field, {}) if term.startswith(prefix))

    def between(self, field: str, low: int | None, high: int | None) -> Iterator[bytes]:
        start, end = number(low or 0), number(9_999_999 if high is None else high)
        return (term for term in self._weights.get(field, {}) if start <= term <= end)

    def time(self, document: int) -> int:
        return self._times[document]

    @cached_property
    def files(self) -> list[tuple[str, bytes]]:
        terms = sorted(self._weights.get("file", {}))
        return [(bare(term.decode("utf-8", "surrogatepass")), term) for term in terms]

    def near(self, word: str) -> dict[str, int]:
        texts = self._weights.get("text", {})
        words = [term.decode("utf-8", "surrogatepass") for term in texts]
        slips = {other: count for other in words if (count := spelling.slips(word, other))}
        order = sorted(slips, key=lambda other: (slips[other], -len(texts[encode(other)]), other))
        return {other: slips[other] for other in order}

    def positions(self, terms: Iterable[bytes], documents: Iterable[int]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {at: [] for at in documents}
        for term in terms:
            held = self._positions.get(term, {})
            for at, places in found.items():
                if at in held:
                    places.extend(read_positions(held[at]))
        return found

    @cached_property
    def by_id(self) -> dict[str, int]:
        return {entry: at for at, entry in reversed([*enumerate(self.ids)])}

    @cached_property
    def folded_ids(self) -> dict[int, str]:
        return {at: bare(entry) for at, entry in enumerate(self.ids)}


class DeletedSearch:
    """Searches the deleted entries that are known; it takes in new ones when it is asked with them."""

    def __init__(self) -> None:
        self._index = MemoryIndex("deleted")
        self._held: list[Deleted] = []
        self._lock = threading.Lock()

    def find(self, query: Query, gone: Sequence[Deleted]) -> list[tuple[Deleted, float]]:
        """Return those of `gone` that match, in their order, each with how well."""
        from index.search.engines.evaluate import evaluate

        with self._lock:
            held = self._held
            if len(held) > len(gone) or (held and held[-1] is not gone[len(held) - 1]):
                self._index, self._held = MemoryIndex("deleted"), []
            for one in gone[len(self._held) :]:
                self._index.add(one.entry)
                self._held.append(one)
            if query.node is None:
                return [(one, 0.0) for one in self._held]
            found = evaluate(query.node, self._index, {})
            return [(self._held[at], found[at]) for at in sorted(found)]
