"""What several threads ask for at the same time is made once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from index.model.cached import once


class Slow:
    """Makes its part only when all who want it have asked, or after a while."""

    def __init__(self, askers: int) -> None:
        self.made = 0
        self._askers = threading.Barrier(askers)

    def ask(self) -> object:
        self._askers.wait()
        return self.part

    @once
    def part(self) -> object:
        """Something that is to be there once."""
        self.made += 1
        threading.Event().wait(0.05)
        return object()


def test_threads_that_ask_at_once_get_the_same() -> None:
    slow = Slow(8)
    with ThreadPoolExecutor(8) as threads:
        parts = [threads.submit(slow.ask) for _ in range(8)]
    assert len({id(part.result()) for part in parts}) == 1
    assert slow.made == 1


def test_each_object_has_its_own() -> None:
    assert Slow(1).part is not Slow(1).part
