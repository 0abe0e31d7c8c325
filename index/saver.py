"""Saving planned changes: compare, write, commit, and remember what can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.edits import CannotEdit, Edit
from index.memory.files import read, remove, write_atomic
from index.snapshot import Saved

if TYPE_CHECKING:
    from index.changes.plan import Plan
    from index.workspace import Workspace

FileChange = tuple[Path, bytes | None, bytes | None]
"""Where, before, after; None before makes a file, None after deletes it."""


class Saver:
    """Saves the changes of one tree."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._undo: list[Edit] = []

    def commit(self, edit: Edit, message: str | None = None) -> Saved:
        """Write a planned edit and make it one commit of one path.

        Raises:
            Conflict, Refused, TreeError: nothing was written.
            Busy: nothing was committed; `written` says whether the edit is on disk.
            HookFailed: the edit is on disk and not committed; the same edit may be committed again.
        """
        if not edit.changes:
            return Saved(edit.file, None, "Nothing changed, so nothing was saved.")
        text = message.strip() if message and message.strip() else edit.message
        before, after = (None if edit.new else edit.before), (None if edit.gone else edit.after)
        try:
            saved = self._write([(edit.real, before, after)], text, edit.file)
        finally:
            self._workspace.refresh()
        self._undo.append(edit)
        return saved

    def commit_plan(self, plan: Plan, message: str | None = None) -> Saved:
        """Write a planned change of any number of files as one commit; the errors are those of `commit`."""
        if not plan.changed:
            return Saved("", None, "Nothing changed, so nothing was saved.")
        files = [(self._workspace.real(change.file), change.before, change.after) for change in plan.changes]
        what = plan.changes[0].file if len(files) == 1 else f"{len(files)} files"
        text = message.strip() if message and message.strip() else plan.message
        try:
            return self._write(files, text, what)
        finally:
            self._workspace.refresh()

    def _write(self, files: Sequence[FileChange], message: str, what: str) -> Saved:
        repository = self._workspace.repository
        if repository is None:
            for real, before, after in files:
                if after is None:
                    remove(real, before or b"", self._workspace.root)
                else:
                    write_atomic(real, after, before, self._workspace.root)
            return Saved(what, None, f"Saved {what}. {self._workspace.unversioned}")
        changes = []
        for real, before, after in files:
            snapshot = repository.snapshot(real)
            if snapshot.disk != after:  # else a hook refused it before: it is there, and only committed
                snapshot = replace(snapshot, disk=before)
            changes.append((snapshot, after))
        done = repository.save_all(changes, message)
        return Saved(what, done.revision, f"Saved {what} as {(done.revision or '')[:7]}.")

    def plan_undo(self) -> Edit:
        """Plan taking back the last edit of this session.

        Raises:
            CannotEdit: there is none, or the file was changed since.
        """
        if not self._undo:
            raise CannotEdit("There is no edit of this session to undo.")
        last = self._undo[-1]
        if read(last.real) != last.after:
            raise CannotEdit(f"{last.file} was changed after that edit, so it cannot be undone from here.")
        return Edit(
            last.file,
            last.real,
            last.after,
            last.before,
            f"memory: undo {last.message.removeprefix('memory: ')}",
            last.entry,
            last.fields,
        )

    def undo(self) -> Saved:
        """Take back the last edit of this session, as a new commit."""
        plan = self.plan_undo()
        saved = self.commit(plan)
        del self._undo[-2:]
        return saved
