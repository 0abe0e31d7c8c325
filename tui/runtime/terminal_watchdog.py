"""Ending with the terminal, or when the system asks for it: the terminal is left as it was found."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import termios
import threading
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Protocol

from index.storage import writes
from index.storage.failure_log import write_down
from tui.runtime.background import begin

if TYPE_CHECKING:
    from index.workspace import Workspace
    from tui.runtime.lanes import Lanes

EVERY: Final = 1.0
"""Seconds after which it is looked at the latest whether the terminal is there."""
GONE: Final = 128 + signal.SIGHUP
"""Exit status of a program whose terminal hung up."""
ASKING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""Signals that ask for the end."""
GRACE: Final = 3.0
"""Seconds in which the app ends by itself once it is asked; then it is ended."""
WRITING: Final = 10.0
"""Seconds that typed text, and a write which has begun, get before that."""
RESET: Final = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
"""Takes back every mode of the terminal that the app sets."""


def is_there() -> bool:
    """Return whether the terminal that the app was started in is still there."""
    try:
        if sys.__stdin__ is not None:
            termios.tcgetattr(sys.__stdin__.fileno())
    except (termios.error, OSError, ValueError):
        return False
    return True


class Ending(Protocol):
    """The app as those see it that end it."""

    hurried: bool
    """Whether to end in the midst of a write."""

    @property
    def workspace(self) -> Workspace | None:
        """The open tree; None on the welcome."""

    @property
    def lanes(self) -> Lanes:
        """The threads in which it works."""

    def keep_typed(self) -> None:
        """Keep the typed text of any screen at once."""

    def end(self, status: int) -> None:
        """End with a status."""


class Lifeline:
    """Ends the app when a signal asks for it, or its terminal is gone; it asks nothing.

    What was typed is kept, what is being written is waited for, and what was saved is whole at any moment.
    """

    def __init__(self, app: Ending) -> None:
        """Listen; a signal that whoever started the app had ignored, as `nohup` does, stays ignored."""
        self._app = app
        self._loop: asyncio.AbstractEventLoop | None = None
        self._kept = threading.Event()
        """Set once all that was typed is on its way to the disk."""
        self._ended = threading.Event()
        self.status = 0
        """The status to end with: 128 and the number of the signal; 0 when there was none."""
        self._before: list[Any] | None = None
        with suppress(termios.error, OSError, ValueError):
            self._before = termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ is not None else None
        for number in ASKING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._asked)

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Know the loop that the app runs in, and watch over the terminal from now on."""
        self._loop = loop
        if self._before is not None:
            begin(self._watch, "terminal")

    def end(self) -> None:
        """Know that the app has ended, and has left the terminal."""
        self._ended.set()

    def _watch(self) -> None:
        """Wait for the terminal to go: not every program is sent a SIGHUP, and some ignore it."""
        assert sys.__stdin__ is not None
        ends = select.poll()
        ends.register(sys.__stdin__.fileno(), 0)  # of what is not asked for, the hang-up alone is told
        while is_there():
            ends.poll(EVERY * 1000)
            if self._ended.wait(0.1):  # also a breath, where a system tells of more than that
                return
        self._asked(signal.SIGHUP, None)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if self.status:
            return
        self.status = 128 + number
        begin(self._insist, "lifeline")
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        """Keep the typed text, and end; runs in the app's loop."""
        self._app.keep_typed()
        assert self._loop is not None
        self._loop.call_soon(self._kept.set)  # what is kept is on its way by then
        if is_there():  # else the app would wait for it to be drawn on
            self._loop.call_soon(self._app.end, self.status)

    def _insist(self) -> None:
        """End the program by hand when it does not do so itself: it hangs, or the terminal takes nothing."""
        from index.git.runner import end_all

        if self._loop is not None and self._kept.wait(WRITING):
            self._app.lanes.lane("draft").wait(WRITING)
        writes.wait(WRITING)
        if not is_there():
            end_all()
            write_down("The terminal was gone, so memarium ended; what was typed is kept.")
            os._exit(self.status)
        if not self._ended.wait(GRACE if self._loop is not None else 0.2):
            end_all()
            self._reset()
            os._exit(self.status)

    def _reset(self) -> None:
        with suppress(OSError, ValueError, termios.error):
            if sys.__stderr__ is None or sys.__stdin__ is None:
                return
            out = sys.__stderr__.fileno()
            if select.select([], [out], [], 0.5)[1]:
                os.write(out, RESET)
            if self._before is not None:
                termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, self._before)
