"""Rows that are read from git, those known so far again and again; in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from index.model.errors import Refused, TreeError

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.workspace import Workspace

FRESH = 0.05
"""Seconds between two looks at the rows read so far; the first row is shown at once."""


class RowsRead(NamedTuple):
    """The rows read so far."""

    rows: Sequence[Any] = ()
    you: str = ""
    """The author to call "you"."""
    done: bool = False
    error: str = ""
    """The reason why not all could be read."""
    gaps: str = ""
    """Parts that the history leaves out, where it is that of the whole tree."""


def read_rows(
    workspace: Workspace, rows: Callable[[EntryHistory], Iterator[Any]], *, whole: bool
) -> Iterator[RowsRead]:
    """Yield the rows that `rows` reads of the history, of the `whole` tree or of an entry or file."""
    from index.model.plan import CannotEdit

    history = workspace.history
    if not history.available:
        yield RowsRead(done=True, error=history.reason)
        return
    found: list[Any] = []
    you, shown_at, error = "", 0.0, ""
    try:
        for row in rows(history):
            if not found:
                state = workspace.tree.state()
                you = state.identity if state else ""
            found.append(row)
            if time.monotonic() - shown_at > FRESH:
                yield RowsRead(tuple(found), you)
                shown_at = time.monotonic()
    except (Refused, TreeError, CannotEdit, OSError) as refused:
        error = str(refused)
    gaps = history.gaps() if whole and not error else ""
    yield RowsRead(tuple(found), you, True, error, gaps)
