"""Changes on disk that are in no commit, file by file and entry by entry, whoever wrote them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from index.formats.opened import source_of
from index.formats.registry import open_file, read_file, text_of
from index.git.repository import Repository
from index.history.field_diff import compare, describe, only_in_writing
from index.history.tree_log import in_words
from index.model.entry import Entry
from index.model.entry_matching import pair
from index.model.errors import NotHere, Refused, TreeError
from index.model.field import FieldChange
from index.storage.files import read_or_none

_SUMMED_UP = 6
"""Fields that the words about one entry name."""


class UncommittedChange(NamedTuple):
    """The change of one entry that is not committed."""

    before: Entry | None
    """As the last commit has it; None when it is new."""
    after: Entry | None
    """As it is on disk; None when it is gone."""
    fields: tuple[FieldChange, ...]
    """The fields that differ; all of them, of an entry that is new or gone."""
    old_markup: str
    new_markup: str

    @property
    def entry(self) -> Entry:
        """The entry as it is now, or as it last was."""
        entry = self.after or self.before
        assert entry is not None
        return entry

    @property
    def how(self) -> str:
        """`added`, `edited` or `deleted`."""
        return "added" if self.before is None else "deleted" if self.after is None else "edited"

    @property
    def words(self) -> str:
        """The change, in words."""
        return describe(self.fields, _SUMMED_UP) if self.how == "edited" else self.how


class UncommittedFile(NamedTuple):
    """One file that is not as the last commit has it."""

    path: str
    """Relative to the tree."""
    before: bytes | None
    """The bytes that a checkout of the last commit would write; None when the file is new."""
    after: bytes | None
    """The bytes on disk; None when the file is deleted."""
    entries: tuple[UncommittedChange, ...]
    """The entries that differ; none when only the layout, or the text around them, does."""

    @property
    def how(self) -> str:
        """`new`, `changed` or `deleted`."""
        return "new" if self.before is None else "deleted" if self.after is None else "changed"

    @property
    def summary(self) -> str:
        """The changes of its entries: `+3 debugging solutions, 1 decision edited`."""
        by = {how: [c.entry for c in self.entries if c.how == how] for how in ("added", "edited", "deleted")}
        said = in_words(by["added"], by["edited"], by["deleted"])
        return said or self._around()

    def _around(self) -> str:
        if self.before is None or self.after is None:
            return ""
        if not all(read_file(data, self.path).legible for data in (self.before, self.after)):
            return "its entries cannot be read"
        before, after = (text_of(data, self.path) for data in (self.before, self.after))
        if before == after:
            return "only its encoding changed"
        same = "".join(before.split()) == "".join(after.split())
        return only_in_writing(before, after) if same else "only its layout, or what is around the entries"


def files(repository: Repository) -> list[str]:
    """Return the paths of the files that may be pending, none of them compared yet."""
    return [path for path in repository.uncommitted() if not os.path.islink(repository.checkout.disk(path))]


def links(repository: Repository) -> list[str]:
    """Return the paths of links that are in no commit: their targets are judged where they lie."""
    return [path for path in repository.uncommitted() if os.path.islink(repository.checkout.disk(path))]


def uncommitted_files(repository: Repository) -> Iterator[UncommittedFile]:
    """Yield the memory files that are not committed, in the order of their paths.

    Nothing that the repository configures is run; what git would put through a filter program, and links,
    cannot be judged without, and are left out, as is a file that cannot be read.

    Raises Refused: git could not read the repository, or lacks what the last commit has of one.
    """
    for path in files(repository):
        try:
            real = repository.checkout.disk(path)
            disk = None if _has_given_way(real) else read_or_none(real)
            head = repository.checked_out(path, like=disk)
        except NotHere:
            raise  # what it differs in cannot be told, but it does
        except (Refused, TreeError):
            continue
        if disk != head:
            yield UncommittedFile(path, head, disk, tuple(edits_between(path, head, disk)))


def _has_given_way(file: Path) -> bool:
    """Whether a folder has the place of a file, or a file that of a folder above it: for git it is gone."""
    return os.path.isdir(file) or os.path.isfile(next(filter(os.path.exists, file.parents)))


def lost_on_disk(repository: Repository) -> Iterator[tuple[Entry, bytes | None]]:
    """Yield the entries that the last commit has and the disk has not, each with the bytes of its file now.

    They are `b""` of no file, and None where its entries cannot be read, so that it may hold them still.

    Raises Refused: git could not read the repository.
    """
    for item in uncommitted_files(repository):
        if item.after is None or read_file(item.after, item.path).legible:
            lost = [change.before for change in item.entries if change.after is None]
            yield from ((entry, item.after or b"") for entry in lost if entry is not None)
        else:
            yield from ((entry, None) for entry in read_file(item.before or b"", item.path).entries)


def edits_between(path: str, before: bytes | None, after: bytes | None) -> Iterator[UncommittedChange]:
    """Yield the entries of a file that differ between two contents; none where one cannot be read."""
    old, new = (open_file(data, path) for data in (before, after))
    if not (old.legible and new.legible):
        return  # nobody knows what became of them
    for was, now in pair(old.entries, new.entries):
        if all(entry is None or entry.template for entry in (was, now)):
            continue
        fields = compare(was, now)
        if fields or was is None or now is None:
            old_source, new_source = source_of(old, was) if was else "", source_of(new, now) if now else ""
            yield UncommittedChange(was, now, fields, old_source, new_source)
