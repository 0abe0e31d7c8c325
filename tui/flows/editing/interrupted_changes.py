"""The question about a change, or a sync, that a kill has interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui.actions import key
from tui.context import opened
from tui.screens.base import question
from tui.screens.base.question import Answer, QuestionScreen
from tui.theme.drawing import BLANK, plain, t

if TYPE_CHECKING:
    from index.editing.interrupted import HalfDone
    from index.workspace import Workspace
    from tui.context import AppContext

_SHOWN = 6
"""Files that the question names."""


def ask(app: AppContext) -> None:
    """Look for interrupted changes, and ask for each that is left."""
    app.look_up("interrupted", lambda workspace: workspace.interrupted.left(), partial(offer, app))


def offer(app: AppContext, halves: Sequence[HalfDone]) -> None:
    """Ask for one after the other, the newest first; `esc` leaves it for later."""
    if not halves:
        return
    workspace = opened(app)
    half, *rest = halves
    more = len(half.paths) - _SHOWN
    body = [
        plain(half.words),
        t(("Undoing it puts its files back as they were. What others changed since is kept.", "muted")),
        BLANK,
        *(plain(path, "muted") for path in half.paths[:_SHOWN]),
        *([t((f"and {more:,} more", "muted"))] if more > 0 else []),
    ]

    def end(back: bool) -> None:
        app.in_thread(lambda: _end(app, workspace, half, rest, back=back), "commit", exclusive=False)

    def later() -> None:
        app.tell(t(("!", "warn"), " Status (", (key("status"), "key"), ") and the next start ask again."))
        offer(app, rest)

    answers = [
        Answer("escape", "decide later", later),
        Answer("enter", "finish it", partial(end, back=False)),
        Answer("u", "undo it", partial(end, back=True)),
    ]
    what = "A sync was interrupted" if half.is_sync else "A change was interrupted"
    question.ask(app, QuestionScreen(what, body, answers))


def _end(
    app: AppContext, workspace: Workspace, half: HalfDone, rest: Sequence[HalfDone], *, back: bool
) -> None:
    """Finish it or take it back, and tell the outcome; runs in a thread."""
    from index.model.errors import HistoryError, TreeError

    interrupted = workspace.interrupted
    try:
        note = (interrupted.take_back(half) if back else interrupted.finish(half)).note
        told = t(("✓", "ok"), " ", plain(note))
    except (HistoryError, TreeError, OSError) as error:
        told = t(("▲ ", "err"), plain(str(error)))

    def tell() -> None:
        app.tell(told, stay=True)
        app.action_reload()
        offer(app, rest)

    app.call_from_thread(tell)
