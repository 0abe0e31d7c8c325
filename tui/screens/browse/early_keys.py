"""The keys of the browse screen that need entries, which may not be read yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.actions import ACTIONS, EDIT, ENTRY, MENU, MOVE, keys_of
from tui.screens.base.frame import is_typing

if TYPE_CHECKING:
    from tui.screens.browse.browse import Browse

_OF_THE_TREE: Final = {
    *("edit", "edit_file", "edit_source", "history", "file_history", "blame", "similar", "pin"),
    *("delete", "duplicate", "move", "change_marked", "rename_tag", "seen"),
}
"""Actions that need a tree that is read, where the rows are those of last time."""
_OF_MARKS: Final = {"copy", "export"}
"""Actions that need it once entries are marked."""
_OF_NO_ROW: Final = {"add", "order", "left"}
"""Actions that need no row, of those that move or act on an entry."""
_AHEAD: Final = {"down", "next_item", "half_down", "page_down", "last"}
"""Actions that may lead to rows that are not loaded."""
_LINKS: Final = frozenset("123456789")


def needs_entries(browse: Browse, pressed: str) -> bool:
    """Whether a key needs more entries than the screen has; the cursor then stays where it is."""
    if not browse.is_mounted or not browse.results.count:
        return pressed == "enter" if is_typing(browse.focused) else _needs_a_row(pressed)
    if browse.context.page is None or is_typing(browse.focused):
        return False
    actions = _actions(pressed)
    marked = bool(browse.results.marks())
    needs = bool(actions & _OF_THE_TREE) or (marked and bool(actions & _OF_MARKS)) or pressed in _LINKS
    if not needs and actions & _AHEAD and browse.focused is not browse.sidebar:
        rows = browse.results
        short = len(rows.rows) < rows.count
        needs = short and ("last" in actions or rows.cursor + rows.room >= len(rows.rows))
    browse.stays = browse.stays or needs
    return needs


def _needs_a_row(pressed: str) -> bool:
    """Whether a key needs an entry under the cursor."""
    names = _actions(pressed)
    groups = {action.group for action in ACTIONS if action.id in names - _OF_NO_ROW}
    return bool(groups & {MOVE, ENTRY} or names & _OF_THE_TREE or pressed in _LINKS)


def _actions(pressed: str) -> set[str]:
    """Return the ids of the actions that have a key on the screens."""
    return {
        action.id for action in ACTIONS if action.group not in (EDIT, MENU) and pressed in keys_of(action.id)
    }
