"""Threads of the app: they end with it, and a stop that is meant for the app passes them by."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable


def begin(work: Callable[[], object], name: str) -> threading.Thread:
    """Have something done in a thread that nobody has to wait for.

    Neither the thread nor a program that it starts takes SIGTSTP. One that ctrl+z stopped between its start
    and its own first step would hold its parent: the system tells the shell of the stop once all threads have
    stopped, and the one that waits for that step cannot. The terminal would answer nobody any more.
    """

    def run() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTSTP})
        work()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
