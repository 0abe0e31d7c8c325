"""One file on the disk: read it whole, replace it whole, and say in plain words why not."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from index.model.errors import Conflict, Missing, TreeError
from index.model.path_spelling import shown
from index.storage.locking import born, is_running

LIMIT = 64 * 1024 * 1024
"""Bytes; a memory file larger than this is not opened."""
_PIECE = 1 << 16
"""Bytes read at once when a file grew while it was read."""
_LOST = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EIO))
"""Errors after which the bytes are not on the disk."""
_NO_REPLACING = frozenset((errno.EBUSY, errno.EXDEV, errno.ENOSYS, errno.EOPNOTSUPP))
"""Errors of a rename onto a file that is itself a mount, or where the file system cannot replace one."""

_CLOSED = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))
"""Errors of making a file in a folder that may not be written, though a file in it may be."""

_WORDS = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EISDIR: "it is a folder, not a file",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.ELOOP: "its links lead in a circle",
}


def digest(data: bytes) -> str:
    """Return the fingerprint of a file's content."""
    return blake2b(data, digest_size=16).hexdigest()


def read(path: Path, limit: int = LIMIT) -> bytes:
    """Return the bytes of a regular file of at most `limit` bytes.

    Raises:
        Missing: there is no such file.
        TreeError: it cannot be read, is no regular file, or is larger.
    """
    with _plainly(path, "read"):
        _check_regular(path, path.stat().st_mode)
        # Not blocking: between stat and open the file may have become a pipe nobody writes to.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            found = os.fstat(descriptor)
            _check_regular(path, found.st_mode)
            data = _read_all(descriptor, found.st_size, limit)
        finally:
            os.close(descriptor)
    if len(data) > limit:
        raise TreeError(f"{shown(path.name)} is larger than {limit / 2**20:.0f} MiB and is not opened.")
    return data


def _read_all(descriptor: int, size: int, limit: int) -> bytes:
    """Return the content of an open file of about `size` bytes, to its end or one byte past `limit`."""
    pieces = [os.read(descriptor, min(size, limit) + 1)]
    if len(pieces[0]) == size:
        return pieces[0]
    left = limit + 1 - len(pieces[0])
    while left and (more := os.read(descriptor, min(left, _PIECE))):
        pieces.append(more)
        left -= len(more)
    return b"".join(pieces)


def read_or_none(path: Path, limit: int = LIMIT) -> bytes | None:
    """Return the bytes of a file, None when there is none; otherwise as `read`."""
    try:
        return read(path, limit)
    except Missing:
        return None


def write_atomic(path: Path, data: bytes, expect: bytes | None, root: Path) -> None:
    """Replace the file, whole or not at all, when it still holds `expect` (None: it must not exist).

    The bytes go to a temporary file in the same folder, reach the disk, and take the file's name in one
    step. Mode and owner stay; a link is written at its target; missing folders are made. Another hard link
    to the file keeps the old bytes, as after a checkout of git. In a folder that may not be written the file
    is written where it is.

    Raises:
        Conflict: the file holds something else.
        TreeError: the target lies outside `root`, or the disk refused; the old file stays.
    """
    target = _target(path, root)
    with _plainly(path, "saved"):
        _compare(target, expect)
        _check_writable(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.parent / temporary_name()
        try:
            _write(temporary, data, like=target)
            _compare(target, expect)
            _replace(temporary, target, data, expect)
        except OSError as error:
            if error.errno not in _CLOSED or expect is None or not _is_in_closed_folder(target):
                with contextlib.suppress(OSError):
                    temporary.unlink()
                raise
            _write_over(target, data, expect)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    sync_folder(target.parent)


def remove(path: Path, expect: bytes, root: Path) -> None:
    """Delete the file when it still holds `expect`; a link is followed, as in `write_atomic`.

    Raises:
        Conflict: the file holds something else.
        TreeError: the target lies outside `root`, or the disk refused.
    """
    target = _target(path, root)
    with _plainly(path, "deleted"):
        _compare(target, expect)
        _check_writable(target)
        target.unlink()
    sync_folder(target.parent)


@contextlib.contextmanager
def _plainly(path: Path, verb: str) -> Iterator[None]:
    """Turn the errors of the operating system into sentences about this file."""
    name = shown(path.name)
    try:
        yield
    except FileNotFoundError as error:
        raise Missing(f"{name} does not exist (any more).") from error
    except OSError as error:
        words = _WORDS.get(error.errno or 0) or (error.strerror or str(error)).lower()
        raise TreeError(f"{name} cannot be {verb}: {words}.") from error


def _check_regular(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise TreeError(f"{shown(path.name)} cannot be read: it is a pipe or a device, not a file.")


def has_other_names(path: Path) -> bool:
    """Whether other hard links lead to the file: they keep its bytes when it is replaced."""
    with contextlib.suppress(OSError):
        return path.stat().st_nlink > 1
    return False


def _check_writable(target: Path) -> None:
    """Raise TreeError for a file of ours that nobody may write: to replace it would pass over that."""
    with contextlib.suppress(FileNotFoundError):
        found = target.stat()
        if found.st_uid == os.geteuid() and not found.st_mode & 0o222:
            name = shown(target)
            raise TreeError(
                f"{shown(target.name)} is read-only: run chmod u+w {name}, then save again. "
                "Nothing was written to it."
            )


def _is_in_closed_folder(target: Path) -> bool:
    return os.access(target, os.W_OK) and not os.access(target.parent, os.W_OK)


def _target(path: Path, root: Path) -> Path:
    """Return where a write to `path` lands, links followed."""
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(root)):
        raise TreeError(f"{shown(path.name)} leads out of the tree and is not written.")
    return target


def _compare(target: Path, expect: bytes | None) -> None:
    disk = read_or_none(target)
    if disk == expect:
        return
    name = shown(target.name)
    if disk is None:
        raise Conflict(f"{name} was deleted by another program since it was opened.", disk)
    if expect is None:
        raise Conflict(f"{name} exists already: another program has made it.", disk)
    raise Conflict(f"{name} was changed by another program since it was opened.", disk)


def _write(temporary: Path, data: bytes, like: Path) -> None:
    """Bring the bytes to the disk, with the mode and owner of the file they will replace."""
    old = None
    with contextlib.suppress(FileNotFoundError):
        old = like.stat()
    # The kernel applies the umask of this process: to a new file, and to one whose mode cannot be set below.
    # So it is never open to more people than before.
    mode = 0o666 if old is None else old.st_mode & 0o777
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        if old is not None:
            # Another's file in a shared folder: its group is kept where the system allows that.
            with _at_most():
                os.fchown(descriptor, old.st_uid, old.st_gid)
            with _at_most():
                os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
        sync_file(descriptor)


def sync_file(descriptor: int) -> None:
    """Bring a file to the disk where its file system can do that.

    Raises OSError: the disk is full or broken: the bytes are lost.
    """
    with _at_most():
        os.fsync(descriptor)


@contextlib.contextmanager
def _at_most() -> Iterator[None]:
    """Do all that the file system can; one that knows no owners, modes or flushing still holds the bytes."""
    try:
        yield
    except OSError as error:
        if error.errno in _LOST:
            raise


def _replace(temporary: Path, target: Path, data: bytes, before: bytes | None) -> None:
    """Give the file its new content in one step; one that cannot be replaced is written where it is."""
    try:
        temporary.replace(target)
    except OSError as error:
        if error.errno not in _NO_REPLACING:
            raise
        _write_over(target, data, before or b"")
        temporary.unlink()


def _write_over(target: Path, data: bytes, before: bytes) -> None:
    try:
        _write_in_place(target, data)
    except OSError:
        with contextlib.suppress(OSError):  # half of a text is worse than the old one
            _write_in_place(target, before)
        raise


def _write_in_place(target: Path, data: bytes) -> None:
    # Not through a link: that the target is none was found out before, and another may have put one there.
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.truncate()
        file.flush()
        sync_file(descriptor)


def write_private(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a new file that only its owner can read, down to the disk. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(pieces)
        file.flush()
        sync_file(descriptor)


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter, and the one around it. Raises OSError."""
    for one in (folder.parent, folder):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(folder: Path) -> None:
    """Bring the new name to the disk; some file systems cannot, and the write counts all the same."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


PREFIX, SUFFIX = ".memarium-", ".tmp"
"""Temporary files are called so, beside the file they become; the dot keeps them out of every listing."""
STALE = 60.0
"""Seconds after which a temporary file may belong to nobody: hardly a write takes that long."""


def temporary_name() -> str:
    """Return a name that nothing has: it holds the number of this process and when that began."""
    return f"{owner_prefix()}{token_hex(8)}{SUFFIX}"


def owner_prefix() -> str:
    """Return the prefix of the names of this process's temporary files."""
    return f"{PREFIX}{os.getpid()}-{born(os.getpid())}-"


def is_temporary(name: str) -> bool:
    """Whether a file is called as those that are removed here."""
    return name.startswith(PREFIX) and name.endswith(SUFFIX)


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove leftovers in these folders, as `remove_leftover` does, but not below them."""
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in list(folder.iterdir()):
                if is_temporary(path.name):
                    remove_leftover(path)


def remove_leftover(path: Path) -> None:
    """Remove a temporary file or folder of a process that is gone.

    It stays while its process runs, for a minute in any case, and when it is another user's, or a link.
    """
    with contextlib.suppress(OSError):
        found = path.lstat()
        if found.st_uid != os.geteuid() or found.st_mtime > time.time() - STALE or _is_held(path.name):
            return
        if stat.S_ISDIR(found.st_mode):
            shutil.rmtree(path)
        elif stat.S_ISREG(found.st_mode):
            path.unlink()


def _is_held(name: str) -> bool:
    pid, _, rest = name[len(PREFIX) : -len(SUFFIX)].partition("-")
    return pid.isdigit() and bool(rest) and is_running(int(pid), rest.rpartition("-")[0])
