"""Whose turn it is: that of a key, until it is answered, or that of the work in threads.

Row of `make bench`: `timeline`, whose keys are pressed while the sessions are still being read.
"""

from __future__ import annotations

import asyncio
import threading
import time

TURN = 0.025
"""Seconds in which most keys are answered; that loop sets the end which runs their answers."""
BREATH = 0.0005
"""Seconds that work rests after each piece, so that the app gets to see a key."""
LONGEST = 0.1
"""Seconds that it waits at most: a key that is held down may not stop it for good."""


class Turns:
    """Lets work in threads wait while a key is answered: Python runs one of them at a time."""

    def __init__(self) -> None:
        self._quiet = threading.Event()
        self._quiet.set()
        self._end: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Note that a key was pressed; called in the app's own loop."""
        self._quiet.clear()
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(TURN, self._quiet.set)

    def rest(self) -> None:
        """Wait; called by work between two pieces of some milliseconds."""
        time.sleep(BREATH)
        self._quiet.wait(LONGEST)
