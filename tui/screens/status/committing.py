"""How every file that is not committed becomes so: in one commit, or in one each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from index.model.errors import TreeError
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.theme.drawing import BLANK, plain, t

if TYPE_CHECKING:
    from index.history.uncommitted import UncommittedFile
    from index.workspace import Workspace
    from tui.context import AppContext

_NAMED = 6


def ask_how(
    app: AppContext,
    items: Sequence[UncommittedFile],
    emptied: str,
    one: Callable[[], object],
    each: Callable[[], object],
) -> None:
    """Ask whether files become `one` commit or `each` its own, and do that.

    `emptied` says that all or most memories are gone by that; then it is asked once more.
    """
    if emptied:
        one, each = (partial(ask_deleted, app, emptied, deed) for deed in (one, each))
    answers = [
        Answer("escape", "cancel"),
        Answer("enter", "one commit, after a review", one),
        Answer("f", "one for each file", each),
    ]
    ask(app, QuestionScreen(f"Commit {len(items):,} files?", in_one_commit(items), answers))


def commit_each(workspace: Workspace, items: Sequence[UncommittedFile]) -> tuple[str, str]:
    """Commit each file by itself; return the outcome and, where not all went, the first refusal."""
    from index.model.errors import HistoryError

    done, error = 0, ""
    for item in items:
        try:
            workspace.committer.commit(workspace.status.plan([item]))
            done += 1
        except (HistoryError, TreeError, OSError) as refused:
            error = error or str(refused)
    return f"Committed {done} of {len(items)} files", error


def in_one_commit(items: Sequence[UncommittedFile]) -> list[Content]:
    """Return the changes that a commit of these files would hold."""
    more = len(items) - _NAMED
    return [
        t(("As they are on disk, and nothing else in the repository.", "muted")), BLANK,
        *(plain(item.path) for item in items[:_NAMED]),
        *([t((f"and {more:,} more", "muted"))] if more > 0 else []),
    ]  # fmt: skip


def ask_deleted(app: AppContext, words: str, go_on: Callable[[], object]) -> None:
    """Ask once more where all or most memories are gone, as `words` say."""
    answers = [Answer("escape", "cancel"), Answer("d", "commit the deletions", go_on)]
    ask(app, QuestionScreen("Commit the deletions?", [plain(f"{words[0].upper()}{words[1:]}.")], answers))
