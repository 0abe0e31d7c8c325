"""Looking up a part of the catalogue: a query instead of all records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from index.library.catalogue import Catalogue, marks, storable, stored_record
from index.model.entry import EntryFilter
from index.model.file_record import FileRecord

Place = tuple[str, int]
"""A file, and the number of an entry in it."""


class Lookup:
    """Queries on a catalogue; every one may raise sqlite3.Error or ValueError."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.files = {
            path: (size, stamp, digest)
            for path, size, stamp, digest in self._rows("SELECT path, size, stamp, digest FROM files")
        }
        """Size, stamp and digest of every file."""
        self.without: Collection[str] = ()
        """Files whose entries are left out of every answer: they have changed since."""

    def broken(self) -> list[str]:
        """Return the paths of the files with an error, in their order."""
        return [path for (path,) in self._rows("SELECT path FROM files WHERE errors ORDER BY path")]

    def fetch(self, paths: Iterable[str]) -> list[FileRecord]:
        """Return the records of some files."""
        query = "SELECT path, size, stamp, digest, data FROM files WHERE path = ?"
        with self._catalogue.known() as database:
            rows = [database.execute(query, (path,)).fetchone() for path in paths]
        return [stored_record(*row) for row in rows if row]

    def projects(self) -> list[str]:
        """Return the names of the projects; an empty template has none."""
        return [name for (name,) in self._rows("SELECT DISTINCT project FROM entries WHERE NOT template")]

    def places(self, asked: EntryFilter, limit: int, *, oldest: bool) -> tuple[list[Place], int]:
        """Return the places of the newest entries asked for, or of the oldest, and the number of all.

        Empty templates are none.
        """
        where, values = ["NOT template"], list[str]()
        for column, wanted in (("kind", asked.kinds), ("family", asked.groups), ("project", asked.projects)):
            if wanted or (column == "project" and wanted is not None):
                where.append(f"{column} IN ({marks(wanted)})")
                values += wanted
        chosen = " AND ".join(where)
        ((total,),) = self.entries("COUNT(*)", chosen, values)
        order = f"ORDER BY {'time IS NULL, time' if oldest else 'time DESC'}, path, place LIMIT {limit:d}"
        return self.entries("path, place", chosen, values, order), total

    # ── of all entries, templates too ─────────────────────────────────────────

    def ranked(self, kind: str, column: str, most: int = -1) -> list[tuple[float, str, int, str]]:
        """Return the age, the place and one column of each entry of a kind, the newest first, or `most`."""
        what = f"CASE WHEN time IS NULL THEN 9e999 ELSE -time END AS age, path, place, {column}"
        return self.entries(what, "kind = ?", [kind], f"ORDER BY age, path, place LIMIT {most:d}")

    def called(self, key: str) -> list[Place]:
        """Return the places of the entries whose id is this one in their file."""
        return self.entries("path, place", "key = ?", [key])

    def kinds(self) -> Counter[str]:
        """Return how many entries each kind has."""
        return Counter(dict(self.entries("kind, COUNT(*)", "TRUE", (), "GROUP BY kind")))

    def own_ids(self, start: str) -> list[tuple[str, str]]:
        """Return the ids that begin so and that entries give themselves, each with its `Entry.id`."""
        start = storable(start)
        values = [len(start), start]
        return self.entries("own, path || '#' || key", "own != '' AND substr(own, 1, ?) = ?", values)

    def entries(self, what: str, where: str, values: Sequence[Any], more: str = "") -> list[Any]:
        """Return columns of the entries; those of the files in `without` are left out."""
        if self.without:
            where += f" AND path NOT IN ({marks(self.without)})"
        return self._rows(f"SELECT {what} FROM entries WHERE {where} {more}", [*values, *self.without])

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._catalogue.known() as database:
            return database.execute(query, values).fetchall()
