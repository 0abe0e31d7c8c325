"""Histories of several repositories as one, the newest first."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Iterable
from contextlib import ExitStack, closing
from datetime import datetime
from typing import Protocol, TypeVar


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
