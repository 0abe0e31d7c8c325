"""Every action by name, and every theme."""

from __future__ import annotations

from collections.abc import Sequence

from tui.actions import ACTIONS, key
from tui.screens.base.picker import Item, Picker


def items(possible: set[str], themes: Sequence[str]) -> list[Item]:
    """Return every action that has a title, those possible here first, then the themes."""
    actions = [Item(a.id, a.title, key(a.id), a.id in possible) for a in ACTIONS if a.title]
    actions.sort(key=lambda item: not item.possible)
    return actions + [Item(f"theme:{name}", f"Theme: {name}") for name in themes]


class Palette(Picker):
    """Returns the id of the chosen action, or `theme:` and a name."""

    def __init__(self, possible: set[str], themes: Sequence[str]) -> None:
        super().__init__(items(possible, themes), "", "actions")
