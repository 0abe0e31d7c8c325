"""An entry, or a commit, as it was: read, and compared with how it is now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from index.model.errors import TreeError
from tui.actions import Hint, bindings
from tui.data.entry_text import as_text
from tui.requests import Spot
from tui.runtime.threads import threaded
from tui.screens.browse.entry_keys import EntryKeys
from tui.theme import dates
from tui.theme.drawing import BLANK, plain, t, wrap
from tui.widgets.base.lines import Lines
from tui.widgets.browse.preview import Preview
from tui.widgets.history.compare_rows import BESIDE, Heads
from tui.widgets.history.compare_view import CompareView, Comparison, Foot, compare_versions
from tui.widgets.sessions.story import commit_lines

if TYPE_CHECKING:
    from index.history.versions import Version
    from index.model.entry import Entry


class VersionRead(Message):
    """The entry as it was, or why it cannot be shown."""

    def __init__(self, version: Version | None, error: str = "") -> None:
        super().__init__()
        self.version, self.error = version, error


class NowCompared(Message):
    """The entry as it was against how it is now."""

    def __init__(self, shown: Comparison) -> None:
        super().__init__()
        self.shown = shown


class AtCommitScreen(EntryKeys):
    """One page: what a spot of a story leads to."""

    CSS_PATH = "entry_at_commit.tcss"
    BINDINGS = bindings("compare_now", "xml", "side_by_side")
    HELP_TITLE = "Keys: entry as it was"
    AUTO_FOCUS = "#then"

    def __init__(self, spot: Spot, *, compare: bool = False) -> None:
        super().__init__()
        self._spot = spot
        self._comparing = compare
        self._xml = False
        self._beside: bool | None = None
        self._version: Version | None = None
        self._shown: Comparison | None = None

    def compose_panes(self) -> Iterable[Widget]:
        """Yield the page and the comparison, one of which is shown."""
        self._page = Lines(id="then") if self._spot.kind == "commit" else Preview(id="then")
        self._view, self._foot = CompareView(id="compare"), Foot(id="foot")
        yield self._page
        yield Vertical(self._view, self._foot, id="comparison")

    def on_mount(self) -> None:
        """Read it."""
        self._show_title()
        step = self._spot.step
        if self._spot.kind == "commit" and step is not None:
            self._page.show(lambda width: commit_lines(step, width, self.context.now()))
        else:
            self._read(self._spot)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys."""
        if self._spot.kind == "commit":
            return ["back"]
        now: Hint = ("compare_now", "as it was") if self._comparing else "compare_now"
        keys: list[Hint] = ["back", now, "xml", "side_by_side"] if self._comparing else ["back", now]
        return [*keys, "history", "edit"] if self.entry is not None else keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out what belongs to the entry as it is now."""
        return action != "blame" and super().check_action(action, parameters)

    @property
    def entry(self) -> Entry | None:
        """The entry as it is now, if it still has its id."""
        workspace = self.context.workspace
        return workspace.tree.snapshot.by_id.get(self._spot.entry_id) if workspace is not None else None

    def _show_title(self) -> None:
        heading = t(("As it was", "strong"), ("  ‹  ", "muted"), plain(self._spot.title, "muted"))
        self.set_title(heading, self._when())

    def _when(self) -> Content:
        step = self._spot.step
        if step is None:
            return t(("now", "muted"))
        before = "before " if self._spot.before else ""
        return t((f"{before}{dates.full(step.when, clock=True)} · ", "muted"), (step.rev[:7], "text"))

    # ── reading ───────────────────────────────────────────────────────────────

    @threaded("then")
    def _read(self, spot: Spot) -> None:
        from index.model.errors import Refused

        workspace = self.context.workspace
        if workspace is None:
            return
        try:
            if spot.step is not None:
                version = workspace.timeline.then(spot.entry_id, spot.step, before=spot.before)
            else:
                version = workspace.timeline.now(workspace.tree.entry(spot.entry_id))
        except (Refused, TreeError, OSError) as error:
            self.post_message(VersionRead(None, str(error)))
        else:
            self.post_message(VersionRead(version))

    @on(VersionRead)
    def _was(self, message: VersionRead) -> None:
        version = self._version = message.version
        if version is None or version.entry is None:
            why = message.error or "That version does not hold the entry any more: its history may."
            self._page.show(lambda width: [BLANK, *(t("  ", row) for row in wrap(why, width - 4, "muted"))])
        elif isinstance(self._page, Preview):
            self._page.show_entry(version.entry, self.context.now())
            if self._comparing:
                self._comparing = False
                self.action_compare_now()
        self.refresh_keys()

    @threaded("compare")
    def _compare(self, version: Version) -> None:
        workspace = self.context.workspace
        if workspace is None or version.entry is None:
            return
        shown = compare_versions(version, workspace.timeline.now(version.entry))
        if not get_current_worker().is_cancelled:
            self.post_message(NowCompared(shown))

    @on(NowCompared)
    def _compared(self, message: NowCompared) -> None:
        self._shown = message.shown
        self._lay_out()

    def _lay_out(self) -> None:
        shown = self._shown
        if shown is None:
            return
        gone = shown.after.entry is None
        heads = Heads(
            self._when(),
            t(("as it is now", "text")) if not gone else self._when(),
            "It is deleted now. This is how it was." if gone else "",
        )

        def layout(width: int) -> Iterable[Content]:
            beside = width >= BESIDE if self._beside is None else self._beside
            return shown.rows(heads, width, beside=beside, xml=self._xml)

        self._view.show(layout)
        self._foot.lines = [t((shown.after.path, "muted"))]

    def action_copy(self) -> None:
        """Copy the entry as it was."""
        if self._version is not None and self._version.entry is not None:
            self.copy_text(as_text(self._version.entry), "the entry as it was")

    # ── other ways to look ────────────────────────────────────────────────────

    def action_compare_now(self) -> None:
        """Compare with how it is now, or show it alone again."""
        if self._version is None or self._version.entry is None:
            return
        self._comparing = not self._comparing
        self.set_class(self._comparing, "-comparing")
        if self._comparing and self._shown is None:
            self._compare(self._version)
        (self._view if self._comparing else self._page).focus()
        self.refresh_keys()

    def action_xml(self) -> None:
        """Compare the source, or the fields again."""
        self._xml = not self._xml
        self._lay_out()

    def action_side_by_side(self) -> None:
        """Compare side by side, or below each other."""
        beside = self._view.size.width >= BESIDE if self._beside is None else self._beside
        self._beside = not beside
        self._lay_out()
