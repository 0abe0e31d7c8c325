"""Saving planned changes: compare, write, commit, and remember them for undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.editing.commit_checks import check_not_held, check_takes_nothing_back, check_unchanged
from index.editing.protection import (
    check_changeable,
    check_changes,
    check_one_place,
    keeps_protection,
    told_of_tools,
)
from index.editing.unversioned import keep_aside
from index.git.found_version import record_found
from index.git.saving.commit_files import FileSnapshot
from index.git.saving.killed_save import removed_words
from index.model.cached import once
from index.model.commits import proposed, without_prefix
from index.model.counts import listed, only_or_count
from index.model.errors import Conflict, Overlap, TreeError, Unreadable
from index.model.path_spelling import shown
from index.model.plan import CannotEdit, OnAnotherBranch, Saved
from index.storage.files import has_other_names, read_or_none
from index.storage.journal import JOURNAL, Exists, Journal, JournalRecord, Sort
from index.storage.locking import only_one
from index.storage.transaction import FileChange, exchange, write_together

if TYPE_CHECKING:
    from index.library.tree import Tree
    from index.model.plan import Plan, PlannedChange

from index.editing.deeds import Deed, Interruptions, other_names
from index.editing.unversioned import Unversioned, UnversionedChanges

_REWRITTEN = "A hook of the repository rewrote it: look at it again."
_STASHED = "A hook put work that is not committed into the stash: git stash list names it."
_ADDED = "A hook of the repository put other files into the commit"
_RACED = "Another program committed it in between: look at its history."
_NOT_NOTED = "Undo cannot take it back, as its list cannot be written; git revert can."
_NOTHING = "Nothing changed, so nothing was saved."
_DONE: Mapping[Sort, str] = {"edit": "Saved", "undo": "Undid:", "redo": "Redid:"}
_TRIES = 20
"""Times that a change is planned anew while programs that know of no lock write into the same file."""


class Committer:
    """Saves the changes of one tree."""

    def __init__(self, tree: Tree, interruptions: Callable[[], Interruptions]) -> None:
        self._tree = tree
        self._interruptions = interruptions
        self._dropped: list[Unversioned] = []
        """Files that were put back as the last commit has them, since the last change that was saved."""

    @once
    def _journal(self) -> Journal:
        return Journal(self._tree.user_folder / JOURNAL, self._tree.tell_waiting)

    @once
    def _unversioned(self) -> UnversionedChanges:
        return UnversionedChanges(self._tree.user_folder / "unversioned", self._tree.real)

    def commit(self, change: Plan, message: str | None = None) -> Saved:
        """Write a planned change of any number of files and make it one commit of their paths.

        Where others have written into them since, it is planned again: their changes stay.

        Raises:
            Conflict: others have changed the same field; nothing was written.
            CannotEdit, Refused, TreeError: nothing was written; `NotEnded` where another change comes first.
            Busy: nothing was committed; `written` says whether the change is on disk.
            HookFailed: the change is on disk and not committed; it may be committed again.
        """
        check_one_place(change.changes)
        paths = tuple(one.file for one in change.changes)
        self._interruptions().check_apart(paths)
        self._record_found(change)
        if self._tree.repository_of(*paths) is not None or change.written:
            try:
                return self._commit(change, message)
            except Conflict:
                if change.written:
                    raise
        return self._alone(lambda: self._commit_anew(change, message), paths)

    def check(self, change: Plan) -> Plan:
        """Return a plan that may be made, with the warnings on it: of files of one repository.

        Raises Protected, CannotEdit, NotEnded: it may not.
        """
        check_one_place(change.changes)
        self._interruptions().check_apart([one.file for one in change.changes])
        if change.written:
            return change
        check_changes(self._tree.place, change.changes)
        if not change.whole:
            edited = (one for one in change.changes if one.before != one.after)
            check_takes_nothing_back(self._tree, {one.file: one.before for one in edited})
        return told_of_tools(change)

    def _record_found(self, change: Plan) -> None:
        """Make the edits of others a version of its own, where memarium keeps versions: no part of this."""
        mine = [one.file for one in change.changes if one.before != one.after]
        repository = self._tree.repository_of(*mine)
        if repository is not None and repository.kept and not change.written:
            record_found(repository, only=mine)

    def _commit_anew(self, change: Plan, message: str | None) -> Saved:
        from index.editing.replan import others_words, plan_anew

        self._tree.reader.renew()
        anew = plan_anew(change, self._tree.data)
        saved = self._commit(anew, message)
        others = others_words(change, anew, self._tree.data)
        return saved.warned(others)._replace(anew=anew) if others else saved

    def _alone(self, attempt: Callable[[], Saved], paths: Sequence[str]) -> Saved:
        """Try to save while no other memarium does; programs that know of no lock may still be quicker."""
        with self._lock(paths):
            for left in reversed(range(_TRIES)):
                try:
                    return attempt()
                except Conflict as conflict:
                    if not left or isinstance(conflict, Overlap):
                        raise
        raise AssertionError

    def _lock(self, paths: Sequence[str]) -> AbstractContextManager[object]:
        repository = self._tree.repository_of(*paths)
        if repository is not None:
            return repository.alone()
        return only_one(self._tree.user_folder / "saving.lock", self._tree.tell_waiting)

    def _commit(self, change: Plan, message: str | None) -> Saved:
        paths = tuple(one.file for one in change.changes)
        self.check(change)
        if not change.changed:
            return Saved(paths[0] if len(paths) == 1 else "", None, _NOTHING)
        files = [(self._tree.real(one.file), one.before, one.after) for one in change.changes]
        what = only_or_count(paths, "file")
        said = (message or "").strip() or change.message
        repository = self._tree.repository_of(*paths)
        if change.written and repository is not None:
            check_unchanged(repository, files)
        elif not change.whole and repository is not None:
            check_not_held(repository, paths, files)
        saved = self._save(files, paths, change.entries, said, what)
        if saved.unversioned:
            self._unversioned.add(Unversioned(files, paths, said))
        return saved

    def _save(
        self,
        files: Sequence[FileChange],
        paths: tuple[str, ...],
        entries: tuple[str, ...],
        message: str,
        what: str,
        sort: Sort = "edit",
        takes: str = "",
    ) -> Saved:
        interrupted = self._interruptions()
        linked = [
            path
            for path, (real, before, after) in zip(paths, files, strict=True)
            if None not in (before, after) and before != after and has_other_names(real)
        ]
        ended = interrupted.end_syncs()
        with interrupted.intend(files, paths, Deed(message, entries, sort, takes)):
            saved = self._save_noted(files, paths, what, Deed(message, entries, sort, takes))
        return saved._replace(note=f"{ended} {saved.note} {other_names(linked)}".strip())

    def _save_noted(
        self, files: Sequence[FileChange], paths: tuple[str, ...], what: str, deed: Deed
    ) -> Saved:
        stood: dict[str, bytes] = {}
        seen, saved = self._tree.seen, None
        with seen.writing(dict(zip(paths, (after for _, _, after in files), strict=True))):
            try:
                saved = self._write(files, deed, what, stood, paths)
            finally:
                self._tree.reader.reread(paths)
                for path, (real, before, after) in zip(paths, files, strict=True):
                    if saved or read_or_none(real) == after:  # a hook may have refused the commit alone
                        seen.own(path, before, after)
        from index.history.undo import can_undo

        undoable = can_undo(self._tree.repository_of(*paths), paths)
        if saved.revision is not None:
            self._dropped.clear()
            self._unversioned.clear()
            record = JournalRecord(
                saved.revision, paths, deed.entries, deed.message, deed.sort, {}, deed.takes
            )
            if not self._record(record, stood):
                saved, undoable = saved.warned(_NOT_NOTED), False
        return saved._replace(undoable=undoable)

    def _record(self, record: JournalRecord, stood: Mapping[str, bytes]) -> bool:
        """Return whether a commit was noted: without a state folder the undo is lost, not the edit."""
        try:
            kept = {path: str(self._keep_aside(path, data)) for path, data in stood.items()}
            self._journal.record(replace(record, stood=kept))
        except (OSError, TreeError):
            return False
        return True

    def resume(self, files: Sequence[FileChange], paths: tuple[str, ...], deed: Deed) -> Saved:
        """Do the rest of a change that was interrupted, and commit it; the errors are those of `commit`."""
        what = only_or_count(paths, "file")
        return self._save_noted(files, paths, what, deed)

    def note(self, files: Sequence[FileChange], record: JournalRecord) -> None:
        """Remember a commit that was made just before this program was killed, so that it can be undone."""
        repository = self._tree.repository_of(*record.paths)
        if repository is None or self._journal.knows(record.rev):
            return
        parent = repository.resolve(f"{record.rev}^")
        stood = {}
        for path, (real, before, after) in zip(record.paths, files, strict=True):
            blob = repository.blob_id(parent, repository.git_path(real)) or None
            then = FileSnapshot(path, real, parent, blob, None)
            if before not in (None, after) and not repository.is_at_head(then, before):
                stood[path] = before or b""
        self._record(record, stood)

    def _keep_aside(self, file: str, data: bytes) -> Path:
        return keep_aside(self._tree.user_folder / "kept", file, data)

    def _write(
        self,
        files: Sequence[FileChange],
        deed: Deed,
        what: str,
        stood: dict[str, bytes],
        paths: tuple[str, ...],
    ) -> Saved:
        """Write and commit; `stood` gets content of files that is in no commit, for it is committed along."""
        called = shown(what)
        done = f"{_DONE[deed.sort]} {called}"
        repository, _, refusal = self._tree.versioning(*paths)
        why = self._tree.why_unversioned(paths)
        if repository is None or why:
            if refusal is not None and refusal.way not in self._tree.allowed:
                raise Unreadable(f"{refusal} Nothing was written.") from refusal
            # Without a repository the lock of the tree is held already.
            with nullcontext() if repository is None else repository.alone():
                left = [change for change in files if read_or_none(change[0]) != change[2]]
                write_together(left, self._tree.place.folder_of(*paths))
            return Saved(what, None, f"{done}. {why}", unversioned=True)
        changes, aside = [], ""
        for path, (real, before, after) in zip(paths, files, strict=True):
            snapshot = repository.snapshot(real)
            if before not in (None, after) and not repository.is_at_head(snapshot, before):
                stood[path] = before or b""
                if repository.is_at_head(snapshot, after):  # no commit will hold it
                    aside = f" What it held is kept in {self._keep_aside(path, stood[path])}."
            if snapshot.disk != after:  # else a hook refused it before: it is there, and only committed
                snapshot = replace(snapshot, disk=before)
            changes.append((snapshot, after))
        saved = repository.save_all(changes, deed.message)
        if saved.revision is None:
            return Saved(
                what, None, f"{called} is as the last commit has it: there was nothing to commit.{aside}"
            )
        warning = _REWRITTEN if saved.changed_by_hook else _RACED if saved.raced else ""
        warning = _STASHED if saved.stashed else warning
        if saved.more:
            warning = f"{_ADDED}: {listed([*map(shown, saved.more)])}. {warning}".rstrip()
        short = saved.revision[:7]
        if not repository.on_branch():
            warning = f"It is on no branch: git branch NAME {short} keeps it. {warning}".rstrip()
        note = f"{done} as {short}. {removed_words(saved.removed)}".rstrip()
        return Saved(what, saved.revision, f"{note} {warning}".rstrip(), warning)

    def put_back(self, change: PlannedChange) -> Saved:
        """Restore files as the last commit has them, and keep their present content aside.

        Raises:
            Conflict: the file is no longer as the plan has it; nothing was written.
            TreeError: the disk refused, or the copy cannot be kept; the file stays.
        """
        check_changes(self._tree.place, [change])
        real = self._tree.real(change.file)
        copy = None
        if change.before is not None:
            copy = self._keep_aside(change.file, change.before)
        try:
            exchange((real, change.before, change.after), self._tree.place.folder_of(change.file))
        finally:
            self._tree.reader.reread((change.file,))
        message = f"restore {change.file}"
        self._dropped.append(Unversioned([(real, change.before, change.after)], (change.file,), message))
        aside = f" What it held is kept in {copy}." if copy else ""
        return Saved(change.file, None, f"{change.file} is as the last commit has it.{aside}")

    # ── taking back ───────────────────────────────────────────────────────────

    def undo(self) -> Saved:
        """Take back the last change made with memarium, as a new commit.

        Raises CannotEdit, NotEnded: there is none, or a later edit or an interrupted change is in its way.
        """
        if self._dropped:
            return self._undo_put_back()
        if last := self._last_unversioned():
            return self._alone(lambda: self._undo_unversioned(last), last.paths)
        return self._take_back(self._journal.next_undo, "undo")

    def redo(self) -> Saved:
        """Redo the change that was undone last; the errors are those of `undo`."""
        if not self._tree.repositories:
            raise CannotEdit(f"There is nothing to do again. {self._tree.unversioned}")
        return self._take_back(self._journal.next_redo, "redo")

    def takes_back(self) -> set[Sort]:
        """Return which of undo and redo find a change."""
        undo = self._dropped or self._unversioned.last() or self._journal.next_undo(self._exists)
        redo = self._tree.repositories and self._journal.next_redo(self._exists)
        found: dict[Sort, object] = {"undo": undo, "redo": redo}
        return {sort for sort, change in found.items() if change}

    def _exists(self, rev: str) -> bool:
        return any(repository.resolve(rev) is not None for repository in self._tree.repositories)

    def _take_back(self, find: Callable[[Exists], JournalRecord | None], sort: Sort) -> Saved:
        """Take back the change that `find` tells, or do it again, while nobody else saves there."""
        passed: set[str] = set()
        while True:
            known = find(exists := lambda rev: rev not in passed and self._exists(rev))
            paths = known.paths if known is not None else ()
            try:
                return self._alone(lambda: self._take_record_back(find(exists), sort), paths)
            except OnAnotherBranch as passing:
                passed.add(str(passing))

    def _take_record_back(self, record: JournalRecord | None, sort: Sort) -> Saved:
        from index.history.undo import Refusal, plan_undo

        repository = self._tree.repository_of(*record.paths) if record is not None else None
        if record is None or repository is None:
            raise CannotEdit(f"There is nothing to {sort} that was done with memarium.")
        self._interruptions().check_apart(record.paths)
        planned = plan_undo(repository, record, lambda path: read_or_none(self._tree.real(path)))
        if isinstance(planned, Refusal):
            raise CannotEdit(planned.reason)
        if not planned.files:
            self._journal.forget(record.rev)
            raise CannotEdit("That change is gone already: somebody undid it before.")
        files = [
            (self._tree.real(path), read_or_none(self._tree.real(path)), data)
            for path, data in planned.files.items()
        ]
        for path, (_, now, then) in zip(planned.files, files, strict=True):
            real = self._tree.real(path)
            check_changeable(path, now if keeps_protection(path, now, then) else None, real)
            check_takes_nothing_back(self._tree, {path: now})
        what = without_prefix(planned.message).removeprefix(f"{sort} ")
        paths = tuple(planned.files)
        saved = self._save(files, paths, record.entries, planned.message, what, sort, record.rev)
        return saved._replace(files=paths, entries=tuple(record.entries))

    def _undo_put_back(self) -> Saved:
        """Restore the content that a file had before it was put back; it is as uncommitted as it was then."""
        (path,), ((real, before, after),) = self._dropped[-1].paths, self._dropped[-1].files
        if read_or_none(real) != after:
            self._dropped.pop()
            raise CannotEdit(f"{path} was changed since it was put back: what it held is kept aside.")
        try:
            exchange((real, after, before), self._tree.place.folder_of(path))
        finally:
            self._tree.reader.reread((path,))
        self._dropped.pop()
        what = f"restore {path}"
        note = f"Undid: {what}. It holds again what is not committed."
        return Saved(what, None, note, files=(path,))

    def _last_unversioned(self) -> Unversioned | None:
        """Return the last change if no commit holds it; where git can by now, only one left as it was."""
        last = self._unversioned.last()
        while last and self._tree.repository_of(*last.paths) and last.changed_since():
            self._unversioned.drop_last()
            last = self._unversioned.last()
        return last

    def _undo_unversioned(self, last: Unversioned) -> Saved:
        self._interruptions().check_apart(last.paths)
        if path := last.changed_since():
            raise CannotEdit(f"{path} was changed after that edit, so it cannot be undone from here.")
        back = [(real, after, before) for real, before, after in reversed(last.files)]
        message = proposed(f"undo {without_prefix(last.message)}")
        saved = self._save(back, last.paths[::-1], (), message, without_prefix(last.message), "undo")
        self._unversioned.drop_last()
        return saved._replace(files=last.paths)
