"""The entries that were deleted, whoever deleted them, and the way to get one back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget
from textual.widgets import Input

from tui.actions import Hint, bindings
from tui.data.history_rows import RowsRead, read_rows
from tui.data.search_rows import hinted
from tui.screens.browse.entry_keys import EntryKeys
from tui.theme.drawing import BLANK, plain, t, tally
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.row_list import RowList
from tui.widgets.base.search_line import Completions, SearchBox, SearchLine
from tui.widgets.browse.preview import Preview
from tui.widgets.history.deleted_list import DeletedList

if TYPE_CHECKING:
    from index.model.entry import Deleted, Entry
    from index.search.results import SearchResults
    from index.workspace import Workspace
    from tui.data.search_rows import Spans

_ALL = 1 << 30
"""As a limit of hits: all of them."""
_THERE = ("edit", "edit_file", "edit_source", "delete", "duplicate", "move", "blame", "pin", "similar")
"""Actions on an entry that need it to be there."""
_WHY = "Entries that you or others delete are listed here, and can be restored."


class DeletedEntries(EntryKeys):
    """The list at the left, the entry as it last was at the right; above them a search of its own."""

    BINDINGS = bindings("accept")
    HELP_TITLE = "Keys: deleted entries"
    PLACE = "deleted"
    AUTO_FOCUS = "#gone"

    def __init__(self) -> None:
        super().__init__()
        self._known: RowsRead | None = None
        """All rows read so far."""
        self._spans: Spans | None = None
        """Finds the searched words in a text."""

    def compose_title(self) -> Iterable[Widget]:
        """Yield the search."""
        self._search = SearchLine("search the deleted entries")
        yield self._search
        yield Completions()

    def make_panes(self) -> ListAndPage:
        """Return list and entry."""
        self._list, self._preview = DeletedList(), Gone(id="preview")
        self._panes = ListAndPage(self._list, self._preview)
        return self._panes

    def on_mount(self) -> None:
        """Read, now and whenever the tree changes."""
        self._search.set_note(t(("loading …", "muted")))
        self.watch(self.app, "generation", self._read)

    @property
    def entry(self) -> Entry | None:
        """No entry: all that are listed are deleted."""
        return None

    @property
    def mark_list(self) -> DeletedList:
        """The list."""
        return self._list

    @property
    def gone(self) -> Deleted | None:
        """The deleted entry under the cursor."""
        return self._list.current

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out keys that need an entry that is there."""
        return action not in _THERE and super().check_action(action, parameters)

    def _read(self) -> None:
        """Read anew, unless entries not read yet would look deleted."""
        if self.context.page is None:
            self.look_up_all(
                "history", partial(read_rows, rows=lambda history: history.deleted(), whole=True), self._show
            )

    def _show(self, message: RowsRead) -> None:
        """Show the entries found so far, those that are searched for."""
        self._known = message
        if message.gaps and message.rows:
            self.tell(t(("! ", "warn"), plain(message.gaps)))
        if message.error and message.rows:
            self.refuse(message.error)
        none = message.done and not message.rows
        head = "There is no history" if message.error else "Nothing deleted"
        self._panes.show_nothing(nothing(head, message.error or message.gaps or _WHY) if none else ())
        if none:
            self._search.set_note(BLANK)
            self.refresh_keys()
        else:
            self._filter()

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys; while the search is typed those that type nothing."""
        if focused is self._search.box:
            return [("down", "to the list"), self._search.tab, ("back", "clear")]
        if self.marks and focused is self._list:
            return DeletedList.MARKED
        return super().footer_keys(focused) if self._list.count else ["back"]

    # ── searching ─────────────────────────────────────────────────────────────

    def search_here(self) -> bool:
        """Go to the search of this screen; the focus moves before this returns."""
        self._search.begin()
        return True

    @on(Input.Changed, "#query")
    def _filter(self) -> None:
        """Find out which entries to show; all of them while nothing is asked."""
        from index.search.language.query import parse

        found, text = self._known, self._search.text
        if found is None:
            return
        query = parse(f"is:deleted {text}", now=self.context.now())

        def find(workspace: Workspace) -> SearchResults | None:
            return workspace.search.find(query, limit=_ALL, wait=False) if text.strip() else None

        self.look_up("filter", find, partial(self._filtered, found))

    def _filtered(self, found: RowsRead, results: SearchResults | None) -> None:
        from index.search.language.highlight import Highlighter

        if results is None:
            self._fill(found.rows, len(found.rows))
            return
        matching = {id(hit.deleted) for hit in results if hit.deleted is not None}
        rows = [gone for gone in found.rows if id(gone) in matching]
        self._fill(rows, len(found.rows), Highlighter(results.query).spans, results.hint)

    def _fill(self, rows: Sequence[Deleted], total: int, spans: Spans | None = None, hint: str = "") -> None:
        found = self._known
        assert found is not None
        self._spans = spans
        self._list.fill(rows, self.context.now(), complete=found.done, spans=spans)
        note = tally(len(rows), "deleted entry", "deleted entries", of=None if spans is None else total)
        note = note if found.done else note + t((" so far", "muted"))
        self._search.set_note(note + hinted(hint))
        self.refresh_keys()

    @on(SearchBox.Leave)
    def _to_rows(self) -> None:
        self.set_focus(self._list)

    @on(RowList.Chosen)
    @on(Input.Submitted, "#query")
    def action_accept(self) -> None:
        """Go to the entry."""
        if self._list.count:
            self._panes.read()

    def action_back(self) -> None:
        """Take marks away, clear the search, then leave it, then the screen."""
        if self.focused is self._list and self.take_marks_back():
            return
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


class Gone(Preview):
    """A deleted entry as a page; its foot says where it was, and who deleted it when."""

    FOOTER: Sequence[Hint] = ("back", "restore", "history", ("choose", "expand"), "copy")
