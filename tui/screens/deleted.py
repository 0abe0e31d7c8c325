"""The entries that were deleted, whoever deleted them, and the way to get one back."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from index.memory.files import TreeError
from tui import dates
from tui.actions import Hint, bindings
from tui.look import BLANK, empty_state, plain, t, wrap
from tui.screens.restoring import Restoring
from tui.widgets.deleted_list import DeletedList
from tui.widgets.lines import Lines
from tui.widgets.pane import Hair
from tui.widgets.preview import Preview
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from index.edits import Edit
    from index.history.tree_log import Deleted

_FRESH = 0.1
"""Seconds between two looks at what was found so far."""


class Found(Message):
    """The deleted entries found so far."""

    def __init__(self, number: int, gone: Sequence[Deleted], *, done: bool = False, error: str = "") -> None:
        super().__init__()
        self.number, self.gone, self.done, self.error = number, gone, done, error

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, Found) and message.number == self.number


class DeletedEntries(Restoring):
    """The list at the left, the entry as it last was at the right."""

    CSS_PATH = "deleted.tcss"
    BINDINGS = bindings("accept", "restore", "history", "copy")
    HELP_TITLE = "Keys in the deleted entries"
    AUTO_FOCUS = "#gone"
    BACK = "leave it deleted"

    def __init__(self) -> None:
        super().__init__()
        self._number = 0

    def compose_panes(self) -> Iterable[Widget]:
        """Yield list and entry."""
        self._list, self._preview = DeletedList(), Gone(id="preview")
        self._nothing = Lines(id="nothing")
        yield self._list
        yield Hair(self._list, id="hair")
        yield self._preview
        yield self._nothing

    def on_mount(self) -> None:
        """Look for them, now and whenever the tree changes."""
        self.set_title(t(("Deleted entries", "strong")))
        self.watch(self.app, "generation", self._read)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys; where nothing is deleted there is only the way back."""
        return super().footer_keys(focused) if self._list.count else ["back"]

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        self._number += 1
        if self.app.page is None:  # else what is not read yet would look deleted
            self._stream(self._number)

    @work(thread=True, exclusive=True, exit_on_error=False, group="deleted")
    def _stream(self, number: int) -> None:
        from index.edits import CannotEdit
        from index.history.errors import Refused

        worker, workspace = get_current_worker(), self.app.workspace
        if workspace is None:
            return
        found: list[Deleted] = []
        shown_at = time.monotonic()
        try:
            chronicle = workspace.chronicle
            if not chronicle.available:
                self.post_message(Found(number, (), done=True, error=chronicle.reason))
                return
            for gone in chronicle.deleted():
                if worker.is_cancelled:
                    return
                found.append(gone)
                if len(found) == 1 or time.monotonic() - shown_at > _FRESH:
                    self.post_message(Found(number, tuple(found)))
                    shown_at = time.monotonic()
        except (Refused, TreeError, CannotEdit, OSError) as error:
            self.post_message(Found(number, tuple(found), done=True, error=str(error)))
        else:
            self.post_message(Found(number, tuple(found), done=True))

    @on(Found)
    def _show(self, message: Found) -> None:
        if message.number != self._number:
            return
        self._list.fill(message.gone, self.app.now(), complete=message.done)
        count = len(message.gone)
        note = t((f"{count:,}", "strong"), (" entry" if count == 1 else " entries", "muted"))
        if not message.done:
            note += t((" so far · reading …", "muted"))
        self.set_title(t(("Deleted entries", "strong")), note if count or not message.done else BLANK)
        self.set_class(message.done and not count, "-empty")
        if message.done and not count:
            self._show_nothing(message.error)
        elif message.error:
            self.tell(t(("▲ ", "err"), message.error), stay=True)
        self.refresh_keys()

    def _show_nothing(self, reason: str) -> None:
        height = self.query_one("#panes").size.height or self.app.size.height - 6
        why = reason or "What is deleted here or by anyone else is listed here, and can come back."
        words = [t(("No entry was ever deleted" if not reason else "There is no history", "strong")), BLANK]
        words += [*wrap(why, 50, "muted"), BLANK, t(("esc", "strong"), (" back", "muted"))]
        self._nothing.show(lambda width: empty_state(words, width, height, 50))

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        gone = self._list.current
        self._preview.gone = gone
        self._preview.show_entry(gone.entry if gone else None, self.app.now())

    @on(Preview.Step)
    def _step(self, message: Preview.Step) -> None:
        self._list.go(message.by)

    @on(RowList.Chosen)
    def action_accept(self) -> None:
        """Go to the entry; on a narrow screen it opens as a page."""
        if self._list.count:
            self.set_class(True, "-reading")
            self._preview.focus()

    def action_back(self) -> None:
        """Go back from the page to the list, or to the screen before."""
        if self.has_class("-reading") and self.has_class("-page"):
            self.set_class(False, "-reading")
            self._list.focus()
        else:
            self.dismiss()

    # ── what can be done ──────────────────────────────────────────────────────

    def action_history(self) -> None:
        """Show how the entry came to be, up to its end."""
        from tui.screens.history import History

        gone = self._list.current
        if gone is not None:
            self.app.push_screen(History(gone.entry.id, gone.entry.title))

    def action_copy(self) -> None:
        """Copy the entry as it last was."""
        from tui.screens.entry_keys import as_text

        gone = self._list.current
        if gone is not None:
            self.copy_text(as_text(gone.entry), "the entry")

    def action_restore(self) -> None:
        """Bring the entry back at its place, after a last look."""
        gone, workspace = self._list.current, self.app.workspace
        if gone is None or workspace is None:
            return
        chronicle, wanted = workspace.chronicle, gone

        def make() -> Edit:
            return chronicle.plan_revive(wanted)

        self.plan(make, gone.entry.title)


class Gone(Preview):
    """A deleted entry as a page; its foot says where it was, and who deleted it when."""

    FOOTER: Sequence[Hint] = ("back", ("restore", "bring back"), "history", ("choose", "unfold"), "copy")

    gone: Deleted | None = None

    def _foot(self, more: str) -> list[Content]:
        lines = super()._foot(more)
        gone = self.gone
        if gone is None or not lines:
            return lines
        when = dates.full(gone.when, clock=True)
        about = t(("deleted ", "muted"), (when, "text"), (" by ", "muted"), plain(gone.author, "muted"))
        commit = t(("  ", ""), (gone.rev[:7], "muted"))
        return [*lines, t("  ", about, commit)]
