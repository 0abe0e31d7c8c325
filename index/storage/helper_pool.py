"""Helper processes that answer questions side by side."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any

from index.storage.helper_process import Helper

_MOST = 8
"""Processes; the one that collects their answers keeps up with no more."""


class HelperPool:
    """Helpers that run one module; each is asked one question at a time."""

    def __init__(self, module: str, many: int) -> None:
        """Start them. Raises OSError when no process is to be had."""
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
