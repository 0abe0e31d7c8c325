"""A look at some entries of a tree, without reading the others: for an answer that cannot wait for all."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from index.library.catalogue import Catalogue, marks, storable, stored_record
from index.library.file_reader import read_record
from index.library.read_marks import ReadMarks
from index.library.snapshot import Snapshot
from index.model.days import seconds
from index.model.entry import Entry, EntryFilter, id_file
from index.model.errors import TreeError
from index.model.file_record import FileProblem, FileRecord
from index.model.news import News
from index.storage.memory_stores import TreeLocation
from index.storage.scan import sizes, stat_file

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


MOST_STALE = 200
"""Files that a look reads again; where more have changed, the tree is to be read first."""


class NeedsReading(TreeError):
    """Too little of the tree is known, or too much of it has changed: read it first."""


class Whole:
    """A tree that was read."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._sorted: dict[tuple[str, str, str], list[Entry]] = {}
        """All entries by kind, group and project: of 100,000 there are some hundred sorts."""
        for entry in snapshot.entries:
            self._sorted.setdefault((entry.kind, entry.group, entry.project), []).append(entry)

    def pick(self, asked: EntryFilter, limit: int, *, oldest: bool = False) -> tuple[list[Entry], int]:
        sorts = (entries for sort, entries in self._sorted.items() if asked.allows(*sort))
        found = [entry for entries in sorts for entry in entries if not entry.template]
        return _ordered(found, oldest)[:limit], len(found)

    def projects(self) -> Collection[str]:
        return {project for _, _, project in self._sorted}

    def errors(self, limit: int) -> tuple[list[FileProblem], int]:
        firsts: dict[str, FileProblem] = {}
        for problem in self._snapshot.problems():
            if problem.level == "error":
                firsts.setdefault(problem.file, problem)
        return list(firsts.values())[:limit], len(firsts)

    def news(self, seen: ReadMarks) -> News:
        """Return the entries that the user has not seen."""
        return seen.news()

    def entry(self, entry_id: str) -> Entry | None:
        return self._snapshot.by_id.get(entry_id)


class PartialView:
    """A tree as the catalogue holds it; only files that changed since are read."""

    def __init__(self, place: TreeLocation, catalogue: Catalogue) -> None:
        """Look which files have changed. Raises NeedsReading: see there."""
        try:
            self.lookup = Lookup(catalogue)
        except (sqlite3.Error, ValueError) as error:
            raise NeedsReading("The catalogue cannot be read.") from error
        held, now = self.lookup.files, sizes(*place)
        stale = [path for path, size in now.items() if path not in held or held[path][:2] != size]
        gone = [path for path in held if path not in now]
        if not held or len(stale) + len(gone) > MOST_STALE or any("\\x" in path for path in stale):
            raise NeedsReading("The tree is not read yet.")
        self._place = place
        self._marks = {path: digest for path, (_, _, digest) in held.items()}
        self._records: dict[str, FileRecord] = {}
        self.fresh: dict[str, FileRecord] = {}
        """Records of the files that have changed since the catalogue was written."""
        self.gone: set[str] = set()
        """Files that the catalogue has and the tree has not."""
        self.reread([*stale, *gone])

    def reread(self, paths: Iterable[str]) -> None:
        """Read these files again, and nothing else."""
        for path in paths:
            for known in (self._marks, self._records, self.fresh):
                known.pop(path, None)
            file = stat_file(self._place, path)
            if file is None:
                self.gone.add(path)
            else:
                self.gone.discard(path)
                self.fresh[path] = self._records[path] = record = read_record(file)
                self._marks[path] = record.digest
        self.lookup.without = {*self.fresh, *self.gone}

    def pick(self, asked: EntryFilter, limit: int, *, oldest: bool = False) -> tuple[list[Entry], int]:
        places, total = self.lookup.places(asked, limit, oldest=oldest)
        self.fetch(path for path, _ in places)
        found = [entry for path, place in places for entry in self.at(path)[place : place + 1]]
        fresh = [e for record in self.fresh.values() for e in record.entries if asked.holds(e)]
        return _ordered(found + fresh, oldest)[:limit], total + len(fresh)

    def projects(self) -> Collection[str]:
        fresh = {entry.project for record in self.fresh.values() for entry in record.entries}
        return fresh.union(self.lookup.projects())

    def errors(self, limit: int) -> tuple[list[FileProblem], int]:
        paths = [path for path in self.lookup.broken() if path not in self.lookup.without]
        paths += [path for path, r in self.fresh.items() if any(p.level == "error" for p in r.problems)]
        shown = sorted(paths)[:limit]
        self.fetch(shown)
        records = [self._records[path] for path in shown if path in self._records]
        return [p for r in records for p in [p for p in r.problems if p.level == "error"][:1]], len(paths)

    def news(self, seen: ReadMarks) -> News:
        """Return the entries that the user has not seen; none where too many files would have to be read."""
        return seen.peek(self._marks, self.at, MOST_STALE)

    def entry(self, entry_id: str) -> Entry | None:
        entries = self.at(id_file(entry_id))
        return next((entry for entry in entries if entry.id == entry_id), None)

    def at(self, path: str) -> Sequence[Entry]:
        """Return the entries of a file."""
        self.fetch([path])
        return self._records[path].entries if path in self._records else ()

    def fetch(self, paths: Iterable[str]) -> None:
        """Take in the records of these files, for `at`."""
        missing = dict.fromkeys(path for path in paths if path not in self._records)
        self._records |= {record.path: record for record in self.lookup.fetch(missing)} if missing else {}


def _ordered(entries: list[Entry], oldest: bool) -> list[Entry]:
    """Order by time, entries without one last; equals by file and line."""
    placed = sorted(entries, key=lambda entry: (entry.file, entry.line))
    placed.sort(key=lambda entry: seconds(entry.when) if entry.when else 0.0, reverse=not oldest)
    return sorted(placed, key=lambda entry: entry.when is None)
