"""The entries that were deleted, whoever deleted them, and the way to get one back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget

from tui import dates
from tui.actions import Hint, bindings
from tui.look import BLANK, plain, t
from tui.screens.past import Found, Past
from tui.widgets.deleted_list import DeletedList
from tui.widgets.lines import Lines
from tui.widgets.pane import Hair
from tui.widgets.preview import Preview
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from index.chronicle import Chronicle
    from index.edits import Edit
    from index.history.deleted import Deleted


class DeletedEntries(Past):
    """The list at the left, the entry as it last was at the right."""

    CSS_PATH = "deleted.tcss"
    BINDINGS = bindings("accept", "restore", "history", "file_history", "copy")
    HELP_TITLE = "Keys in the deleted entries"
    AUTO_FOCUS = "#gone"
    BACK = "leave it deleted"

    def compose_panes(self) -> Iterable[Widget]:
        """Yield list and entry."""
        self.rows = self._list = DeletedList()
        self.page = self._preview = Gone(id="preview")
        self._nothing = Lines(id="nothing")
        yield self._list
        yield Hair(self._list, id="hair")
        yield self._preview
        yield self._nothing

    def on_mount(self) -> None:
        """Say what is listed."""
        self.set_title(t(("Deleted entries", "strong")))

    def past(self, chronicle: Chronicle) -> Iterator[Deleted]:
        """Yield the entries that are gone."""
        return chronicle.deleted()

    def show(self, message: Found) -> None:
        """Show the entries found so far."""
        self._list.fill(message.rows, self.app.now(), complete=message.done)
        count = len(message.rows)
        note = t((f"{count:,}", "strong"), (" entry" if count == 1 else " entries", "muted"))
        if not message.done:
            note += t((" so far · reading …", "muted"))
        self.set_title(t(("Deleted entries", "strong")), note if count or not message.done else BLANK)
        if message.done and not count:
            head = "There is no history" if message.error else "No entry was ever deleted"
            why = message.error or "What is deleted here or by anyone else is listed here, and can come back."
            self.show_nothing(self._nothing, head, why)

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        gone = self._list.current
        self._preview.gone = gone
        self._preview.show_entry(gone.entry if gone else None, self.app.now())

    @on(Preview.Step)
    def _step(self, message: Preview.Step) -> None:
        self._list.go(message.by)

    # ── what can be done ──────────────────────────────────────────────────────

    def action_history(self) -> None:
        """Show how the entry came to be, up to its end."""
        from tui.screens.history import History

        gone = self._list.current
        if gone is not None:
            self.app.push_screen(History(gone.entry.id, gone.entry.title))

    def action_file_history(self) -> None:
        """Show what became of the file that the entry was in."""
        from tui.screens.file_history import FileHistory

        gone = self._list.current
        if gone is not None:
            self.app.push_screen(FileHistory(gone.path))

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
