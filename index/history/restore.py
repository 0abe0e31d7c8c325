"""Putting an entry, or a field of it, back as it was: pure functions on opened files, nothing is written.

Every result is read again and compared: what was to come back says what it said, and nothing else changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import partial

from index.formats.base import MemoryFile
from index.formats.opened import encloses, entries_inside
from index.formats.registry import open_file
from index.git.repository import Repository
from index.history.deleted import past_of_deleted
from index.history.entry_at_commit import EntryAtCommit
from index.history.field_diff import compare
from index.model.commits import proposed
from index.model.counts import count_kinds
from index.model.entry import Deleted, Entry, EntryRef, id_key
from index.model.entry_matching import content, pair
from index.model.errors import CannotRepair, EditRefused
from index.model.field_path import name_among
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.model.problems import Problem, first_step


def entry_of(document: MemoryFile, entry_id: str) -> Entry:
    """Return the entry of this id; only the part after `#` counts. Raises EditRefused: there is none."""
    key = id_key(entry_id)
    for entry in document.entries:
        if entry.key == key:
            return entry
    raise EditRefused(f"{entry_id} is not in this version of its file.")


# ── an entry ──────────────────────────────────────────────────────────────────


def restore_entry(now: MemoryFile | None, entry_id: str, then: EntryAtCommit) -> MemoryFile:
    """Return the file with an entry as it was: in place of its form now, or back at its place.

    Args:
        now: the file as it is; None when it is gone: then it comes back with this entry alone.
        entry_id: the entry's id in `now`, empty when it is deleted there.
        then: the entry and the whole file at the moment to go back to.

    Raises:
        EditRefused: it cannot be done without changing something else; one plain sentence.
    """
    if now is None or not now.to_bytes().strip():
        return _first(_alone, then)
    return replace_entry(now, entry_of(now, entry_id), then) if entry_id else insert_entry(now, then)


def replace_entry(now: MemoryFile, entry: Entry, then: EntryAtCommit) -> MemoryFile:
    """Return the file with the source of `then` in place of `entry`, one of its own."""
    if entries_inside(now, entry):
        return _field_by_field(now, entry, then)  # what is beside the entries of a file
    return _first(partial(_replaced, now, entry), then)


def _replaced(now: MemoryFile, entry: Entry, then: EntryAtCommit) -> MemoryFile:
    others = _beside(now, entry.ref)
    for edited in now.put_back(entry.ref, then.document, then.entry.ref):
        if _says(edited, entry.ref, then.entry, others, len(now.errors)):
            return edited
    raise _refused(then.entry, now)


def insert_entry(now: MemoryFile, then: EntryAtCommit) -> MemoryFile:
    """Return the file with a deleted entry back: in its wrapper, beside the neighbours it had."""
    return _first(partial(_inserted, now), then)


def _inserted(now: MemoryFile, then: EntryAtCommit) -> MemoryFile:
    old = then.document.entries
    gone = next(entry for entry in old if entry.ref == then.entry.ref)
    twins = {one.before.ref: one.after for one in pair(old, now.entries) if one.before is not None}
    same = (other.ref for other in old if content(other) == content(gone))
    missing = next((ref for ref in same if twins.get(ref) is None), gone.ref)
    twins[gone.ref], twins[missing] = twins.get(missing), twins.get(gone.ref)
    if twins[gone.ref] is not None:
        raise EditRefused(f"{_quoted_title(then.entry)} is in the file already.")
    errors = len(now.errors) + len(_errors(then))
    places = {ref: None if twin is None else twin.ref for ref, twin in twins.items()}
    for edited in now.insert_back(then.document, gone.ref, places):
        for entry in edited.entries:
            if content(entry) == content(gone):
                around = {other.ref for other in now.entries if encloses(edited, other.ref, entry.ref)}
                others = [content(other) for other in now.entries if other.ref not in around]
                if _says(edited, entry.ref, gone, others, errors):
                    return edited
    raise _refused(then.entry, now)


def remove_entry(now: MemoryFile, entry: Entry) -> MemoryFile:
    """Return the file without one of its entries.

    Raises EditRefused: it cannot be done without changing something else.
    """
    edited = now.without(entry.ref)
    left = [
        content(other)
        for other in edited.entries
        if not (other.ref < entry.ref and encloses(now, other.ref, entry.ref))
    ]
    if left != _beside(now, entry.ref):
        raise EditRefused(
            f"{_quoted_title(entry)} cannot be removed without changing more; {first_step(now.errors)}."
        )
    return edited


def _beside(document: MemoryFile, ref: EntryRef) -> list[tuple[object, ...]]:
    """Return the fields of all entries but the one at a place and those around it.

    A file that loses its last entry, or gets its first, is read as an entry itself before or after.
    """
    return [
        content(other)
        for other in document.entries
        if other.ref != ref and not encloses(document, other.ref, ref)
    ]


def _alone(then: EntryAtCommit) -> MemoryFile:
    """Return the file of then with no other entry in it."""
    document, ref = then.document, then.entry.ref
    for other in reversed(then.document.entries):
        around = encloses(then.document, other.ref, ref) or encloses(then.document, ref, other.ref)
        if not around and other.ref != ref:
            document = document.without(other.ref)
    return document


def _first(restored: Callable[[EntryAtCommit], MemoryFile], then: EntryAtCommit) -> MemoryFile:
    """Return the file with an entry as it was, to the byte; without its broken parts where they mislead."""
    if not _errors(then):
        return restored(then)
    with suppress(EditRefused):
        return restored(then)
    try:
        mended = then.document.repaired()
    except CannotRepair as error:
        raise EditRefused(f"{_quoted_title(then.entry)} was broken then: {error}") from error
    return restored(EntryAtCommit(then.entry, mended))


def _errors(then: EntryAtCommit) -> list[Problem]:
    """Return the errors inside of an entry."""
    start, end = then.document.span(then.entry.ref)
    return [problem for problem in then.document.errors if start <= problem.start <= end]


def _field_by_field(now: MemoryFile, entry: Entry, then: EntryAtCommit) -> MemoryFile:
    for change in compare(entry, then.entry):
        now = _field_back(now, entry.ref, then, change.field)
    return now


def _says(
    edited: MemoryFile, ref: EntryRef, wanted: Entry, others: list[tuple[object, ...]], errors: int
) -> bool:
    """Whether an entry reads as meant and all others as before, with at most so many errors in the file."""
    mine = next((entry for entry in edited.entries if entry.ref == ref), None)
    told = mine is not None and not compare(mine, wanted)
    return told and _beside(edited, ref) == others and len(edited.errors) <= errors


# ── a field ───────────────────────────────────────────────────────────────────


def restore_field(now: MemoryFile, entry_id: str, then: EntryAtCommit, name: str) -> MemoryFile:
    """Return the file with one field of an entry as it was: set, added back, or removed again.

    Raises EditRefused: there is no such entry or field, or it cannot be done without changing something else.
    """
    entry = entry_of(now, entry_id)
    edited = _field_back(now, entry.ref, then, name)
    errors = len(now.errors) + len(_errors(then))
    if _beside(edited, entry.ref) != _beside(now, entry.ref) or len(edited.errors) > errors:
        raise EditRefused(
            f"The field {name} cannot be restored without changing more; {first_step(now.errors)}."
        )
    return edited


def _field_back(now: MemoryFile, ref: EntryRef, then: EntryAtCommit, name: str) -> MemoryFile:
    entry = next(entry for entry in now.entries if entry.ref == ref)
    names = {field.name: None for one in (entry, then.entry) for field in one.fields}
    name = name_among(names, name)
    if name not in names:
        raise EditRefused(f"The entry has no field {name}, now or then.")
    return now.put_field_back(entry, name, then.document, then.entry)


# ── both ──────────────────────────────────────────────────────────────────────


def _quoted_title(entry: Entry) -> str:
    return f"“{entry.title}”"


def _refused(entry: Entry, now: MemoryFile) -> EditRefused:
    return EditRefused(
        f"{_quoted_title(entry)} cannot be restored without changing more; "
        f"{first_step(now.errors)}, or restore it whole."
    )


def plan_revive(
    repository: Callable[[str], Repository], gone: Sequence[Deleted], read: Callable[[str], bytes | None]
) -> Plan:
    """Plan bringing deleted entries back at their places, as one change; all of them, or none.

    Args:
        repository: gives that of a file of the tree, which has it as it last was.

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
