"""The history of a tree's entries: versions, blame, deleted entries, and plans to restore them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from index.formats.registry import is_memory, open_file, suffixes
from index.history.history_streams import Shared, by_time
from index.model.commits import proposed
from index.model.counts import listed
from index.model.entry import id_file
from index.model.errors import Refused, UnknownEntry
from index.model.path_spelling import as_typed, shown
from index.model.plan import CannotEdit, Plan, Unsaved, of_file
from index.storage.files import read_or_none
from index.storage.scan import inside

if TYPE_CHECKING:
    from index.git.repository import Repository
    from index.history.deleted import LastPlace
    from index.history.entry_at_commit import EntryAtCommit
    from index.history.file_log import FileVersion
    from index.history.sync import Choose, Tell
    from index.history.tree_log import TreeVersion
    from index.history.versions import Origin, Version
    from index.library.tree import Tree
    from index.model.entry import Deleted
    from index.model.merge_outcomes import ConflictSides, MergeConflict, Outcome
from index.model.entry import Entry

Complete = Callable[[Plan, Callable[[str, str], bytes | None]], Plan]
"""Completes a plan, given a function that returns the bytes of another file at the time of the first."""

_PATH = 42
"""Letters of a path for which there is room in the first line of a message, beside the revision."""
_NAMED = 5
"""Files that a sentence names; of more it names these."""


class EntryHistory:
    """The history of the entries of one tree. Iterators stream: the newest come while git still works."""

    def __init__(self, tree: Tree, complete: Complete) -> None:
        """Tell of a tree; `complete` adds to a plan the edits that go along with a file that comes back."""
        self._tree, self._complete = tree, complete
        self._lock = threading.Lock()
        self._deleted: tuple[list[str | None], Sequence[Entry], Shared[Deleted]] | None = None
        """The deleted entries, for one commit and one state of the files."""

    @property
    def available(self) -> bool:
        """Whether the tree is in a repository at all."""
        return bool(self._tree.repositories)

    @property
    def reason(self) -> str:
        """The reason why there is no history; one plain sentence."""
        return self._tree.unversioned

    @property
    def is_shallow(self) -> bool:
        """Whether the history begins where a shallow clone does."""
        return any(repository.cut_off() for repository in self._tree.repositories)

    def gaps(self, *, ends: bool = True) -> str:
        """Tell the gaps in the history of the whole tree, and, where it `ends`, why; empty for nothing."""
        from index.model.commits import SHALLOW

        files = self.left_out()
        filtered = "Left out: it goes through a filter, so its past versions cannot be read here"
        said = [f"{filtered}: {listed([*map(shown, files)], _NAMED)}."] if files else []
        return " ".join([*said, SHALLOW] if ends and self.is_shallow else said)

    def left_out(self) -> list[str]:
        """Return the files of which the past is left out of the history of the whole tree."""
        return [file for repository in self._tree.repositories for file in repository.forms.hidden_now()]

    def sync(self, choose: Choose | None = None, tell: Tell = lambda _: None) -> Outcome:
        """Fetch the commits of others, merge them by entry, and push ours; see `index.history.sync`.

        Raises:
            Refused: there is no repository, or it cannot be done now.
            Busy: another process holds the repository.
            EditRefused: a text that was chosen cannot be put there; nothing was merged.
        """
        from index.history.sync import sync

        repository = self._tree.repository
        if repository is None:
            raise Refused(f"There is nothing to sync with. {self.reason}")
        if repository.kept:
            raise Refused(
                "There is nothing to sync with: memarium keeps the versions of this store on this machine "
                "alone. To share them, put the store into a git repository of your own."
            )
        deleted = "deleted" in self._tree.allowed
        return sync(repository.checkout, choose, tell, repository.intents, deleted=deleted)

    def conflict_sides(self, conflicts: Iterable[MergeConflict]) -> Mapping[str, ConflictSides]:
        """Return who changed each entry in conflict last, here and there; see `index.history.merge_trees`.

        Raises Refused: git could not read the history.
        """
        from index.history.merge_trees import conflict_sides

        return conflict_sides(self._repository("").checkout, conflicts)

    def _repository(self, file: str) -> Repository:
        """Return the repository that holds the versions of a file of the tree."""
        repository, why, _ = self._tree.versioning(file)
        if repository is None:
            raise Refused(f"There is no history. {why}")
        if inner := repository.checkout.inner_repository(repository.checkout.disk(file)):
            raise Refused(f"{file} belongs to the repository {shown(inner)}: its history is there.")
        return repository

    def versions(self, entry_id: str) -> Iterator[Version]:
        """Yield the versions of an entry, newest first; changes not committed yet come before them.

        Raises:
            UnknownEntry: no entry has this id, now or among the deleted.
            Refused: there is no repository, or git could not read it.
        """
        from index.history.versions import versions

        try:
            entry = self._tree.entry(entry_id)
        except UnknownEntry:
            if (gone := self._gone(entry_id)) is None:
                raise
            return versions(self._repository(gone.file), gone.file, gone.id, disk=gone.disk)
        disk = self._disk(entry.file)
        return versions(self._repository(entry.file), entry.file, entry.id, disk=disk or b"")

    def blame(self, entry_id: str) -> dict[str, Origin]:
        """Return who last changed each field of an entry, and when; the errors are those of `versions`."""
        from index.history.versions import blame

        entry = self._tree.entry(entry_id)
        disk = self._disk(entry.file)
        return blame(self._repository(entry.file), entry.file, entry.id, disk=disk or b"")

    def _disk(self, file: str) -> bytes | None:
        """Return the bytes of a file whose past is to be read, None when it is gone.

        Raises Refused: a filter program of the repository makes its past something that is not read here.
        """
        disk = read_or_none(self._tree.real(file))
        repository = self._repository(file)
        repository.check_past(file, disk)
        return None if disk is None else repository.forms.without_idents(disk, file)

    def log(self, limit: int | None = None) -> Iterator[TreeVersion]:
        """Yield the commits of the tree with their changes of entries, newest first."""
        from index.history.tree_log import tree_log

        return islice(by_time(map(tree_log, self._every())), limit)

    def _every(self) -> Sequence[Repository]:
        """Return all repositories of the tree; refuse where there is none."""
        return self._tree.repositories or [self._repository("")]

    def deleted(self) -> Iterator[Deleted]:
        """Yield the entries that were here once, the last deleted first; the history is read once for all."""
        return iter(self._deleted_now())

    def gone(self, *, wait: bool) -> tuple[Sequence[Deleted], bool]:
        """Return the deleted entries, and whether they are all: those known by now unless `wait`."""
        if not self.available:
            return (), True
        return (tuple(self.deleted()), True) if wait else self._deleted_now().so_far()

    def read_deleted(self, seconds: float) -> None:
        """Get to know more deleted entries, for about so long."""
        self._deleted_now().read(seconds)

    def _deleted_now(self) -> Shared[Deleted]:
        from index.history.deleted import deleted

        repositories, entries = self._every(), self._tree.entries()
        head = [repository.resolve("HEAD") for repository in repositories]
        with self._lock:
            known = self._deleted
            # The entries of a snapshot are one object until the tree changes.
            if known is None or known[0] != head or known[1] is not entries:
                if known is not None:
                    known[2].close()
                found = by_time(deleted(one, entries) for one in repositories)
                self._deleted = known = (head, entries, Shared(found))
            return known[2]

    def at(self, entry_id: str, rev: str) -> EntryAtCommit:
        """Return an entry as a revision has it. Raises CannotEdit: it was not there then."""
        from index.history.versions import at_revision

        try:
            entry = self._tree.entry(entry_id)
            file, known = entry.file, entry.id
            self._disk(file)
        except UnknownEntry:
            if (gone := self._gone(entry_id)) is None:
                raise
            file, known, _ = gone
        past = at_revision(self._repository(file), file, known, rev)
        if past is None:
            raise CannotEdit(
                f"{entry_id} was not there at {rev}: memarium history {entry_id} lists its versions."
            )
        return past

    # ── of a file ─────────────────────────────────────────────────────────────

    def file(self, name: str) -> str:
        """Return the file of the tree that a name means, now or in the past; empty when there is none.

        A name is a path in the tree, its last parts where one file alone ends so, or a path on the disk; in
        all of them the suffix may be left out.
        """
        names = [name, *(f"{name}{ending}" for ending in suffixes())]
        self._tree.entries()  # reads the tree when nobody has yet
        files = self._tree.snapshot.records
        exact = next((one for one in (as_typed(name, files) for name in names) if one in files), "")
        if exact:
            return exact
        real = [one for one in (inside(self._tree.place, name) for name in names) if one]
        real += map(self._tree.named, names)
        names = [as_typed(name) for name in names]
        there = next((one for one in real if one in files), "")
        ends = [file for file in files if file.endswith(tuple(f"/{one}" for one in names))]
        if there or len(ends) == 1:
            return there or ends[0]
        return next((one for one in (*names, *real) if self._was_file(one)), "")

    def _was_file(self, file: str) -> bool:
        repository = self._tree.repository_of(file)
        if repository is None or not is_memory(file):
            return False
        try:
            return next(repository.log(file, 1), None) is not None
        except Refused:
            return False  # outside of the tree

    def is_uncommitted(self, file: str) -> bool:
        """Return whether a file on disk is not as the last commit has it."""
        repository = self._repository(file)
        disk = read_or_none(self._tree.real(file))
        blob = repository.blob_id(repository.resolve("HEAD"), repository.git_path(file))
        # Only bytes that differ are worth a look at what git would make of them.
        return disk != repository.content(blob, file) and file in repository.uncommitted()

    def file_versions(self, file: str) -> Iterator[FileVersion]:
        """Yield the versions of a file, newest first; changes not committed yet come before them.

        Raises Refused: there is no repository, or git could not read it.
        """
        from index.history.file_log import file_versions

        disk = self._disk(file)
        return file_versions(self._repository(file), file, disk, uncommitted=self.is_uncommitted(file))

    def file_at(self, file: str, rev: str) -> FileVersion:
        """Return a file as a revision has it. Raises CannotEdit: it was not there then."""
        from index.history.file_log import file_at

        self._disk(file)
        version = file_at(self._repository(file), file, rev)
        if version is None:
            raise CannotEdit(f"{file} was not there at {rev}: memarium history {file} lists its versions.")
        return version

    def file_text(self, version: FileVersion | None, file: str) -> bytes:
        """Return the bytes of a version of a file, those on disk for a change not committed; none of None."""
        if version is None or version.deleted:
            return b""
        disk = read_or_none(self._tree.real(file))
        if version.rev is None:
            return disk or b""
        return self._repository(file).forms.beside(disk, version.path, version.blob) or b""

    def plan_restore_file(self, file: str, version: FileVersion) -> Plan:
        """Plan putting a whole file back as it was in `version`; a deleted one comes back at its place.

        Raises CannotEdit: that version has no content, or edits that no commit holds would be lost.
        """
        if version.deleted:
            raise CannotEdit("The file was deleted in this version: choose an older one.")
        from index.git.saving.bulk_deletion import is_blank

        before = read_or_none(self._tree.real(file))
        if version.rev is None:
            after = self.file_text(version, file)
        else:
            restored = self._repository(file).forms.checked_out(file, version.blob)
            if restored is None:
                raise CannotEdit(f"{file} is not a file in this version: choose another one.")
            after = restored
        if before and b"\r\n" in before and b"\r" not in after and b"\0" not in after:
            after = after.replace(b"\n", b"\r\n")  # as git writes line ends on this disk
        needed = not is_blank(before) and Unsaved.way not in self._tree.allowed
        if before != after and needed and self.is_uncommitted(file):
            raise Unsaved(f"{file} has edits that are not committed: commit them first.")
        name = file if len(file) <= _PATH else file.rpartition("/")[2]
        message = proposed(f"restore {name} as of {(version.rev or '')[:7]}")
        plan = replace(of_file(file, before, after, message), whole=True)
        return self._complete(plan, lambda _, other: self._past(other, version.rev))

    # ── putting back ──────────────────────────────────────────────────────────

    def plan_restore(self, entry_id: str, version: Version, field: str | None = None) -> Plan:
        """Plan putting an entry, or one field of it, back as it was in `version`.

        Raises CannotEdit: that version holds no entry, or it cannot be done without changing something else.
        """
        from index.history.versions import past_of

        past = past_of(self._repository(version.path), version)
        if past is None:
            raise CannotEdit("There is nothing to restore in this version: choose an older one.")
        return self.plan_past(entry_id, past, version.rev or "", field)

    def plan_past(self, entry_id: str, past: EntryAtCommit, rev: str, field: str | None = None) -> Plan:
        """Plan putting an entry back as it was in `past`; a deleted one comes back at its place."""
        from index.history.restore import restore_entry, restore_field
        from index.model.errors import EditRefused

        now_id, file = "", past.document.path
        with suppress(UnknownEntry):
            now_id = self._tree.entry(entry_id).id
            file = id_file(now_id)
        data = read_or_none(self._tree.real(file))
        now = None if data is None else open_file(data, file)
        try:
            if field is None:
                after = restore_entry(now, now_id, past)
            elif now is None or not now_id:
                raise CannotEdit("The entry is deleted: restore it as a whole.")
            else:
                after = restore_field(now, now_id, past, field)
        except EditRefused as error:
            raise CannotEdit(str(error)) from error
        what = f"restore {field} of" if field else "restore"
        told = self._repository(file).resolve(rev) or rev if rev else ""
        message = proposed(what, past.entry.title, f"as of {told[:7]}")
        plan = of_file(file, data, after.to_bytes(), message, now_id or past.entry.id)
        return self._complete(plan, lambda _, other: self._past(other, rev))

    def plan_revive(self, gone: Sequence[Deleted]) -> Plan:
        """Plan bringing deleted entries back at their places, as one change; all of them, or none.

        Raises CannotEdit: one of them cannot come back; says which.
        """
        from index.history.restore import plan_revive

        plan = plan_revive(self._repository, gone, lambda file: read_or_none(self._tree.real(file)))
        last = {one.path: f"{one.rev}^" for one in gone}
        return self._complete(plan, lambda file, other: self._past(other, last.get(file)))

    def _past(self, file: str, rev: str | None) -> bytes | None:
        return self._repository(file).blob(rev, file) if rev else None

    def source_of_deleted(self, gone: Deleted) -> str:
        """Return the source of a deleted entry as its file last had it, as it reads where that is lost."""
        from index.formats.opened import source_of
        from index.history.deleted import past_of_deleted

        past = past_of_deleted(self._repository(gone.path), gone)
        return source_of(past.document, past.entry) if past is not None else ""

    def is_lost(self, entry_id: str) -> bool:
        """Whether the last commit has an entry with this id, or key, that the disk has lost."""
        return self._gone(entry_id, lambda: ()) is not None

    def _gone(
        self, entry_id: str, deleted: Callable[[], Iterable[Deleted]] | None = None
    ) -> LastPlace | None:
        from index.history.deleted import last_place

        return last_place(self._tree.repositories, entry_id, deleted or self.deleted)
