"""Locks: those of git, which are waited for, and the one that keeps two of ours from saving at once."""

from __future__ import annotations

import contextlib
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.history.checkout import Checkout
from index.history.errors import Busy, Refused
from index.history.runner import Result
from index.history.watching import HOOK_LIMIT
from index.memory import underway
from index.memory.files import shown
from index.memory.locking import Lock, Stuck, Tell

LOCK = "memarium.lock"
"""Held while a save runs, in the git directory: two of ours never mix compare and write."""
_COMMON = ("packed-refs.lock", "reftable/tables.list.lock", "objects/maintenance.lock")
"""Locks in what all working copies share."""
PATIENCE = 3.0
"""Seconds to wait for a lock of git's that nobody may hold; its own commands hold theirs for milliseconds."""
LIVING = 30.0
"""Seconds to wait while a git runs here: it holds the index as long as its hooks or an editor run."""
_LOCK_NAMED = re.compile(r"Unable to create '([^'\n]+\.lock)': File exists")
_MOVED = re.compile(r"cannot lock ref 'HEAD': is at ")


def run_patiently(checkout: Checkout, *arguments: str, stdin: bytes = b"") -> Result:
    """Run a command that writes; while another process holds the lock it needs, wait and try again."""
    until = time.monotonic() + PATIENCE
    pause = 0.02
    while True:
        result = checkout.runner.work(*arguments, stdin=stdin)
        said = result.err.decode("utf-8", "replace")
        named = _LOCK_NAMED.search(said)
        if result.code == 0 or result.timed_out or result.stopped or not (named or _MOVED.search(said)):
            return result
        lock = checkout.root / named[1] if named else None
        if time.monotonic() > until and not (lock and _goes_on(checkout, until)):
            if lock is None or not lock.exists():
                return result
            raise _busy(lock, written=True)
        time.sleep(pause * random.uniform(0.5, 1.5))
        pause = min(2 * pause, 0.5)


def _goes_on(checkout: Checkout, until: float) -> bool:
    """Whether a lock that was waited for `until` now is that of a git which runs, and may still end."""
    if time.monotonic() > until + LIVING or not _is_git_running(checkout.root):
        return False
    checkout.runner.tell_waiting("Waiting for another git command that is at work here…")
    return True


def wait_for_index(checkout: Checkout) -> None:
    """Wait until no other process holds the index; asked before anything is written."""
    lock = checkout.git_dir / "index.lock"
    until = time.monotonic() + PATIENCE
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
def own_lock(checkout: Checkout) -> Iterator[tuple[Path, ...]]:
    """Keep other instances of memarium from saving at the same time; yield the dead locks that were removed.

    The git that is started meanwhile holds it too: while one runs that outlived its memarium, none of ours
    writes. The system frees the lock of the dead, and what stands in the file tells that they were at it.

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
        removed = _remove_dead(checkout, lock.note())
        _note(lock.descriptor, f"{time.time():.3f}\n".encode())
        try:
            with underway.writing(), checkout.runner.holding(lock.descriptor):
                yield removed
        finally:
            _note(lock.descriptor, b"")
            # A hook's child that lives on holds the descriptor too, and must not hold the lock.
            lock.release()
    finally:
        lock.close()


def is_held(checkout: Checkout) -> bool:
    """Whether one of ours, or a git that it had started, is writing in this repository now."""
    path = checkout.git_dir / LOCK
    if not path.exists():
        return False
    try:
        lock = Lock(path, 0o666)
    except OSError:
        return False
    try:
        return not lock.take()
    except OSError:
        return True
    finally:
        lock.close()


def _wait_for(lock: Lock, path: Path, tell: Tell) -> None:
    try:
        lock.wait(tell)
    except Stuck as error:
        words = "Another memarium saves here and does not end: stop it, then save again. Nothing was written."
        raise Busy(words, path, None, written=False) from error
    except OSError as error:
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> Refused:
    why = (error.strerror or str(error)).lower()
    return Refused(f"{shown(path)} cannot be made: {why}. Nothing was written.")


def _note(descriptor: int, data: bytes) -> None:
    """Write down since when this process is at it; without, the locks of a dead one are told and stay."""
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, data, 0)


def _remove_dead(checkout: Checkout, note: bytes) -> tuple[Path, ...]:
    """Remove the locks of a git that was killed together with the memarium that had started it.

    They are its own when they were made while it could run, and no git runs in this working copy now.
    """
    try:
        since = float(note)
    except ValueError:  # the last one ended well
        return ()
    removed = []
    for lock in _locks(checkout):
        with contextlib.suppress(OSError):
            made = lock.lstat().st_mtime
            # The clock of a file system may be a little behind.
            if since - 0.1 <= made <= since + 2 * HOOK_LIMIT and not _is_git_running(checkout.root):
                lock.unlink()
                removed.append(lock)
    return tuple(removed)


def removed_words(locks: Sequence[Path]) -> str:
    """Say which locks were removed, in one sentence; empty for none."""
    if not locks:
        return ""
    names = " and ".join(shown(lock.name) for lock in locks)
    return f"Removed {names}, which a git that was killed had left behind."


def _locks(checkout: Checkout) -> Iterator[Path]:
    """Yield the locks that commands of ours take, where they are there."""
    git_dir, common = checkout.git_dir, checkout.common_dir
    yield from (git_dir / name for name in ("index.lock", "HEAD.lock", "ORIG_HEAD.lock"))
    yield from git_dir.glob("next-index-*.lock")
    yield from (common / name for name in _COMMON)
    if branch := checkout.branch():
        yield common / "refs" / "heads" / f"{branch}.lock"


def _is_git_running(root: Path) -> bool:
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
