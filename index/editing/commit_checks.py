"""Checks of a change against the repository that it is to be committed to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from index.git.sparse import left_out
from index.history.taken_back import taken_back
from index.model.counts import count_words
from index.model.errors import Conflict, Refused
from index.model.path_spelling import shown
from index.model.plan import CannotEdit
from index.storage.transaction import FileChange

if TYPE_CHECKING:
    from index.git.repository import Repository
    from index.library.tree import Tree


def check_unchanged(repository: Repository, files: Sequence[FileChange]) -> None:
    """Check that files that are only to be committed are still as they were looked at.

    Raises Conflict: one was changed since, on disk or in git.
    """
    for real, before, after in files:
        snapshot = repository.snapshot(real)
        if snapshot.disk != after or not repository.is_at_head(snapshot, before):
            where = "on disk" if snapshot.disk != after else "in git"
            words = f"{snapshot.path} was changed {where} since you looked at it. Nothing was committed."
            raise Conflict(words, snapshot.disk)


def check_not_held(repository: Repository, paths: Sequence[str], files: Sequence[FileChange]) -> None:
    """Check that no new file is one that the last commit holds: all in it would be deleted along.

    Raises Refused: one is.
    """
    for path, (real, before, after) in zip(paths, files, strict=True):
        if before is None and after is not None and repository.snapshot(real).blob is not None:
            name = shown(path)
            gone = f", memarium commit {name} commits that it is gone"
            raise Refused(
                f"{name} is not on disk, but the last commit holds it: memarium restore {name} HEAD "
                f"puts it back{'' if left_out(real).files else gone}. Nothing was written."
            )


def check_takes_nothing_back(tree: Tree, disk: Mapping[str, bytes | None]) -> None:
    """Check that no file is on disk as it was before the last commits: a commit would take those back.

    Args:
        disk: what they hold before the change, by path; None of one that is not there.

    Raises:
        CannotEdit: one is.
    """
    repository = tree.repository_of(*disk) if disk else None
    if repository is None or repository.kept:
        return  # where memarium keeps the versions, what others wrote is one of its own
    found = taken_back(repository, {path: data for path, data in disk.items() if data is not None})
    if found is None or tree.why_unversioned([found.path]):
        return
    name, more = shown(found.path), found.commits - 1
    since = found.rev[:7] + (f" and {count_words(more, 'commit')} before it" if more else "")
    way = "delete it, or" if found.gone else f"memarium restore {name} HEAD --force brings it up to date,"
    raise CannotEdit(
        f"{name} is on disk as it was before {since}, which this would take back: {way} "
        f"memarium commit {name} takes it back on purpose. Nothing was written."
    )
