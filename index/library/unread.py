"""The entries of a tree that is not read: a change of one of them needs few of the others."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from math import inf
from typing import TypeVar

from index.library.partial_view import PartialView
from index.library.snapshot import Snapshot, find
from index.model.days import seconds
from index.model.entry import Entry
from index.model.known_entries import EntryList, KnownEntries

Answer = TypeVar("Answer")

_FAILURES = (sqlite3.Error, OSError, ValueError, TypeError, KeyError, IndexError)
"""The ends of a catalogue that is damaged, or taken away meanwhile: then the tree is read."""


class UnreadEntries:
    """The `KnownEntries` of the catalogue, the files that have changed since as they are now."""

    def __init__(self, view: PartialView, read: Callable[[], Snapshot]) -> None:
        """Ask `view`; where that is not enough, `read` reads the tree."""
        self._view = view
        self._read = read

    def find(self, entry_id: str) -> Entry:
        """Return the entry with this id; as `snapshot.find`, whose errors it has."""
        found = self._ask(lambda: self._called(entry_id), lambda _: None)
        return found if found is not None else find(self._read().by_id, entry_id)

    def _called(self, entry_id: str) -> Entry | None:
        """Return the entry with this id where nothing speaks for another one."""
        path, hash_sign, key = entry_id.rpartition("#")
        if not entry_id.isascii() or "\\" in entry_id:
            return None
        if hash_sign:
            return next((entry for entry in self._view.at(path) if entry.id == entry_id), None)
        found = self._at(self._view.lookup.called(key))
        found += [entry for entry in self._fresh() if entry.id.endswith(f"#{key}")]
        return found[0] if len(found) == 1 else None

    # ── as `KnownEntries` ─────────────────────────────────────────────────────

    def every(self) -> Sequence[Entry]:
        return self._read().entries

    def newest(self, kind: str, most: int) -> Sequence[Entry]:

        def look() -> list[Entry]:
            ranked = self._ranked(kind, "path", lambda entry: entry.file, most)
            return self._at([(path, place) for _, path, place, _ in ranked])

        return self._ask(look, lambda every: every.newest(kind, most))

    def in_file(self, file: str) -> Sequence[Entry]:
        return self._ask(lambda: self._view.at(file), lambda every: every.in_file(file))

    def kinds(self) -> Counter[str]:
        return self._ask(
            lambda: self._view.lookup.kinds() + EntryList(self._fresh()).kinds(), lambda every: every.kinds()
        )

    def files(self, kind: str) -> Counter[str]:
        return self._ask(
            lambda: Counter(self._column(kind, "path", lambda entry: entry.file)),
            lambda every: every.files(kind),
        )

    def own_ids(self, start: str) -> list[tuple[str, str]]:
        return self._ask(
            lambda: self._view.lookup.own_ids(start) + EntryList(self._fresh()).own_ids(start),
            lambda every: every.own_ids(start),
        )

    def own_ids_of(self, kind: str, file: str = "") -> list[str]:
        if file:
            return EntryList(self.in_file(file)).own_ids_of(kind)
        return self._ask(
            lambda: self._column(kind, "own", lambda entry: entry.own_id),
            lambda every: every.own_ids_of(kind),
        )

    def statuses(self, kind: str) -> list[str]:
        return self._ask(
            lambda: self._column(kind, "status", lambda entry: entry.status),
            lambda every: every.statuses(kind),
        )

    def _ask(self, look: Callable[[], Answer], instead: Callable[[KnownEntries], Answer]) -> Answer:
        """Return the answer of the catalogue; where it is of no use, the tree is read."""
        try:
            return look()
        except _FAILURES:
            return instead(EntryList(self._read().entries))

    def _fresh(self) -> list[Entry]:
        return [entry for record in self._view.fresh.values() for entry in record.entries]

    def _at(self, places: Sequence[tuple[str, int]]) -> list[Entry]:
        self._view.fetch(path for path, _ in places)
        return [self._view.at(path)[place] for path, place in places]

    def _column(self, kind: str, column: str, of: Callable[[Entry], str]) -> list[str]:
        """Return one column of the entries of a kind, newest first, where it says something."""
        return [text for _, _, _, text in self._ranked(kind, column, of) if text]

    def _ranked(
        self, kind: str, column: str, of: Callable[[Entry], str], most: int = -1
    ) -> list[tuple[float, str, int, str]]:
        """Return the answer of `Lookup.ranked`, the changed files among it."""
        rows = self._view.lookup.ranked(kind, column, most)
        fresh = [
            (-seconds(e.when) if e.when is not None else inf, e.file, place, of(e))
            for record in self._view.fresh.values()
            for place, e in enumerate(record.entries)
            if e.kind == kind
        ]
        rows = sorted(rows + fresh) if fresh else rows
        return rows[:most] if most >= 0 else rows
