"""A save of several files that was killed: the commit it made all the same, or its files put back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.git.saving.commit_files import Change, FileSnapshot
from index.git.saving.locks import own_lock, wait_for_index
from index.git.worktree import Worktree
from index.storage.transaction import FileChange, write_together

_STEPS_BACK = 256
"""Number of later commits that are looked at."""


def find_saved(
    checkout: Worktree, since: str | None, message: str, files: Sequence[tuple[Path, bytes | None]]
) -> str | None:
    """Return the commit after `since` in which all files got the bytes that the save was to write.

    A hook may have altered them: then it is the one with this message that changed some of them.
    """
    changes = [_change(checkout, real, data) for real, data in files]
    revision, steps = checkout.head(), 0
    while revision is not None and revision != since and steps < _STEPS_BACK:
        parent = checkout.objects.id(f"{revision}^")
        changed = [change.blob_at(revision) != change.blob_at(parent) for change in changes]
        if any(changed):
            if all(change.is_stored_as(change.blob_at(revision)) for change in changes):
                return revision
            said = checkout.runner.read("log", "--max-count=1", "--format=%s", revision, "--").out
            if all(changed) and said.decode("utf-8", "replace").strip() == message.strip().partition("\n")[0]:
                return revision
        revision, steps = parent, steps + 1
    return None


def _change(checkout: Worktree, real: Path, data: bytes | None) -> Change:
    return Change(checkout, FileSnapshot(real.name, real, None, None, None), data)


def take_back(checkout: Worktree, files: Sequence[FileChange]) -> tuple[list[Path], tuple[Path, ...]]:
    """Restore the content of files from before a save, but for those that somebody has committed since.

    Returns:
        Those that stay, and the locks of a killed git that were removed.

    Raises:
        Refused, Busy, TreeError: nothing was put back.
    """
    with own_lock(checkout) as removed:
        wait_for_index(checkout)
        head = checkout.head()
        kept = []
        wanted = []
        for real, before, after in files:
            blob = _change(checkout, real, after).blob_at(head)
            was, is_now = (_change(checkout, real, data).is_stored_as(blob) for data in (before, after))
            if is_now and not was:
                kept.append(real)
            else:
                wanted.append((real, after, before))
        write_together(wanted, checkout.tree)
        _forget(checkout, [real for real, _, before in wanted if before is None], head)
    return kept, removed


def _forget(checkout: Worktree, gone: Sequence[Path], head: str | None) -> None:
    """Take out of the index the new files that the killed commit had announced to it."""
    paths = [checkout.git_path(real) for real in gone]
    new = [path for path in paths if checkout.objects.blob_id(head, path) is None]
    if new:
        checkout.runner.write("update-index", "--force-remove", "--", *new)
