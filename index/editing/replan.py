"""A plan made anew for files that others have changed since: their changes stay, and so does the plan.

Only a text that both changed, each in its own way, is refused; a save never chooses between two texts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from index.formats.base import Sides
from index.formats.registry import format_of, open_file
from index.history.field_diff import compare, compare_entries
from index.model.entry import Entry
from index.model.entry_matching import pair
from index.model.errors import Conflict, Overlap, TreeError
from index.model.path_spelling import shown
from index.model.plan import CannotEdit, Plan, PlannedChange

if TYPE_CHECKING:
    from index.model.merge_outcomes import MergeConflict as Clash

_NAMED = 3
"""Entries that others changed and that are named; of more, their number is told."""


def plan_anew(plan: Plan, read: Callable[[str], bytes | None]) -> Plan:
    """Return the plan as it is on the files of now; itself where they are as it was made from.

    Args:
        plan: the change, made from older bytes.
        read: gives the bytes of a file of the tree as it is now, None when there is none.

    Raises:
        Overlap: another program changed the same field, or the same entry as a whole; says which.
        TreeError: a file cannot be read.
    """
    disk = {change.file: read(change.file) for change in plan.changes}
    moved = [c for c in plan.changes if disk[c.file] not in (c.before, c.after)]
    if not moved:
        return plan
    if plan.again is not None and not any(_meets(change, disk[change.file]) for change in moved):
        try:
            return replace(plan.again(), message=plan.message)
        except Conflict:
            raise
        except (CannotEdit, TreeError):
            pass  # what it was about goes by another name now: then by what it has changed
    changes = [merged(c, disk[c.file]) if c in moved else c for c in plan.changes]
    return replace(plan, changes=tuple(changes))


def others_words(plan: Plan, anew: Plan) -> str:
    """Name the changes of others in the files of a plan since it was made, in one sentence."""
    before = {change.file: change.before for change in plan.changes}
    said: list[str] = []
    for change in anew.changes:
        if change.file in before and before[change.file] != change.before:
            old, new = (_entries(data, change.file) for data in (before[change.file], change.before))
            found = compare_entries(old, new)[0]
            said += [f"{one.how} “{one.entry.title}”" for one in found] or [f"edited {shown(change.file)}"]
    if not said:
        return ""
    more = [f"{len(said) - _NAMED} more"] if len(said) > _NAMED else []
    return f"Another program had written there too, which stays: {', '.join(said[:_NAMED] + more)}."


def _meets(change: PlannedChange, disk: bytes | None) -> bool:
    """Whether others changed the fields that the plan changes or depends on."""
    if change.before is None or disk is None:
        return disk is None  # a file that both made is added to; one that is gone is not brought back
    before, after, now = (_entries(data, change.file) for data in (change.before, change.after, disk))
    ours, theirs = _places(before, after), _places(before, now)
    for entry in before:
        here, there = ours.get(entry.ref), theirs.get(entry.ref)
        fields = {one.field for one in compare(entry, here)}
        if not fields and here is not None:
            continue
        if there is None or there.id != entry.id:
            return True
        if here is None and compare(entry, there):
            return True
        if any(one.field in fields for one in compare(entry, there)):
            return True
    return False


def _places(before: list[Entry], after: list[Entry]) -> dict[int, Entry]:
    """Return each entry as it is afterwards, by its element before."""
    return {old.ref: new for old, new in pair(before, after) if old is not None and new is not None}


def merged(change: PlannedChange, disk: bytes | None) -> PlannedChange:
    """Return a change of the file on disk, merged by entry and field with the changes of others.

    Raises Overlap: they changed the same field, or the same entry as a whole; says which.
    """
    made = format_of(change.file).merge(Sides(change.before, change.after, disk), change.file)
    if made.conflicts:
        raise Overlap(f"{_clash(change, made.conflicts[0])} Nothing was written.", disk)
    return PlannedChange(change.file, disk, made.data)


def _clash(change: PlannedChange, clash: Clash) -> str:
    """Name in one sentence the fields that both changed."""
    entries = _entries(change.after, change.file) + _entries(change.before, change.file)
    known = {entry.id: entry.title for entry in entries}
    name = f"“{known[clash.entry]}”" if clash.entry in known else shown(change.file)
    if clash.field:
        return f"Another program changed {clash.field} of {name} as well."
    if clash.theirs is None:
        return f"Another program deleted {name}."
    if clash.ours is None:
        return f"Another program changed {name}, which was to be deleted."
    return f"Another program changed {name} in the same places."


def _entries(data: bytes | None, file: str) -> list[Entry]:
    return open_file(data, file).entries
