"""Flows that one key starts on any screen and that run to their end: undo, and `$EDITOR`."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from index.model.errors import Conflict, TreeError
from index.model.plan import CannotEdit
from index.model.text_diff import DiffLine, diff_lines
from index.storage.external_editor import EditorError, drop_copy, editor_command, keep_copy, private_copy
from tui.screens.base.question import SHOW, Answer, QuestionScreen
from tui.screens.editing.review import ReviewScreen
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from index.model.plan import Plan
    from index.model.saved import Saved
    from tui.context import AppContext


def tell_saved(app: AppContext, saved: Saved, what: str, done: str = "Saved") -> None:
    """Say what was saved, and read the tree again."""
    undo_key = (t("   ", ("u", "strong"), (" undo", "muted")),) if saved.undoable else ()
    if saved.revision is None and app.workspace is not None and app.workspace.tree.repository is not None:
        app.tell(t(("!", "warn"), f" {done} ", plain(what), (f"  {saved.note}", "muted")), stay=True)
    elif saved.warning:
        told = f"{done} {(saved.revision or '')[:7]}. {saved.warning}"
        app.tell(t(("!", "warn"), " ", plain(told), *undo_key), stay=True)
    else:
        commit = f"  {saved.revision[:7]}" if saved.revision else "  not versioned"
        app.tell(
            t(
                ("✓", "ok"),
                f" {done} ",
                plain(what),
                (commit, "muted"),
                *undo_key,
            )
        )
    app.action_reload()


def _tell_refused(app: AppContext, sentence: str) -> None:
    app.tell(t(("▲ ", "err"), sentence), stay=True)


def _in_thread(app: AppContext, work: Callable[[], None], group: str) -> None:
    app.in_thread(work, group)


# ── undo ──────────────────────────────────────────────────────────────────────


def undo(app: AppContext) -> None:
    """Take back the last change made with memarium, as a new commit, and say what that was."""
    workspace = app.workspace
    if workspace is not None:
        _in_thread(app, lambda: _go_back(app, workspace.committer.undo, "Undid:"), "undo")


def redo(app: AppContext) -> None:
    """Do again what was undone last, as a new commit."""
    workspace = app.workspace
    if workspace is not None:
        _in_thread(app, lambda: _go_back(app, workspace.committer.redo, "Did again:"), "undo")


def _go_back(app: AppContext, step: Callable[[], Saved], done: str) -> None:
    from index.model.errors import HistoryError

    try:
        saved = step()
    except (CannotEdit, TreeError, HistoryError, OSError) as error:
        app.call_from_thread(_tell_refused, app, str(error))
    else:
        app.call_from_thread(_tell_undone, app, saved, done)


def _tell_undone(app: AppContext, saved: Saved, done: str) -> None:
    versioned = app.workspace is not None and app.workspace.tree.repository is not None
    otherwise = "  on disk, not committed" if versioned else "  not versioned"
    commit = (f"  {saved.revision[:7]}" if saved.revision else otherwise, "muted")
    app.tell(t(("✓", "ok"), f" {done} ", plain(saved.file), commit))
    app.action_reload()


# ── $EDITOR ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class EditorCopy:
    """A file that is open in the user's editor, as a private copy."""

    file: str
    before: bytes
    """Bytes of the file when the copy was made."""
    copy: Path
    line: int


def edit_in_editor(app: AppContext, file: str, line: int) -> None:
    """Open a copy of a file of the tree in the user's editor, then review what came back."""
    workspace = app.workspace
    if workspace is None:
        return

    def copy() -> None:
        try:
            before = workspace.tree.document(file).to_bytes()
            session = EditorCopy(file, before, private_copy(file, before), line)
        except (TreeError, OSError) as error:
            app.call_from_thread(_tell_refused, app, str(error))
        else:
            app.call_from_thread(app.call_later, _open, app, session)

    _in_thread(app, copy, "plan")


def _open(app: AppContext, session: EditorCopy) -> None:
    """Hand the terminal to the editor; go on when it is closed."""
    try:
        command = editor_command(session.copy, session.line)
        with app.suspend():
            subprocess.run(command, check=False)
    except (EditorError, OSError) as error:
        _not_opened(app, session, str(error))
    except SuspendNotSupported:
        _not_opened(
            app, session, "This terminal cannot be handed to another program: e edits the entry here."
        )
    else:
        app.refresh(layout=True)
        _judge(app, session)


def _not_opened(app: AppContext, session: EditorCopy, sentence: str) -> None:
    if _text(session) == session.before:
        drop_copy(session.copy)
        _tell_refused(app, sentence)
    else:
        _tell_refused(app, f"{sentence} Your text is kept in {keep_copy(session.copy)}.")


def _text(session: EditorCopy) -> bytes:
    try:
        return session.copy.read_bytes()
    except OSError:
        return session.before


def _judge(app: AppContext, session: EditorCopy) -> None:
    """Look at what the editor left."""
    after = _text(session)
    if after == session.before:
        drop_copy(session.copy)
        app.tell(t(("Nothing was changed in ", "muted"), plain(session.file), (".", "muted")))
        return
    _in_thread(app, lambda: _plan(app, session, after), "plan")


def _plan(app: AppContext, session: EditorCopy, after: bytes) -> None:
    from index.formats.xml.document import Document

    workspace = app.workspace
    assert workspace is not None
    try:
        plan = workspace.planner.replace(session.file, after, base=session.before)
    except Conflict as conflict:
        theirs = _theirs(session.before, conflict)
        app.call_from_thread(_ask_conflict, app, session, conflict, theirs)
    except (CannotEdit, TreeError) as error:
        app.call_from_thread(_tell_refused, app, f"{error} Your text is kept in {keep_copy(session.copy)}.")
    else:
        held = len(Document.parse(session.before, session.file).errors)
        has = len(Document.parse(after, session.file).errors)
        app.call_from_thread(_planned, app, session, plan, held, has)


def _planned(app: AppContext, session: EditorCopy, plan: Plan, held: int, has: int) -> None:
    """Review a sound change; ask about one that breaks the file, or breaks it more."""
    if has <= held:
        _review(app, session, plan)
        return
    answers = [Answer("again", "enter", "edit again"), Answer("drop", "d", "drop the change")]
    if held:
        answers.append(Answer("review", "ctrl+s", "review all the same"))
    _ask(
        app,
        session,
        QuestionScreen("The file would not be well-formed", [plain(plan.warning)], answers),
        plan,
    )


def _review(app: AppContext, session: EditorCopy, plan: Plan) -> None:
    def reviewed(outcome: Saved | Conflict | None) -> None:
        if isinstance(outcome, Conflict):
            _ask_conflict(app, session, outcome, _theirs(session.before, outcome))
        elif outcome is None:
            _ask_unsaved(app, session, plan)
        else:
            drop_copy(session.copy)
            tell_saved(app, outcome, session.file.rpartition("/")[2])

    app.push_screen(ReviewScreen(plan, session.file, "leave"), reviewed)


def _ask_unsaved(app: AppContext, session: EditorCopy, plan: Plan) -> None:
    answers = [
        Answer("again", "enter", "edit again"),
        Answer("drop", "d", "drop the change"),
        Answer("review", "ctrl+s", "review"),
    ]
    body = t(plain(session.file), (" has changed.", "muted"))
    _ask(app, session, QuestionScreen("Leave without saving?", [body], answers), plan)


def _ask_conflict(app: AppContext, session: EditorCopy, conflict: Conflict, theirs: list[DiffLine]) -> None:
    answers = [
        Answer("keep", "enter", "keep my text aside"),
        Answer(SHOW, "d", "show what changed"),
        Answer("mine", "m", "put mine in its place"),
        Answer("drop", "r", "reload and drop mine"),
    ]
    body = t(
        plain(str(conflict)), (" Yours is a whole file: in its place, the other change is lost.", "muted")
    )
    question = QuestionScreen("The file was changed while you edited it", [body], answers, theirs)

    def answered(answer: str | None) -> None:
        if answer == "mine":
            newer = replace(session, before=conflict.disk or b"")
            _in_thread(app, lambda: _plan(app, newer, _text(session)), "plan")
        elif answer == "drop":
            drop_copy(session.copy)
            app.action_reload()
        else:
            app.tell(t(("!", "warn"), f" Your text is kept in {keep_copy(session.copy)}."), stay=True)

    app.push_screen(question, answered)


def _ask(app: AppContext, session: EditorCopy, question: QuestionScreen, plan: Plan) -> None:
    def answered(answer: str | None) -> None:
        if answer == "review":
            _review(app, session, plan)
        elif answer == "drop":
            drop_copy(session.copy)
        else:
            app.call_later(_open, app, session)

    app.push_screen(question, answered)


def _theirs(before: bytes, conflict: Conflict) -> list[DiffLine]:
    from index.formats.xml.document import Document

    return diff_lines(Document.parse(before).source, Document.parse(conflict.disk or b"").source)
