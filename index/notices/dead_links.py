"""Links between files that lead nowhere, and files that no link leads to."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from index.formats.registry import format_of
from index.library.snapshot import Snapshot
from index.model.file_links import FileLink, path_of
from index.model.file_record import FileProblem
from index.model.path_spelling import shown, unspelled
from index.notices.memory_names import folded, names_of
from index.notices.sources import Sources, file_notice

INDEX = "index"
"""The kind of an entry that lists the files beside it."""


class TreeLinks:
    """The links between the files of a tree as it was last read."""

    def __init__(self, root: Path, snapshot: Snapshot, sources: Sources) -> None:
        self._root, self._snapshot, self._sources = root, snapshot, sources

    @cached_property
    def links(self) -> Mapping[str, list[FileLink]]:
        """The links of each file that has some."""
        found = {}
        for file, record in self._snapshot.records.items():
            told = "\n".join([field.text for entry in record.entries for field in entry.fields])
            if any(True for _ in format_of(file).links(told)):
                found[file] = list(format_of(file).links(self._sources.text(file)))
        return found

    @cached_property
    def _names(self) -> Mapping[str, set[str]]:
        return names_of(self._snapshot.entries)

    def targets(self, file: str, link: FileLink) -> Iterable[str]:
        """Return the files of the tree that a link may lead to; none where it is dead or leads outside."""
        if link.by_name:
            return self._names.get(folded(link.target), ())
        path = path_of(file, link.target)
        return (
            [one for one in (path, f"{path}{format_of(file).suffix}") if one in self._snapshot.records]
            if path
            else ()
        )

    def is_dead(self, file: str, link: FileLink) -> bool:
        """Whether nothing is where a link leads to within the tree."""
        if any(True for _ in self.targets(file, link)):
            return False
        if link.by_name:
            folder = posixpath.dirname(file)
            return not (_has_suffix(link) and self._is_there(posixpath.join(folder, link.target)))
        path = path_of(file, link.target)
        return path is not None and not self._is_there(path)

    def _is_there(self, path: str) -> bool:
        try:
            return os.path.lexists(self._root / unspelled(path))
        except ValueError:
            return False

    @cached_property
    def indexes(self) -> list[str]:
        """The files that list the others."""
        return [
            e.file for record in self._snapshot.records.values() for e in record.entries if e.kind == INDEX
        ]

    def dead(self) -> Iterator[FileProblem]:
        """Yield the links that lead nowhere."""
        for file, links in self.links.items():
            for link in links:
                if self.is_dead(file, link):
                    code, words = self._words(file, link)
                    yield self._sources.notice(file, link.start, code, words)

    def _words(self, file: str, link: FileLink) -> tuple[str, str]:
        """Return the code and the words for a dead link."""
        target = shown(link.target)[:120]
        if file in self.indexes:
            to_do = "take the line out, or restore the file"
            return "dead-line", f"{target}, which the index names, is not there: {to_do}."
        if link.by_name:
            return "dead-link", f"No memory is called {target}: correct the link, or add the memory."
        return (
            "dead-link",
            f"The link leads to {target}, which is not there: correct it, or restore the file.",
        )

    def unlinked(self) -> Iterator[FileProblem]:
        """Yield the files beside an index that neither it nor another file leads to."""
        if not self.indexes:
            return
        led = {
            path
            for file, links in self.links.items()
            for link in links
            for path in self.targets(file, link)
            if path != file
        }
        folders = {posixpath.dirname(index): index for index in self.indexes}
        for file in self._snapshot.records:
            if file in led or file in self.indexes:
                continue
            index = self._index_above(file, folders)
            if index and format_of(index) is format_of(file):
                words = (
                    f"No line of {shown(posixpath.basename(index))} and no link leads here: add a line to it."
                )
                yield file_notice(file, "unlinked", words)

    @staticmethod
    def _index_above(file: str, folders: Mapping[str, str]) -> str:
        """Return the index of the folder that a file is in, or of the nearest one above."""
        folder = posixpath.dirname(file)
        while folder not in folders and folder:
            folder = posixpath.dirname(folder)
        return folders.get(folder, "")


def _has_suffix(link: FileLink) -> bool:
    return "." in posixpath.basename(link.target)
