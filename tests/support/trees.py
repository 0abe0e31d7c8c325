"""A tree in memory, for what is planned on one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from index.commands.demo import sample_tree
from index.formats.xml.elements import read_content
from index.formats.xml.entries import read_entries
from index.library.snapshot import find
from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.model.known_entries import EntryList
from index.model.plan import PlannedChange
from index.model.store_places import WHOLE
from index.storage.scan import scan


class Files:
    """Files by name, read as a tree."""

    scope = WHOLE

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = dict(files)

    def entries(self) -> list[Entry]:
        return [entry for item in self.files.items() for entry in _entries(*item)]

    def known(self) -> EntryList:
        return EntryList(self.entries())

    def entry(self, entry_id: str) -> Entry:
        return find({entry.id: entry for entry in self.entries()}, entry_id)

    def real(self, file: str) -> Path:
        return Path(file)

    def data(self, file: str) -> bytes | None:
        return self.files.get(file)

    def named(self, file: str) -> str:
        return file

    def problems(self) -> list[FileProblem]:
        return []

    def after(self, changes: tuple[PlannedChange, ...]) -> Files:
        """Return the tree after a plan, whose `before` must be what it holds."""
        files = dict(self.files)
        for change in changes:
            assert files.get(change.file) == change.before
            files.pop(change.file, None)
            if change.after is not None:
                files[change.file] = change.after
        return Files(files)


@cache
def _entries(file: str, data: bytes) -> list[Entry]:
    return read_entries(read_content(data, file), file)


SAMPLE = Files({file.path: file.real.read_bytes() for file in scan(sample_tree().resolve())[0]})
EMPTY = Files({})
