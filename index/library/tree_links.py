"""Links between the files of a tree: where each leads, and the indexes that list files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping

from index.formats.registry import format_of
from index.library.memory_names import folded, names_of
from index.model.cached import once
from index.model.entry import Entry
from index.model.file_links import FileLink, path_of
from index.model.store_places import store_of

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
        return {one for end in ends if (one := f"{path}{end}") in self.entries}

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
