"""Bookmarks of a user in a tree: earlier queries, named searches, pinned entries and those read lately.

They are kept in the user's state: the tree is never written. Where that can be neither read nor written there
are none.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from index.storage.user_state import StateUnavailable, UserState

Kind = Literal["query", "search", "pin", "read"]
MOST: Final = {"query": 200, "read": 50}
"""Rows of a kind that are kept: the last ones."""


class Bookmarks:
    """The bookmarks of one tree. Any thread may ask."""

    def __init__(self, state: UserState, folder: Path, clock: Callable[[], int] = time.time_ns) -> None:
        """Keep them in the user's state, under the name of the tree's state folder."""
        self._state, self._tree, self._clock = state, folder.name, clock

    # ── queries ───────────────────────────────────────────────────────────────

    def queries(self) -> list[str]:
        """Return the earlier queries, the last one first."""
        return [name for name, _ in self._rows("query")]

    def note_query(self, text: str) -> None:
        """Hold a query as the last one."""
        if text.strip():
            self._put("query", text.strip())

    # ── named searches ────────────────────────────────────────────────────────

    def searches(self) -> dict[str, str]:
        """Return the named searches, by name in the order of the alphabet."""
        return dict(sorted(self._rows("search")))

    def name_search(self, name: str, query: str) -> None:
        """Give a query a name, or a name another query."""
        self._put("search", name.strip().lstrip("@"), query.strip())

    def drop_search(self, name: str) -> None:
        """Forget a named search."""
        self._drop("search", name)

    def expanded(self, text: str) -> str:
        """Return a query that begins with `@` and the name of a search with that one in its place.

        A name that no search has is a word as any other.
        """
        if not text.startswith("@"):
            return text
        names = self.searches()
        fitting = [name for name in names if f"{text[1:]} ".startswith(f"{name} ")]
        name = max(fitting, key=len, default="")
        return f"{names[name]}{text[1 + len(name) :]}" if name else text

    # ── entries ───────────────────────────────────────────────────────────────

    def pins(self) -> list[str]:
        """Return the ids of the pinned entries, the last one first."""
        return [name for name, _ in self._rows("pin")]

    def toggle_pin(self, entry_id: str) -> bool:
        """Pin an entry, or no longer; return whether it is pinned now."""
        pinned = entry_id not in self.pins()
        if pinned:
            self._put("pin", entry_id)
        else:
            self._drop("pin", entry_id)
        return pinned

    def read_lately(self) -> list[str]:
        """Return the ids of the entries that were read, the last one first."""
        return [name for name, _ in self._rows("read")]

    def note_read(self, entry_id: str) -> None:
        """Hold an entry as the last one that was read."""
        self._put("read", entry_id)

    def follow(self, renamed: Mapping[str, str]) -> None:
        """Hold entries by their new ids; `renamed` has the old ones, each with its new one."""
        if not renamed.keys() & {*self.pins(), *self.read_lately()}:
            return
        with suppress(StateUnavailable), self._state.transaction(change=True) as database:
            rows = database.execute(
                "SELECT kind, name, value, used FROM bookmarks WHERE tree = ? AND kind IN ('pin', 'read')",
                (self._tree,),
            ).fetchall()
            old = [(self._tree, kind, name) for kind, name, _, _ in rows if name in renamed]
            new = [(self._tree, kind, renamed[name], *more) for kind, name, *more in rows if name in renamed]
            database.executemany("DELETE FROM bookmarks WHERE tree = ? AND kind = ? AND name = ?", old)
            database.executemany("REPLACE INTO bookmarks VALUES (?, ?, ?, ?, ?)", new)

    # ── rows ──────────────────────────────────────────────────────────────────

    def _rows(self, kind: Kind) -> Iterator[tuple[str, str]]:
        rows: list[tuple[str, str]] = []
        if self._state.exists():
            with suppress(StateUnavailable), self._state.transaction() as database:
                rows = database.execute(
                    "SELECT name, value FROM bookmarks WHERE tree = ? AND kind = ? ORDER BY used DESC",
                    (self._tree, kind),
                ).fetchall()
        return iter(rows)

    def _put(self, kind: Kind, name: str, value: str = "") -> None:
        with suppress(StateUnavailable), self._state.transaction(change=True) as database:
            row = self._tree, kind, name, value, self._clock()
            database.execute("REPLACE INTO bookmarks VALUES (?, ?, ?, ?, ?)", row)
            if kind in MOST:
                self._forget(database, kind)

    def _forget(self, database: sqlite3.Connection, kind: Kind) -> None:
        """Drop the oldest rows past the limit."""
        database.execute(
            "DELETE FROM bookmarks WHERE tree = ?1 AND kind = ?2 AND used NOT IN "
            "(SELECT used FROM bookmarks WHERE tree = ?1 AND kind = ?2 ORDER BY used DESC LIMIT ?3)",
            (self._tree, kind, MOST[kind]),
        )

    def _drop(self, kind: Kind, name: str) -> None:
        with suppress(StateUnavailable), self._state.transaction(change=True) as database:
            row = self._tree, kind, name
            database.execute("DELETE FROM bookmarks WHERE tree = ? AND kind = ? AND name = ?", row)
