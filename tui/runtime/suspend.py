"""The app in the background, and back again: the shell gets the terminal whole, and so does the app."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from textual.app import App

STOPPING: Final = 0.05
"""Seconds until a process that is stopped through another of its threads has noticed."""


class Pauser:
    """Stops and continues one app."""

    def __init__(self, app: App[None]) -> None:
        """Take over from Textual, which draws nothing after `fg`, and reads keys twice after a SIGSTOP."""
        self._app = app
        self._loop = asyncio.get_running_loop()
        self._paused = False
        signal.signal(signal.SIGTSTP, self._stopped)
        signal.signal(signal.SIGCONT, self._continued)

    def pause(self) -> None:
        """Go to the background with all that was started together, as ctrl+z does in a shell.

        Where no shell could bring it back the system ignores that, and the app goes on.
        """
        self._stop(lambda: os.killpg(os.getpgrp(), signal.SIGTSTP))

    def _stop(self, how: Callable[[], None]) -> None:
        self._paused = True
        try:
            with self._app.suspend():
                signal.signal(signal.SIGTSTP, signal.SIG_DFL)
                how()
                time.sleep(STOPPING)
                signal.signal(signal.SIGTSTP, self._stopped)
        finally:
            self._paused = False

    def _stopped(self, number: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop, lambda: os.kill(os.getpid(), signal.SIGSTOP))

    def _continued(self, number: int, frame: FrameType | None) -> None:
        if not self._paused:
            self._loop.call_soon_threadsafe(self._anew)

    def _anew(self) -> None:
        """Set the modes again that a shell may have taken back meanwhile, and draw everything."""
        with self._app.suspend():
            pass
