"""Flows that one key starts on any screen and that run to their end: undo, and `$EDITOR`."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from index.formats.registry import format_of
from index.model.errors import EditorError, NotEnded
from index.model.plan import CannotEdit
from index.rendering.differences import file_lines
from index.storage.external_editor import (
    drop_copy,
    edited,
    editor_command,
    keep_copy,
    keyboard_for_others,
    private_copy,
)
from tui.actions import key
from tui.context import opened
from tui.flows.editing.proposing import propose
from tui.requests import EndInterrupted, Propose
from tui.screens.base.question import Answer, QuestionScreen, ask
from tui.screens.editing.questions import ask_changed
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from textual.content import Content

    from index.model.errors import Conflict
    from index.model.plan import Plan, Saved
    from index.workspace import Workspace
    from tui.context import AppContext


# ── undo ──────────────────────────────────────────────────────────────────────


def undo(app: AppContext) -> None:
    """Take back the last change made with memarium, as a new commit, and tell of it."""
    app.look_up(
        "undo",
        lambda workspace: workspace.committer.undo(),
        partial(_tell_undone, app, "Undid"),
        partial(_not_undone, app),
    )


def redo(app: AppContext) -> None:
    """Do the last undone change again, as a new commit."""
    app.look_up(
        "undo",
        lambda workspace: workspace.committer.redo(),
        partial(_tell_undone, app, "Redid"),
        partial(_not_undone, app),
    )


def _not_undone(app: AppContext, error: Exception) -> None:
    app.refuse(error)
    if isinstance(error, NotEnded):
        app.ask(EndInterrupted())


def _tell_undone(app: AppContext, done: str, saved: Saved) -> None:
    versioned = app.workspace is not None and bool(app.workspace.tree.repositories)
    otherwise = "  on disk, not committed" if versioned else "  not versioned"
    commit = (f"  {saved.revision[:7]}" if saved.revision else otherwise, "muted")
    sign = ("!", "warn") if saved.warning else ("✓", "ok")
    more = f". {saved.warning}" if saved.warning else ""
    app.tell(t(sign, f" {done}: ", plain(saved.file), commit, plain(more)), stay=bool(saved.warning))
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

    @property
    def text(self) -> bytes:
        """The file as the editor left it."""
        return edited(self.copy, self.before)

    @property
    def kept(self) -> str:
        """Keep the copy, and say where it is."""
        return f"Your text is kept in {keep_copy(self.copy)}."


def edit_in_editor(app: AppContext, file: str, line: int) -> None:
    """Open a copy of a file of the tree in the user's editor, then review the edited text."""

    def copy(workspace: Workspace) -> EditorCopy:
        workspace.planner.check(file)
        before = workspace.tree.document(file).to_bytes()
        return EditorCopy(file, before, private_copy(file, before, format_of(file).suffix), line)

    app.look_up("plan", copy, partial(_open, app))


def _open(app: AppContext, session: EditorCopy) -> None:
    """Hand the terminal to the editor; go on when it is closed."""
    try:
        command = editor_command(session.copy, session.line)
        with app.suspend(), keyboard_for_others():
            status = subprocess.run(command, check=False).returncode
    except (EditorError, OSError) as error:
        _not_opened(app, session, str(error))
    except SuspendNotSupported:
        _not_opened(
            app,
            session,
            f"This terminal cannot be handed to another program: {key('edit')} edits the entry here.",
        )
    else:
        app.refresh(layout=True)
        _judge(app, session, status)


def _not_opened(app: AppContext, session: EditorCopy, sentence: str) -> None:
    if session.text == session.before:
        drop_copy(session.copy)
        app.refuse(sentence)
    else:
        app.refuse(f"{sentence} {session.kept}")


def _judge(app: AppContext, session: EditorCopy, status: int) -> None:
    """Look at the text that the editor left when it ended with `status`."""
    if session.text != session.before:
        _propose(app, session)
        return
    drop_copy(session.copy)
    if status:
        app.refuse(f"The editor ended with status {status}, so nothing was changed in {session.file}.")
    else:
        app.tell(t(("Nothing was changed in ", "muted"), plain(session.file), (".", "muted")))


class _Broken(CannotEdit):
    """The change breaks the file, or breaks it more; `held` says whether it was broken before."""

    def __init__(self, warning: str, *, held: bool) -> None:
        super().__init__(warning)
        self.held = held


def _propose(app: AppContext, session: EditorCopy, *, broken: bool = False) -> None:
    """Review the change; ask first about one that breaks the file, unless `broken` is wanted."""
    workspace = opened(app)

    def make() -> Plan:
        from index.formats.registry import open_file

        after = session.text
        plan = workspace.planner.replace(session.file, after, base=session.before)
        held, has = (len(open_file(data, session.file).errors) for data in (session.before, after))
        if has > held and not broken:
            raise _Broken(plan.warning, held=bool(held))
        return plan

    def refused(error: Exception) -> None:
        if isinstance(error, _Broken):
            title, more = "The file would not be well-formed", "review anyway" if error.held else ""
            _ask(app, session, title, plain(str(error)), more)
        else:
            app.refuse(f"{error} {session.kept}")

    def left(plan: Plan) -> None:
        body = t(plain(session.file), (" has changed.", "muted"))
        _ask(app, session, "Discard changes?", body, "review")

    propose(app, Propose(
        make, session.file, session.file.rpartition("/")[2], back="leave", refused=refused, left=left,
        then=lambda plan: drop_copy(session.copy), conflict=partial(_ask_conflict, app, session),
    ))  # fmt: skip


def _ask(app: AppContext, session: EditorCopy, title: str, body: Content, review: str) -> None:
    """Ask for the fate of the change; `review` is the word for reviewing it; empty: it is not offered."""
    answers = [
        Answer("enter", "edit again", partial(app.call_later, _open, app, session)),
        Answer("d", "discard the change", partial(drop_copy, session.copy)),
    ]
    if review:
        answers.append(Answer("ctrl+s", review, partial(_propose, app, session, broken=True)))
    ask(app, QuestionScreen(title, [body], answers))


def _ask_conflict(app: AppContext, session: EditorCopy, conflict: Conflict) -> None:
    lost = " Yours is a whole file: in its place, the other change is lost."

    def drop() -> None:
        drop_copy(session.copy)
        app.action_reload()

    theirs = file_lines(session.before, conflict.disk, session.file)
    ask_changed(
        app, t(plain(str(conflict)), (lost, "muted")), theirs,
        mine=lambda: _propose(app, replace(session, before=conflict.disk or b"")), drop=drop,
        keep=lambda: app.tell(t(("!", "warn"), f" {session.kept}"), stay=True), keeps="keep my text aside",
    )  # fmt: skip
