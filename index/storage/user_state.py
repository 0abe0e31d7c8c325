"""The user's state: settings, and of each tree the read marks and the bookmarks, in one SQLite file.

Drafts, the journal and the intents stay files of their own: each is brought to the disk when it is written,
outlives the program that wrote it, and does not suffer when another one is damaged.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.storage.locking import Stuck, has_locks, only_one
from index.storage.user_folders import homely, state_file, state_folder

PATIENCE = 5.0
"""Seconds to wait for another memarium that writes."""
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""Errors of a file that is no database, or not the one that was written here."""
MIGRATIONS = (
    (
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE trees (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, marks INTEGER NOT NULL)",
        "CREATE TABLE marks (tree INTEGER NOT NULL REFERENCES trees, path TEXT NOT NULL, "
        "digest TEXT NOT NULL, entries TEXT NOT NULL, PRIMARY KEY (tree, path))",
        # It holds all that is compared while nothing has changed.
        "CREATE INDEX marks_by_digest ON marks (tree, path, digest)",
    ),
    (
        "CREATE TABLE bookmarks (tree TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, "
        "value TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (tree, kind, name))",
    ),
)
"""Each raises the version of the file by one; those that users have run are never changed."""


class StateUnavailable(Exception):
    """The state can be neither read nor written now: locked, read-only, a full disk, a newer memarium's."""


class UserState:
    """One user's state. Any thread may ask; a value that cannot be kept lasts as long as the program."""

    def __init__(self, path: Path, tell: Callable[[str], None] = lambda words: None) -> None:
        """Keep it at `path`; `tell` takes a sentence about a file that was damaged."""
        self.path = path
        self.tell = tell

    def exists(self) -> bool:
        """Whether anything was kept so far."""
        return self.path.exists()

    @contextmanager
    def transaction(self, *, change: bool = False) -> Iterator[sqlite3.Connection]:
        """Open the database for one transaction; with `change` nobody else writes meanwhile.

        A damaged file is put aside, and another one begun. Raises StateUnavailable: nothing was changed.
        """
        try:
            with self._alone() as locks:
                yield from self._begin(change, locks)
        except (sqlite3.Error, OSError, Stuck) as error:
            raise StateUnavailable(str(error) or "another memarium writes it") from error

    def forget(self, tree: str) -> None:
        """Drop the read marks and the bookmarks of the tree whose folders have this name.

        Raises StateUnavailable: nothing was changed.
        """
        with self.transaction(change=True) as database:
            database.execute("DELETE FROM marks WHERE tree IN (SELECT id FROM trees WHERE name = ?)", (tree,))
            database.execute("DELETE FROM trees WHERE name = ?", (tree,))
            database.execute("DELETE FROM bookmarks WHERE tree = ?", (tree,))

    def _begin(self, change: bool, locks: bool) -> Iterator[sqlite3.Connection]:
        before = self._made()
        try:
            database = self._open(change, locks)
        except sqlite3.Error as error:
            self._put_aside(error, before)
            before = self._made()
            database = self._open(change, locks)
        with closing(database):
            try:
                with database:
                    yield database
            except sqlite3.Error as error:
                database.close()
                self._put_aside(error, before)
                raise

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        """Yield whether the file system has locks, which SQLite then uses; else be alone by other means."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        locks = has_locks(self.path.parent)
        lock = self.path.with_name(f"{self.path.name}.lock")
        with nullcontext() if locks else only_one(lock, lambda words: None, PATIENCE):
            yield locks

    def _made(self) -> int:
        """Make the file, private, where there is none; return its inode."""
        with suppress(FileExistsError):
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            os.close(os.open(self.path, flags, 0o600))
        found = self.path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{self.path} is not a regular file")
        if found.st_mode & 0o077:
            self.path.chmod(0o600)
        return found.st_ino

    def _open(self, change: bool, locks: bool) -> sqlite3.Connection:
        """Connect, bring the tables up to date and begin."""
        address = f"file:{quote(os.fsencode(self.path))}?mode=rw{'' if locks else '&nolock=1'}"
        database = sqlite3.connect(address, timeout=PATIENCE, isolation_level=None, uri=True)
        try:
            database.execute("PRAGMA synchronous = NORMAL")
            if _version(database) < len(MIGRATIONS):
                _migrate(database)
            if _version(database) > len(MIGRATIONS):
                raise StateUnavailable("a newer memarium has written the state")
            database.execute("BEGIN IMMEDIATE" if change else "BEGIN")
        except BaseException:
            database.close()
            raise
        return database

    def _put_aside(self, error: sqlite3.Error, opened: int) -> None:
        """Rename a file that is damaged, and say so; raise the error again where that is not the reason."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE:
            raise error
        if self.path.stat().st_ino != opened:  # another memarium was quicker
            return
        aside = self.path.with_name(f"{self.path.stem}.damaged{self.path.suffix}")
        self.path.replace(aside)
        self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
        self.tell(
            "The file with your settings and with what you have seen was damaged, so both begin anew: "
            f"the damaged one is kept as {homely(aside)}."
        )


def forget(root: Path) -> None:
    """Remove all that was kept of the user's work in the tree at `root`, as far as that is possible.

    That is read marks, pins and queries, drafts, what can be undone: not the settings.
    """
    state, folder = UserState(state_file()), state_folder(root)
    shutil.rmtree(folder, ignore_errors=True)
    if state.exists():
        with suppress(StateUnavailable):
            state.forget(folder.name)


def _version(database: sqlite3.Connection) -> int:
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def _migrate(database: sqlite3.Connection) -> None:
    """Bring the tables up to date, all or nothing; another memarium may have done so meanwhile."""
    with database:
        database.execute("BEGIN IMMEDIATE")
        for statements in MIGRATIONS[_version(database) :]:
            for statement in statements:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


class UserSettings:
    """The settings of one user; any thread may ask."""

    def __init__(self, old: Path, state: Path | None, tell: Callable[[str], None]) -> None:
        """Keep settings.

        Args:
            old: the file of JSON where they were kept once; it is taken over.
            state: the file of the state; the user's own when None.
            tell: takes a sentence about a file that was damaged; may be replaced.
        """
        self._old = old
        self._state = UserState(state or state_file(), self._hear)
        self.tell = tell

    def read(self) -> dict[str, Any]:
        """Return the settings by name; those that are damaged are left out.

        Those of the old file count as long as there are no others.
        """
        taken = self._read_old()
        if not taken and not self._state.exists():
            return {}
        try:
            with self._state.transaction(change=bool(taken)) as database:
                found = database.execute("SELECT name, value FROM settings").fetchall()
                if not found:
                    found = _rows(taken)
                    database.executemany("INSERT INTO settings VALUES (?, ?)", found)
        except StateUnavailable:
            return taken
        if taken:
            with suppress(OSError):
                self._old.unlink()
        return dict(_values(found))

    def keep(self, settings: Mapping[str, Any]) -> None:
        """Keep these settings, and leave the others as they are; where that cannot be done, they are lost."""
        with suppress(StateUnavailable), self._state.transaction(change=True) as database:
            database.executemany("REPLACE INTO settings VALUES (?, ?)", _rows(settings))

    def _hear(self, words: str) -> None:
        self.tell(words)  # whoever listens then

    def _read_old(self) -> dict[str, Any]:
        try:
            held = json.loads(self._old.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def _rows(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, json.dumps(value)) for name, value in settings.items()]


def _values(rows: Iterable[tuple[str, str]]) -> Iterable[tuple[str, Any]]:
    for name, text in rows:
        with suppress(ValueError, TypeError):
            yield name, json.loads(text)
