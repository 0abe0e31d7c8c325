"""The history of one entry: its versions, newest first, wherever it stood, whatever its file was called."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from index.history.comparing import FieldChange, compare, describe
from index.history.errors import Refused
from index.history.log import Step, Touched
from index.history.past import Finder, Past, Seen, is_broken, read_past
from index.history.repository import Repository
from index.memory.entries import Entry

_SUMMED_UP = 6
"""Fields that a summary names; a session that ends changes twenty."""
_CANDIDATES = 500
"""Files of one commit in which an entry is searched that came from elsewhere; a move touches two."""


@dataclass(frozen=True, slots=True)
class Version:
    """An entry after one change of it."""

    rev: str | None
    """The commit; None for what is on disk and not committed."""
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

    @property
    def summary(self) -> str:
        """What changed, in words."""
        if self.first or self.deleted:
            return "added" if self.first else "deleted"
        return describe(self.changes, _SUMMED_UP)


class _Moment(NamedTuple):
    """What one commit made of the entry, perhaps nothing."""

    step: Step
    path: str
    """In the repository."""
    blob: str
    before: Seen | None
    after: Seen | None
    changes: tuple[FieldChange, ...]


def versions(
    repository: Repository, file: str, entry_id: str, *, disk: bytes | None = None
) -> Generator[Version]:
    """Yield the versions of an entry of a tree's file, newest first, as they come out of git.

    Args:
        repository: where the tree is.
        file: path relative to the tree; of an entry that is deleted, where it last was.
        entry_id: as on disk when `disk` is given, else as in the last commit that holds it.
        disk: what the file holds now (`b""` when it is gone), to begin with what is not committed.

    Raises:
        Refused: git could not read the history, or the file lies outside the tree.
    """
    finder = Finder(repository, entry_id)
    path = repository.git_path(file)
    if disk is not None:
        yield from _uncommitted(finder, repository.blob_id(repository.resolve("HEAD"), path), file, disk)
    with closing(_moments(repository, finder, path)) as moments:
        for moment in moments:
            if moment.changes:
                yield _version(repository, finder, moment)


def at_revision(repository: Repository, file: str, entry_id: str, rev: str) -> Past | None:
    """Return an entry as it was at any revision, wherever it stood then; None when it was not there.

    Raises:
        Refused: there is no such revision, or git could not read the history.
    """
    commit = repository.resolve(rev)
    if commit is None:
        raise Refused(f"There is no revision {rev} in this repository.")
    finder = Finder(repository, entry_id)
    held: dict[str, str] = {}
    with closing(_moments(repository, finder, repository.git_path(file))) as moments:
        for moment in moments:
            if moment.path not in held:
                held[moment.path] = repository.blob_id(commit, moment.path)
            if held[moment.path] and held[moment.path] == moment.blob:
                tree_path = repository.tree_path(moment.path)
                seen = moment.after
                return locate(finder.read(moment.blob), tree_path, seen.markup, seen.entry) if seen else None
    return None


def past_of(repository: Repository, version: Version) -> Past | None:
    """Return the file of a version and the entry in it; None for one that is deleted or not committed."""
    data = repository.content(version.blob)
    return locate(data, version.path, version.markup, version.entry) if version.entry else None


def locate(data: bytes | None, file: str, markup: str, entry: Entry | None = None) -> Past | None:
    """Find an entry in a version of its file by its source; among twins by its id."""
    found = [past for past in read_past(data, file) if past.markup == markup] if data is not None else []
    named = (past for past in found if entry is not None and past.entry.id == entry.id)
    return next(named, found[0] if found else None)


def _uncommitted(finder: Finder, head: str, file: str, disk: bytes) -> Iterator[Version]:
    """Yield what is on disk and not in the last commit, if the entry differs."""
    committed = finder.read(head)
    if disk == committed:
        return
    after = finder.within(disk, file, None)
    finder.last = after
    before = finder.at(head, file, disk)
    finder.last = after or before
    changes = _difference(before, after)
    if changes:
        yield Version(
            None,
            None,
            "",
            "",
            changes,
            file,
            "",
            after.entry if after else None,
            after.markup if after else "",
            broken=bool(disk) and is_broken(disk),
            first=before is None,
            deleted=after is None,
        )


def _version(repository: Repository, finder: Finder, moment: _Moment) -> Version:
    step, after = moment.step, moment.after
    data = finder.read(moment.blob)
    return Version(
        step.rev,
        step.when,
        step.author,
        step.message,
        moment.changes,
        repository.tree_path(moment.path),
        moment.blob,
        after.entry if after else None,
        after.markup if after else "",
        broken=data is not None and is_broken(data),
        first=moment.before is None,
        deleted=after is None,
    )


def _moments(repository: Repository, finder: Finder, path: str) -> Generator[_Moment]:
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
                if moment.before is None and moment.after is not None:
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


def _moment(repository: Repository, finder: Finder, step: Step, touched: Touched) -> _Moment:
    """Find the entry on both sides of a commit; what a merge took from a parent is no change of its own."""
    file = repository.tree_path(touched.path)
    known = finder.last
    after = finder.at(touched.new, file, present=known is None)
    finder.last = after or known
    newer = finder.read(touched.new) if after is not None else None
    befores = [finder.at(old, file, newer, present=after is not None) for old in touched.olds]
    differences = [_difference(before, after) for before in befores]
    place = next((i for i, changes in enumerate(differences) if not changes), 0)
    before = befores[place]
    return _Moment(step, touched.path, touched.new, before, after, differences[place])


def _difference(before: Seen | None, after: Seen | None) -> tuple[FieldChange, ...]:
    if before is after or (before and after and before.raw == after.raw):
        return ()
    return compare(before.entry if before else None, after.entry if after else None)


def _origin(repository: Repository, finder: Finder, moment: _Moment) -> tuple[str, Seen] | None:
    """Find the file that an entry left in the same commit: it, or its file, was moved or renamed."""
    with closing(repository.steps(".", moment.step.rev, limit=1)) as steps:
        files = next(steps).files
    others = [file for file in files if file.path != moment.path and file.olds[0]]
    others = [file for file in others if file.path.lower().endswith(".xml")]
    others.sort(key=lambda file: bool(file.new))  # a file that went, first
    for other in others[:_CANDIDATES]:
        file = repository.tree_path(other.path)
        seen = finder.at(other.olds[0], file, present=False)
        if seen is not None and finder.at(other.new, file, present=False) is None:
            return other.path, seen
    return None
