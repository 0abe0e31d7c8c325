"""The catalogue: the tree as last read, for the app's first page before any file is opened.

An SQLite file in the user's cache folder. It holds JSON only, nothing in it is ever executed, and
whatever is wrong with it, it is thrown away and written anew from the files.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from index.library.packing import pack_record, to_json, unpack_record
from index.model.days import seconds
from index.model.file_record import FileRecord
from index.model.path_spelling import shown
from index.storage.cache_database import forget, is_current, open_cache

VERSION = 12
"""Version of the stored form, raised whenever its layout or meaning changes; older files are read anew."""


_SCHEMA = (
    "TABLE meta (key TEXT PRIMARY KEY, value TEXT)",
    "TABLE indexed (path TEXT PRIMARY KEY, digest TEXT)",
    "TABLE files (path TEXT PRIMARY KEY, size INTEGER, stamp INTEGER, digest TEXT, data TEXT,"
    " errors INTEGER)",
    "TABLE entries (path TEXT, place INTEGER, kind TEXT, family TEXT, project TEXT, time REAL,"
    " template INTEGER, key TEXT, own TEXT, status TEXT)",
    "INDEX by_stat ON files (path, size, stamp, digest)",  # holds all that is asked for without the data
    "INDEX by_path ON entries (path)",
    "INDEX by_kind ON entries (kind, time, template)",
    "INDEX by_family ON entries (family, time, template)",
    "INDEX by_project ON entries (family, project, time, template)",
)


class Catalogue:
    """The records of one tree, by path."""

    def __init__(self, path: Path, tell: Callable[[str], object] = lambda words: None) -> None:
        """Keep the records in the file `path`; `tell` gets one sentence when that cannot be used."""
        self.path = path
        self.unusable = False
        """The file cannot be used, as where the file system has no locks: the tree is read anew each time."""
        self._tell = tell
        self._noted: tuple[str, dict[str, str]] = "", {}
        """The index's stamp and its files, as `indexed` returns them, while the catalogue cannot be used."""

    def page(self) -> dict[str, Any] | None:
        """Return the page that `save` was last given, or None."""
        try:
            with closing(self._connect()) as database:
                row = database.execute("SELECT value FROM meta WHERE key = 'page'").fetchone()
                page = json.loads(row[0]) if row else None
                return page if isinstance(page, dict) else None
        except (sqlite3.Error, ValueError, OSError):
            return None

    def page_is_old(self) -> bool:
        """Whether records were saved after the page."""
        try:
            with self.known() as database:
                return self._meta(database, "page is") == "old"
        except (sqlite3.Error, OSError):
            return False

    def records(self) -> Iterator[FileRecord]:
        """Yield every record; a damaged catalogue yields none and is removed."""
        try:
            with closing(self._connect()) as database:
                for row in database.execute("SELECT path, size, stamp, digest, data FROM files"):
                    yield stored_record(*row)
        except sqlite3.OperationalError as error:
            self._do_without(error)
        except (sqlite3.Error, ValueError, TypeError, KeyError, IndexError):
            self.forget()

    @contextmanager
    def known(self) -> Iterator[sqlite3.Connection]:
        """Open the file to look something up; it is not emptied when it is of no use.

        Raises:
            sqlite3.Error: it is damaged, of another version or not there.
        """
        with closing(sqlite3.connect(self.path, timeout=5.0)) as database:
            if not is_current(database, VERSION):
                raise sqlite3.DatabaseError("The catalogue is of another version.")
            yield database

    def indexed(self, stamp: str) -> dict[str, str]:
        """Return path → digest of the files in the search index with this `stamp`."""
        try:
            with closing(self._connect()) as database:
                if self._meta(database, "stamp") != stamp:
                    return {}
                return dict(database.execute("SELECT path, digest FROM indexed"))
        except (sqlite3.Error, ValueError, OSError) as error:
            self._do_without(error)
            return dict(self._noted[1]) if self._noted[0] == stamp else {}

    def set_indexed(self, stamp: str, changed: Iterable[tuple[str, str]], removed: Iterable[str]) -> None:
        """Note the files in the search index now; another stamp forgets those of the index before it."""
        changed, removed = list(changed), list(removed)
        try:
            self._set_indexed(stamp, changed, removed)
        except (sqlite3.Error, OSError) as error:
            self._do_without(error)
            held = self._noted[1] if self._noted[0] == stamp else {}
            kept = {path: digest for path, digest in held.items() if path not in set(removed)}
            self._noted = stamp, kept | dict(changed)

    def _set_indexed(self, stamp: str, changed: Sequence[tuple[str, str]], removed: Sequence[str]) -> None:
        with closing(self._connect()) as database, database:
            if self._meta(database, "stamp") != stamp:
                database.execute("DELETE FROM indexed")
                database.execute("REPLACE INTO meta VALUES ('stamp', ?)", (stamp,))
            database.executemany("DELETE FROM indexed WHERE path = ?", ((path,) for path in removed))
            database.executemany("REPLACE INTO indexed VALUES (?, ?)", changed)

    def save(
        self,
        changed: Iterable[FileRecord],
        removed: Iterable[str],
        page: dict[str, Any] | None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Store the records that changed, in one transaction; an exception of `progress` ends it.

        Without a page the one from before stays, and is old from now on.
        """
        held, gone = list(changed), list(removed)
        with closing(self._connect()) as database, database:
            database.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in gone))
            database.executemany(
                "REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (r.path, r.size, r.stamp, r.digest, to_json(pack_record(r)[4:]), _errors(r))
                    for r in _with_progress(held, progress)
                ),
            )
            database.executemany("DELETE FROM entries WHERE path = ?", ((path,) for path in gone))
            database.executemany("DELETE FROM entries WHERE path = ?", ((r.path,) for r in held))
            database.executemany(
                f"INSERT INTO entries VALUES ({marks(_COLUMNS)})", (row for r in held for row in _rows(r))
            )
            if page is not None:
                database.execute("REPLACE INTO meta VALUES ('page', ?)", (to_json(page),))
            old = "" if page is not None else "old"
            database.execute("REPLACE INTO meta VALUES ('page is', ?)", (old,))

    def _do_without(self, error: Exception) -> None:
        """Go on without the file, and say so once."""
        if not self.unusable:
            self.unusable = True
            self._tell(
                f"What was read is not kept, because the cache in {shown(self.path.parent)} cannot be used "
                f"({error}): set XDG_CACHE_HOME to a folder on a local disk."
            )

    def forget(self) -> None:
        """Remove the file."""
        forget(self.path)

    def _connect(self) -> sqlite3.Connection:
        return open_cache(self.path, VERSION, _SCHEMA)

    @staticmethod
    def _meta(database: sqlite3.Connection, key: str) -> str | None:
        row = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None


def _with_progress(
    records: Sequence[FileRecord], progress: Callable[[int, int], None] | None
) -> Iterator[FileRecord]:
    for done, record in enumerate(records):
        if progress is not None and done % 16 == 0:
            progress(done, len(records))
        yield record


def stored_record(path: str, size: int, stamp: int, digest: str, data: str) -> FileRecord:
    entries, problems = json.loads(data)
    return unpack_record((path, size, stamp, digest, entries, problems))


def _errors(record: FileRecord) -> int:
    return sum(1 for problem in record.problems if problem.level == "error")


_COLUMNS = ("path", "place", "kind", "family", "project", "time", "template", "key", "own", "status")


def _rows(record: FileRecord) -> Iterator[tuple[str | float | None, ...]]:
    """Yield a row for each entry of a file, as `_COLUMNS` names its parts."""
    for place, e in enumerate(record.entries):
        time = seconds(e.when) if e.when is not None else None
        told = map(storable, (e.kind, e.group, e.project)), map(storable, (e.own_id, e.status))
        yield (record.path, place, *told[0], time, e.template, e.key, *told[1])


def storable(text: str) -> str:
    """Return a text that an SQLite column can hold: stray bytes of a file, which no letters are, spelled."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def marks(values: Collection[object]) -> str:
    """Return the place holders for these values in a query."""
    return ", ".join("?" * len(values))
