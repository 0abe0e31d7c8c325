"""Saving planned changes: compare, write, commit, and remember what can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.cache import state_folder
from index.edits import CannotEdit, Edit
from index.history.journal import Journal, Record, Sort
from index.memory.files import read_or_none, remove, write_atomic
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
        self._unversioned: list[Edit] = []
        """Edits of this session that no commit holds, to be taken back all the same."""

    @cached_property
    def _journal(self) -> Journal:
        return Journal(state_folder(self._workspace.root) / "journal.json")

    def commit(self, edit: Edit, message: str | None = None) -> Saved:
        """Write a planned edit and make it one commit of one path.

        Raises:
            Conflict, Refused, TreeError: nothing was written.
            Busy: nothing was committed; `written` says whether the edit is on disk.
            HookFailed: the edit is on disk and not committed; the same edit may be committed again.
        """
        if not edit.changes:
            return Saved(edit.file, None, "Nothing changed, so nothing was saved.")
        before, after = (None if edit.new else edit.before), (None if edit.gone else edit.after)
        entries = (edit.entry,) if edit.entry else ()
        saved = self._save(
            [(edit.real, before, after)], (edit.file,), entries, _said(message, edit.message), edit.file
        )
        if saved.revision is None:
            self._unversioned.append(edit)
        return saved

    def commit_plan(self, plan: Plan, message: str | None = None) -> Saved:
        """Write a planned change of any number of files as one commit; the errors are those of `commit`."""
        if not plan.changed:
            return Saved("", None, "Nothing changed, so nothing was saved.")
        files = [(self._workspace.real(change.file), change.before, change.after) for change in plan.changes]
        paths = tuple(change.file for change in plan.changes)
        what = paths[0] if len(files) == 1 else f"{len(files)} files"
        return self._save(files, paths, plan.entries, _said(message, plan.message), what)

    def _save(
        self,
        files: Sequence[FileChange],
        paths: tuple[str, ...],
        entries: tuple[str, ...],
        message: str,
        what: str,
        sort: Sort = "edit",
    ) -> Saved:
        try:
            saved = self._write(files, message, what)
        finally:
            self._workspace.reread(paths)
        if saved.revision is not None:
            with suppress(OSError):  # a state folder that cannot be written costs the undo, not the edit
                self._journal.record(Record(saved.revision, paths, entries, message, sort))
        return saved

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

    # ── taking back ───────────────────────────────────────────────────────────

    def next_undo(self) -> str:
        """Return what `undo` would take back, in words; empty when there is nothing."""
        if self._workspace.repository is None:
            return self._unversioned[-1].message if self._unversioned else ""
        record = self._journal.next_undo(self._exists)
        return record.message if record else ""

    def undo(self) -> Saved:
        """Take back the last change made with memarium, as a new commit.

        Raises:
            CannotEdit: there is none, or a later edit stands in its way; says which.
        """
        if self._workspace.repository is None:
            return self._undo_unversioned()
        return self._take_back(self._journal.next_undo(self._exists), "undo")

    def redo(self) -> Saved:
        """Do again what was undone last; the errors are those of `undo`."""
        if self._workspace.repository is None:
            raise CannotEdit(f"There is nothing to do again. {self._workspace.unversioned}")
        return self._take_back(self._journal.next_redo(self._exists), "redo")

    def _exists(self, rev: str) -> bool:
        repository = self._workspace.repository
        return repository is not None and repository.resolve(rev) is not None

    def _take_back(self, record: Record | None, sort: Sort) -> Saved:
        from index.history.undo import Refusal, plan_undo

        repository = self._workspace.repository
        if record is None or repository is None:
            raise CannotEdit(f"There is nothing to {sort} that was done with memarium.")
        planned = plan_undo(repository, record, lambda path: read_or_none(self._workspace.real(path)))
        if isinstance(planned, Refusal):
            raise CannotEdit(planned.reason)
        if not planned.files:
            self._journal.forget(record.rev)
            raise CannotEdit("That change is gone already: somebody took it back before.")
        files = [
            (self._workspace.real(path), read_or_none(self._workspace.real(path)), data)
            for path, data in planned.files.items()
        ]
        what = record.message.removeprefix("memory: ").removeprefix("undo ")
        message = f"memory: {sort} {what}"
        return self._save(files, tuple(planned.files), record.entries, message, what, sort)

    def _undo_unversioned(self) -> Saved:
        if not self._unversioned:
            raise CannotEdit("There is no edit of this session to undo.")
        last = self._unversioned[-1]
        if read_or_none(last.real) != last.after:
            raise CannotEdit(f"{last.file} was changed after that edit, so it cannot be undone from here.")
        saved = self._save([(last.real, last.after, last.before)], (last.file,), (), "undo", last.file)
        self._unversioned.pop()
        return saved


def _said(message: str | None, proposed: str) -> str:
    return message.strip() if message and message.strip() else proposed
