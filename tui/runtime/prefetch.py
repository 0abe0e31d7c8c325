"""The first page of a tree, read in a thread while Textual is still being imported.

Row of `make bench`: `start`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.runtime.background import begin
from tui.runtime.idle_gc import share_heap

if TYPE_CHECKING:
    from index.model.remembered_page import RememberedPage
    from index.workspace import Workspace

ROWS = 60
"""Entries of the first page: more than a screen shows."""


class Prefetch:
    """Reads at once and hands out when asked."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._page: RememberedPage | None = None
        self.error: Exception | None = None
        """The error for which there is no page."""
        share_heap()
        self._thread = begin(self._read, "first page")

    def _read(self) -> None:
        try:
            self._page = self._workspace.tree.reader.first_page(ROWS)
        except Exception as error:  # whoever waits for the page tells it
            self.error = error

    def now(self) -> RememberedPage | None:
        """Return the page if it is there already."""
        return None if self._thread.is_alive() else self._page

    def wait(self) -> RememberedPage | None:
        """Return the page, None on the first visit of the tree, or after an error."""
        self._thread.join()
        return self._page
