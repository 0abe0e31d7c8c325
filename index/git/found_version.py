"""A version of the edits of others, in a repository that memarium keeps: all of it, as on disk."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from index.git.identity import FINDER
from index.git.saving import killed_save
from index.git.saving.commit_files import wants_packing
from index.git.saving.locks import run_patiently, wait_for_index
from index.model.commits import proposed
from index.model.counts import only_or_count
from index.model.errors import Refused, TreeError, as_clause
from index.model.path_spelling import shown

if TYPE_CHECKING:
    from index.git.repository import Repository
    from index.git.worktree import Worktree
    from index.model.commits import LogStep

_NOT_OURS = "Not made with memarium, which keeps the versions of this store."
_NOTED = 1_000
"""Files that the note of a save names; of more, a kill costs the index, which the next version mends."""


def record_found(
    repository: Repository, *, only: Sequence[str] | None = None, without: Collection[str] = ()
) -> str | None:
    """Make the files on disk a version, where memarium keeps them; return its id, None for nothing new.

    Args:
        repository: one that is the user's own is left alone.
        only: the files to look at, quickly; None for all of the tree.
        without: files that stay out of it.

    Raises:
        Busy, Refused: it cannot be made now; the files stay as they are.
    """
    if not repository.kept or only == []:
        return None
    with repository.alone():
        changed = repository.uncommitted() if only is None else _changed(repository, only)
        return _record(repository.checkout, [path for path in changed if path not in without])


def _changed(repository: Repository, paths: Sequence[str]) -> Sequence[str]:
    """Return those of a few files that differ from the last version, links followed; looks at no other."""
    found = []
    for path in paths:
        with suppress(TreeError):  # it cannot be saved either, which says why
            snapshot = repository.snapshot(path)
            if not repository.is_at_head(snapshot, snapshot.disk):
                found.append(snapshot.path)
    return found


def is_found(step: LogStep) -> bool:
    """Whether a commit holds edits that memarium found, written by somebody else."""
    return step.author == FINDER[0] and step.message.endswith(_NOT_OURS)


def _record(checkout: Worktree, paths: Sequence[str]) -> str | None:
    """Commit files as they are on disk; the caller holds the lock."""
    head = checkout.head()
    files = [checkout.in_git(path) for path in paths if _can_be_read(checkout, path)]
    if not files:
        return None
    checkout.identity()  # where git knows nobody, memarium is named from here on
    wait_for_index(checkout)
    if len(files) <= _NOTED:
        killed_save.begin(checkout.runner.held, head, files)
    # Not `git add`: that asks the store's own ignore rules.
    listed = b"".join(os.fsencode(file) + b"\0" for file in files)
    _run(checkout, "update-index", "--add", "--remove", "-z", "--stdin", stdin=listed)
    name, address = FINDER
    _run(
        checkout,
        *(() if wants_packing(checkout) else ("-c", "maintenance.auto=false")),
        "commit",
        "--only",
        "--quiet",
        "--allow-empty",
        f"--author={name} <{address}>",
        f"--date={_date(checkout, paths, head)}",
        "--cleanup=whitespace",
        f"--message={_message(paths, first=head is None)}",
        "--pathspec-from-file=-",
        "--pathspec-file-nul",
        stdin=b"".join(b":(literal)" + os.fsencode(file) + b"\0" for file in files),
    )
    return checkout.head()


def _run(checkout: Worktree, *arguments: str, stdin: bytes) -> None:
    result = run_patiently(checkout, *arguments, stdin=stdin)
    if result.code:
        raise Refused(
            f"memarium could not keep a version of {shown(checkout.tree)}: "
            f"{as_clause(result.err, result.out)}."
        )


def _date(checkout: Worktree, paths: Sequence[str], head: str | None) -> str:
    """Return the time at which the newest of these files was written, as git reads it: they are of then.

    The present where no file tells, or one tells a time before the last version or after now.
    """
    now = int(time.time())
    written = 0
    for path in paths:
        with suppress(OSError):
            written = max(written, int(checkout.disk(path).lstat().st_mtime))
    last = checkout.runner.read("log", "--max-count=1", "--format=%at", head, "--").out if head else b"0"
    when = written if int(last or b"0") <= written <= now else now
    return f"@{when} {time.strftime('%z', time.localtime(when))}"


def _can_be_read(checkout: Worktree, path: str) -> bool:
    """Whether git can take a file: one that may not be read would keep all others out."""
    real = checkout.disk(path)
    with suppress(OSError):
        return real.is_symlink() or not real.exists() or os.access(real, os.R_OK)
    return False


def _message(paths: Sequence[str], *, first: bool) -> str:
    what = only_or_count([*map(shown, paths)], "file")
    subject = proposed(f"found {what}" if first else f"found a change of {what}")
    return f"{subject}\n\n{_NOT_OURS}"
