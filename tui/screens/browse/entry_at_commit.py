"""An entry, or a commit, as it was: read, and compared with how it is now, or with how an edit found it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.content import Content
from textual.widget import Widget

from tui.actions import Hint, bindings
from tui.data.entry_text import as_text
from tui.requests import OpenAtCommit, Spot
from tui.screens.browse.entry_keys import EntryKeys
from tui.theme import dates
from tui.theme.drawing import BLANK, plain, t, wrap
from tui.widgets.base.lines import Lines
from tui.widgets.browse.preview import Preview
from tui.widgets.history.compare_pane import ComparePane, ComparingKeys, foot_lines
from tui.widgets.history.compare_rows import Heads
from tui.widgets.history.compare_view import Comparison, compare_versions
from tui.widgets.sessions.story import commit_lines

if TYPE_CHECKING:
    from index.history.versions import Version
    from index.model.entry import Entry
    from index.workspace import Workspace


Shown = Literal["then", "edit", "now"]
"""The entry as it was, against how an edit found it, or against how it is now."""


class AtCommitScreen(ComparingKeys, EntryKeys):
    """One page: the entry that a spot of a story leads to."""

    CSS_PATH = "entry_at_commit.tcss"
    BINDINGS = bindings("accept", "compare_now", "source", "side_by_side")
    HELP_TITLE = "Keys: entry as it was"
    AUTO_FOCUS = "#then"

    def __init__(self, spot: Spot, *, compare: bool = False) -> None:
        super().__init__()
        self._spot = spot
        self._shown: Shown = "now" if compare else "edit" if spot.edited is not None else "then"
        """The view asked for; until it is read, the page as it was."""
        self._found: Version | None = None
        """How the edit found it; None where it is none, or that version does not hold the entry."""
        self._version: Version | None = None

    @property
    def opener(self) -> OpenAtCommit:
        """The request that opens it again, as it is read now."""
        return OpenAtCommit(self._spot, self._shown == "now")

    def make_panes(self) -> Widget:
        """Return the page and the comparison, one of which is shown."""
        self._page = Lines(id="then") if self._spot.kind == "commit" else Preview(id="then")
        self.compared = ComparePane(id="comparison")
        return self.abreast(self._page, self.compared)

    def on_mount(self) -> None:
        """Read it."""
        self._show_title()
        step = self._spot.step
        if self._spot.kind == "commit" and step is not None:
            self._page.show(lambda width: commit_lines(step, width, self.context.now()))
        else:
            self.look_up("then", self._then, self._was, lambda error: self._was((None, None), str(error)))

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys."""
        if self._spot.kind == "commit":
            return ["back"]
        now: Hint = ("compare_now", "as it was") if self._shown == "now" else "compare_now"
        edit: Hint = ("accept", "as it was") if self._shown == "edit" else ("accept", "the edit")
        return ["back", now, edit, "source", "side_by_side", "history", "edit"]

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for; the entry as it was can be copied."""
        idle = super().idle() - {"copy"}
        if self._found is None:
            idle.add("accept")
        return idle | ({"source", "side_by_side"} if self._shown == "then" else set())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave out keys for the entry as it is now."""
        return action != "blame" and super().check_action(action, parameters)

    @property
    def entry(self) -> Entry | None:
        """The entry as it is now, if it still has its id."""
        return self.workspace.tree.snapshot.by_id.get(self._spot.entry_id)

    def _show_title(self) -> None:
        heading = t(("As it was", "strong"), ("  ‹  ", "muted"), plain(self._spot.title, "muted"))
        step = self._spot.step
        commit = t((" · ", "muted"), (step.rev[:7], "text")) if step is not None else ""
        self.set_title(heading, t(self._when(), commit))

    def _when(self) -> Content:
        step = self._spot.step
        if step is None:
            return t(("now", "muted"))
        before = "before " if self._spot.before else ""
        return t((f"{before}{dates.full(step.when, clock=True)}", "muted"))

    # ── reading ───────────────────────────────────────────────────────────────

    def _then(self, workspace: Workspace) -> tuple[Version | None, Version | None]:
        """Return the entry as the edit found it, and as it was then."""
        spot, timeline = self._spot, workspace.timeline
        if spot.step is None:
            return None, timeline.now(workspace.tree.entry(spot.entry_id))
        found = spot.edited
        before = timeline.then(found.entry_id, found.step, before=True) if found is not None else None
        return before, timeline.then(spot.entry_id, spot.step, before=spot.before)

    def _was(self, versions: tuple[Version | None, Version | None], error: str = "") -> None:
        self._found, self._version = versions
        version = self._version
        if version is None or version.entry is None:
            why = error or "That version does not hold the entry any more: its history may."
            self._page.show(lambda width: [BLANK, *(t("  ", row) for row in wrap(why, width - 4, "muted"))])
        elif isinstance(self._page, Preview):
            self._page.show_entry(version.entry, self.context.now())
            self._show(self._shown if self._shown != "edit" or self._found is not None else "then")
        self.refresh_keys()

    def _show_edit(self, shown: Comparison) -> None:
        found = self._spot.edited
        assert found is not None
        heads = Heads(t((f"before {dates.full(found.step.when, clock=True)}", "muted")), self._when())
        self.compared.show(partial(shown.rows, heads), list(foot_lines(shown, self._spot.entry_id)))

    def _show_comparison(self, shown: Comparison) -> None:
        gone = shown.after.entry is None
        heads = Heads(
            self._when(),
            t(("as it is now", "text")) if not gone else self._when(),
            "It is deleted now. This is how it was." if gone else "",
        )

        self.compared.show(partial(shown.rows, heads), [t((shown.after.path, "muted"))])

    def action_copy(self) -> None:
        """Copy the entry as it was."""
        if self._version is not None and self._version.entry is not None:
            self.copy_text(as_text(self._version.entry), "the entry as it was")

    # ── other ways to look ────────────────────────────────────────────────────

    def action_compare_now(self) -> None:
        """Compare with the current version, or show it alone again."""
        self._show("then" if self._shown == "now" else "now")

    def action_accept(self) -> None:
        """Show the edit, or the entry alone as the edit left it."""
        if self._found is not None:
            self._show("then" if self._shown == "edit" else "edit")

    def _show(self, wanted: Shown) -> None:
        version, found = self._version, self._found
        if version is None or version.entry is None:
            return
        entry, self._shown = version.entry, wanted
        self.set_class(wanted != "then", "-comparing")
        if wanted == "edit":
            self.look_up("compare", lambda _: compare_versions(found, version), self._show_edit)
        elif wanted == "now":
            self.look_up(
                "compare", lambda w: compare_versions(version, w.timeline.now(entry)), self._show_comparison
            )
        (self._page if wanted == "then" else self.compared.view).focus()
        self.refresh_keys()
