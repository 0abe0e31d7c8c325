"""Base of the history of an entry and of a file: any two versions compared."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.widget import Widget

from tui.actions import Hint, bindings
from tui.data.history_rows import RowsRead, read_rows
from tui.requests import Propose
from tui.screens.base.frame import Frame
from tui.theme import dates
from tui.theme.drawing import BLANK, plain, t, tally
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.row_list import RowList
from tui.widgets.history.compare_pane import AnyComparison, ComparePane, ComparingKeys, foot_lines
from tui.widgets.history.compare_rows import Heads
from tui.widgets.history.version_list import AnyVersion, Said, VersionList

if TYPE_CHECKING:
    from index.history.entry_history import EntryHistory
    from index.model.plan import Plan
    from index.workspace import Workspace


class Versions(ComparingKeys, Frame[None]):
    """The versions at the left, the one under the cursor against the one before it at the right.

    A subclass says what they are versions of, reads them (`versions`) and compares two of them (`compare`).
    """

    BINDINGS = bindings("accept", "choose", "restore", "side_by_side", "source", "copy")
    HELP_TITLE = "Keys: history"
    AUTO_FOCUS = "#versions"
    WHAT = "entry"
    """Word for the thing that has these versions."""
    SAID: Said
    """Tells the changes of a version, in so many cells."""

    def __init__(self, title: str, file: str) -> None:
        super().__init__()
        self._title, self._file = title, file
        """Title of the entry or file; path of the file it is in now."""
        self._pair: tuple[AnyVersion | None, AnyVersion] | None = None
        """The versions that are compared, or about to be."""
        self._shown: AnyComparison | None = None
        self._numbered = False
        """Whether the numbers of the versions were known when they were shown."""

    @abstractmethod
    def versions(self, history: EntryHistory) -> Iterator[AnyVersion]:
        """Yield the versions, the newest first; in a worker."""

    @abstractmethod
    def compare(self, workspace: Workspace, before: AnyVersion | None, after: AnyVersion) -> AnyComparison:
        """Compare two versions; in a worker."""

    def make_panes(self) -> ListAndPage:
        """Return versions and comparison."""
        self._list, self.compared = VersionList(type(self).SAID), ComparePane()
        self._panes = ListAndPage(self._list, self.compared.view, right=self.compared)
        return self._panes

    def on_mount(self) -> None:
        """Name the entry or file of this history, and read it, now and whenever the tree changes."""
        self.write_title()
        self.watch(self.app, "generation", self._read)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys: where nothing is listed there is only the way back."""
        if not self._list.count:
            return ["back"]
        keys = super().footer_keys(focused)
        single = self._list.count == 1
        return ["accept" if single and hint == ("accept", "compare") else hint for hint in keys]

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for."""
        idle = set()
        if self._list.count < 2:
            idle |= {"choose", "next_item"}
        version: AnyVersion | None = self._list.current
        if version is None or self.focused is self.compared.view:
            idle.add("accept")
        if version is None or version.deleted:
            idle |= {"copy", "restore"}
        if self._list.cursor == 0:
            idle.add("restore")  # it is like that
        if not self.compared.display or not self._list.count:
            idle |= {"side_by_side", "source"}
        elif self._shown is not None and self._shown.alone:
            idle.add("side_by_side")
        return idle

    def write_title(self, note: Content = BLANK) -> None:
        """Name the entry or file of this history."""
        self.set_title(t(("History", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted")), note)

    # ── what was read ─────────────────────────────────────────────────────────

    def _read(self) -> None:
        """Read anew, unless entries not read yet would look deleted."""
        if self.context.page is None:
            self.look_up_all("history", partial(read_rows, rows=self.versions, whole=False), self._show)

    def _show(self, message: RowsRead) -> None:
        self._list.you, self._list.now = message.you, self.context.now()
        self._list.fill(message.rows, complete=message.done)
        self.write_title(self._note(message))
        none = message.done and not message.rows
        why = message.error or "It was never committed: its history begins with the next commit."
        self._panes.show_nothing(nothing(f"This {self.WHAT} has no history", why) if none else ())
        if message.error and message.rows:
            self.refuse(message.error)
        self.refresh_keys()

    def _note(self, message: RowsRead) -> Content:
        committed = [version for version in message.rows if version.when is not None]
        count = len(committed)
        if not message.done:
            return t((f"{count:,}", "strong"), (" versions so far · reading …", "muted"))
        if not committed:
            return t(("not committed yet", "muted")) if message.rows else BLANK
        span = dates.span(committed[-1].when, committed[0].when)
        return tally(count, "version") + t((f" · {span}", "muted"))

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        pair = self._wanted()
        if pair is not None and pair != self._pair:
            self._pair = pair
            self.look_up("compare", lambda workspace: self.compare(workspace, *pair), self._ready)
        elif self._numbered != self._list.complete:
            self._lay_out(keep=True)

    def _wanted(self) -> tuple[AnyVersion | None, AnyVersion] | None:
        """Return the older and the newer version to compare; None while they are not read."""
        versions, place = self._list.items, self._list.cursor
        if place >= len(versions):
            return None
        marked = self._marked
        if marked is not None and marked != place:
            return versions[max(marked, place)], versions[min(marked, place)]
        if versions[place].first:
            return None, versions[place]
        if place + 1 < len(versions):
            return versions[place + 1], versions[place]
        return (None, versions[place]) if self._list.complete else None

    @property
    def _marked(self) -> int | None:
        return next(
            (n for n, v in enumerate(self._list.items) if self._list.key(v) == self._list.marked), None
        )

    def _ready(self, shown: AnyComparison) -> None:
        self._shown = shown
        self._lay_out(keep=False)

    def _lay_out(self, *, keep: bool) -> None:
        if self._shown is not None:
            self._numbered = self._list.complete
            layout = partial(self._shown.rows, self._heads(self._shown))
            self.compared.show(layout, list(foot_lines(self._shown, self._file)), keep=keep)
            self.refresh_keys()

    def _heads(self, shown: AnyComparison) -> Heads:
        before = self._list.head(shown.before) if shown.before is not None else BLANK
        after, note = self._list.head(shown.after), ""
        alone = self._list.complete and self._list.count == 1
        if shown.after.deleted:
            note = "Deleted here. This is how it last was."
        elif shown.after.rev is None and alone:
            note = "Not committed yet: its history begins with the next commit."
        elif shown.after.cut and shown.before is None:
            note = "What changed here is not in this shallow clone."
        elif shown.after.first:
            note = "First version, unchanged since." if alone else "Created here."
        return Heads(before, after, note)

    # ── other ways to look ────────────────────────────────────────────────────

    def action_choose(self) -> None:
        """Compare from this version on, or no longer."""
        version = self._list.current
        if version is not None:
            key = self._list.key(version)
            self._list.marked = None if self._list.marked == key else key
            self._list.refresh()
            self._moved()

    @on(RowList.Chosen)
    def action_accept(self) -> None:
        """Go to the comparison."""
        if self._list.count:
            self._panes.read()

    def propose(
        self, make: Callable[[], Plan], title: str, then: Callable[[Plan], object] = lambda plan: None
    ) -> None:
        """Have a restore reviewed."""
        self.context.ask(Propose(make, title, title, "Restored", then, "back to the history"))

    @abstractmethod
    def action_restore(self) -> None:
        """Put back the version under the cursor, after a last look."""

    @abstractmethod
    def action_copy(self) -> None:
        """Copy the version under the cursor."""

    def copy_version(self, text: str) -> None:
        """Copy the text of the version under the cursor."""
        number = self._list.number(self._list.cursor)
        self.copy_text(text, f"version {number}" if number.isdigit() else "this version")
