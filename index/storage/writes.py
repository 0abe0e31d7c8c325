"""Writes that have begun: who is asked to end waits for these, and for nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CHANGED = threading.Condition()
_BEGUN: list[int] = []
"""Threads that are writing."""


@contextmanager
def writing() -> Iterator[None]:
    """Note that files or commits are being written, until it is done."""
    thread = threading.get_ident()
    with _CHANGED:
        _BEGUN.append(thread)
    try:
        yield
    finally:
        with _CHANGED:
            _BEGUN.remove(thread)
            _CHANGED.notify_all()


def is_writing() -> bool:
    """Return whether a write has begun and is not done."""
    return bool(_BEGUN)


def wait(seconds: float) -> bool:
    """Wait until nothing is being written; return whether that came in time."""
    with _CHANGED:
        return _CHANGED.wait_for(lambda: not _BEGUN, seconds)
