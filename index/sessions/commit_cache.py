"""The changes that commits made to the entries, kept in the user's cache: a commit never changes.

An SQLite file that holds JSON only; whatever is wrong with it, it is thrown away and made anew.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.storage.cache_database import open_cache

VERSION = 4
"""Version of the stored form, raised whenever its layout or meaning changes."""
_SCHEMA = ("TABLE commits (rev TEXT PRIMARY KEY, work TEXT)",)
_AT_ONCE = 256
"""Commits that are written together."""


class Store:
    """The work of commits by their ids; one that cannot be opened keeps it for this run alone."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._new: dict[str, list[list[str]]] = {}
        self._written: dict[str, list[list[str]]] = {}
        """Those that were written last: most are asked for right after they are kept."""
        self._database: sqlite3.Connection | None = None
        if path is not None:
            try:
                self._database = open_cache(path, VERSION, _SCHEMA, threads=True)
            except (sqlite3.Error, OSError):
                self._database = None

    def work(self, rev: str) -> list[list[str]] | None:
        """Return the changes of a commit, None when nobody has read it yet."""
        with self._lock:
            for held in (self._new, self._written):
                if rev in held:
                    return held[rev]
            if self._database is None:
                return None
            try:
                row = self._database.execute("SELECT work FROM commits WHERE rev = ?", (rev,)).fetchone()
                found = json.loads(row[0]) if row else None
            except (sqlite3.Error, ValueError):
                return None
        return found if _is_work(found) else None

    def lacks(self, revs: Sequence[str]) -> list[str]:
        """Return those of the commits whose changes nobody has read yet."""
        with self._lock:
            left = [rev for rev in revs if rev not in self._new and rev not in self._written]
            if self._database is None:
                return left
            try:
                query = "SELECT 1 FROM commits WHERE rev = ?"
                return [rev for rev in left if self._database.execute(query, (rev,)).fetchone() is None]
            except sqlite3.Error:
                return []

    def keep(self, rev: str, work: list[list[str]]) -> None:
        """Remember the changes of a commit."""
        with self._lock:
            self._new[rev] = work
            if len(self._new) >= _AT_ONCE:
                self._write()

    def close(self) -> None:
        """Write the remaining changes, and close the file."""
        with self._lock:
            self._write()
            if self._database is not None:
                self._database.close()
                self._database = None

    def _write(self) -> None:
        if self._database is None:
            return
        rows = [(rev, json.dumps(work)) for rev, work in self._new.items()]
        try:
            with self._database:
                self._database.executemany("REPLACE INTO commits VALUES (?, ?)", rows)
            self._new, self._written = {}, self._new
        except sqlite3.Error:
            return  # a full or read-only disk costs the next start some time, and nothing else


def _is_work(found: Any) -> bool:
    return isinstance(found, list) and all(
        isinstance(row, list) and len(row) == 10 and all(isinstance(part, str) for part in row)
        for row in found
    )
