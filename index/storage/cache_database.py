"""Databases in the user's cache: whatever is wrong with one, it is thrown away and made anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def open_cache(
    path: Path, version: int, schema: Iterable[str], *, threads: bool = False
) -> sqlite3.Connection:
    """Open the database at `path`; one of another version, or a file that is none, is emptied first.

    Args:
        version: raised whenever the layout or the meaning of what it holds changes.
        schema: its tables and indexes, as after CREATE.
        threads: whether several threads use the connection, one at a time.

    Raises:
        sqlite3.OperationalError: locked, read-only, a full disk: nothing is wrong with its content.
        OSError: a damaged one cannot be removed.
    """
    try:
        return _connect(path, version, schema, threads)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        for file in _files(path):
            file.unlink(missing_ok=True)
        return _connect(path, version, schema, threads)


def forget(path: Path) -> None:
    """Remove a database, as far as that can be done."""
    for file in _files(path):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _files(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


def _connect(path: Path, version: int, schema: Iterable[str], threads: bool) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=5.0, check_same_thread=not threads)
    try:
        # After a power cut it is made anew, so nothing has to wait for the disk.
        database.execute("PRAGMA synchronous = OFF")
        if not is_current(database, version):
            database.execute("PRAGMA journal_mode = WAL")
            with database:
                _make(database, version, schema)
    except BaseException:
        database.close()
        raise
    return database


def is_current(database: sqlite3.Connection, version: int) -> bool:
    """Return whether a database is of this version."""
    return bool(database.execute("PRAGMA user_version").fetchone()[0] == version)


def _make(database: sqlite3.Connection, version: int, schema: Iterable[str]) -> None:
    database.execute("BEGIN IMMEDIATE")
    if is_current(database, version):  # another process was quicker
        return
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for (table,) in database.execute(tables).fetchall():
        database.execute(f'DROP TABLE "{table}"')
    for one in schema:
        database.execute(f"CREATE {one}")
    database.execute(f"PRAGMA user_version = {version}")
