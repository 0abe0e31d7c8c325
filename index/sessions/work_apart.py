"""The changes of many commits, read in processes of their own: both sides of each have to be parsed."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from index.git.worktree import Worktree
from index.history.tree_log import StepReader
from index.model.commits import LogStep, TouchedFile
from index.model.errors import TreeError
from index.model.store_places import Scope
from index.sessions.commit_cache import Store
from index.sessions.working import rows_of
from index.storage.helper_process import HelperPool, cores, helper_pool, serve

T = TypeVar("T")

WORTH_IT = 600
"""Commits from which starting processes costs less than it saves."""
_AHEAD = 16
"""Batches that are asked for before the first is taken in."""
_NO_TIME = datetime.fromtimestamp(0, UTC)


@dataclass
class _Batch(Generic[T]):
    """Commits that are read at once."""

    whose: T
    """Comes back once they are read."""
    steps: Sequence[LogStep]
    _task: Future[Any] | None = None

    def ask(self, pool: HelperPool, root: str, places: tuple[str, ...]) -> None:
        """Have them read, unless that was asked for."""
        told = [(step.rev, [*map(tuple, step.files)]) for step in self.steps if not step.cut]
        if told and self._task is None:
            self._task = pool.ask((root, places, told))

    def take(self, store: Store) -> None:
        """Wait until they are read and keep their changes; those of a process that ended are left."""
        with suppress(EOFError, OSError):
            for rev, rows in self._task.result() if self._task is not None else ():
                store.keep(rev, rows)


def read_apart(
    checkout: Worktree, batches: Iterator[tuple[T, Sequence[LogStep]]], store: Store
) -> Generator[T]:
    """Yield batches in their order once the changes of their commits are read, the next ones meanwhile.

    As far as processes can be had and can read them, and only where many commits are to be read.
    """
    asked = str(checkout.tree), checkout.scope.places
    waiting: deque[_Batch[T]] = deque()
    pool, can, more = None, cores() > 1, True
    with ExitStack() as stack:
        while waiting or more:
            while more and len(waiting) < _AHEAD:
                found = next(batches, None)
                more = found is not None
                waiting += [_Batch(*found)] if found else ()
                if can and pool is None and sum(len(batch.steps) for batch in waiting) >= WORTH_IT:
                    try:
                        pool = stack.enter_context(helper_pool(__name__, cores()))
                    except OSError:
                        can = False  # a system that allows no more processes
                if pool is not None:
                    for batch in waiting:
                        batch.ask(pool, *asked)
            if waiting:
                first = waiting.popleft()
                first.take(store)
                yield first.whose


def _read_batch(
    question: tuple[str, tuple[str, ...], list[Any]], answer: Callable[[list[Any]], None]
) -> None:
    """Answer with the changes of commits; one that cannot be read is left to who asks, for its sentence."""
    root, places, told = question
    steps = [
        LogStep(rev, _NO_TIME, "", "", tuple(TouchedFile(*file) for file in files)) for rev, files in told
    ]
    found: list[Any] = []
    try:
        reader = _reader(root, tuple(places))
        reader.ahead(steps)
        for step in steps:
            found.append((step.rev, rows_of(step, reader)))
    except TreeError:
        pass
    answer(found)


@cache
def _reader(root: str, places: tuple[str, ...]) -> StepReader:
    from index.library.versioning import find_repository

    repository = find_repository(Path(root), Scope(places)).repository
    if repository is None:
        raise TreeError("There is no repository any more.")
    return StepReader(repository)


if __name__ == "__main__":
    gc.disable()  # what a helper makes goes away whole
    serve(_read_batch)
