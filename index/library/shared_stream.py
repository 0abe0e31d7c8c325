"""A stream that is read once, however many readers it has."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Keeps the items of a generator; each reader gets them from the start, and then new ones."""

    def __init__(self, source: Generator[T]) -> None:
        self._source = source
        self._found: list[T] = []
        self._done = False
        self._error: Exception | None = None
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[T]:
        place = 0
        while True:
            if place < len(self._found):
                yield self._found[place]
                place += 1
            elif not self._next() and place == len(self._found):
                return

    def so_far(self) -> tuple[Sequence[T], bool]:
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
