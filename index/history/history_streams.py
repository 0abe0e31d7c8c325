"""Histories as streams: of several repositories as one, and one that is read once by many readers."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from typing import Generic, Protocol, TypeVar


class _Timed(Protocol):
    @property
    def when(self) -> datetime: ...


T = TypeVar("T", bound=_Timed)


def by_time(histories: Iterable[Generator[T]]) -> Generator[T]:
    """Yield the commits of several histories, each in its own order; closing it closes them."""
    with ExitStack() as stack:
        every = [stack.enter_context(closing(history)) for history in histories]
        if len(every) == 1:
            yield from every[0]
        else:
            yield from heapq.merge(*every, key=lambda one: one.when, reverse=True)


Item = TypeVar("Item")


class Shared(Generic[Item]):
    """Keeps the items of a generator; each reader gets them from the start, and then new ones."""

    def __init__(self, source: Generator[Item]) -> None:
        self._source = source
        self._found: list[Item] = []
        self._done = False
        self._error: Exception | None = None
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Item]:
        place = 0
        while True:
            if place < len(self._found):
                yield self._found[place]
                place += 1
            elif not self._next() and place == len(self._found):
                return

    def so_far(self) -> tuple[Sequence[Item], bool]:
        """Return the items read up to now, and whether they are all."""
        done = self._done  # before the copy: what comes in between is missed otherwise
        return tuple(self._found), done

    def read(self, seconds: float) -> None:
        """Read on for about so long."""
        until = time.monotonic() + seconds
        while self._next() and time.monotonic() < until:
            pass

    def close(self) -> None:
        """Read no further; the items found stay."""
        with self._lock:
            self._done = True
            self._source.close()

    def _next(self) -> bool:
        """Read one more; False at the end."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._done:
                return False
            try:
                self._found.append(next(self._source))
            except StopIteration:
                self._done = True
            except Exception as error:
                self._done, self._error = True, error
                raise
            return not self._done
