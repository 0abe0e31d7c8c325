"""Helpers: Python processes of our own, which take values in and give values back."""

from __future__ import annotations

import marshal
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future

_LENGTH = 8
"""Bytes in front of a value that say how long it is."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Helper:
    """A process that runs a module which calls `serve`.

    The standard library's pools start theirs with the current folder on the import path. Where that is a
    hostile repository, its `random.py` would run.
    """

    def __init__(self, module: str) -> None:
        """Start it. Raises OSError when no process is to be had."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module],  # -P: nothing is imported from the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, question: Any) -> Any:
        """Send a question and wait for the answer; see `tell` and `hear`."""
        self.tell(question)
        return self.hear()

    def tell(self, question: Any) -> None:
        """Send a value that `marshal` knows. Raises OSError when the process has ended."""
        assert self._process.stdin is not None
        _send(question, self._process.stdin)

    def hear(self) -> Any:
        """Return its next answer. Raises EOFError when it has ended."""
        assert self._process.stdout is not None
        return _receive(self._process.stdout)

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def leave(self) -> None:
        """Let it end when it next has something to say: it may be writing."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):  # it has ended already, and what is buffered goes nowhere
                pipe.close()


def serve(answer: Callable[[Any, Callable[[Any], None]], None]) -> None:
    """Answer requests until the asking process is gone. The process does nothing else.

    Args:
        answer: is given a question, and a function that sends a value: once, or more often.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a key that is meant for who started us
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what is printed may not come among the answers
        try:
            while True:
                answer(_receive(sys.stdin.buffer), lambda value: _send(value, answers))
        except (EOFError, BrokenPipeError):
            os._exit(0)  # what is buffered has no reader


def _send(value: Any, pipe: IO[bytes]) -> None:
    data = marshal.dumps(value)
    pipe.write(len(data).to_bytes(_LENGTH))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    length = int.from_bytes(pipe.read(_LENGTH))
    data = pipe.read(length)
    if len(data) < length or not length:
        raise EOFError
    return marshal.loads(data)


_MOST = 8
"""Processes; the one that collects their answers keeps up with no more."""


class HelperPool:
    """Helpers that run one module; each is asked one question at a time."""

    def __init__(self, module: str, many: int) -> None:
        """Start them. Raises OSError when no process is to be had."""
        from concurrent.futures import ThreadPoolExecutor  # here, for no helper needs it

        many = min(many, _MOST)
        self._threads = ThreadPoolExecutor(many)  # each waits for a helper's answer
        self._idle: SimpleQueue[Helper] = SimpleQueue()
        self._helpers: list[Helper] = []
        try:
            for _ in range(many):
                self._helpers.append(Helper(module))
                self._idle.put(self._helpers[-1])
        except OSError:
            self.close()
            raise

    def ask(self, question: Any) -> Future[Any]:
        """Ask whoever is idle next; the answer raises EOFError or OSError when that process has ended."""
        return self._threads.submit(self._ask, question)

    def _ask(self, question: Any) -> Any:
        helper = self._idle.get()
        try:
            return helper.ask(question)
        finally:
            self._idle.put(helper)

    def close(self) -> None:
        """End them, whatever they do."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for helper in self._helpers:
            helper.close()


@contextmanager
def helper_pool(module: str, many: int) -> Iterator[HelperPool]:
    """Work with helpers, and end them. Raises OSError when no process is to be had."""
    pool = HelperPool(module, many)
    try:
        yield pool
    finally:
        pool.close()
