"""Brief screen: where to go on at the left, the entry under the cursor at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from tui.actions import Hint
from tui.screens.browse.entry_keys import EntryKeys
from tui.theme.drawing import plain, t
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.row_list import RowList
from tui.widgets.browse.preview import Preview
from tui.widgets.sessions.brief_card import BriefCard

if TYPE_CHECKING:
    from index.model.entry import Entry

EMPTY = nothing("No brief yet", "The session state, pending decisions and what was learned last appear here.")
_PASTED = 6000
"""Characters of the brief that is copied."""


class BriefScreen(EntryKeys):
    """The card, and beside it the entry that a line opens."""

    CSS_PATH = "brief.tcss"
    HELP_TITLE = "Keys: brief"
    PLACE = "brief"
    AUTO_FOCUS = "#card"

    def make_panes(self) -> ListAndPage:
        """Return card and entry."""
        self._card, self._preview = BriefCard(id="card"), Preview(id="preview")
        self._panes = ListAndPage(self._card, self._preview)
        return self._panes

    def on_mount(self) -> None:
        """Name the card while it is read."""
        self.set_title(t(("Brief", "strong")), t(("loading …", "muted")))

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self.workspace.tree.snapshot.by_id.get(self._card.entry_id)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys of the card; the entry has its own."""
        if focused is self._preview:
            return super().footer_keys(focused)
        if not self._card.brief:
            return ["timeline", "search", "back"]
        keys: list[Hint] = ["accept", "edit", "history"] if self.entry is not None else []
        return [*keys, ("copy", "copy the brief"), "timeline", "search", "next", "back"]

    def idle(self) -> set[str]:
        """Return the actions that there is nothing to do for; the brief itself can be copied."""
        return super().idle() - ({"copy"} if self._card.brief else set())

    @on(RowList.Moved)
    def _moved(self) -> None:
        brief = self._card.brief
        if brief is not None:
            self.set_title(t(("Brief", "strong"), "  ", plain(brief.project, "muted")))
            self._panes.show_nothing(() if brief else EMPTY)
        self._preview.show_entry(self.entry, self.context.now())
        self.refresh_keys()

    @on(RowList.Chosen)
    def _opened(self) -> None:
        if self._card.entry_id:
            self.context.show_entry(self._card.entry_id)

    def action_copy(self) -> None:
        """Copy the brief, to be pasted where someone goes on; in the entry's pane, the entry."""
        if self.focused is self._preview:
            super().action_copy()
        elif self._card.brief:
            from index.rendering.brief_markdown import fit

            self.copy_text(fit(self._card.brief, _PASTED, self.workspace.tree.name).text, "the brief")
