"""Offering what is typed and was never saved, when an earlier session has left it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.theme import dates
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.draft import Draft
    from index.model.text_diff import DiffLine
    from tui.context import AppContext


def offer(
    app: AppContext,
    left: Draft,
    lines: list[DiffLine],
    *,
    take: Callable[[], None],
    drop: Callable[[], None],
    changed: str = "",
) -> None:
    """Ask what becomes of a draft that was left; `changed` says what others did to the same since."""
    names = [name for name in left.fields if name]
    what = f"{', '.join(names[:4])}{' and more' if len(names) > 4 else ''}" if names else "what you typed"
    ago = dates.ago(datetime.fromtimestamp(left.when, UTC), app.now(), clock=True)
    body = [t(plain(what), (f", typed {ago}, was never saved.", "muted"))]
    if changed:
        body.append(t(("! ", "warn"), plain(changed)))
    answers = [
        Answer("take", "enter", "go on editing"),
        Answer(SHOW, "d", "show the diff"),
        Answer("drop", "delete", "discard it"),
    ]

    def answered(answer: str | None) -> None:
        (drop if answer == "drop" else take)()

    app.push_screen(QuestionScreen("This has an unsaved draft", body, answers, lines), answered)
