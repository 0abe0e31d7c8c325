"""The search by meaning: rows of related entries, and the reading of meanings behind the screen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from index.storage.failure_log import report
from tui.context import context_of
from tui.data.search_rows import RelatedRows
from tui.data.session_rows import Stopped
from tui.data.tree_workers import Indexed, Reporter
from tui.data.tree_workers import Progress as TaskProgress
from tui.runtime.background import begin
from tui.runtime.trouble import Trouble

if TYPE_CHECKING:
    from textual.screen import Screen

    from index.library.snapshot import Snapshot
    from index.search.language.query import Query
    from index.workspace import Workspace

HEADING = "Related by meaning"
_TASK = "reading the meaning"


def related_rows(workspace: Workspace, query: Query, *, reading: bool) -> RelatedRows:
    """Return the entries that are related by meaning to a query, of those read so far. Slow: for a thread.

    `reading`: the meaning of some entries is still being read.
    """
    from index.model.errors import MeaningUnusable

    try:
        found = workspace.search.related(query, wait=False)
    except MeaningUnusable as error:
        return RelatedRows((), str(error))
    none = "Reading the meaning of the entries …" if reading else "Nothing else is related by meaning."
    return RelatedRows(found, HEADING if found else none)


class Learner:
    """Reads the meaning of the entries that nobody has read yet, once something is searched by meaning."""

    def __init__(self, screen: Screen[None], workspace: Workspace) -> None:
        """Read for a screen, as long as it is open and shows `workspace`."""
        self.workspace = workspace
        self._screen = screen
        self._lock = threading.Lock()
        self._learned: Snapshot | None = None
        """The tree as it was when its meaning was last read, or could not be."""
        self._working = False

    @property
    def working(self) -> bool:
        """Whether it reads."""
        return self._working

    def ask(self) -> None:
        """Read the missing meanings, in a thread of its own, unless that goes on or is done."""
        with self._lock:
            snapshot = self.workspace.tree.snapshot
            if self._working or snapshot is self._learned:
                return
            self._working, self._learned = True, snapshot
        begin(self._work, "learner")

    def _work(self) -> None:
        from index.model.errors import MeaningUnusable

        context = context_of(self._screen)
        tell = Reporter(self.workspace, context.post_message, _TASK, threading.Event())

        def progress(done: int, total: int) -> None:
            if not self._screen.is_attached or context.workspace is not self.workspace:
                raise Stopped
            tell(done, total)

        try:
            self.workspace.search.learn(progress, helpers=1, behind=True)
        except Stopped:
            return
        except MeaningUnusable:
            pass  # where the rows would be it is said why
        except Exception as error:  # whatever it is, the words are found nevertheless
            context.post_message(Trouble(report(error)))
        finally:
            self._working = False
        context.post_message(TaskProgress(""))
        context.post_message(Indexed())
