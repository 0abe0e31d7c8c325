"""The actions on an entry that would do nothing now, on every screen that shows one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tui.widgets.browse.preview import Preview

_OF_ONE: Final = {
    *("edit", "edit_file", "edit_source", "source", "history", "file_history", "blame", "similar", "pin")
}
_OF_SEVERAL: Final = {"copy", "export", "delete", "duplicate", "move", "change_marked"}
"""Actions on an entry, and those on the marked ones."""


def idle_actions(pages: Iterable[Preview], *, gone: bool, shown: bool, marked: bool) -> set[str]:
    """Return the actions on entries that would do nothing.

    Args:
        pages: of the screen.
        gone: an entry that is deleted is shown or marked.
        shown: an entry is shown, deleted or not.
        marked: there are marked ones.
    """
    idle = set() if gone else {"restore"}
    if not shown:
        idle |= _OF_ONE | (set() if marked else _OF_SEVERAL)
    return idle if any(map(_has_match, pages)) else idle | {"next_match", "previous_match"}


def _has_match(page: Preview) -> bool:
    fields = page.entry.fields if page.entry is not None and page.spans is not None else ()
    return any(page.spans(field.text) for field in fields if page.spans is not None)
