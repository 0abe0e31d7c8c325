"""The entries of a tree that the user has seen, and so those that others have changed since.

An entry is seen once it was opened in the app, or once everything was called seen. The user's own changes
through memarium are no news, and neither is anything on the first visit. Only ids and fingerprints are kept,
in the user's state folder: the tree is never written.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from index.library.file_reader import digest, make_record
from index.model.entry import Entry
from index.model.file_record import FileRecord, TreeFile

_VERSION = 1
"""Raised whenever a fingerprint is made in another way: then everything counts as seen once more."""

Records = Mapping[str, FileRecord]
Fingerprints = dict[str, str]
"""Id of an entry → fingerprint of its content, in sixteen letters."""


class News(NamedTuple):
    """Ids of the entries that differ from the versions that the user last saw."""

    added: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()
    """In the order of their files; of entries there is nothing else left."""
    files: int = 0
    """Number of files they are in, where those are too many to look into."""

    @property
    def ids(self) -> frozenset[str]:
        """The new and the changed ones, which can still be looked at."""
        return self.added | self.changed


NOTHING = News()
_FAILURES = (sqlite3.Error, OSError, ValueError)
_TABLES = (
    "TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, digest TEXT, entries TEXT)",
    "INDEX IF NOT EXISTS by_digest ON files (path, digest)",
)
"""The index holds all that is compared while nothing has changed."""


class ReadMarks:
    """Remembers each entry of a tree as the user last saw it, file by file.

    A state folder that cannot be written or read costs the marks, and nothing else. Any thread may ask.
    """

    def __init__(self, path: Path, records: Callable[[], Records | None]) -> None:
        """Keep the marks at `path`; `records` returns the records of the tree, None before it is read."""
        self._path = path
        self._records = records
        self._lock = threading.Lock()
        self._last: tuple[Records, News] | None = None
        self._writing: dict[str, str] = {}
        """File → digest of the bytes that the user is writing to it at this moment."""

    def news(self) -> News:
        """Return the new entries; none before the tree is read or on the first visit, which sets marks."""
        records = self._records()
        if records is None:
            return NOTHING
        with self._lock:
            if self._last is not None and self._last[0] is records:
                return self._last[1]
            found = NOTHING
            with suppress(*_FAILURES), self._open() as database:
                if _begun(database):
                    held = self._writing
                    marks = {p: r.digest if r.digest != held.get(p) else "" for p, r in records.items()}
                    found = _compare(database, marks, lambda path: records[path].entries)
                else:
                    _store(database, records.values())
            self._last = records, found
            return found

    def peek(self, marks: Mapping[str, str], entries: Callable[[str], Iterable[Entry]], most: int) -> News:
        """Return the new entries of a tree that is not read; this does not count as the first visit.

        Args:
            marks: each file and the digest of its content.
            entries: reads those of one file; asked only for files that are not as they were.
            most: of such files; where there are more, only their number is told.
        """
        if self._path.exists():
            with self._lock, suppress(*_FAILURES), self._open() as database:
                if _begun(database):
                    return _compare(database, marks, entries, most)
        return NOTHING

    def see(self, ids: Collection[str]) -> None:
        """Count these entries as seen, as they are now."""
        records = self._records() or {}
        with self._lock, suppress(*_FAILURES), self._open(change=True) as database:
            for path in {entry_id.rpartition("#")[0] for entry_id in ids} & records.keys():
                now = fingerprints(records[path].entries)
                _settle(database, path, records[path].digest, now, now.keys() & set(ids))

    def see_all(self) -> int:
        """Count everything as seen, removals too; return how many entries were new or changed."""
        count = len(self.news().ids)
        records = self._records() or {}
        with self._lock, suppress(*_FAILURES), self._open(change=True) as database:
            held = _digests(database)
            _store(database, (r for r in records.values() if r.digest != held.get(r.path)))
            database.executemany("DELETE FROM files WHERE path = ?", [(p,) for p in held.keys() - records])
        return count

    @contextmanager
    def writing(self, files: Mapping[str, bytes | None]) -> Iterator[None]:
        """Take these contents of files for the user's own, until `own` knows their outcome.

        A commit may take seconds, and whoever watches the tree sees the file before it ends.
        """
        held = {path: digest(data) for path, data in files.items() if data is not None}
        with self._lock:
            self._writing, self._last = held, None
        try:
            yield
        finally:
            with self._lock:
                self._writing, self._last = {}, None

    def own(self, path: str, before: bytes | None, after: bytes | None) -> None:
        """Count the user's own changes of a file as seen, and nothing else in it that is new.

        `before` and `after` are its content, None where there is no such file.
        """
        if not self._path.exists():
            return
        with self._lock, suppress(*_FAILURES), self._open(change=True) as database:
            if not _begun(database):
                return
            mark = digest(after) if after is not None else ""
            record = (self._records() or {}).get(path)
            known = record is not None and record.digest == mark
            now = fingerprints(record.entries) if record and known else _read(path, after)
            if _digest(database, path) == (digest(before) if before is not None else None):
                _put(database, path, mark, now)
            else:
                then = _read(path, before)
                _settle(
                    database, path, mark, now, [i for i in then.keys() | now if then.get(i) != now.get(i)]
                )

    @contextmanager
    def _open(self, *, change: bool = False) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction; one that is damaged is removed, and begun anew the next time."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(self._path, timeout=5.0)) as database, database:
                database.execute("PRAGMA synchronous = OFF")  # a power cut costs the marks at most
                for table in _TABLES:
                    database.execute(f"CREATE {table}")
                if change:
                    self._last = None
                    database.execute("BEGIN IMMEDIATE")  # another memarium may be changing it
                yield database
        except sqlite3.OperationalError:  # locked, read-only, a full disk: not its content
            raise
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)
            raise


def fingerprints(entries: Iterable[Entry]) -> Fingerprints:
    """Return fingerprints of entries, by id: of their fields in order, not of their places.

    Empty templates are left out: that there is one more is no news.
    """
    found = {}
    for entry in entries:
        if not entry.template:
            said = "\x1f".join([entry.kind, *[text for field in entry.fields for text in field[:2]]])
            found[entry.id] = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return found


def _compare(
    database: sqlite3.Connection,
    marks: Mapping[str, str],
    entries: Callable[[str], Iterable[Entry]],
    most: int | None = None,
) -> News:
    """Compare file by file; an entry that only moved to another file or id is no news."""
    held = _digests(database)
    stale = [path for path in held if path not in marks]
    stale += [path for path, mark in marks.items() if mark not in ("", held.get(path))]
    if most is not None and len(stale) > most:
        return News(files=len(stale))
    added: Fingerprints = {}
    removed: Fingerprints = {}
    changed: set[str] = set()
    for path in sorted(stale):
        before = _held(database, path)
        now = fingerprints(entries(path)) if path in marks else {}
        added |= {i: now[i] for i in now if i not in before}
        changed |= {i for i in now if i in before and before[i] != now[i]}
        removed |= {i: before[i] for i in before if i not in now}
    moved = set(added.values()) & set(removed.values())
    return News(
        frozenset(i for i, said in added.items() if said not in moved),
        frozenset(changed),
        tuple(i for i, said in removed.items() if said not in moved),
    )


def _read(path: str, content: bytes | None) -> Fingerprints:
    if content is None:
        return {}
    return fingerprints(make_record(TreeFile(path, Path(path), len(content), 0), content).entries)


# ── the file ──────────────────────────────────────────────────────────────────


def _begun(database: sqlite3.Connection) -> bool:
    """Return whether this is not the first visit."""
    return bool(database.execute("PRAGMA user_version").fetchone()[0] == _VERSION)


def _store(database: sqlite3.Connection, records: Iterable[FileRecord]) -> None:
    """Hold these files as they are now; with it the first visit is over."""
    if not _begun(database):
        database.execute("DELETE FROM files")
        database.execute(f"PRAGMA user_version = {_VERSION}")
    for record in records:
        if record.digest:
            _put(database, record.path, record.digest, fingerprints(record.entries))


def _put(database: sqlite3.Connection, path: str, mark: str, entries: Fingerprints) -> None:
    """Store the seen entries of a file; `mark` is its digest, empty for a file that is gone."""
    if mark:
        database.execute("REPLACE INTO files VALUES (?, ?, ?)", (path, mark, json.dumps(entries)))
    else:
        database.execute("DELETE FROM files WHERE path = ?", (path,))


def _settle(
    database: sqlite3.Connection, path: str, mark: str, now: Fingerprints, ids: Collection[str]
) -> None:
    """Hold some entries of a file as they are now; the file's digest only once all of them are."""
    held = _held(database, path)
    for entry_id in ids:
        if entry_id in now:
            held[entry_id] = now[entry_id]
        else:
            held.pop(entry_id, None)
    _put(database, path, mark if held == now else mark and "seen in part", held)


def _held(database: sqlite3.Connection, path: str) -> Fingerprints:
    row = database.execute("SELECT entries FROM files WHERE path = ?", (path,)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def _digest(database: sqlite3.Connection, path: str) -> str | None:
    row = database.execute("SELECT digest FROM files WHERE path = ?", (path,)).fetchone()
    return row[0] if row else None


def _digests(database: sqlite3.Connection) -> dict[str, str]:
    return dict(database.execute("SELECT path, digest FROM files"))
