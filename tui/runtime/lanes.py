"""Lanes: some threads for each sort of work, so that none has to wait for another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from typing import Final

from tui.runtime.background import begin

LANES: Final = {
    "search": ("search", "count", "complete", "filter"),
    "autosave": ("draft", "settings"),
    "saving": ("commit", "undo"),
    "sync": ("sync",),
    "tree": ("tree", "reload", "open"),
    "planning": ("plan", "read", "check", "seen", "copy", "bookmarks", "pin"),
}
"""Lane → the groups of workers that run there; all others ask git, in a lane of their own."""
GIT: Final = "git"
MOST: Final = {"autosave": 1}
"""Threads of a lane; drafts of someone typing are kept in turn."""
USUAL: Final = 6
_LANE_OF: Final = {group: lane for lane, groups in LANES.items() for group in groups}


class Lane:
    """Some threads of one name that take jobs in turn.

    Python waits at its end for the threads of its own executors, and so does asyncio: a git that hangs
    would hold the whole program. Nobody waits for these.
    """

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most = name, most
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._unfinished = 0
        self._rest = threading.Condition(self._lock)

    def submit(self, work: Callable[[], object]) -> Future[None]:
        """Have something done; cancelled before its turn it is not begun."""
        future: Future[None] = Future()
        run = partial(copy_context().run, self._run, work, future)
        with self._lock:
            self._unfinished += 1
            if self._threads < min(self._most, self._unfinished):
                self._threads += 1
                begin(self._serve, f"{self._name}-{self._threads}")
        self._jobs.put(run)
        return future

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is left to do; return whether that came in time."""
        with self._lock:
            return self._rest.wait_for(lambda: not self._unfinished, seconds)

    def _serve(self) -> None:
        while True:
            self._jobs.get()()
            with self._lock:
                self._unfinished -= 1
                self._rest.notify_all()

    @staticmethod
    def _run(work: Callable[[], object], future: Future[None]) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            work()
        except BaseException as error:  # whoever waits for the future gets it
            future.set_exception(error)
        else:
            future.set_result(None)


class Lanes:
    """The lanes of one app; a lane is made when it is first needed."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}

    def lane(self, group: str) -> Lane:
        """Return the lane of a group of workers."""
        name = _LANE_OF.get(group, GIT)
        return self._lanes.setdefault(name, Lane(name, MOST.get(name, USUAL)))
