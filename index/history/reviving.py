"""Deleted entries back at their places: as many as are asked for, as one change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from index.formats.registry import open_file
from index.git.repository import Repository
from index.history.deleted import past_of_deleted
from index.history.restore import restore_entry
from index.model.commits import proposed
from index.model.counts import count_kinds
from index.model.entry import Deleted
from index.model.errors import EditRefused
from index.model.plan import CannotEdit, Plan, PlannedChange


def plan_revive(
    repository: Callable[[str], Repository], gone: Sequence[Deleted], read: Callable[[str], bytes | None]
) -> Plan:
    """Plan bringing deleted entries back at their places, as one change; all of them, or none.

    Args:
        repository: gives that of a file of the tree, which has it as it last was.
        gone: the entries.
        read: gives the bytes of a file as it is now, None when there is none.

    Raises:
        CannotEdit: one of them cannot come back; says which, where there are several.
    """
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes] = {}
    # What went last comes back first, from the top of its file on: so each finds the neighbours it had.
    for one in sorted(gone, key=lambda one: (-one.when.timestamp(), one.path, one.entry.line)):
        past = past_of_deleted(repository(one.path), one)
        if past is None:
            raise CannotEdit(f"{one.entry.id} cannot be read any more from {one.rev[:7]}.")
        file = past.document.path
        if file not in before:
            before[file] = read(file)
        data = after.get(file, before[file])
        try:
            now = None if data is None else open_file(data, file)
            after[file] = restore_entry(now, "", past).to_bytes()
        except EditRefused as error:
            raise CannotEdit(f"{one.entry.title}: {error}" if len(gone) > 1 else str(error)) from error
    changes = [PlannedChange(file, before[file], data) for file, data in after.items()]
    return Plan(tuple(changes), _message(repository(gone[0].path), gone), tuple(one.entry.id for one in gone))


def last_with(repository: Repository, gone: Deleted) -> str:
    """Return the revision that wrote a deleted entry's file as it was before the entry went."""
    steps = repository.steps(repository.in_git(gone.path), f"{gone.rev}^", 1)
    with closing(steps):
        return next((step.rev for step in steps), gone.rev)


def _message(repository: Repository, gone: Sequence[Deleted]) -> str:
    if len(gone) > 1:
        return proposed(f"restore {count_kinds([one.entry.kind for one in gone])}")
    return proposed("restore", gone[0].entry.title, f"as of {last_with(repository, gone[0])[:7]}")
