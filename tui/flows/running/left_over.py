"""The word about the remains of earlier runs: drafts, uncommitted files, interrupted changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.model.counts import count_words
from tui.actions import key
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from tui.context import AppContext
    from tui.data.tree_workers import LeftOver


def tell_left_over(app: AppContext, left: LeftOver, width: int) -> None:
    """Tell of drafts, uncommitted files and interrupted changes, once; drafts stay in view.

    `width`: columns of the screen.
    """
    drafts, files = len(left.drafts), left.files
    if left.halves:
        from tui.flows.editing.interrupted_changes import offer

        offer(app, left.halves)
    if left.told:
        app.tell(t(("!", "warn"), " ", plain(" ".join(left.told))), stay=True)
        return
    if not drafts and not files:
        return
    said = []
    if drafts:
        said.append(count_words(drafts, "unsaved draft"))
    if files:
        said.append(f"{count_words(files, 'file')} not committed")
    title = f": {left.drafts[0]}" if drafts == 1 and not files else ""
    way = t((f"   {key('status')}", "strong"), (" status", "muted"))
    words = t(("!", "warn") if drafts else ("±", "accent"), " ", plain(", ".join(said) + title))
    room = max(20, width - 10 - way.cell_length)
    app.tell(t(words.truncate(room, ellipsis=True), way), stay=bool(drafts))
