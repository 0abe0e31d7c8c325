"""The way to an entry that is pinned, was read lately, or is named where one reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.context import opened
from tui.screens.base.picker import Item, Picker, pick

if TYPE_CHECKING:
    from tui.context import AppContext


def go_lately(app: AppContext) -> None:
    """Offer the pinned entries, then those that were read, the last one first."""
    bookmarks = opened(app).tree.bookmarks

    def entries() -> Sequence[str]:
        return [*dict.fromkeys((*bookmarks.pins(), *bookmarks.read_lately()))]

    ask_entry(app, entries, "Nothing is pinned, and nothing was read yet.")


def ask_entry(app: AppContext, ids: Callable[[], Sequence[str]], none: str = "") -> None:
    """Offer entries of the tree, and go to the chosen one; `none` is said where there is none."""
    workspace = opened(app)

    def entries() -> list[Item]:
        there, pins = workspace.tree.snapshot.by_id, workspace.tree.bookmarks.pins()
        held = [there[one] for one in ids() if one in there]
        return [Item(one.id, one.title, note="pinned" if one.id in pins else "") for one in held]

    pick(app, Picker(entries, "Go to which entry?", "entries", none=none), app.show_entry)
