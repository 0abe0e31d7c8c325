"""The end of the app: nothing is waited for but a write that has begun."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Final

from index.storage import writes
from tui.runtime.background import begin

if TYPE_CHECKING:
    from index.workspace import Workspace
    from tui.runtime.terminal_watchdog import Ending

KEEPING: Final = 5.0
"""Seconds at most for the last typed text to be kept."""
CLOSING: Final = 2.0
"""Seconds at most to close a tree: a disk that hangs keeps nobody."""


def close(workspace: Workspace) -> threading.Thread:
    """Close a tree in a thread, which nobody has to wait for."""
    return begin(workspace.close, "closing")


def finish(app: Ending, patience: float = threading.TIMEOUT_MAX) -> None:
    """Let the app's work end: drafts and writes at once, reading by being broken off.

    A write has so many seconds of `patience`; then its git is ended, with the hook that it waits for.
    """
    from index.git.runner import end_all

    threading.excepthook = lambda told: None  # who is broken off has nothing to tell
    app.lanes.lane("draft").wait(KEEPING)
    if not app.hurried and not writes.wait(patience):
        end_all()
        writes.wait(KEEPING)
    if app.workspace is not None:
        close(app.workspace).join(CLOSING)
    end_all()


def leave(status: int) -> None:
    """End the process; threads that hang, of which Python would wait for some, end with it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue  # nobody reads it any more
    if any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread()):
        os._exit(status)
    sys.exit(status)
