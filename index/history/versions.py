"""The history of one entry: its versions, newest first, wherever it was, whatever its file was called."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from index.formats.registry import format_of, is_memory
from index.git.repository import Repository
from index.history.entry_at_commit import EntryAtCommit, EntryFinder, KnownVersion, locate
from index.history.field_diff import compare, describe
from index.model.commits import BEGINS, LogStep, TouchedFile
from index.model.entry import Entry
from index.model.errors import Refused
from index.model.field import FieldChange
from index.model.text.text_merge import ALIKE, common_share

_SUMMED_UP = 6
"""Fields that a summary names; a session that ends changes twenty."""
_CANDIDATES = 500
"""Files of one commit in which an entry is searched that came from elsewhere; a move touches two."""


@dataclass(frozen=True, slots=True)
class Version:
    """An entry after one change of it."""

    rev: str | None
    """The commit; None for a change on disk that is not committed."""
    when: datetime | None
    """Aware; None when not committed."""
    author: str
    message: str
    changes: tuple[FieldChange, ...]
    path: str
    """The file, as seen from the tree: with `../` where it was outside of it."""
    blob: str
    """Id of the file's content, for `Repository.content`; empty when the file is gone, or not committed."""
    entry: Entry | None
    """The entry then; None when this change deleted it."""
    markup: str = ""
    """Its source."""
    broken: bool = False
    """The file was not well-formed."""
    first: bool = False
    """The entry came with this change."""
    deleted: bool = False
    """The entry went with this change."""
    cut: bool = False
    """A shallow clone begins with it: its changes are not known."""
    rule: str = ""
    """That of its file, as in `KnownVersion`."""

    @property
    def summary(self) -> str:
        """The change, in words."""
        if self.cut:
            return BEGINS
        if self.first or self.deleted:
            return "added" if self.first else "deleted"
        return describe(self.changes, _SUMMED_UP)


class VersionMoment(NamedTuple):
    """The change that one commit, or an edit that is not committed, made to the entry: perhaps none."""

    step: LogStep | None
    """None for a change that is not committed."""
    path: str
    """In the repository."""
    blob: str
    """Id of the file's content after it; empty when there is none."""
    before: KnownVersion | None
    after: KnownVersion | None
    changes: tuple[FieldChange, ...]
    unread: tuple[bool, bool] = (False, False)
    """Whether the file before, or after it, cannot be read, so that its content is unknown."""

    @property
    def is_cut(self) -> bool:
        """Whether a shallow clone begins with it."""
        return self.step is not None and self.step.cut


def versions(
    repository: Repository, file: str, entry_id: str, *, disk: bytes | None = None
) -> Generator[Version]:
    """Yield the versions of an entry of a tree's file, newest first, as they come out of git.

    Args:
        file: path relative to the tree; of an entry that is deleted, where it last was.
        entry_id: as on disk when `disk` is given, else as in the last commit that holds it.
        disk: what the file holds now (`b""` when it is gone), to begin with what is not committed.

    Raises:
        Refused: git could not read the history, or the file lies outside the tree.
    """
    finder = EntryFinder(repository, entry_id)
    with closing(moments(repository, finder, file, disk)) as found:
        for moment in found:
            if moment.changes or (moment.after is not None and moment.is_cut):
                place = repository.tree_path(moment.path)
                data = disk if moment.step is None else finder.read(moment.blob, place)
                yield _version(finder, moment, place, data or None)


def find_commit(repository: Repository, rev: str) -> str:
    """Return the full id of the commit that is called so. Raises Refused: there is none."""
    if found := repository.resolve(rev):
        return found
    shallow = repository.cut_off()
    where = "this shallow clone: git fetch --unshallow gets the rest" if shallow else "this repository"
    raise Refused(f"There is no revision {rev} in {where}.")


def at_revision(repository: Repository, file: str, entry_id: str, rev: str) -> EntryAtCommit | None:
    """Return an entry as it was at any revision, wherever it was then; None when it was not there.

    Raises Refused: there is no such revision, or git could not read the history.
    """
    commit = find_commit(repository, rev)
    finder = EntryFinder(repository, entry_id)
    held: dict[str, str] = {}
    with closing(moments(repository, finder, file)) as found:
        for moment in found:
            if moment.path not in held:
                held[moment.path] = repository.blob_id(commit, moment.path)
            if held[moment.path] and held[moment.path] == moment.blob:
                tree_path = repository.tree_path(moment.path)
                seen = moment.after
                data = finder.read(moment.blob, tree_path)
                return locate(data, tree_path, seen.markup, seen.entry, seen.rule) if seen else None
    return None


def past_of(repository: Repository, version: Version) -> EntryAtCommit | None:
    """Return the file of a version and the entry in it; None for one that is deleted or not committed."""
    data = repository.content(version.blob, version.path)
    if version.entry is None:
        return None
    return locate(data, version.path, version.markup, version.entry, version.rule)


def _version(finder: EntryFinder, moment: VersionMoment, path: str, data: bytes | None) -> Version:
    step = moment.step
    after = finder.complete(moment.after, data, path) if moment.after else None
    return Version(
        step.rev if step else None,
        step.when if step else None,
        step.author if step else "",
        step.message if step else "",
        moment.changes,
        path,
        moment.blob,
        after.entry if after else None,
        after.markup if after else "",
        broken=data is not None and format_of(path).is_broken(data),
        first=moment.before is None,
        deleted=after is None,
        cut=moment.is_cut,
        rule=after.rule if after else "",
    )


def moments(
    repository: Repository, finder: EntryFinder, file: str, disk: bytes | None = None
) -> Generator[VersionMoment]:
    """Yield every commit of the files that an entry was in, newest first; the arguments are as in `versions`.

    Raises Refused: git could not read the history, or the file lies outside the tree.
    """
    path = repository.git_path(file)
    if disk is not None:
        head = repository.blob_id(repository.resolve("HEAD"), path)
        if disk != finder.read(head, file):
            finder.last = after = finder.within(disk, file, None)
            before = finder.at(head, file, disk)
            finder.last = after or before
            if before is not None or not finder.is_unread(head, file):
                yield VersionMoment(None, path, "", before, after, _difference(before, after))
            finder.last = before or after
    with closing(_committed(repository, finder, path)) as found:
        yield from _over_gaps(found)


def _over_gaps(found: Iterable[VersionMoment]) -> Iterator[VersionMoment]:
    """Leave out the versions that cannot be read: a difference around them came with the newer one."""
    waiting: VersionMoment | None = None
    for moment in found:
        unread_before, unread_after = moment.unread
        before = moment.before if unread_after else moment.after
        if waiting is not None and not (unread_before and unread_after):
            yield waiting._replace(before=before, changes=_difference(before, waiting.after))
            waiting = None
        if unread_before and not unread_after:
            waiting = moment
        elif not unread_after:
            yield moment
    if waiting is not None:
        yield waiting


def _committed(repository: Repository, finder: EntryFinder, path: str) -> Generator[VersionMoment]:
    """Follow the entry through the commits of its file; where it came from another file, through those."""
    start: str | None = None
    while True:
        origin = None
        with closing(repository.steps(path, start)) as steps:
            for step in steps:
                touched = next((file for file in step.files if file.path == path), None)
                if touched is None:
                    continue  # a merge of what its parents had
                moment = _moment(repository, finder, step, touched)
                if moment.before is None and moment.after is not None and not any(moment.unread):
                    origin = _origin(repository, finder, moment)
                    if origin is not None:
                        changes = _difference(origin[1], moment.after)
                        moment = moment._replace(before=origin[1], changes=changes)
                yield moment
                if moment.before is not None:
                    finder.last = moment.before
                if origin is not None:
                    start = repository.resolve(f"{step.rev}^")
                    break
        if origin is None or start is None:
            return
        path = origin[0]


def _moment(
    repository: Repository, finder: EntryFinder, step: LogStep, touched: TouchedFile
) -> VersionMoment:
    """Find the entry on both sides of a commit; a change that a merge took over is none of its own."""
    file = repository.tree_path(touched.path)
    known = finder.last
    after = finder.at(touched.new, file, present=known is None)
    finder.last = after or known
    newer = finder.read(touched.new, file) if after is not None else None
    befores = [finder.at(old, file, newer, present=after is not None) for old in touched.olds]
    differences = [_difference(before, after) for before in befores]
    place = next((i for i, changes in enumerate(differences) if not changes), 0)
    before = befores[place]
    unread = (
        before is None and finder.is_unread(touched.olds[place], file),
        after is None and finder.is_unread(touched.new, file),
    )
    return VersionMoment(step, touched.path, touched.new, before, after, differences[place], unread)


def _difference(before: KnownVersion | None, after: KnownVersion | None) -> tuple[FieldChange, ...]:
    if before is after or (before and after and before.raw == after.raw):
        return ()
    return compare(before.entry if before else None, after.entry if after else None)


def _origin(
    repository: Repository, finder: EntryFinder, moment: VersionMoment
) -> tuple[str, KnownVersion] | None:
    """Find the file that an entry left in the same commit: it, or its file, was moved or renamed."""
    rev = moment.step.rev if moment.step else ""
    if repository.resolve(f"{rev}^") is None:
        return None
    with closing(repository.steps(".", rev, limit=1)) as steps:
        files = next(steps).files
    others = [file for file in files if file.path != moment.path and file.olds[0]]
    others = [file for file in others if is_memory(file.path)]
    came = any(file.path == moment.path and not any(file.olds) for file in files)
    newer = finder.read(moment.blob, repository.tree_path(moment.path)) if came else None
    for other, alike in _likeliest(repository, finder, moment.blob, newer, others):
        file = repository.tree_path(other.path)
        if alike:
            finder.names.add(file)
        seen = finder.at(other.olds[0], file, newer if alike else None, present=alike)
        if seen is not None and finder.at(other.new, file, present=False) is None:
            return other.path, seen
    return None


def _likeliest(
    repository: Repository, finder: EntryFinder, blob: str, newer: bytes | None, others: Sequence[TouchedFile]
) -> list[tuple[TouchedFile, bool]]:
    """Return the files that may have been renamed, or have given an entry away, the likeliest first.

    Each with whether it was renamed: it says the same as `newer`, the bytes of a file that came, or nearly.
    """
    gone = [file for file in others if not file.new]
    if newer is None:
        return [(file, False) for file in (*gone, *(file for file in others if file.new))][:_CANDIDATES]
    same = {file.path: 1.0 for file in gone if file.olds[0] == blob}
    if not same:
        for file in gone[:_CANDIDATES]:
            data = finder.read(file.olds[0], repository.tree_path(file.path)) or b""
            same[file.path] = common_share(newer, data)
    alike = [(file, same.get(file.path, 0.0)) for file in others]
    alike.sort(key=lambda one: (bool(one[0].new), -one[1]))
    return [(file, share >= ALIKE) for file, share in alike[:_CANDIDATES]]


class Origin(NamedTuple):
    """The last change of a field."""

    rev: str | None
    """The commit; None for a change that is not committed."""
    when: datetime | None
    """Aware; None when not committed."""
    author: str
    message: str


_ON_DISK = Origin(None, None, "", "")


def blame(
    repository: Repository, file: str, entry_id: str, *, disk: bytes | None = None
) -> dict[str, Origin]:
    """Return the last change of every field, by its name; the arguments are those of `versions`.

    Walks back only until the last field is told. Empty for an entry that is not there, or never committed.

    Raises Refused: git could not read the history.
    """
    found: dict[str, Origin] = {}
    wanted: set[str] | None = None
    with closing(moments(repository, EntryFinder(repository, entry_id), file, disk)) as past:
        for moment in past:
            if not moment.changes:
                continue
            if moment.after is None:
                break  # it is gone, or older commits are of a life before this one
            if wanted is None:
                wanted = {field.name for field in moment.after.entry.fields}
            step = moment.step
            origin = Origin(step.rev, step.when, step.author, step.message) if step else _ON_DISK
            for change in moment.changes:
                if change.field in wanted:
                    wanted.discard(change.field)
                    found[change.field] = origin
            if not wanted or moment.before is None:
                break
    return found
