"""The entries of a tree as a change asks after them: by kind, by file, by their own ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from index.model.entry import Entry, id_file


class KnownEntries(Protocol):
    """The entries of a tree; templates are among them.

    Asked for by what a change needs of them, since a tree of 100,000 entries takes seconds to read.
    """

    def every(self) -> Sequence[Entry]:
        """Return all entries, newest first; this reads the tree."""

    def newest(self, kind: str, most: int) -> Sequence[Entry]:
        """Return the newest entries of a kind, `most` at most."""

    def in_file(self, file: str) -> Sequence[Entry]:
        """Return the entries of one file."""

    def kinds(self) -> Counter[str]:
        """Return how many entries each kind has."""

    def files(self, kind: str) -> Counter[str]:
        """Return how many entries of a kind each file has; the file with the newest one comes first."""

    def own_ids(self, start: str) -> list[tuple[str, str]]:
        """Return the ids that begin so and that entries give themselves, each with its `Entry.id`."""

    def own_ids_of(self, kind: str, file: str = "") -> list[str]:
        """Return the ids that entries of a kind give themselves, newest first; of one file if it is named."""

    def statuses(self, kind: str) -> list[str]:
        """Return the status of each entry of a kind that has one, newest first."""


class EntryList:
    """`KnownEntries` that are there already."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Take the entries, newest first."""
        self._entries = entries

    def every(self) -> Sequence[Entry]:
        return self._entries

    def newest(self, kind: str, most: int) -> Sequence[Entry]:
        return [entry for entry in self._entries if entry.kind == kind][:most]

    def in_file(self, file: str) -> Sequence[Entry]:
        return [entry for entry in self._entries if entry.file == file]

    def kinds(self) -> Counter[str]:
        return Counter(entry.kind for entry in self._entries)

    def files(self, kind: str) -> Counter[str]:
        return Counter(entry.file for entry in self._entries if entry.kind == kind)

    def own_ids(self, start: str) -> list[tuple[str, str]]:
        named = ((entry.own_id, entry.id) for entry in self._entries)
        return [(own, entry_id) for own, entry_id in named if own and own.startswith(start)]

    def own_ids_of(self, kind: str, file: str = "") -> list[str]:
        asked = (e for e in self._entries if e.kind == kind and (not file or e.file == file))
        return [own for entry in asked if (own := entry.own_id)]

    def statuses(self, kind: str) -> list[str]:
        return [entry.status for entry in self._entries if entry.kind == kind and entry.status]


NONE = EntryList(())


class WithFiles:
    """The `KnownEntries` of a tree, those of some files as they are or will be."""

    def __init__(self, below: KnownEntries, files: Mapping[str, Sequence[Entry]]) -> None:
        """Take the entries of `files`, by path, in place of those that `below` has of them."""
        self._below = below
        self._files = files
        self._own = EntryList([entry for entries in files.values() for entry in entries])

    def every(self) -> Sequence[Entry]:
        """Return all entries, those of the files last."""
        others = (entry for entry in self._below.every() if entry.file not in self._files)
        return [*others, *self._own.every()]

    def newest(self, kind: str, most: int) -> Sequence[Entry]:
        """Return the newest entries of a kind elsewhere, and all of them in the files."""
        others = (entry for entry in self._below.newest(kind, most) if entry.file not in self._files)
        return [*others, *self._own.newest(kind, most)]

    def in_file(self, file: str) -> Sequence[Entry]:
        return self._files[file] if file in self._files else self._below.in_file(file)

    def kinds(self) -> Counter[str]:
        before = Counter(entry.kind for file in self._files for entry in self._below.in_file(file))
        return self._below.kinds() - before + self._own.kinds()

    def files(self, kind: str) -> Counter[str]:
        others = ((file, n) for file, n in self._below.files(kind).items() if file not in self._files)
        return Counter(dict(others)) + self._own.files(kind)

    def own_ids(self, start: str) -> list[tuple[str, str]]:
        below = self._below.own_ids(start)
        others = [one for one in below if id_file(one[1]) not in self._files]
        return others + self._own.own_ids(start)

    def own_ids_of(self, kind: str, file: str = "") -> list[str]:
        if file:
            return EntryList(self.in_file(file)).own_ids_of(kind)
        return self._below.own_ids_of(kind) + self._own.own_ids_of(kind)

    def statuses(self, kind: str) -> list[str]:
        return EntryList(self.every()).statuses(kind)
