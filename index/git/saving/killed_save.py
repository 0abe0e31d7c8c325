"""A save that was killed: the locks its git has left, and the index that lags behind the commit it made.

The subject of a save is in the file of its lock until it ends, so whoever takes the lock next, or the
next start, knows that it was killed and ends that.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from index.git.hooks import HOOK_LIMIT
from index.git.worktree import Worktree
from index.model.counts import listed
from index.model.path_spelling import shown

_COMMON = ("packed-refs.lock", "reftable/tables.list.lock", "objects/maintenance.lock")
"""Locks in the folder that all working copies share."""


class SaveNote(NamedTuple):
    """A note that a save writes before it begins."""

    since: float
    """Seconds since 1970."""
    head: str = ""
    """The last commit then; empty before the first, or when it commits nothing itself."""
    paths: tuple[str, ...] = ()
    """The files that it commits, as paths of the repository."""

    @classmethod
    def parse(cls, data: bytes) -> SaveNote | None:
        """Return the note in a lock's file; None when the last save ended well."""
        since, *rest = os.fsdecode(data).split("\0")
        with contextlib.suppress(ValueError):
            return cls(float(since), rest[0] if rest else "", tuple(rest[1:]))
        return None

    def write(self, descriptor: int) -> None:
        """Write it to the file of a lock; a failure to write costs the cleaning, not the save."""
        _write(descriptor, os.fsencode("\0".join((f"{self.since:.3f}", self.head, *self.paths))))


def begin(descriptor: int, head: str | None = None, paths: Sequence[str] = ()) -> None:
    """Note the commit that a save under this lock is about to make."""
    SaveNote(time.time(), head or "", tuple(paths)).write(descriptor)


def end(descriptor: int) -> None:
    """Note that a save came to its end."""
    with contextlib.suppress(OSError):
        os.pwrite(descriptor, b"\0", 0)  # to cut the file down to nothing would cost as much as the note


def _write(descriptor: int, data: bytes) -> None:
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, len(data))
        os.pwrite(descriptor, data, 0)


def clear_up(checkout: Worktree, data: bytes) -> tuple[Path, ...]:
    """Clear up after a killed save, by the note in its lock's file; the caller holds that lock.

    Returns:
        The locks of its git that were removed.
    """
    note = SaveNote.parse(data)
    if note is None or is_git_running(checkout.root):
        return ()
    removed = tuple(_remove_locks(checkout, note))
    if note.paths:
        follow_commit(checkout, note.head, note.paths)
    return removed


def _remove_locks(checkout: Worktree, note: SaveNote) -> Iterator[Path]:
    """Remove the locks that were made while the killed git could run; yield them."""
    for lock in _locks(checkout):
        with contextlib.suppress(OSError):
            # The clock of a file system may be a little behind.
            if note.since - 0.1 <= lock.lstat().st_mtime <= note.since + 2 * HOOK_LIMIT:
                lock.unlink()
                yield lock


def follow_commit(checkout: Worktree, old: str, paths: Sequence[str]) -> None:
    """Bring the index up to a commit that was made, where git was killed, or failed, before it came to that.

    It moves the branch first. With the index as before, `git status` shows the change as taken back, and
    the next plain `git commit` would take it back. Changes that somebody has staged since stay.

    Args:
        old: the last commit before; empty for none.
        paths: the files of the repository that may lag behind.
    """
    head = checkout.head()
    if head is None or head == old:
        return
    if old and checkout.runner.read("merge-base", "--is-ancestor", old, head).code:
        return
    behind = _staged(checkout, head, paths)
    if old:
        behind -= _staged(checkout, old, paths)
    if behind:
        specs = (f":(literal){path}" for path in sorted(behind))
        checkout.runner.write("reset", "--quiet", head, "--", *specs)


def _staged(checkout: Worktree, revision: str, paths: Sequence[str]) -> set[str]:
    """Return those of the files whose state in the index is not that of a revision."""
    # A new file that was only announced, with `git add --intent-to-add`, is not in it yet.
    options = ("--cached", "--ita-invisible-in-index", "--name-only", "-z")
    result = checkout.runner.read("diff-index", *options, revision, "--", *paths)
    return {os.fsdecode(path) for path in result.out.split(b"\0") if path}


def removed_words(locks: Sequence[Path]) -> str:
    """Say which locks were removed, in one sentence; empty for none."""
    if not locks:
        return ""
    names = [shown(lock.name) for lock in locks]
    return f"Removed {listed(names, len(names))}, which a git that was killed had left behind."


def _locks(checkout: Worktree) -> Iterator[Path]:
    """Yield the locks that commands of ours take, where they are there."""
    git_dir, common = checkout.git_dir, checkout.common_dir
    yield from (git_dir / name for name in ("index.lock", "HEAD.lock", "ORIG_HEAD.lock"))
    yield from git_dir.glob("next-index-*.lock")
    yield from (common / name for name in _COMMON)
    if branch := checkout.branch():
        yield common / "refs" / "heads" / f"{branch}.lock"


def is_git_running(root: Path) -> bool:
    """Whether a git may run in a working copy; where the system does not tell, it may."""
    if sys.platform != "linux":
        return True
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if not (process / "comm").read_text("utf-8", "replace").startswith("git"):
                continue
            if b"\0cat-file\0" in (process / "cmdline").read_bytes():
                continue  # another memarium reads through it
            if (process / "cwd").readlink().is_relative_to(root):
                return True
        except PermissionError:
            return True
        except OSError:  # it ended in between
            continue
    return False
