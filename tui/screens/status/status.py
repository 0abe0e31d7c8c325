"""Status screen: edits on disk that no commit has, whoever wrote them, and drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from index.model.errors import Conflict, TreeError
from index.model.text_diff import DiffLine
from tui.actions import Hint, bindings
from tui.requests import EditEntry, EditMarkup, GoOn, ReviewPlan
from tui.runtime.threads import threaded
from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.screens.history.restoring import Restoring
from tui.screens.status.committing import ask_how, commit_each
from tui.screens.status.status_facts import StatusDetail, copied, detail_of, file_lines, find, layout
from tui.theme.drawing import BLANK, empty_state, plain, t, wrap
from tui.widgets.base.pane import Hair
from tui.widgets.base.row_list import RowList
from tui.widgets.history.compare_view import CompareView, Foot
from tui.widgets.status.status_list import StatusList, StatusRow

if TYPE_CHECKING:
    from index.history.uncommitted import Pending
    from index.model.saved import Saved

_NOTHING = "What you or an agent write and no commit holds is listed here, and what was typed and not saved."


class StatusRead(Message):
    """The status was read: its rows; why it is unknown, or which files were left out where there are none."""

    def __init__(self, number: int, rows: Sequence[StatusRow], error: str = "", but: str = "") -> None:
        super().__init__()
        self.number, self.rows, self.error, self.but = number, rows, error, but


class StatusDetailRead(Message):
    """The details of the row under the cursor were read."""

    def __init__(self, number: int, detail: StatusDetail) -> None:
        super().__init__()
        self.number, self.detail = number, detail


class PutBackCompared(Message):
    """The change that putting a file back makes was worked out."""

    def __init__(self, item: Pending, lines: Sequence[DiffLine]) -> None:
        super().__init__()
        self.item, self.lines = item, lines


class Ended(Message):
    """Files were committed, or one was put back; or why not all."""

    def __init__(self, done: str, error: str = "") -> None:
        super().__init__()
        self.done, self.error = done, error


class StatusScreen(Restoring):
    """The list at the left, what changed at the right; narrow, one after the other."""

    CSS_PATH = "status.tcss"
    BINDINGS = bindings("accept", "commit_all", "restore", "edit", "xml", "side_by_side", "copy")
    HELP_TITLE = "Keys: status"
    AUTO_FOCUS = "#changes"

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        """Of the last reading."""
        self._asked = 0
        """Of the last row that was looked at."""
        self._detail: StatusDetail | None = None
        self._xml = False
        self._beside: bool | None = None

    def compose_panes(self) -> Iterable[Widget]:
        """Yield list and comparison."""
        self._list, self._page, self._foot = StatusList(), CompareView(id="compare"), Foot(id="foot")
        yield self._list
        yield Hair(self._list, id="hair")
        yield Vertical(self._page, self._foot, id="right")

    def on_mount(self) -> None:
        """Read the status, now and whenever the tree changes."""
        self.set_title(t(("Status", "strong")))
        self.watch(self.app, "generation", self._read)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys for what is under the cursor."""
        keys = list(self._list.keys())
        return keys if focused is not self._page else [*keys[:-1], "side_by_side", keys[-1]]

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        self._number += 1
        self._find(self._number)

    @threaded("status")
    def _find(self, number: int) -> None:
        from index.model.errors import Refused

        workspace = self.context.workspace
        if workspace is None:
            return
        try:
            rows = find(workspace)
            why = "" if rows else workspace.status.why_nothing()
            but = "" if rows or why else workspace.status.left_out()
            self.post_message(StatusRead(number, rows, why, but))
        except (Refused, TreeError, OSError) as error:
            self.post_message(StatusRead(number, (), str(error)))

    @on(StatusRead)
    def _show(self, message: StatusRead) -> None:
        if message.number != self._number:
            return
        rows = message.rows
        self._list.fill(rows, self.context.now())
        self.set_title(t(("Status", "strong")), _note(rows))
        self.set_class(not rows, "-empty")
        if not rows:
            self.set_class(False, "-reading")
            self._show_nothing(message.error, message.but)
        self.refresh_keys()

    def _show_nothing(self, reason: str, but: str) -> None:
        height = self.query_one("#panes").size.height or self.app.size.height - 6
        head = "Nothing is versioned here" if reason else "Everything is committed"
        words = [t((head, "strong")), BLANK, *wrap(reason or _NOTHING, 50, "muted"), BLANK]
        if but:
            words += [*wrap(f"Left out: {but}.", 50, "muted"), BLANK]
        words.append(t(("esc", "strong"), (" back", "muted")))
        self._detail, self._foot.lines = None, ()
        self._page.show(lambda width: empty_state(words, width, height, 50))

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        row = self._list.current
        self.refresh_keys()
        if row is not None:
            self._asked += 1
            self._look(self._asked, row)

    @threaded("look")
    def _look(self, number: int, row: StatusRow) -> None:
        detail = detail_of(row)
        if not get_current_worker().is_cancelled:
            self.post_message(StatusDetailRead(number, detail))

    @on(StatusDetailRead)
    def _looked(self, message: StatusDetailRead) -> None:
        if message.number == self._asked and self._list.count:
            self._detail = message.detail
            self._lay_out(keep=False)
            file = message.detail.file if message.detail.shown is not None else ""
            self._foot.lines = [t(("in ", "muted"), plain(file, "muted"))] if file else ()

    def _lay_out(self, *, keep: bool) -> None:
        detail, beside, xml = self._detail, self._beside, self._xml
        if detail is not None:
            self._page.show(lambda width: layout(detail, width, beside=beside, xml=xml), keep=keep)

    @on(CompareView.Step)
    def _step(self, message: CompareView.Step) -> None:
        self._list.go(message.by)

    def action_xml(self) -> None:
        """Compare the source, or the fields again."""
        self._xml = not self._xml
        self._lay_out(keep=False)

    def action_side_by_side(self) -> None:
        """Compare side by side, or below each other."""
        from tui.widgets.history.compare_rows import BESIDE

        beside = self._page.size.width >= BESIDE if self._beside is None else self._beside
        self._beside = not beside
        self._lay_out(keep=True)

    # ── narrow: a page each ───────────────────────────────────────────────────

    @on(RowList.Chosen)
    def _chosen(self) -> None:
        if self.has_class("-page") and not self.has_class("-reading"):
            self.set_class(True, "-reading")
            self._page.focus()
        else:
            self.action_accept()

    def action_back(self) -> None:
        """Go back from the page to the list, or to the screen before."""
        if self.has_class("-reading") and self.has_class("-page"):
            self.set_class(False, "-reading")
            self._list.focus()
        else:
            self.dismiss()

    # ── what can be done ──────────────────────────────────────────────────────

    def action_accept(self) -> None:
        """Go on with a draft; review the file's commit of anything else."""
        row = self._list.current
        if row is None:
            return
        if row.draft is not None:
            self.action_edit()
        elif row.item is not None:
            self._commit([row.item], row.item.path.rpartition("/")[2])

    def action_edit(self) -> None:
        """Open the entry, or what was typed of it, where it was typed."""
        from index.model.errors import UnknownEntry

        row, workspace = self._list.current, self.context.workspace
        if row is None or not row.entry_id or workspace is None or self.context.page is not None:
            return
        sort = row.draft.sort if row.draft is not None else "edit"
        if row.draft is not None and sort not in ("edit", "xml"):
            self.context.ask(GoOn(row.draft))
            return
        try:
            entry = workspace.tree.entry(row.entry_id)
        except UnknownEntry:
            self.tell(
                t(("!", "warn"), " The entry is not in the tree (any more): y copies what stands here.")
            )
            return
        self.context.ask(EditMarkup(entry.id, entry.title) if sort == "xml" else EditEntry(entry.id))

    def action_copy(self) -> None:
        """Copy what was typed, or the entry as it is on disk."""
        row = self._list.current
        if row is not None:
            self.copy_text(*copied(row))

    def _items(self) -> list[Pending]:
        return list({row.item.path: row.item for row in self._list.rows if row.item is not None}.values())

    def action_commit_all(self) -> None:
        """Ask how, then commit every file."""
        items = self._items()
        if len(items) == 1:
            self._commit(items, items[0].path.rpartition("/")[2])
        if len(items) < 2:
            return
        workspace = self.context.workspace
        emptied = workspace.status.emptied(items) if workspace is not None else ""
        one = partial(self._commit, items, f"{len(items):,} files")
        ask_how(self.app, items, emptied, one, lambda: self._commit_each(items))

    def _commit(self, items: Sequence[Pending], title: str) -> None:
        from index.model.errors import Refused

        workspace = self.context.workspace
        assert workspace is not None
        try:
            plan = workspace.status.plan(items)
        except Refused as error:
            self.tell(t(("▲ ", "err"), str(error)), stay=True)
            return

        def reviewed(outcome: Saved | Conflict | None) -> None:
            if isinstance(outcome, Conflict):
                self.tell(t(("!", "warn"), f" {outcome}"), stay=True)
                self.context.action_reload()
                self._read()
            elif outcome is not None:
                self.set_class(False, "-reading")
                self.context.tell_saved(outcome, title, "Committed")
                self._read()

        self.context.ask(ReviewPlan(plan, f"Commit of {title}", reviewed, "leave it uncommitted"))

    @threaded("commit")
    def _commit_each(self, items: Sequence[Pending]) -> None:
        workspace = self.context.workspace
        assert workspace is not None
        self.post_message(Ended(*commit_each(workspace, items)))

    # ── putting back ──────────────────────────────────────────────────────────

    def action_restore(self) -> None:
        """Show what putting the file back would change, and ask."""
        row = self._list.current
        if row is not None and row.item is not None:
            self._compare_back(row.item)

    @threaded("plan")
    def _compare_back(self, item: Pending) -> None:
        back = item._replace(before=item.after, after=item.before)
        self.post_message(PutBackCompared(item, file_lines(back)))

    @on(PutBackCompared)
    def _ask_back(self, message: PutBackCompared) -> None:
        item = message.item
        what = {"new": "The file goes: no commit holds it.", "deleted": "The file comes back."}.get(
            item.how, "It becomes what the last commit has."
        )
        body = [
            t(plain(item.path), ("  ", "muted"), (what, "muted"),
              (" What is on disk now is kept aside, and u brings it back.", "muted")),
        ]  # fmt: skip
        answers = [
            Answer("stay", "escape", "leave it"),
            Answer("back", "enter", "put it back"),
            Answer(SHOW, "d", "show or hide the diff"),
        ]

        def answered(answer: str | None) -> None:
            if answer == "back":
                self._put_back(item)

        question = QuestionScreen("Put the committed version back?", body, answers, message.lines, shown=True)
        self.app.push_screen(question, answered)

    @threaded("commit")
    def _put_back(self, item: Pending) -> None:
        workspace = self.context.workspace
        assert workspace is not None
        try:
            workspace.status.put_back(item)
        except (TreeError, OSError) as error:
            self.post_message(Ended("", str(error)))
        else:
            self.post_message(Ended(f"Put back {item.path.rpartition('/')[2]}"))

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        if message.error:
            self.tell(t(("▲ ", "err"), f"{message.done}. " if message.done else "", message.error), stay=True)
        else:
            self.tell(t(("✓", "ok"), " ", plain(message.done), ("   u", "strong"), (" undo", "muted")))
        self.set_class(False, "-reading")
        self.context.action_reload()
        self._read()


def _note(rows: Sequence[StatusRow]) -> Content:
    drafts = sum(row.draft is not None for row in rows)
    files = len({row.item.path for row in rows if row.item is not None})
    parts = [(drafts, "draft", "drafts"), (files, "file", "files")]
    said = [
        t((f"{count:,}", "strong"), (f" {one if count == 1 else many}", "muted"))
        for count, one, many in parts
        if count
    ]
    return t((" · ", "muted")).join(said) if said else BLANK
