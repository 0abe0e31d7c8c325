"""Every action by name, and every theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.await_complete import AwaitComplete

from tui.actions import ACTIONS, key
from tui.screens.base.picker import Choices, Item, Picker
from tui.widgets.base.row_list import RowList

_THEME: Final = "theme:"


def items(possible: set[str], themes: Sequence[str]) -> list[Item]:
    """Return every action that has a title, those possible here first, then the themes."""
    actions = [Item(a.id, a.title, key(a.id), a.id in possible) for a in ACTIONS if a.title]
    actions.sort(key=lambda item: not item.possible)
    return actions + [Item(_THEME + name, f"Theme: {name}") for name in themes]


class Palette(Picker):
    """Returns the id of the chosen action, or `theme:` and a name.

    A theme is put on while the cursor is on it.
    """

    def __init__(self, possible: set[str], themes: Sequence[str]) -> None:
        super().__init__(items(possible, themes), "", "actions")
        self._worn = ""
        """The theme to put on again when none is chosen."""

    def on_mount(self) -> None:
        """Show everything."""
        self._worn = self.app.theme
        super().on_mount()

    @on(RowList.Moved)
    def _try_on(self) -> None:
        choices = self.query_one(Choices)
        current = choices.found[choices.cursor][0].id if choices.found else ""
        self._wear(current.removeprefix(_THEME) if current.startswith(_THEME) else self._worn)

    def _wear(self, theme: str) -> None:
        if self.app.theme != theme:
            self.app.theme = theme

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close, in the theme from before unless one was chosen."""
        if result is None or not result.startswith(_THEME):
            self._wear(self._worn)
        return super().dismiss(result)
