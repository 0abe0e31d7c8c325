"""Finding deleted entries: no index on the disk holds them, so they are indexed in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from index.model.entry import Deleted
from index.search.language.query import Query


class DeletedSearch:
    """Searches the deleted entries that are known; it takes in new ones when it is asked with them."""

    def __init__(self) -> None:
        from index.search.engines.memory_index import MemoryIndex

        self._make = MemoryIndex
        self._index = MemoryIndex("deleted")
        self._held: list[Deleted] = []
        self._lock = threading.Lock()

    def find(self, query: Query, gone: Sequence[Deleted]) -> list[tuple[Deleted, float]]:
        """Return those of `gone` that match, in their order, each with how well."""
        from index.search.engines.evaluate import evaluate

        with self._lock:
            held = self._held
            if len(held) > len(gone) or (held and held[-1] is not gone[len(held) - 1]):
                self._index, self._held = self._make("deleted"), []
            for one in gone[len(self._held) :]:
                self._index.add(one.entry)
                self._held.append(one)
            if query.node is None:
                return [(one, 0.0) for one in self._held]
            found = evaluate(query.node, self._index, {})
            return [(self._held[at], found[at]) for at in sorted(found)]
