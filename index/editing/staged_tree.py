"""The tree as it will be after changes that are planned and not saved yet: plans that build on each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from index.editing.plan_checks import signature
from index.formats.registry import read_file
from index.library.snapshot import find
from index.model.entry import Entry
from index.model.errors import Missing
from index.model.file_record import FileProblem
from index.model.known_entries import KnownEntries, WithFiles
from index.model.path_spelling import shown
from index.model.plan import Plan, PlannedChange
from index.model.store_places import Scope


class Readable(Protocol):
    """The tree that changes are planned on: as it is, or as it will be."""

    @property
    def scope(self) -> Scope:
        """The part of its folder that is the tree."""

    def entries(self) -> Sequence[Entry]:
        """Return all entries."""

    def known(self) -> KnownEntries:
        """Return the entries for a change of one of them; reads no more of the tree than it has to."""

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with this id; raises `UnknownEntry`."""

    def data(self, file: str) -> bytes | None:
        """Return the bytes of a file, None when there is none; raises `TreeError`."""

    def real(self, file: str) -> Path:
        """Return where a file lies on disk; raises `TreeError` for one outside of the tree."""

    def named(self, file: str) -> str:
        """Return a path as the folders of the tree spell it; see `index.storage.scan.meant`."""

    def problems(self) -> list[FileProblem]:
        """Return every problem of the tree."""


def bytes_of(tree: Readable, file: str) -> bytes:
    """Return the bytes of a file of a tree. Raises Missing: there is none."""
    data = tree.data(file)
    if data is None:
        raise Missing(f"{shown(file)} does not exist (any more).")
    return data


class StagedTree:
    """A tree with plans on top; `plan` gives all of them as one."""

    def __init__(self, tree: Readable) -> None:
        self._tree, self.scope = tree, tree.scope
        self._files: dict[str, list[Entry]] = {}
        """The entries of the files that change, as they will be."""
        self._before: dict[str, bytes | None] = {}
        self._after: dict[str, bytes | None] = {}
        self._taken: list[Plan] = []
        self._concerned: dict[str, None] = {}

    def entries(self) -> Sequence[Entry]:
        """Return all entries as they will be."""
        return self.known().every()

    def known(self) -> KnownEntries:
        """Return all entries as they will be."""
        return WithFiles(self._tree.known(), self._files)

    def entry(self, entry_id: str) -> Entry:
        """Return an entry as it will be; the part after `#` is enough where it is unique."""
        return find({entry.id: entry for entry in self.entries()}, entry_id)

    def data(self, file: str) -> bytes | None:
        return self._after[file] if file in self._after else self._tree.data(file)

    def real(self, file: str) -> Path:
        return self._tree.real(file)

    def named(self, file: str) -> str:
        return file if file in self._after else self._tree.named(file)

    def problems(self) -> list[FileProblem]:
        return self._tree.problems()

    def take(self, plan: Plan) -> None:
        """Go on from the tree as a plan leaves it; the plan was made from the bytes of `data`."""
        for change in plan.changes:
            self._before.setdefault(change.file, change.before)
            self._after[change.file] = change.after
            old = self.known().in_file(change.file)
            now = read_file(change.after or b"", change.file).entries
            self._files[change.file] = now
            self._follow(old, now)
        self._taken.append(plan)
        self._concerned |= dict.fromkeys(plan.entries)

    def _follow(self, old: Sequence[Entry], now: list[Entry]) -> None:
        """Keep up with entries whose ids change because another one came beside them."""
        ids = {entry.id for entry in now}
        before = {entry.id: entry for entry in old}
        fresh = [entry for entry in now if entry.id not in before]
        for entry_id in [known for known in self._concerned if known in before and known not in ids]:
            same = [entry for entry in fresh if signature(entry) == signature(before[entry_id])]
            if same:
                fresh.remove(same[0])
                self._concerned = dict.fromkeys(
                    same[0].id if known == entry_id else known for known in self._concerned
                )

    def plan(self, message: str) -> Plan:
        """Return all that was taken as one plan: every file once, from its bytes now to its new ones."""
        changes = [PlannedChange(file, self._before[file], after) for file, after in self._after.items()]
        changes.sort(key=lambda change: change.after is None)
        return Plan(
            tuple(change for change in changes if change.before != change.after),
            message,
            tuple(self._concerned),
            tuple(dict.fromkeys(name for plan in self._taken for name in plan.fields)),
            " ".join(dict.fromkeys(plan.warning for plan in self._taken if plan.warning)),
        )
