"""The marks of one tree in the user's state: each file's digest, and the fingerprints of its seen entries."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from index.storage.user_state import StateUnavailable

VERSION = 1
"""Raised whenever a fingerprint is made in another way: then everything counts as seen once more."""
_PARTLY = "seen in part"
"""Digest of a file of which some entries were not seen."""
_LOOKED = "looked"
"""The kind of the row, among a tree's bookmarks, that holds the time of the last look at everything."""
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

Fingerprints = dict[str, str]
"""Id of an entry → fingerprint of its content, in sixteen letters."""


class MarkTable:
    """The marks of one tree, within a transaction."""

    def __init__(self, database: sqlite3.Connection, tree: str) -> None:
        """Ask for the marks of the tree of this name."""
        self._database = database
        self._name = tree
        found = database.execute("SELECT id, marks FROM trees WHERE name = ?", (tree,)).fetchone()
        self._tree: int | None
        self._tree, version = found or (None, None)
        self.begun = version == VERSION
        """Whether this is not the first visit."""

    def begin(self) -> None:
        """End the first visit."""
        if not self.begun:
            self._database.execute("DELETE FROM marks WHERE tree = ?", (self._tree,))
            row = self._tree, self._name, VERSION
            self._tree = self._database.execute("REPLACE INTO trees VALUES (?, ?, ?)", row).lastrowid
            self.begun = True

    def looked(self) -> float:
        """Return the time at which the user last called everything seen, in seconds; 0 for never."""
        query = "SELECT value FROM bookmarks WHERE tree = ? AND kind = ?"
        found = self._database.execute(query, (self._name, _LOOKED)).fetchone()
        return float(found[0]) if found else 0.0

    def look(self, now: float) -> None:
        """Hold the time of a look at everything."""
        row = self._name, _LOOKED, "", str(now)
        self._database.execute("REPLACE INTO bookmarks VALUES (?, ?, ?, ?, 0)", row)

    def put(self, path: str, mark: str, entries: Fingerprints) -> None:
        """Hold the seen entries of a file; `mark` is its digest, empty for a file that is gone."""
        if mark:
            self._put(path, mark, json.dumps(entries))
        else:
            self.drop([path])

    def drop(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        rows = [(self._tree, path) for path in paths]
        self._database.executemany("DELETE FROM marks WHERE tree = ? AND path = ?", rows)

    def settle(self, path: str, mark: str, now: Fingerprints, ids: Collection[str]) -> None:
        """Hold some entries of a file as they are now; the file's digest only once all of them are."""
        held = self.entries(path)
        for entry_id in ids:
            if entry_id in now:
                held[entry_id] = now[entry_id]
            else:
                held.pop(entry_id, None)
        self.put(path, mark if held == now else mark and _PARTLY, held)

    def entries(self, path: str) -> Fingerprints:
        """Return the entries of a file as they were seen."""
        found = self._row("entries", path)
        return dict(json.loads(found)) if found is not None else {}

    def digest(self, path: str) -> str | None:
        """Return the digest of a file as it was seen, None for one that was not."""
        return self._row("digest", path)

    def digests(self) -> dict[str, str]:
        """Return the digests of all files."""
        return dict(self._database.execute("SELECT path, digest FROM marks WHERE tree = ?", (self._tree,)))

    def take_over(self, old: Path) -> None:
        """Take the marks of the file of their own that they once had; a damaged one counts as none."""
        place = f"file:{quote(os.fsencode(old))}?mode=ro"
        with suppress(sqlite3.Error), closing(sqlite3.connect(place, uri=True)) as database:
            try:
                if database.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                    rows = database.execute("SELECT path, digest, entries FROM files").fetchall()
                    self.begin()
                    for row in rows:
                        self._put(*row)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode in _LOCKED:
                    raise StateUnavailable(str(error)) from error
                raise

    def join(self, other: MarkTable, renamed: Callable[[str], str]) -> None:
        """Take the marks of those files of another tree that this one has none of.

        `renamed` returns a path or an id of the other tree as it is here.
        """
        if not other.begun:
            return
        self.begin()
        held = self.digests()
        for path, mark in other.digests().items():
            if renamed(path) not in held:
                entries = {renamed(entry_id): said for entry_id, said in other.entries(path).items()}
                self._put(renamed(path), mark, json.dumps(entries))

    def _put(self, path: str, mark: str, entries: str) -> None:
        self._database.execute("REPLACE INTO marks VALUES (?, ?, ?, ?)", (self._tree, path, mark, entries))

    def _row(self, column: str, path: str) -> str | None:
        query = f"SELECT {column} FROM marks WHERE tree = ? AND path = ?"
        found = self._database.execute(query, (self._tree, path)).fetchone()
        return found[0] if found else None
