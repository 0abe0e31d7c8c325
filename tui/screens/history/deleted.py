"""The entries that were deleted, whoever deleted them, and the way to get one back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from tui.actions import Hint, bindings
from tui.data.entry_text import as_text
from tui.data.search_rows import hinted
from tui.requests import OpenFileHistory, OpenHistory
from tui.runtime.threads import threaded
from tui.screens.history.history_screen import HistoryScreen, RowsRead
from tui.theme.drawing import BLANK, plain, t
from tui.widgets.base.lines import Lines
from tui.widgets.base.pane import Hair
from tui.widgets.base.row_list import RowList
from tui.widgets.base.search_line import Completions, SearchBox, SearchLine
from tui.widgets.browse.preview import Preview
from tui.widgets.history.deleted_list import DeletedList

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.model.deleted_entry import Deleted
    from index.model.plan import Plan
    from index.search.language.query import Query
    from index.search.results import SearchResults
    from tui.data.search_rows import Spans

_ALL = 1 << 30
"""As a limit of hits: all of them."""


class Filtered(Message):
    """The entries read so far were filtered by the search."""

    def __init__(self, number: int, results: SearchResults) -> None:
        super().__init__()
        self.number, self.results = number, results


class DeletedEntries(HistoryScreen):
    """The list at the left, the entry as it last was at the right; above them a search of its own."""

    CSS_PATH = "deleted.tcss"
    BINDINGS = bindings("accept", "restore", "history", "file_history", "copy")
    HELP_TITLE = "Keys: deleted entries"
    AUTO_FOCUS = "#gone"
    WHOLE = True
    BACK = "leave it deleted"

    def __init__(self) -> None:
        super().__init__()
        self._known: RowsRead | None = None
        """The last message of the reader, with all rows read so far."""
        self._asked = 0
        """Of the last filtering."""
        self._spans: Spans | None = None
        """Finds what is searched for in a text."""

    def compose_title(self) -> Iterable[Widget]:
        """Yield the search."""
        self._search = SearchLine([(0, "search the deleted entries")])
        yield self._search
        yield Completions()

    def compose_panes(self) -> Iterable[Widget]:
        """Yield list and entry."""
        self.rows = self._list = DeletedList()
        self.page = self._preview = Gone(id="preview")
        self._nothing = Lines(id="nothing")
        yield self._list
        yield Hair(self._list, id="hair")
        yield self._preview
        yield self._nothing

    def read_rows(self, history: EntryHistory) -> Iterator[Deleted]:
        """Yield the entries that are gone."""
        return history.deleted()

    def show(self, message: RowsRead) -> None:
        """Show the entries found so far, those that are searched for."""
        self._known = message
        if message.gaps and message.rows:
            self.tell(t(("! ", "warn"), plain(message.gaps)))
        if message.done and not message.rows:
            head = "There is no history" if message.error else "No entry was ever deleted"
            why = (
                message.error
                or message.gaps
                or "What is deleted here or by anyone else is listed here, and can come back."
            )
            self._search.set_note(BLANK)
            self.show_nothing(self._nothing, head, why)
        else:
            self._filter()

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys; while the search is typed those that type nothing."""
        if focused is self._search.box:
            return [("down", "to the list"), ("next", "complete"), ("back", "clear")]
        return super().footer_keys(focused)

    # ── searching ─────────────────────────────────────────────────────────────

    def search_here(self) -> bool:
        """Go to the search of this screen; the focus moves before this returns."""
        self.set_focus(self._search.box)
        return True

    @on(Input.Changed, "#query")
    def _filter(self) -> None:
        """Find out which entries to show; all of them while nothing is asked."""
        from index.search.language.query import parse

        found, text = self._known, self._search.text
        if found is None:
            return
        self._asked += 1
        query = parse(f"is:deleted {text}", now=self.context.now())
        if text.strip():
            self._find(self._asked, query)
        else:
            self._fill(found.rows, len(found.rows))

    @threaded("filter")
    def _find(self, number: int, query: Query) -> None:
        workspace = self.context.workspace
        if workspace is not None:
            results = workspace.search.find(query, limit=_ALL, wait=False)
            if not get_current_worker().is_cancelled:
                self.post_message(Filtered(number, results))

    @on(Filtered)
    def _filtered(self, message: Filtered) -> None:
        from index.search.language.highlight import Highlighter

        found = self._known
        if found is None or message.number != self._asked:
            return
        matching = {id(hit.deleted) for hit in message.results if hit.deleted is not None}
        rows = [gone for gone in found.rows if id(gone) in matching]
        results = message.results
        self._fill(rows, len(found.rows), Highlighter(results.query).spans, results.hint)

    def _fill(self, rows: Sequence[Deleted], total: int, spans: Spans | None = None, hint: str = "") -> None:
        found = self._known
        assert found is not None
        self._spans = spans
        self._list.fill(rows, self.context.now(), complete=found.done, spans=spans)
        count = f"{len(rows):,}" + (f" of {total:,}" if spans is not None else "")
        note = t((count, "strong"), (" deleted entry" if total == 1 else " deleted entries", "muted"))
        note = note if found.done else note + t((" so far", "muted"))
        self._search.set_note(note + hinted(hint))
        self.refresh_keys()

    @on(SearchBox.Leave)
    def _to_rows(self) -> None:
        self.set_focus(self._list)

    @on(Input.Submitted, "#query")
    def _entered(self) -> None:
        self.action_accept()

    def action_back(self) -> None:
        """Clear the search, then leave it, then the screen; from a page go back to the list."""
        if self.focused in (self._search.box, self._list) and self._search.text:
            self._search.text = ""
        elif self.focused is self._search.box:
            self._to_rows()
        else:
            super().action_back()

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        gone = self._list.current
        entry = gone.entry if gone else None
        self._preview.show_entry(entry, self.context.now(), self._spans, text=self._search.text, gone=gone)

    @on(Preview.Step)
    def _step(self, message: Preview.Step) -> None:
        self._list.go(message.by)

    # ── what can be done ──────────────────────────────────────────────────────

    def action_history(self) -> None:
        """Show how the entry came to be, up to its end."""
        gone = self._list.current
        if gone is not None:
            self.context.ask(OpenHistory(gone.entry.id, gone.entry.title))

    def action_file_history(self) -> None:
        """Show what became of the file that the entry was in."""
        gone = self._list.current
        if gone is not None:
            self.context.ask(OpenFileHistory(gone.path))

    def action_copy(self) -> None:
        """Copy the entry as it last was."""
        gone = self._list.current
        if gone is not None:
            self.copy_text(as_text(gone.entry), "the entry")

    def action_restore(self) -> None:
        """Bring the entry back at its place, after a last look."""
        gone, workspace = self._list.current, self.context.workspace
        if gone is None or workspace is None:
            return
        history, wanted = workspace.history, gone

        def make() -> Plan:
            return history.plan_revive(wanted)

        self.plan(make, gone.entry.title)


class Gone(Preview):
    """A deleted entry as a page; its foot says where it was, and who deleted it when."""

    FOOTER: Sequence[Hint] = ("back", "restore", "history", ("choose", "expand"), "copy")
