"""The way to an entry that is pinned, was read lately, or is named where one reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.context import opened
from tui.screens.base.picker import Item, Picker, pick

if TYPE_CHECKING:
    from index.workspace import Workspace
    from tui.context import AppContext


def go_lately(app: AppContext) -> None:
    """Offer the pinned entries, then those that were read, the last one first."""
    ask_entry(app, partial(_lately, opened(app)), "Nothing is pinned, and nothing was read yet.")


def _lately(workspace: Workspace) -> Sequence[str]:
    bookmarks = workspace.tree.bookmarks
    there = workspace.tree.snapshot.by_id
    return [one for one in dict.fromkeys((*bookmarks.pins(), *bookmarks.read_lately())) if one in there]


def idle_in(workspace: Workspace) -> set[str]:
    """Return the actions of every screen that would find nothing in a tree to act on."""
    done: set[str] = {*workspace.committer.takes_back()}
    return ({"undo", "redo"} - done) | (set() if _lately(workspace) else {"lately"})


def ask_entry(app: AppContext, ids: Callable[[], Sequence[str]], none: str = "") -> None:
    """Offer entries of the tree, and go to the chosen one; `none` is said where there is none."""
    workspace = opened(app)

    def entries() -> list[Item]:
        there, pins = workspace.tree.snapshot.by_id, workspace.tree.bookmarks.pins()
        held = [there[one] for one in ids() if one in there]
        return [Item(one.id, one.title, note="pinned" if one.id in pins else "") for one in held]

    pick(app, Picker(entries, "Go to which entry?", "entries", none=none), app.show_entry)
