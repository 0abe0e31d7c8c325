"""Commits that a save would take back: the disk holds a file as it was before them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from index.git.saving.commit_files import Change

if TYPE_CHECKING:
    from index.git.repository import Repository

_LAST = 200
"""Commits that are looked at: as many as another worktree may have made while this one did not look."""


class TakenBack(NamedTuple):
    """A file that is on disk as it was before the last commits."""

    path: str
    """Relative to the tree."""
    rev: str
    """The newest commit that changed it."""
    commits: int
    """Number of those that changed it since it was as it is on disk."""
    gone: bool
    """Whether the last commit has no such file."""


def taken_back(repository: Repository, disk: Mapping[str, bytes]) -> TakenBack | None:
    """Return the first file that is on disk as some earlier commit has it; None where there is none.

    So it is when HEAD moved on and the disk did not: a branch in two worktrees, a push to the branch that is
    checked out, `git reset --soft`.

    Args:
        disk: what they held when they were read, by their paths in the tree; one that holds other bytes by
            now is passed over.

    Raises:
        Refused: git could not read the history.
        TreeError: a file cannot be read.
    """
    left: dict[str, tuple[str, Change]] = {}
    for path, data in disk.items():
        snapshot = repository.snapshot(path)
        change = Change(repository.checkout, snapshot, data)
        if snapshot.disk == data and not change.is_stored_as(snapshot.blob):
            left[change.git_path] = path, change
    if not left:
        return None
    newer: dict[str, list[str]] = {}
    with closing(repository.steps(".", limit=_LAST)) as steps:
        for step in steps:
            for file in step.files:
                if file.path not in left:
                    continue
                path, change = left[file.path]
                since = newer.setdefault(file.path, [])
                since.append(step.rev)
                if any(old and change.is_stored_as(old) for old in file.olds):
                    return TakenBack(path, since[0], len(since), change.snapshot.blob is None)
    return None
