"""A lock between processes, on file systems with locks and without.

The system frees `flock` when a process ends, however it ends. Where a file system has none, as NFS without
its daemon, a file beside it names the process that holds it, and is removed once that process is gone.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import random
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex

Tell = Callable[[str], None]
"""Takes one plain sentence about the holder that is waited for."""
_NO_LOCKS = frozenset(
    (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.EPERM)
)
STUCK = 180.0
"""Seconds for which one holder may keep a lock that is waited for: its git is stopped after 60 each time."""
WORD_AFTER = 1.0
"""Seconds of waiting after which a word is said."""
_FOREIGN = 600.0
"""Seconds after which the lock file of another machine, whose processes are not seen here, is stale."""


class Stuck(Exception):
    """One process has held the lock for too long."""


class Lock:
    """An open lock file; `take` and `release` it any number of times, then `close`.

    Raises OSError: the file cannot be made.
    """

    def __init__(self, path: Path, mode: int = 0o600) -> None:
        self._beside = path.with_name(f"{path.name}.pid")
        self._mine: bytes | None = None
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self.descriptor = os.open(path, flags, mode)
        self._mode = mode

    def take(self, *, shared: bool = False) -> bool:
        """Return whether the lock could be taken; never waits.

        `shared` is for a look whether somebody works: two that look at once are in no one's way.

        Raises OSError: neither a lock nor a file in its place can be made.
        """
        try:
            fcntl.flock(self.descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            return self._take_file()
        return True

    def take_now(self, *, shared: bool = False) -> bool:
        """Take the lock, also one that a process left which is gone; the errors are those of `take`."""
        return self.take(shared=shared) or self.take(shared=shared)

    def release(self) -> None:
        """Let go of the lock, also where a child process still has its descriptor."""
        if self._mine is not None:
            with contextlib.suppress(OSError):
                if self._beside.read_bytes() == self._mine:
                    self._beside.unlink()
            self._mine = None
        with contextlib.suppress(OSError):
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file, which frees the lock."""
        self.release()
        os.close(self.descriptor)

    def wait(self, tell: Tell, patience: float | None = None) -> None:
        """Take the lock, however long others hold it one after the other, `patience` seconds each at most.

        Without `patience` each may have `STUCK` seconds.

        Raises:
            Stuck: one of them holds it for longer.
            OSError: as `take`.
        """
        started = since = time.monotonic()
        said, note = False, b""
        while not self.take():
            now = time.monotonic()
            if (held := self.note()) != note:  # another one has had it meanwhile
                note, since = held, now
            if now - since > (STUCK if patience is None else patience):
                raise Stuck
            if not said and now - started > WORD_AFTER:
                said = True
                tell("Waiting for another memarium that is saving here…")
            time.sleep(random.uniform(0.005, 0.025))

    def note(self) -> bytes:
        """Return the note of the holder."""
        return read_note(self.descriptor)

    def _take_file(self) -> bool:
        mine = f"{os.getpid()} {born(os.getpid())} {socket.gethostname()} {token_hex(4)}".encode()
        try:
            descriptor = os.open(
                self._beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, self._mode
            )
        except FileExistsError:
            _remove_stale(self._beside)
            return False  # the next try may have it
        with os.fdopen(descriptor, "wb") as file:
            file.write(mine)
        self._mine = mine
        return True


def read_note(descriptor: int) -> bytes:
    """Return the note in the open file of a lock; empty where it cannot be read."""
    with contextlib.suppress(OSError):
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    return b""


@contextlib.contextmanager
def only_one(path: Path, tell: Tell, patience: float | None = None) -> Iterator[None]:
    """Be the only process that holds the lock at `path`; where none can be made, go on without.

    Raises Stuck: another one does not let go.
    """
    lock = None
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = Lock(path)
    try:
        if lock is not None:
            with contextlib.suppress(OSError):
                lock.wait(tell, patience)
                os.pwrite(lock.descriptor, f"{time.time():.6f}".encode(), 0)  # always as long as the last
        yield
    finally:
        if lock is not None:
            lock.close()


def has_locks(folder: Path) -> bool:
    """Return whether the file system of a folder has locks."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # shared: nobody is in the way of it
    except OSError as error:
        return error.errno not in _NO_LOCKS
    finally:
        os.close(descriptor)
    return True


def _remove_stale(path: Path) -> None:
    """Remove a lock file whose process is gone; a newer one that came in its place is put back."""
    with contextlib.suppress(OSError):
        seen = path.read_bytes()
        if not _is_gone(seen, path.stat().st_mtime):
            return
        aside = path.with_name(f"{path.name}.{token_hex(4)}")
        path.rename(aside)
        if aside.read_bytes() != seen:
            aside.rename(path)
        else:
            aside.unlink()


def _is_gone(note: bytes, written: float) -> bool:
    age = time.time() - written
    pid, _, rest = note.decode("utf-8", "replace").partition(" ")
    since, _, rest = rest.partition(" ")
    if not pid.isdigit() or not rest:  # it is just being written, or is none of ours
        return age > STUCK
    if rest.rpartition(" ")[0] != socket.gethostname():
        return age > _FOREIGN
    return not is_running(int(pid), since)


def is_running(pid: int, since: str) -> bool:
    """Whether the process of that number, that began then, still runs on this machine."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return since == "-" or born(pid) in (since, "-")


def born(pid: int) -> str:
    """Return when a process began, as the kernel counts; a number is given to another process later on."""
    with contextlib.suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[19]
    return "-"
