"""Base of the history screens: a list read from git at the left, the item under the cursor at the right."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from index.model.errors import TreeError
from tui.actions import Hint
from tui.runtime.threads import threaded
from tui.screens.history.restoring import Restoring
from tui.theme.drawing import BLANK, empty_state, t, wrap
from tui.widgets.base.lines import Lines
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory

_FRESH = 0.05
"""Seconds between two looks at what was read so far; the first row is shown at once."""


class RowsRead(Message):
    """More rows were read from git."""

    def __init__(
        self,
        number: int,
        rows: Sequence[Any],
        you: str,
        *,
        done: bool = False,
        error: str = "",
        gaps: str = "",
    ) -> None:
        """Show rows; `error` says why not all could be read, `gaps` what the history leaves out."""
        super().__init__()
        self.gaps = gaps
        self.number, self.rows, self.you, self.done, self.error = number, rows, you, done, error

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, RowsRead) and message.number == self.number


class HistoryScreen(Restoring):
    """Reads its rows anew whenever the tree changes; narrow, list and page stand one after the other.

    A subclass yields `rows` and `page`, says what to read (`read_rows`) and shows it (`show`).
    """

    WHOLE = False
    """Whether the rows are of the history of the whole tree."""
    rows: RowList
    page: Lines

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        """Of the last reading."""

    @abstractmethod
    def read_rows(self, history: EntryHistory) -> Iterator[Any]:
        """Yield what is listed; in a worker."""

    @abstractmethod
    def show(self, message: RowsRead) -> None:
        """Show what was read so far."""

    def on_mount(self) -> None:
        """Read, now and whenever the tree changes."""
        self.watch(self.app, "generation", self.read)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys; where nothing is listed there is only the way back."""
        return super().footer_keys(focused) if self.rows.count else ["back"]

    def read(self) -> None:
        """Read anew; what was asked before does not count any more."""
        self._number += 1
        if self.context.page is None:  # else what is not read yet would look deleted
            self._stream(self._number)

    @threaded("history")
    def _stream(self, number: int) -> None:
        """Read the rows; those known so far are shown while git goes on."""
        from index.model.errors import Refused
        from index.model.plan import CannotEdit

        worker, workspace = get_current_worker(), self.context.workspace
        if workspace is None:
            return
        found: list[Any] = []
        you, shown_at = "", 0.0
        try:
            history = workspace.history
            if not history.available:
                self.post_message(RowsRead(number, (), "", done=True, error=history.reason))
                return
            for row in self.read_rows(history):
                if worker.is_cancelled:
                    return
                if not found:
                    state = workspace.tree.state()
                    you = state.identity if state else ""
                found.append(row)
                if time.monotonic() - shown_at > _FRESH:
                    self.post_message(RowsRead(number, tuple(found), you))
                    shown_at = time.monotonic()
        except (Refused, TreeError, CannotEdit, OSError) as error:
            self.post_message(RowsRead(number, tuple(found), you, done=True, error=str(error)))
        else:
            gaps = history.gaps() if self.WHOLE else ""
            self.post_message(RowsRead(number, tuple(found), you, done=True, gaps=gaps))

    @on(RowsRead)
    def _found(self, message: RowsRead) -> None:
        if message.number != self._number:
            return
        self.set_class(message.done and not message.rows, "-empty")
        self.show(message)
        if message.error and message.rows:
            self.tell(t(("▲ ", "err"), message.error), stay=True)
        self.refresh_keys()

    def show_nothing(self, page: Lines, head: str, why: str) -> None:
        """Say on a page that nothing is listed, and why."""
        height = self.query_one("#panes").size.height or self.app.size.height - 6
        words: list[Content] = [t((head, "strong")), BLANK, *wrap(why, 50, "muted"), BLANK]
        words.append(t(("esc", "strong"), (" back", "muted")))
        page.show(lambda width: empty_state(words, width, height, 50))

    # ── moving ────────────────────────────────────────────────────────────────

    @on(RowList.Chosen)
    def action_accept(self) -> None:
        """Go to the page; on a narrow screen it takes the place of the list."""
        if self.rows.count:
            self.set_class(True, "-reading")
            self.page.focus()

    def action_back(self) -> None:
        """Go back from the page to the list, or to the screen before."""
        if self.has_class("-reading") and self.has_class("-page"):
            self.set_class(False, "-reading")
            self.rows.focus()
        else:
            self.dismiss()
