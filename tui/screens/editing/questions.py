"""Questions while something is edited: a draft that was left, a file that others changed, leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.model.text.text_diff import DiffLine
from index.rendering.differences import file_lines
from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.theme import dates
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from textual.content import Content

    from index.model.draft import Draft
    from index.model.errors import Conflict
    from tui.context import AppContext

Deed = Callable[[], object]


def offer(
    app: AppContext, left: Draft, lines: list[DiffLine], *, take: Deed, drop: Deed, changed: str = ""
) -> None:
    """Ask for the fate of an earlier draft; `changed` tells the edits of others since."""
    names = [name for name in left.fields if name]
    what = f"{', '.join(names[:4])}{' and more' if len(names) > 4 else ''}" if names else "what you typed"
    ago = dates.ago(datetime.fromtimestamp(left.when, UTC), app.now(), clock=True)
    body = [t(plain(what), (f", typed {ago}, was never saved.", "muted"))]
    if changed:
        body.append(t(("! ", "warn"), plain(changed)))
    answers = [
        Answer("take", "enter", "resume"),
        Answer(SHOW, "space", "show the diff"),
        Answer("drop", "delete", "discard"),  # no letter: it comes where one begins to type
    ]

    def answered(answer: str | None) -> None:
        (drop if answer == "drop" else take)()

    app.push_screen(QuestionScreen("This has an unsaved draft", body, answers, lines), answered)


def _nothing() -> None:
    """Stay."""


def ask_changed(
    app: AppContext,
    body: Content,
    changes: Sequence[DiffLine],
    *,
    mine: Deed,
    drop: Deed,
    keep: Deed = _nothing,
    keeps: str = "keep editing",
    takes: str = "use mine",
) -> None:
    """Ask for the fate of an edit of a file that others changed; `changes` are theirs."""
    answers = [
        Answer("keep", "enter", keeps),
        Answer(SHOW, "space", "show what changed"),
        Answer("mine", "ctrl+s", takes),
        Answer("drop", "d", "discard mine and reload"),
    ]
    deeds: dict[str, Deed] = {"mine": mine, "drop": drop}
    question = QuestionScreen("The file was changed while you edited it", [body], answers, changes)
    _do(app, question, deeds, keep)


def ask_again(app: AppContext, body: Content, *, add: Deed) -> None:
    """Ask whether an entry that is there already is to be there twice."""
    answers = [Answer("back", "enter", "keep editing"), Answer("add", "a", "add it anyway")]
    _do(app, QuestionScreen("This entry is there already", [body], answers), {"add": add})


def ask_wrap(app: AppContext, body: Content, *, fence: Deed, indent: Deed) -> None:
    """Ask whether a text that would read as a heading or the like is to be a code block."""
    answers = [
        Answer("back", "enter", "keep editing"),
        Answer("fence", "f", "put it in a code block"),
        Answer("indent", "i", "indent it"),
    ]
    question = QuestionScreen("This would read as more than a text", [body], answers)
    _do(app, question, {"fence": fence, "indent": indent})


def ask_leave(app: AppContext, body: Content, *, drop: Deed, review: Deed, drops: str) -> None:
    """Ask whether the typed text is to be lost."""
    answers = [
        Answer("stay", "enter", "keep editing"),
        Answer("drop", "d", drops),
        Answer("save", "ctrl+s", "review"),
    ]
    deeds: dict[str, Deed] = {"drop": drop, "save": review}
    question = QuestionScreen("Discard changes?", [body], answers)
    _do(app, question, deeds)


def _do(app: AppContext, question: QuestionScreen, deeds: dict[str, Deed], keep: Deed = _nothing) -> None:
    """Ask, and do as answered; `keep` is the harmless answer."""

    def answered(answer: str | None) -> None:
        deeds.get(answer or "", keep)()

    app.push_screen(question, answered)


def theirs(file: str, before: bytes, conflict: Conflict) -> list[DiffLine]:
    """Return the edits of others in a file since it was read."""
    return file_lines(before, conflict.disk, file)
