"""Temporary files: named so that each tells whose it is, and removed once a kill has left them to nobody."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from index.storage.locking import born, is_running

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
