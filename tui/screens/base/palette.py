"""Every action by name, and every theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Final

from textual import on
from textual.await_complete import AwaitComplete

from tui.actions import ACTIONS, key
from tui.screens.base.picker import Choices, Item, Picker
from tui.widgets.base.row_list import RowList

_THEME: Final = "theme:"


def items(possible: set[str], themes: Mapping[str, str], torn: Set[str]) -> list[Item]:
    """Return every action that has a title, those possible here first, then the themes.

    Args:
        possible: ids of the actions that are.
        themes: the file of each theme, empty for one that is none of the user's.
        torn: themes whose file cannot be used.
    """
    actions = [Item(a.id, a.title, key(a.id), a.id in possible) for a in ACTIONS if a.title]
    actions.sort(key=lambda item: not item.possible)
    return actions + [
        Item(_THEME + name, f"Theme: {name}", possible=name not in torn, note=file)
        for name, file in themes.items()
    ]


class Palette(Picker):
    """Returns the id of the chosen action, or `theme:` and a name.

    A theme is put on while the cursor is on it.
    """

    def __init__(self, offers: Callable[[], list[Item]]) -> None:
        super().__init__(offers, "Which action?", "actions")
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
        self._wear(current)

    def _wear(self, item: str) -> None:
        """Put the theme of an item on; the one from before where it is none that can be put on."""
        name = item.removeprefix(_THEME) if item.startswith(_THEME) else ""
        theme = name if name in self.app.available_themes else self._worn
        if self.app.theme != theme:
            self.app.theme = theme

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close, in the theme from before unless one was chosen."""
        self._wear(result or "")
        return super().dismiss(result)
