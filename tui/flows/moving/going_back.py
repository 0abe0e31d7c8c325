"""The way to an entry that is pinned, was read lately, or is named where one reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from index.model.errors import TreeError
from index.model.plan import CannotEdit
from tui.context import opened
from tui.screens.base.picker import Item, Picker, pick

if TYPE_CHECKING:
    from datetime import datetime

    from index.model.entry import Entry
    from index.workspace import Workspace
    from tui.context import AppContext


def go_lately(app: AppContext) -> None:
    """Offer the pinned entries, then those that were read, the last one first."""
    ask_entry(app, partial(_lately, opened(app)), "Nothing is pinned, and nothing was read yet.")


def _lately(workspace: Workspace) -> Sequence[str]:
    bookmarks = workspace.tree.bookmarks
    there = workspace.tree.snapshot.by_id
    return [one for one in dict.fromkeys((*bookmarks.pins(), *bookmarks.read_lately())) if one in there]


def idle_in(workspace: Workspace, entry: Entry | None, now: datetime) -> set[str]:
    """Return the actions that find nothing in a tree to act on, or are refused for its current entry."""
    done: set[str] = {*workspace.committer.takes_back()}
    refused = _refused(workspace, entry.id, now) if entry is not None else ()
    return {*({"undo", "redo"} - done), *(() if _lately(workspace) else ("lately",)), *refused}


def _refused(workspace: Workspace, entry_id: str, now: datetime) -> Iterator[str]:
    """Yield the changes that an entry, or its file, is not made for."""
    planner = workspace.planner
    changes: dict[str, Callable[[], object]] = {
        "delete": lambda: planner.delete(entry_id),
        "duplicate": lambda: planner.duplicate(entry_id, now),
        "move": lambda: planner.check_leaves(entry_id),
    }
    for name, change in changes.items():
        try:
            change()
        except (CannotEdit, TreeError, OSError):
            yield name


def ask_entry(app: AppContext, ids: Callable[[], Sequence[str]], none: str = "") -> None:
    """Offer entries of the tree, and go to the chosen one; `none` is said where there is none."""
    workspace = opened(app)

    def entries() -> list[Item]:
        there, pins = workspace.tree.snapshot.by_id, workspace.tree.bookmarks.pins()
        held = [there[one] for one in ids() if one in there]
        return [Item(one.id, one.title, note="pinned" if one.id in pins else "") for one in held]

    pick(app, Picker(entries, "Go to which entry?", "entries", none=none), app.show_entry)
