"""Locks: those of git, which are waited for, and the one that keeps two of ours from saving at once."""

from __future__ import annotations

import contextlib
import errno
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

from index.git.runner import GitResult
from index.git.saving import killed_save
from index.git.saving.killed_save import is_git_running
from index.git.worktree import Worktree
from index.model.errors import Busy, Refused
from index.model.path_spelling import shown
from index.storage import writes
from index.storage.locking import Lock, Stuck, Tell, read_note

LOCK = "memarium.lock"
"""Held while a save runs, in the git directory: two of ours never mix compare and write."""
PATIENCE = 3.0
"""Seconds to wait for a lock of git's that nobody may hold; its own commands hold theirs for milliseconds."""
LIVING = 30.0
"""Seconds to wait while a git runs here: it holds the index as long as its hooks or an editor run."""
_READ_ONLY = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""Errors of a place where nothing may be written."""
_LOCK_NAMED = re.compile(r"Unable to create '([^'\n]+\.lock)': File exists")
_MOVED = re.compile(r"cannot lock ref 'HEAD': is at ")


def run_patiently(checkout: Worktree, *arguments: str, stdin: bytes = b"") -> GitResult:
    """Run a command that writes; while another process holds the lock it needs, wait and try again.

    Of one that was killed, the locks that it left are removed.
    """
    until = time.monotonic() + PATIENCE
    pause = 0.02
    while True:
        result = checkout.runner.work(*arguments, stdin=stdin)
        said = result.err.decode("utf-8", "replace")
        named = _LOCK_NAMED.search(said)
        if result.code < 0 and checkout.runner.is_holding:  # also by the system, where memory ran out
            killed_save.clear_up(checkout, read_note(checkout.runner.held))
        if result.code == 0 or result.timed_out or result.stopped or not (named or _MOVED.search(said)):
            return result
        lock = checkout.root / named[1] if named else None
        if time.monotonic() > until and not (lock and _goes_on(checkout, until)):
            if lock is None or not lock.exists():
                return result
            raise _busy(lock, written=True)
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(2 * pause, 0.5)


def _goes_on(checkout: Worktree, until: float) -> bool:
    """Whether a lock that was waited for `until` now is that of a git which runs, and may still end."""
    if time.monotonic() > until + LIVING or not is_git_running(checkout.root):
        return False
    checkout.runner.tell_waiting("Waiting for another git command that is at work here…")
    return True


def wait_for_index(checkout: Worktree) -> None:
    """Wait until no other process holds the index, HEAD or the branch; asked before anything is written."""
    branch = checkout.common_dir / f"refs/heads/{checkout.branch()}.lock"
    until = time.monotonic() + PATIENCE
    for lock in (checkout.git_dir / "index.lock", checkout.git_dir / "HEAD.lock", branch):
        while lock.exists():
            if time.monotonic() > until and not _goes_on(checkout, until):
                raise _busy(lock, written=False)
            time.sleep(random.uniform(0.01, 0.03))


def _busy(lock: Path, *, written: bool) -> Busy:
    age = None
    with contextlib.suppress(OSError):
        age = max(0.0, time.time() - lock.stat().st_mtime)
    outcome = "The edit is saved on disk, but not committed." if written else "Nothing was written."
    return Busy(
        f"Another git command holds {shown(lock)}{_since(age)}: wait for it, or delete that file if no "
        f"git command runs any more. {outcome}",
        lock,
        age,
        written=written,
    )


def _since(age: float | None) -> str:
    """Say how old a lock is, in the largest unit that fits."""
    if age is None:
        return ""
    for unit, seconds in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if age >= seconds:
            return f", made {age / seconds:.0f} {unit} ago"
    return f", made {age:.0f} s ago"


@contextlib.contextmanager
def own_lock(checkout: Worktree) -> Iterator[tuple[Path, ...]]:
    """Keep other instances of memarium from saving at the same time; yield the dead locks that were removed.

    The git that is started meanwhile holds it too: while one runs that outlived its memarium, none of ours
    writes. The system frees the lock of the dead, and the note in the file tells what they were at.

    Who holds it already, in the same thread, has it once more.

    Raises:
        Refused: it cannot be made.
        Busy: another one holds it and does not let go.
    """
    if checkout.runner.is_holding:
        yield ()
        return
    path = checkout.git_dir / LOCK
    try:
        lock = Lock(path, 0o666)
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        _wait_for(lock, path, checkout.runner.tell_waiting)
        removed = killed_save.clear_up(checkout, lock.note())
        killed_save.begin(lock.descriptor)
        try:
            with writes.writing(), checkout.runner.holding(lock.descriptor):
                yield removed
        finally:
            killed_save.end(lock.descriptor)
            # A hook's child that lives on holds the descriptor too, and must not hold the lock.
            lock.release()
    finally:
        lock.close()


def clear_up(checkout: Worktree) -> tuple[Path, ...]:
    """Clear up after a killed save, without waiting; return the locks of its git that were removed."""
    path = checkout.git_dir / LOCK
    with contextlib.suppress(OSError):
        if not path.stat().st_size:
            return ()
        lock = Lock(path, 0o666)
        try:
            if lock.take():
                removed = killed_save.clear_up(checkout, lock.note())
                killed_save.end(lock.descriptor)
                return removed
        finally:
            lock.close()
    return ()


def is_held(checkout: Worktree) -> bool:
    """Whether another of ours, or a git that one had started, is writing in this repository now."""
    path = checkout.git_dir / LOCK
    if checkout.runner.is_holding or not path.exists():
        return False
    try:
        lock = Lock(path, 0o666)
    except OSError:
        return False
    try:
        return not lock.take(shared=True)
    except OSError:
        return True
    finally:
        lock.close()


def _wait_for(lock: Lock, path: Path, tell: Tell) -> None:
    try:
        lock.wait(tell)
    except Stuck as error:
        words = (
            "Another memarium has not finished saving here: stop it, then save again. Nothing was written."
        )
        raise Busy(words, path, None, written=False) from error
    except OSError as error:
        raise _cannot(path, error) from error


def read_only(place: Path) -> Refused:
    """Return the refusal where a commit cannot be written to a place of git's."""
    return Refused(f"The repository is read-only: {shown(place)}. Nothing was written.")


def _cannot(path: Path, error: OSError) -> Refused:
    if error.errno in _READ_ONLY:
        return read_only(path.parent)
    why = (error.strerror or str(error)).lower()
    return Refused(f"{shown(path)} cannot be made: {why}. Nothing was written.")
