"""Questions while something is edited: a draft that was left, a file that others changed, leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.model.text.text_diff import DiffLine
from tui.screens.base.question import Answer, QuestionScreen, ask, show_diff, stay
from tui.theme import dates
from tui.theme.drawing import plain, t
from tui.theme.labels import path_label

if TYPE_CHECKING:
    from textual.content import Content

    from index.model.draft import Draft
    from tui.context import AppContext

Deed = Callable[[], object]


def offer(
    app: AppContext, left: Draft, lines: list[DiffLine], *, take: Deed, drop: Deed, changed: str = ""
) -> None:
    """Ask for the fate of an earlier draft; `changed` tells the edits of others since."""
    names = [path_label(name) for name in left.fields if name]
    what = f": {', '.join(names[:4])}{' and more' if len(names) > 4 else ''}" if names else "."
    ago = dates.ago(datetime.fromtimestamp(left.when, UTC), app.now(), clock=True)
    body = [t((f"Typed {ago} and never saved", "muted"), plain(what))]
    if changed:
        body.append(t(("! ", "warn"), plain(changed)))
    answers = [
        Answer("enter", "resume", take),
        Answer("space", "show the diff", show_diff),
        Answer("delete", "discard", drop),  # no letter: it comes where one begins to type
    ]
    ask(app, QuestionScreen("This has an unsaved draft", body, answers, lines))


def ask_changed(
    app: AppContext,
    body: Content,
    changes: Sequence[DiffLine],
    *,
    mine: Deed,
    drop: Deed,
    keep: Deed = stay,
    keeps: str = "keep editing",
    takes: str = "use mine",
) -> None:
    """Ask for the fate of an edit of a file that others changed; `changes` are theirs."""
    answers = [
        Answer("enter", keeps, keep),
        Answer("space", "show what changed", show_diff),
        Answer("ctrl+s", takes, mine),
        Answer("d", "discard mine and reload", drop),
    ]
    ask(app, QuestionScreen("The file was changed while you edited it", [body], answers, changes))


def ask_again(app: AppContext, body: Content, *, add: Deed) -> None:
    """Ask whether an entry that is there already is to be there twice."""
    answers = [Answer("enter", "keep editing"), Answer("a", "add it anyway", add)]
    ask(app, QuestionScreen("This entry is there already", [body], answers))


def ask_wrap(app: AppContext, body: Content, *, fence: Deed, indent: Deed) -> None:
    """Ask whether a text that would read as a heading or the like is to be a code block."""
    answers = [
        Answer("enter", "keep editing"),
        Answer("f", "put it in a code block", fence),
        Answer("i", "indent it", indent),
    ]
    ask(app, QuestionScreen("This would read as more than a text", [body], answers))


def ask_leave(app: AppContext, body: Content, *, drop: Deed, review: Deed, drops: str) -> None:
    """Ask whether the typed text is to be lost."""
    answers = [Answer("enter", "keep editing"), Answer("d", drops, drop), Answer("ctrl+s", "review", review)]
    ask(app, QuestionScreen("Discard changes?", [body], answers))
