"""Watching for changes by others: in the files of a tree, and in the repository they lie in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.library.snapshot import TreeChanges

_LOOK_EVERY = 1_000
"""Milliseconds after which the repository is looked at, of which nothing tells when it changes."""


def watch(
    places: Sequence[Path],
    refresh: Callable[[], TreeChanges],
    mark: Callable[[], object],
    stop: threading.Event,
    files: Callable[[], object] = lambda: None,
) -> Iterator[TreeChanges]:
    """Yield changes until `stop` is set.

    The first are the changes from before the watch began, be there none, a moment after it did; so nothing is
    missed in between. Later, no changes mean that the repository is in another state, the files are not.

    Args:
        places: the folders of the tree.
        refresh: reads the tree and returns the changes since its last call.
        mark: returns a value that differs when the repository is in another state.
        stop: ends it, within some 50 ms.
        files: returns a value that differs when a file outside of those folders does.
    """
    from watchfiles import watch as events

    marked = None
    for seen in events(
        *places,
        stop_event=stop,
        step=50,
        debounce=200,
        rust_timeout=_LOOK_EVERY,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        before, marked = marked, (mark(), files())
        changes = refresh() if seen or before is None or before[1] != marked[1] else TreeChanges()
        if changes or marked != before:
            yield changes
