"""Base of the history of an entry and of a file: any two versions compared."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from tui.actions import bindings
from tui.runtime.threads import threaded
from tui.screens.history.history_screen import HistoryScreen, RowsRead
from tui.theme import dates
from tui.theme.drawing import BLANK, plain, t
from tui.widgets.base.pane import Hair
from tui.widgets.base.row_list import RowList
from tui.widgets.history.compare_rows import BESIDE, Heads
from tui.widgets.history.compare_view import AnyComparison, CompareView, Foot, foot_lines
from tui.widgets.history.version_list import AnyVersion, Said, VersionList, key

if TYPE_CHECKING:
    from index.workspace import Workspace


class Ready(Message):
    """Two versions are compared."""

    def __init__(self, number: int, shown: AnyComparison) -> None:
        super().__init__()
        self.number, self.shown = number, shown


class Versions(HistoryScreen):
    """The versions at the left, the one under the cursor against the one before it at the right.

    A subclass says what they are versions of, and compares two of them (`compare`).
    """

    CSS_PATH = "versions.tcss"
    BINDINGS = bindings("accept", "choose", "mark", "restore", "side_by_side", "xml", "copy")
    HELP_TITLE = "Keys: history"
    AUTO_FOCUS = "#versions"
    BACK = "back to the history"
    WHAT = "entry"
    """Word for the thing that has these versions."""
    SAID: Said
    """Says what a version changed, in so many cells."""

    def __init__(self, title: str, file: str) -> None:
        super().__init__()
        self._title, self._file = title, file
        """Title of the entry or file; path of the file it stands in now."""
        self._asked = 0
        """Of the last comparison that was asked for."""
        self._pair: tuple[AnyVersion | None, AnyVersion] | None = None
        """The versions that are compared, or about to be."""
        self._shown: AnyComparison | None = None
        self._numbered = False
        """Whether the numbers of the versions were known when they were shown."""
        self._xml = False
        self._beside: bool | None = None
        """Side by side or not, when the user chose; None: by the width."""

    @abstractmethod
    def compare(self, workspace: Workspace, before: AnyVersion | None, after: AnyVersion) -> AnyComparison:
        """Compare two versions; in a worker."""

    def compose_panes(self) -> Iterable[Widget]:
        """Yield versions and comparison."""
        self.rows = self._list = VersionList(self.WHAT, type(self).SAID)
        self.page, self._foot = CompareView(id="compare"), Foot(id="foot")
        yield self._list
        yield Hair(self._list, id="hair")
        yield Vertical(self.page, self._foot, id="right")

    def on_mount(self) -> None:
        """Say what this is the history of."""
        self.set_title(self.heading())

    def heading(self) -> Content:
        """Return what stands in the title."""
        return t(("History", "strong"), ("  ‹  ", "muted"), plain(self._title, "muted"))

    # ── what was read ─────────────────────────────────────────────────────────

    def show(self, message: RowsRead) -> None:
        """Show the versions read so far."""
        self._list.you = message.you
        self._list.fill(message.rows, complete=message.done)
        self.set_title(self.heading(), t("  ", self._note(message)))
        if message.done and not message.rows:
            self._foot.lines = ()
            why = message.error or "It was never committed: its history begins with the next commit."
            self.show_nothing(self.page, f"This {self.WHAT} has no history", why)

    def _note(self, message: RowsRead) -> Content:
        committed = [version for version in message.rows if version.when is not None]
        count = len(committed)
        if not message.done:
            return t((f"{count:,}", "strong"), (" versions so far · reading …", "muted"))
        if not committed:
            return t(("not committed yet", "muted")) if message.rows else BLANK
        note = t((f"{count:,}", "strong"), (" version" if count == 1 else " versions", "muted"))
        if self.app.size.width >= 70:
            note += t((f" · {dates.span(committed[-1].when, committed[0].when)}", "muted"))
        return note

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        pair = self._wanted()
        if pair is not None and pair != self._pair:
            self._pair = pair
            self._asked += 1
            self._compare(self._asked, *pair)
        elif self._numbered != self._list.complete:
            self._lay_out(keep=True)

    def _wanted(self) -> tuple[AnyVersion | None, AnyVersion] | None:
        """Return the older and the newer version to compare; None while they are not read."""
        versions, place = self._list.versions, self._list.cursor
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
        return next((n for n, v in enumerate(self._list.versions) if key(v) == self._list.marked), None)

    @threaded("compare")
    def _compare(self, number: int, before: AnyVersion | None, after: AnyVersion) -> None:
        workspace = self.context.workspace
        assert workspace is not None
        shown = self.compare(workspace, before, after)
        if not get_current_worker().is_cancelled:
            self.post_message(Ready(number, shown))

    @on(Ready)
    def _ready(self, message: Ready) -> None:
        if message.number == self._asked:
            self._shown = message.shown
            self._lay_out(keep=False)

    def _lay_out(self, *, keep: bool) -> None:
        shown = self._shown
        if shown is None:
            return
        self._numbered = self._list.complete
        heads, xml = self._heads(shown), self._xml

        def layout(width: int) -> Iterable[Content]:
            beside = width >= BESIDE if self._beside is None else self._beside
            return shown.rows(heads, width, beside=beside, xml=xml)

        self.page.show(layout, keep=keep)
        self._foot.lines = list(foot_lines(shown, self._file))

    def _heads(self, shown: AnyComparison) -> Heads:
        now = self.context.now()
        before = self._list.head(shown.before, now) if shown.before is not None else BLANK
        after, note = self._list.head(shown.after, now), ""
        alone = self._list.complete and self._list.count == 1
        if shown.after.deleted:
            note = "Deleted here. This is how it last was."
        elif shown.after.rev is None and alone:
            note = "Not committed yet: its history begins with the next commit."
        elif shown.after.cut and shown.before is None:
            note = "What changed here is not in this shallow clone."
        elif shown.after.first:
            note = "Created here." + (" It has not been changed since." if alone else "")
        return Heads(before, after, note)

    # ── other ways to look ────────────────────────────────────────────────────

    @on(CompareView.Step)
    def _step(self, message: CompareView.Step) -> None:
        self._list.go(message.by)

    def action_mark(self) -> None:
        """Compare from this version on, or no longer."""
        version = self._list.current
        if version is not None:
            self._list.marked = None if self._list.marked == key(version) else key(version)
            self._list.refresh()
            self._moved()

    def action_choose(self) -> None:
        """Compare from this version on, or no longer."""
        self.action_mark()

    def action_xml(self) -> None:
        """Compare the source, or what it says again."""
        self._xml = not self._xml
        self._lay_out(keep=False)

    def action_side_by_side(self) -> None:
        """Compare side by side, or below each other."""
        beside = self.page.size.width >= BESIDE if self._beside is None else self._beside
        self._beside = not beside
        self._lay_out(keep=True)

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
