"""The changes of many commits, read in processes of their own: both sides of each have to be parsed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from index.git.worktree import Worktree
from index.history.tree_log import StepReader
from index.model.commits import LogStep, TouchedFile
from index.model.errors import TreeError
from index.model.store_places import Scope
from index.sessions.commit_cache import Store
from index.sessions.working import rows_of
from index.storage.helper_pool import helper_pool
from index.storage.helper_process import cores, serve

WORTH_IT = 600
"""Commits from which starting processes costs less than it saves."""
_BATCH = 100
"""Commits a task: each starts git twice, which costs as much as reading some ten commits."""
_NO_TIME = datetime.fromtimestamp(0, UTC)


def read_apart(checkout: Worktree, steps: Sequence[LogStep], store: Store) -> None:
    """Put the changes of commits into the store, as far as processes can be had and can read them.

    Args:
        checkout: the tree in its repository.
        steps: the commits; where they are few, or there is one processor, nothing is read.
        store: gets what is read.
    """
    if len(steps) < WORTH_IT or cores() < 2:
        return
    asked = str(checkout.tree), checkout.scope.places
    batches = [steps[at : at + _BATCH] for at in range(0, len(steps), _BATCH)]
    try:
        with helper_pool(__name__, cores()) as pool:
            tasks = [
                pool.ask((*asked, [(step.rev, [*map(tuple, step.files)]) for step in batch if not step.cut]))
                for batch in batches
            ]
            for task in tasks:
                for rev, rows in task.result():
                    store.keep(rev, rows)
    except (EOFError, OSError):
        return  # a system that allows no more processes, or ended one


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
