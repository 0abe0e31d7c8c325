"""The vectors of texts by the digests of those texts, in the user's cache: a text's vector never changes.

An SQLite file that holds numbers only; whatever is wrong with it, it is thrown away and made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index.storage.cache_database import open_cache

VERSION = 1
"""Raised whenever the model, or the text it gets of an entry, changes: older vectors are made anew."""
SIZE = 384
"""Numbers of a vector."""
LENGTH = 2 * SIZE
"""Bytes of a vector: half-precision numbers, the least significant byte first."""


_SCHEMA = ("TABLE vectors (row INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB UNIQUE, vector BLOB)",)


class VectorStore:
    """The vectors in one file. Any process may add some, whichever are there already."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def digests(self) -> set[bytes]:
        """Return the digests of the texts whose vectors are there."""
        with self._open() as database:
            return {digest for (digest,) in database.execute("SELECT digest FROM vectors")}

    def add(self, vectors: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep vectors, each with the digest of its text."""
        with self._open() as database, database:
            database.executemany("INSERT OR IGNORE INTO vectors (digest, vector) VALUES (?, ?)", vectors)

    def last(self) -> int:
        """Return the row that was added last, 0 where none was."""
        with self._open() as database:
            return int(database.execute("SELECT max(row) FROM vectors").fetchone()[0] or 0)

    def after(self, row: int) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield row, digest and vector of those that were added after `row`; 0 is before them all."""
        with self._open() as database:
            query = (
                "SELECT row, digest, vector FROM vectors WHERE row > ? AND length(vector) = ? ORDER BY row"
            )
            yield from database.execute(query, (row, LENGTH))

    def keep(self, digests: Collection[bytes]) -> None:
        """Remove all others, once they are more than those."""
        with self._open() as database:
            gone = self.digests().difference(digests)
            if len(gone) > len(digests):
                with database:
                    database.executemany("DELETE FROM vectors WHERE digest = ?", ((one,) for one in gone))
                database.execute("VACUUM")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file. Raises sqlite3.OperationalError where it cannot be read or written."""
        with closing(open_cache(self.path, VERSION, _SCHEMA)) as database:
            yield database
