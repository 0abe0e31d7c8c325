"""The tree as it was last read: one value, replaced whole, so that every reader sees one truth."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from typing import NamedTuple

from index.library.conflict_copies import Copy, copies, copy_message
from index.model.days import seconds
from index.model.entry import Entry, id_key
from index.model.errors import UnknownEntry
from index.model.file_record import FileProblem, FileRecord
from index.model.path_spelling import as_typed, shown
from index.model.text.letters import bare, composed, normal
from index.model.vocabulary import kind_key


class TreeChanges(NamedTuple):
    """Paths of the files that differ from the snapshot before."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Snapshot:
    """Every entry and problem of a tree at one moment."""

    records: Mapping[str, FileRecord] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    """Newest first, those without a time last; templates among them."""
    by_id: Mapping[str, Entry] = field(default_factory=dict)
    notices: tuple[FileProblem, ...] = ()
    """Problems with files and folders that could not be listed at all."""

    @classmethod
    def of(cls, records: Mapping[str, FileRecord], notices: Iterable[FileProblem] = ()) -> Snapshot:
        """Put the records of a tree in order."""
        entries = [entry for record in records.values() for entry in record.entries]
        return cls(
            records=records,
            entries=tuple(order(entries, "date")),
            by_id={entry.id: entry for entry in entries},
            notices=tuple(notices),
        )

    def with_files(self, records: Mapping[str, FileRecord], paths: Collection[str]) -> Snapshot:
        """Return the tree with these records, which differ in the files of these paths only."""
        entries, by_id = list(self.entries), dict(self.by_id)
        for path in paths:
            before, after = (
                {entry.id: entry for entry in held[path].entries} if path in held else {}
                for held in (self.records, records)
            )
            for entry in before.values():
                if after.get(entry.id) != entry:
                    place = bisect_left(entries, _newest_first(entry), key=_newest_first)
                    while entries[place].id != entry.id:  # several may begin on one line
                        place += 1
                    del entries[place]
                    by_id.pop(entry.id, None)
            for entry in after.values():
                if before.get(entry.id) != entry:
                    insort(entries, entry, key=_newest_first)
                    by_id[entry.id] = entry
        return Snapshot(records, tuple(entries), by_id, self.notices)

    @cached_property
    def total(self) -> int:
        """The number of entries, without the templates."""
        return sum(1 for entry in self.entries if not entry.template)

    @cached_property
    def bare_ids(self) -> str:
        """Every id as it is searched for, each between two ends of a line."""
        return "\n".join(("", *map(bare, self.by_id), ""))

    @cached_property
    def copies(self) -> Mapping[str, Copy]:
        """The files that a sync tool or an editor made of others beside them, by path."""
        return copies({path: record.entries for path, record in self.records.items()})

    @property
    def broken(self) -> int:
        """The number of files and folders with an error."""
        return len({p.file for p in self._found() if p.level == "error"})

    def problems(self) -> list[FileProblem]:
        """Every problem: the broken files first, each file's in the order of its lines.

        They are put together once: the first call goes through all files.
        """
        return list(self._problems)

    @cached_property
    def _problems(self) -> Sequence[FileProblem]:
        found = [*self._found(), *map(self._copied, self.copies.values())]
        return sorted(found, key=lambda p: (p.level != "error", p.file, p.line, p.column))

    def _found(self) -> list[FileProblem]:
        return [p for record in self.records.values() for p in record.problems] + list(self.notices)

    def _copied(self, copy: Copy) -> FileProblem:
        message = copy_message(copy, self.records[copy.path], self.records[copy.original])
        return FileProblem(copy.path, 0, 0, "copy", message, "note", repairable=False, guesses=False)


def find(by_id: Mapping[str, Entry], entry_id: str) -> Entry:
    """Return the entry with this id; its end from a `/` or the part after `#` is enough where it is unique.

    An entry in a file and in copies that a sync tool made of it is the one in the file.

    Raises UnknownEntry: there is none; names the nearest ids.
    """
    entry_id = as_typed(entry_id, by_id)
    if entry_id in by_id:
        return by_id[entry_id]
    printed = [e for full, e in by_id.items() if shown(full) == entry_id] if "\\" in entry_id else []
    if len(printed) == 1:
        return printed[0]
    if not entry_id.isascii():
        letters = composed(entry_id)
        entry_id = next((one for one in by_id if composed(one) == letters), entry_id)
        if entry_id in by_id:
            return by_id[entry_id]
    if not id_key(entry_id):
        raise UnknownEntry("The id is empty: memarium list shows the ids.", entry_id)
    called = _called(by_id, entry_id) or _owning(by_id, entry_id)
    if len(called) > 1:
        called = _without_copies(by_id, called)
    if len(called) == 1:
        return called[0]
    if called:
        raise UnknownEntry(
            f"{len(called)} entries share the id {shown(id_key(entry_id))}: take "
            f"{' or '.join(shown(one.id) for one in called[:3])}."
        )
    from difflib import get_close_matches

    key = id_key(entry_id).lower()
    keys = {id_key(full).lower(): full for full in by_id}
    near = [shown(id_key(keys[k])) for k in get_close_matches(key, keys, 3, 0.6)]
    hint = f" Did you mean {' or '.join(near)}?" if near else " memarium list shows the ids."
    raise UnknownEntry(f"No entry has the id {shown(entry_id)}.{hint}", entry_id)


def _owning(by_id: Mapping[str, Entry], name: str) -> list[Entry]:
    """Return the entries that were given this id: both sides of a merge may, and with any sign in it."""
    return [one for one in by_id.values() if name in (one.own_id, f"{one.file}#{one.own_id}")]


def _called(by_id: Mapping[str, Entry], key: str) -> list[Entry]:
    """Return the entries whose id is this one in their file, or in their store.

    All ids are gone through: that takes a few ms in the largest trees, an index of them a hundred.
    """
    end = f"/{key}" if "#" in key else f"#{key}"
    return [entry for full, entry in by_id.items() if full.endswith(end)]


def _without_copies(by_id: Mapping[str, Entry], entries: list[Entry]) -> list[Entry]:
    """Return those of the entries that are in no copy of another file; all where each of them does."""
    held: dict[str, list[Entry]] = {entry.file: [] for entry in entries}
    for entry in by_id.values():
        if entry.file in held:
            held[entry.file].append(entry)
    made = copies(held)
    return [entry for entry in entries if entry.file not in made] or entries


def order(entries: Iterable[Entry], sort: str) -> list[Entry]:
    """Return entries in an order of `SORTS`; those that are alike in it come newest first.

    By level the highest is first; an entry without a date is last by date, whether newest or oldest first.
    """
    placed = sorted(entries, key=lambda e: (e.file, e.line))
    if sort == "file":
        return placed
    placed.sort(key=_age)
    if sort == "oldest":
        placed.sort(key=lambda e: (e.when is None, -_age(e)))
    elif sort == "title":
        placed.sort(key=lambda e: normal(e.title))
    elif sort == "kind":
        placed.sort(key=lambda e: kind_key(e.kind))
    elif sort == "level":
        placed.sort(key=lambda e: -(e.level or 0))
    return placed


def _newest_first(entry: Entry) -> tuple[float, str, int]:
    """The key of the order by date."""
    return _age(entry), entry.file, entry.line


def _age(entry: Entry) -> float:
    """The newer, the less; an entry without a time is older than all."""
    return -seconds(entry.when) if entry.when is not None else inf
