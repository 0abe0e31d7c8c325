"""Unexpected errors: written down for whoever mends them, and told in one sentence to whoever met them."""

from __future__ import annotations

import os
import tempfile
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from index.storage.user_folders import homely

FAILED = 3
"""Exit status after a refusal or a failure, in the commands and in the app."""
KEPT = 200
"""Refused texts that are kept, the newest ones."""
LARGEST = 1_000_000
"""Bytes of the log past which it is begun anew; the one before is kept beside it."""
_WRITING = threading.Lock()


def log_file() -> Path:
    """Return where unexpected errors are written down: in the user's state folder."""
    from platformdirs import user_state_path

    return user_state_path("memarium") / "errors.log"


def shown_log() -> str:
    """Return the path of the log as people write it."""
    return homely(log_file())


def write_down(text: str) -> bool:
    """Append a text and the time to the log; return whether that was possible."""
    path = log_file()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _WRITING:
            if path.exists() and path.stat().st_size > LARGEST:
                path.replace(path.with_suffix(".log.1"))
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n{text.rstrip()}\n\n")
    except OSError:
        return False
    return True


def report(error: BaseException) -> str:
    """Write an error down with its traceback, and return one sentence that says so."""
    words = " ".join(str(error).split())
    name = type(error).__name__
    what = f"{name}: {words}" if words else name
    if write_down("".join(traceback.format_exception(error))):
        return f"Something failed unexpectedly, see {shown_log()} ({what})."
    return f"Something failed unexpectedly, and {shown_log()} cannot be written ({what})."


def keep_refused(text: bytes, suffix: str) -> str:
    """Keep a text that could not be saved where only the user reads it, and return the path of the file.

    It lies in the state folder, else in the temporary one; empty where neither can be written.
    """
    for folder in (log_file().parent / "refused", None):
        with suppress(OSError):
            if folder is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            moment = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S-")
            descriptor, name = tempfile.mkstemp(suffix, moment, folder)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
            for old in sorted(Path(name).parent.glob("????-??-??-*"))[:-KEPT] if folder else ():
                old.unlink(missing_ok=True)
            return name
    return ""
