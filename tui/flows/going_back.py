"""The way to an entry that is pinned, or was read lately."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.base.picker import Item, Picker

if TYPE_CHECKING:
    from tui.context import AppContext


def go_lately(app: AppContext) -> None:
    """Offer the pinned entries, then those that were read, the last one first; go to the chosen one."""
    workspace = app.workspace
    assert workspace is not None

    def entries() -> list[Item]:
        bookmarks, there = workspace.tree.bookmarks, workspace.tree.snapshot.by_id
        pins = bookmarks.pins()
        ids = [entry_id for entry_id in dict.fromkeys((*pins, *bookmarks.read_lately())) if entry_id in there]
        return [Item(one, there[one].title, note="pinned" if one in pins else "") for one in ids]

    def chosen(entry_id: str | None) -> None:
        if entry_id:
            app.show_entry(entry_id)

    none = "Nothing is pinned, and nothing was read yet."
    app.push_screen(Picker(entries, "Go to which entry?", "entries", none=none), chosen)
