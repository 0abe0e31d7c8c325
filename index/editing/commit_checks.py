"""Checks of a change against the repository that it is to be committed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.model.errors import Conflict, Refused
from index.model.path_spelling import shown
from index.storage.transaction import FileChange

if TYPE_CHECKING:
    from index.git.repository import Repository


def check_unchanged(repository: Repository, files: Sequence[FileChange]) -> None:
    """Check that files that are only to be committed are still as they were looked at.

    Raises:
        Conflict: one was changed since, on disk or in git.
    """
    for real, before, after in files:
        snapshot = repository.snapshot(real)
        if snapshot.disk != after or not repository.is_at_head(snapshot, before):
            where = "on disk" if snapshot.disk != after else "in git"
            words = f"{snapshot.path} was changed {where} since you looked at it. Nothing was committed."
            raise Conflict(words, snapshot.disk)


def check_not_held(repository: Repository, paths: Sequence[str], files: Sequence[FileChange]) -> None:
    """Check that no new file is one that the last commit holds: all in it would be deleted along.

    Raises:
        Refused: one is.
    """
    for path, (real, before, after) in zip(paths, files, strict=True):
        if before is None and after is not None and repository.snapshot(real).blob is not None:
            name = shown(path)
            raise Refused(
                f"{name} is not on disk, but the last commit holds it: memarium restore {name} HEAD "
                f"puts it back, memarium commit {name} commits that it is gone. Nothing was written."
            )
