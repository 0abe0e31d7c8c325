"""When memory is tidied up: the garbage collector walks everything while nobody waits for a key's answer.

Row of `make bench`: `timeline`, whose keys are pressed with 100,000 entries in memory; `search-large` tells
the memory of the open app.
"""

from __future__ import annotations

import gc
import time
from contextlib import suppress

IDLE = 5.0
"""Seconds without a key or the mouse after which nobody waits."""
WORTH_IT = 10
"""Collections of young objects after which all is worth a look; Python's own number."""
_NEVER = 1 << 30
_ARENA_MAX = -8
"""`M_ARENA_MAX` in glibc's `malloc.h`."""


class Collector:
    """Collects in the app's idle moments.

    With 100,000 entries and their history at hand a full collection takes a third of a second, and Python
    makes one in the midst of a paint as readily as at any other time. What is young is collected as ever.
    """

    def __init__(self) -> None:
        self._before = gc.get_threshold()
        self._used = time.monotonic()
        gc.set_threshold(*self._before[:2], _NEVER)

    def used(self) -> None:
        """Note that someone uses the app."""
        self._used = time.monotonic()

    def tidy(self) -> bool:
        """Collect if it is time for it; return whether it was."""
        if time.monotonic() - self._used < IDLE or gc.get_count()[2] < WORTH_IT:
            return False
        gc.collect()
        return True

    def end(self) -> None:
        """Let Python decide again."""
        gc.set_threshold(*self._before)


def share_heap() -> None:
    """Let the threads that begin from now on take their memory from one heap (glibc).

    Else each has one of its own, and keeps room in it that the others lack: after 60 keys among 100,000
    entries that are 9 MB.
    """
    _tell_allocator("mallopt", _ARENA_MAX, 1)


def give_back() -> None:
    """Return the memory that long work needed to the system, where its C library can do that (glibc).

    After a first reading of 100,000 entries that is a quarter of it. It takes a few milliseconds, in which
    other threads go on.
    """
    _tell_allocator("malloc_trim", 0)


def _tell_allocator(function: str, *numbers: int) -> None:
    import ctypes

    with suppress(OSError, AttributeError):
        ctypes.CDLL(None)[function](*numbers)
