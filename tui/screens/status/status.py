"""Status screen: edits on disk that no commit has, whoever wrote them, and drafts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.content import Content
from textual.widget import Widget

from index.model.errors import TreeError
from index.rendering.differences import file_lines
from tui.actions import Hint, bindings, key
from tui.requests import EditEntry, EditMarkup, EndInterrupted, GoOn, Propose
from tui.runtime.threads import threaded
from tui.screens.base.frame import Frame
from tui.screens.base.question import Answer, QuestionScreen, ask, show_diff
from tui.screens.status.committing import ask_how, commit_each
from tui.screens.status.status_facts import StatusDetail, copied, detail_of, find, layout
from tui.theme.drawing import BLANK, plain, t, tally
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.row_list import RowList
from tui.widgets.history.compare_pane import ComparePane, ComparingKeys
from tui.widgets.status.status_list import StatusList, StatusRow

if TYPE_CHECKING:
    from index.history.uncommitted import UncommittedFile
    from index.model.errors import Conflict
    from index.model.text.text_diff import DiffLine
    from index.workspace import Workspace

_NOTHING = "Uncommitted changes, by you or an agent, and unsaved drafts are listed here."


class StatusRead(NamedTuple):
    """The rows of the status."""

    rows: Sequence[StatusRow]
    why: str = ""
    """The reason why nothing of the tree is versioned; empty where it is."""
    but: str = ""
    """Files that were left out, where there are no rows."""
    kept: Sequence[str] = ()
    """Why memarium keeps the versions itself, and where; nothing where it does not."""


class StatusScreen(ComparingKeys, Frame[None]):
    """The list at the left, the change at the right; narrow, one after the other."""

    BINDINGS = bindings("accept", "commit_all", "restore", "delete", "edit", "source", "side_by_side", "copy")
    HELP_TITLE = "Keys: status"
    PLACE = "status"
    AUTO_FOCUS = "#changes"

    def make_panes(self) -> ListAndPage:
        """Return list and comparison."""
        self._list, self.compared = StatusList(), ComparePane()
        self._panes = ListAndPage(self._list, self.compared.view, right=self.compared)
        self._alone = True
        """Whether the row has one side only, or none."""
        return self._panes

    def on_mount(self) -> None:
        """Read the status, now and whenever the tree changes."""
        self.set_title(t(("Status", "strong")), t(("loading …", "muted")))
        self.watch(self.app, "generation", self._read)
        self.context.ask(EndInterrupted())

    def on_screen_resume(self) -> None:
        """Read the effect of another screen in front: a draft that was saved or discarded is none."""
        self._read()

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys for the row under the cursor."""
        keys = self._panes.keys(self._list.keys())
        return keys if focused is not self.compared.view else [*keys[:-1], "side_by_side", keys[-1]]

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for."""
        row, idle = self._list.current, super().idle()
        if not self._items():
            idle.add("commit_all")
        if row is None:
            idle |= {"accept", "copy", "edit", "source"}
        if self._alone:
            idle.add("side_by_side")
        if row is None or row.draft is None:
            idle.add("delete")
        if row is None or row.item is None:
            idle.add("restore")
        return idle

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        self.look_up("status", _find, self._show, self._unknown)

    def _show(self, found: StatusRead) -> None:
        self._fill(found.rows, _nothing(found))

    def _unknown(self, error: Exception) -> None:
        self._fill((), nothing("The status cannot be read", str(error)))

    def _fill(self, rows: Sequence[StatusRow], empty: Sequence[Content]) -> None:
        self._list.fill(rows, self.context.now())
        self.set_title(t(("Status", "strong")), _note(rows))
        self._panes.show_nothing(() if rows else empty)
        self.refresh_keys()

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        row = self._list.current
        self.refresh_keys()
        if row is not None:
            self.look_up("look", lambda workspace: detail_of(row), self._looked)

    def _looked(self, detail: StatusDetail) -> None:
        self._alone = detail.shown is None or detail.shown.alone
        self.refresh_keys()
        if self._list.count:
            foot = [t(("in ", "muted"), plain(detail.file, "muted"))] if detail.file else []
            self.compared.show(partial(layout, detail), foot)

    @on(RowList.Chosen)
    def _chosen(self) -> None:
        if self.has_class("-page"):
            self._panes.read()
        else:
            self.action_accept()

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
        """Open the entry, or the draft of it, where it was typed."""
        from index.model.errors import UnknownEntry

        row = self._list.current
        if row is None or not row.entry_id:
            return
        if self.context.page is not None:
            self.warn("The entries are not read yet.")
            return
        sort = row.draft.sort if row.draft is not None else "edit"
        if row.draft is not None and sort not in ("edit", "source"):
            self.context.ask(GoOn(row.draft))
            return
        try:
            entry = self.workspace.tree.entry(row.entry_id)
        except UnknownEntry:
            self.warn(f"The entry is not in the tree (any more): {key('copy')} copies what is here.")
            return
        self.context.ask(EditMarkup(entry.id, entry.title) if sort == "source" else EditEntry(entry.id))

    def action_delete(self) -> None:
        """Discard the draft under the cursor, once that was confirmed."""
        row = self._list.current
        if row is None or row.draft is None:
            return
        draft = row.draft
        body = [t(plain(draft.title), (" was typed and never saved.", "muted"))]

        def drop() -> None:
            self.look_up("drop", lambda workspace: workspace.status.drafts.drop(draft), self._dropped)

        answers = [Answer("escape", "cancel"), Answer("d", "discard the draft", drop)]
        ask(self.context, QuestionScreen("Discard this draft?", body, answers))

    def _dropped(self, _: None) -> None:
        self.tell(t(("✓", "ok"), " Discarded the draft"))
        self._panes.show_list()
        self._read()

    def action_copy(self) -> None:
        """Copy the typed text, or the entry as it is on disk."""
        row = self._list.current
        if row is not None:
            self.copy_text(*copied(row))

    def _items(self) -> list[UncommittedFile]:
        return list({row.item.path: row.item for row in self._list.items if row.item is not None}.values())

    def action_commit_all(self) -> None:
        """Ask how, then commit every file."""
        items = self._items()
        if len(items) == 1:
            self._commit(items, items[0].path.rpartition("/")[2])
        if len(items) < 2:
            return
        emptied = self.workspace.status.emptied(items)
        one = partial(self._commit, items, f"{len(items):,} files")
        ask_how(self.context, items, emptied, one, lambda: self._commit_each(items))

    def _commit(self, items: Sequence[UncommittedFile], title: str) -> None:
        def changed(conflict: Conflict) -> None:
            self.refuse(conflict)
            self.context.action_reload()
            self._read()

        self.context.ask(Propose(
            partial(self.workspace.status.plan, items), f"Commit of {title}", title, "Committed",
            then=lambda plan: self._panes.show_list(), back="cancel", conflict=changed,
        ))  # fmt: skip

    @threaded("commit", exclusive=False)
    def _commit_each(self, items: Sequence[UncommittedFile]) -> None:
        told = commit_each(self.workspace, items)
        self.call_later(self._ended, *told)

    # ── putting back ──────────────────────────────────────────────────────────

    def action_restore(self) -> None:
        """Show the change of putting the file back, and ask."""
        row = self._list.current
        if row is not None and (item := row.item) is not None:
            back = item._replace(before=item.after, after=item.before)
            self.look_up(
                "plan",
                lambda workspace: file_lines(back.before, back.after, back.path),
                partial(self._ask_back, item),
            )

    def _ask_back(self, item: UncommittedFile, lines: Sequence[DiffLine]) -> None:
        what = {"new": "The file is deleted: no commit holds it.", "deleted": "The file comes back."}.get(
            item.how, "It goes back to the last commit."
        )
        body = [
            t(plain(item.path), ("  ", "muted"), (what, "muted"),
              (f" What is on disk now is kept aside, and {key('undo')} undoes this.", "muted")),
        ]  # fmt: skip
        answers = [
            Answer("escape", "cancel"),
            Answer("V", "restore", partial(self._put_back, item)),
            Answer("space", "show or hide the diff", show_diff),
        ]
        ask(self.context, QuestionScreen("Restore the committed version?", body, answers, lines, shown=True))

    @threaded("commit", exclusive=False)
    def _put_back(self, item: UncommittedFile) -> None:
        try:
            self.workspace.status.put_back(item)
        except (TreeError, OSError) as error:
            self.call_later(self._ended, "", str(error))
        else:
            self.call_later(self._ended, f"Restored {item.path.rpartition('/')[2]}")

    def _ended(self, done: str, error: str = "") -> None:
        """Say that files were committed, or one was put back; or why not all."""
        if error:
            self.refuse(f"{done}. {error}" if done else error)
        else:
            self.tell(t(("✓", "ok"), " ", plain(done), (f"   {key('undo')}", "strong"), (" undo", "muted")))
        self._panes.show_list()
        self.context.action_reload()
        self._read()


def _find(workspace: Workspace) -> StatusRead:
    rows = find(workspace)
    why = "" if rows else workspace.status.why_nothing()
    but = "" if rows or why else workspace.status.excepted()
    return StatusRead(rows, why, but, workspace.status.kept_words())


def _nothing(found: StatusRead) -> Sequence[Content]:
    every = "Everything else" if found.but else "Everything"
    done = f"{every} is in a version" if found.kept else f"{every} is committed"
    head = "Nothing is versioned here" if found.why else done
    why = (found.why,) if found.why else found.kept or (_NOTHING,)
    said = (*why, f"Left out: {found.but}." if found.but else "")
    return nothing(head, *said)


def _note(rows: Sequence[StatusRow]) -> Content:
    drafts = sum(row.draft is not None for row in rows)
    files = len({row.item.path for row in rows if row.item is not None})
    said = [tally(count, one) for count, one in ((drafts, "draft"), (files, "file")) if count]
    return t((" · ", "muted")).join(said) if said else BLANK
