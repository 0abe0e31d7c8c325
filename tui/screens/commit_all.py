"""What is asked before every file that is not committed is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tui.look import BLANK, plain, t
from tui.screens.question import Answer, QuestionScreen

if TYPE_CHECKING:
    from textual.app import App

    from index.history.pending import Pending

_NAMED = 6


def in_one_commit(items: Sequence[Pending]) -> list[Content]:
    """Return what a commit of these files would hold."""
    more = len(items) - _NAMED
    return [
        t(("As they are on disk, and nothing else of the repository.", "muted")), BLANK,
        *(plain(item.path) for item in items[:_NAMED]),
        *([t((f"and {more:,} more", "muted"))] if more > 0 else []),
    ]  # fmt: skip


def ask_deleted(app: App[None], words: str, go_on: Callable[[], object]) -> None:
    """Ask once more where all or most memories are gone, as `words` say."""
    answers = [Answer("stay", "escape", "leave them"), Answer("go", "d", "commit that they are gone")]
    body = [plain(f"{words[0].upper()}{words[1:]}.")]

    def answered(answer: str | None) -> None:
        if answer == "go":
            go_on()

    app.push_screen(QuestionScreen("Commit that they are gone?", body, answers), answered)
