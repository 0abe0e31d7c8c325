"""The links of a tree: their targets, and the names and memories that a new one may lead to."""

from __future__ import annotations

import os
import posixpath
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from index.formats.registry import format_of
from index.model.addresses import Destination, addresses, line_in
from index.model.cached import once
from index.model.entry import Entry
from index.model.file_links import FileLink, path_of
from index.model.store_places import is_beside, store_of
from index.model.text import letters

if TYPE_CHECKING:
    from index.library.snapshot import Snapshot
    from index.storage.memory_stores import TreeLocation


_NAMES = frozenset({"name", "title", "permalink", "aliases"})
_JOINTS = re.compile(r"[\s_-]+")


def names_of(entries: Iterable[Entry]) -> dict[str, set[str]]:
    """Return the files that each name leads to, the names as `folded`.

    A memory is called by its title, its own id, its file with or without folders, and what it says it is
    called. `feedback_tone.md` of the kind feedback is called `tone`, too, where nothing else is.
    """
    named: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    files: set[str] = set()
    for entry in entries:
        for name in own_names(entry).values():
            named.setdefault(folded(name), set()).add(entry.file)
        files.add(entry.file)
        stem = folded(posixpath.basename(entry.file).rpartition(".")[0])
        if entry.kind and stem.startswith(f"{entry.kind}-"):
            short.setdefault(stem[len(entry.kind) + 1 :], set()).add(entry.file)
    for file in files:
        parts = file.split("/")
        for place in range(len(parts)):
            path = "/".join(parts[place:])
            named.setdefault(folded(path), set()).add(file)
            named.setdefault(folded(path.rpartition(".")[0]), set()).add(file)
    return short | named


def own_names(entry: Entry) -> dict[str, str]:
    """Return the names an entry gives itself: its title, its own id, and fields such as `permalink`."""
    told = {
        field.name + str(place or ""): name
        for field in entry.fields
        if field.name in _NAMES
        for place, name in enumerate(field.items or (field.text,))
    }
    return {"": entry.title, "id": entry.own_id, **told}


def folded(name: str) -> str:
    """Return a name as names are compared.

    >>> folded("Retry Budget") == folded("retry_budget")
    True
    """
    return _JOINTS.sub("-", letters.folded(name.strip()))


INDEX = "index"
"""The kind of an entry that lists the files beside it."""


class TreeLinks:
    """The links between files, by the entries in them; a text is only read where they tell of a link."""

    def __init__(self, entries: Iterable[Entry], text: Callable[[str], str]) -> None:
        """Take the entries of a tree, and a function that returns the text of a file."""
        self._text = text
        self.entries: dict[str, list[Entry]] = {}
        """The entries of each file."""
        for entry in entries:
            self.entries.setdefault(entry.file, []).append(entry)

    @once
    def links(self) -> Mapping[str, list[FileLink]]:
        """The links of each file that has some."""
        found = {}
        for file, entries in self.entries.items():
            linking = format_of(file).linking
            if linking is not None:
                told = "\n".join([field.text for entry in entries for field in entry.fields])
                if any(True for _ in linking.links(told)):
                    found[file] = list(linking.links(self._text(file)))
        return found

    @once
    def indexes(self) -> Mapping[str, str]:
        """The file that lists the others, by its folder."""
        every = (entry for entries in self.entries.values() for entry in entries)
        return {posixpath.dirname(entry.file): entry.file for entry in every if entry.kind == INDEX}

    @once
    def _names(self) -> Mapping[str, set[str]]:
        return names_of(entry for entries in self.entries.values() for entry in entries)

    def targets(self, file: str, link: FileLink) -> set[str]:
        """Return the files of the tree that a link may lead to; none where it is dead or leads elsewhere."""
        if link.by_name:
            return self._names.get(folded(link.target), set())
        path = path_of(file, link.target)
        ends = ("", format_of(file).suffix) if path else ()
        found = (f"{form}{end}" for form in letters.forms(path or "") for end in ends)
        return {one for one in found if one in self.entries}

    def index_above(self, file: str) -> str:
        """Return the index of the folder that a file is in, or of the nearest one above in the same store."""
        folder, store = posixpath.dirname(file), store_of(file)
        while True:
            index = self.indexes.get(folder, "")
            if index and store in ("", store_of(index)):
                return index
            if not folder:
                return ""
            folder = posixpath.dirname(folder)


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
            for form in letters.forms(path):
                yield Path(os.path.realpath(start / form))


def _entry_in(snapshot: Snapshot, file: str, line: int) -> Destination | None:
    """Return the entry of a file that a line is in; the first for a line above all."""
    entries = sorted(snapshot.records[file].entries, key=lambda entry: entry.line) if file else []
    if not entries:
        return None
    entry = next((one for one in reversed(entries) if one.line <= line), entries[0])
    return Destination(entry.title, entry_id=entry.id)
