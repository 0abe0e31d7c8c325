"""The places that the addresses in an entry lead to: files of the project, and other entries of the tree."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from index.library.memory_names import folded, names_of
from index.model.addresses import Destination, addresses, line_in
from index.model.store_places import is_beside

if TYPE_CHECKING:
    from index.library.snapshot import Snapshot
    from index.model.entry import Entry
    from index.storage.memory_stores import TreeLocation

_MOST = 200
"""Addresses of an entry that are looked up."""


class Destinations:
    """Finds where addresses lead, inside the project only. Any thread may ask; it looks at the disk."""

    def __init__(
        self, snapshot: Callable[[], Snapshot], place: TreeLocation, project: Callable[[], Path]
    ) -> None:
        """Take the tree as it is, its place, and the folder outside of which nothing else is followed."""
        self._snapshot, self._place, self._project = snapshot, place, project
        self._lock = threading.Lock()
        self._names: tuple[Snapshot, Mapping[str, set[str]]] | None = None

    def of(self, entry: Entry) -> Mapping[str, Destination]:
        """Return the destinations of an entry's addresses as they are written; of URLs none."""
        snapshot = self._snapshot()
        targets: dict[str, str] = {}
        for field in entry.fields:
            for one in addresses(field.text):
                if one.form != "url" and len(targets) < _MOST:
                    targets.setdefault(one.target, one.form)
        found = {}
        for target, form in targets.items():
            place = self._memory(snapshot, target) if form == "name" else self._file(snapshot, entry, target)
            if place is not None and place.entry_id != entry.id:
                found[target] = place
        return found

    def _memory(self, snapshot: Snapshot, name: str) -> Destination | None:
        with self._lock:
            if self._names is None or self._names[0] is not snapshot:
                self._names = snapshot, names_of(snapshot.entries)
            files = self._names[1].get(folded(name), set())
        return _entry_in(snapshot, next(iter(files)), 1) if len(files) == 1 else None

    def _file(self, snapshot: Snapshot, entry: Entry, target: str) -> Destination | None:
        """Return the file of a path: from the entry's folder on, from the tree's, or from the project's."""
        path, line = line_in(target)
        project = Path(os.path.realpath(self._project()))
        for real in self._places(entry, path, project):
            inside = self._place.path_of(real)
            if not (is_beside(inside) or real.is_relative_to(project)) or ".git" in real.parts:
                continue
            if inside in snapshot.records:
                return _entry_in(snapshot, inside, line)
            if real.is_file():
                return Destination(target, path=str(real), line=line)
        return None

    def _places(self, entry: Entry, path: str, project: Path) -> Iterator[Path]:
        for start in (self._place.disk(entry.file).parent, self._place.root, project):
            yield Path(os.path.realpath(start / path))


def _entry_in(snapshot: Snapshot, file: str, line: int) -> Destination | None:
    """Return the entry of a file that a line is in; the first for a line above all."""
    entries = sorted(snapshot.records[file].entries, key=lambda entry: entry.line) if file else []
    if not entries:
        return None
    entry = next((one for one in reversed(entries) if one.line <= line), entries[0])
    return Destination(entry.title, entry_id=entry.id)
