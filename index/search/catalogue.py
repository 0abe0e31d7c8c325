"""What the tree held when it was last read: the app's first page, before any file is opened.

An SQLite file in the user's cache folder. It holds JSON only, nothing in it is ever executed, and
whatever is wrong with it, it is thrown away and written anew from the files.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from index.memory.packing import pack_record, unpack_record
from index.memory.tree import FileRecord

VERSION = "2"
"""Raised whenever what is stored changes, in form or in meaning; older files are then read anew."""


class Catalogue:
    """The records of one tree, by path."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def page(self) -> dict[str, Any] | None:
        """Return what `save` was last given as its page, or None."""
        try:
            with closing(self._connect()) as database:
                row = database.execute("SELECT value FROM meta WHERE key = 'page'").fetchone()
                page = json.loads(row[0]) if row else None
                return page if isinstance(page, dict) else None
        except (sqlite3.Error, ValueError, OSError):
            return None

    def records(self) -> Iterator[FileRecord]:
        """Yield every record; a damaged catalogue yields none and is removed."""
        try:
            with closing(self._connect()) as database:
                for row in database.execute("SELECT path, size, mtime_ns, digest, data FROM files"):
                    yield _record(*row)
        except (sqlite3.Error, ValueError, TypeError, KeyError, IndexError):
            self.forget()

    def indexed(self, stamp: str) -> dict[str, str]:
        """Return path → digest of what the search index that bears `stamp` holds."""
        try:
            with closing(self._connect()) as database:
                if self._meta(database, "stamp") != stamp:
                    return {}
                return dict(database.execute("SELECT path, digest FROM indexed"))
        except (sqlite3.Error, ValueError, OSError):
            return {}

    def set_indexed(self, stamp: str, changed: Iterable[tuple[str, str]], removed: Iterable[str]) -> None:
        """Note what the search index holds now; another stamp forgets what the index before it held."""
        with closing(self._connect()) as database, database:
            if self._meta(database, "stamp") != stamp:
                database.execute("DELETE FROM indexed")
                database.execute("REPLACE INTO meta VALUES ('stamp', ?)", (stamp,))
            database.executemany("DELETE FROM indexed WHERE path = ?", ((path,) for path in removed))
            database.executemany("REPLACE INTO indexed VALUES (?, ?)", changed)

    def save(self, changed: Iterable[FileRecord], removed: Iterable[str], page: dict[str, Any]) -> None:
        """Store the records that changed, in one transaction."""
        with closing(self._connect()) as database, database:
            database.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in removed))
            database.executemany(
                "REPLACE INTO files VALUES (?, ?, ?, ?, ?)",
                ((r.path, r.size, r.mtime_ns, r.digest, _dump(r)) for r in changed),
            )
            database.execute("REPLACE INTO meta VALUES ('page', ?)", (json.dumps(page),))

    def forget(self) -> None:
        """Remove the file."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _connect(self) -> sqlite3.Connection:
        """Open the file; one of another version, or no database at all, is emptied first."""
        try:
            return self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # locked, read-only, a full disk: not its content
                raise
            self.forget()
            return self._open()

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=5.0)
        try:
            # A cache: after a power cut it is written anew, so nothing has to wait for the disk.
            database.execute("PRAGMA synchronous = OFF")
            version = database.execute("PRAGMA user_version").fetchone()[0]
            if str(version) != VERSION:
                for (table,) in database.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                ).fetchall():
                    database.execute(f"DROP TABLE IF EXISTS {json.dumps(table)}")
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)")
                database.execute("CREATE TABLE IF NOT EXISTS indexed (path TEXT PRIMARY KEY, digest TEXT)")
                database.execute(
                    "CREATE TABLE IF NOT EXISTS files "
                    "(path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT, data TEXT)"
                )
                database.execute(f"PRAGMA user_version = {VERSION}")
                database.commit()
            return database
        except BaseException:
            database.close()
            raise

    @staticmethod
    def _meta(database: sqlite3.Connection, key: str) -> str | None:
        row = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None


def _dump(record: FileRecord) -> str:
    return json.dumps(pack_record(record)[4:])


def _record(path: str, size: int, mtime_ns: int, digest: str, data: str) -> FileRecord:
    entries, problems = json.loads(data)
    return unpack_record((path, size, mtime_ns, digest, entries, problems))
