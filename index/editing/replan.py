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

    Raises:
        Overlap: another program changed the same field, or the same entry as a whole; says which.
        TreeError: a file cannot be read.
    """
    disk = {change.file: read(change.file) for change in plan.changes}
    moved = [c for c in plan.changes if disk[c.file] not in (c.before, c.after)]
    if not moved:
        return plan
    many = len(plan.entries) > 1

    if plan.again is not None and not any(_meets(one, disk[one.file], many=many) for one in moved):
        try:
            anew = plan.again()
            return anew if many else replace(anew, message=plan.message)
        except Conflict:
            raise
        except (CannotEdit, TreeError):
            pass  # what it was about goes by another name now: then by what it has changed
    changes = [merged(c, disk[c.file]) if c in moved else c for c in plan.changes]
    return replace(plan, changes=tuple(changes))


def others_words(plan: Plan, anew: Plan, read: Callable[[str], bytes | None]) -> str:
    """Name the changes of others in the files of a plan since it was made, in one sentence.

    `read` gives the bytes of the files that it changes no more.
    """
    now = {change.file: change.before for change in anew.changes}
    said: list[str] = []
    for one in plan.changes:
        data = now[one.file] if one.file in now else read(one.file)
        if data != one.before:
            old, new = (_entries(state, one.file) for state in (one.before, data))
            found = compare_entries(old, new)[0]
            said += [f"{it.how} “{it.entry.title}”" for it in found] or [f"edited {shown(one.file)}"]
    if not said:
        return ""
    more = [f"{len(said) - _NAMED} more"] if len(said) > _NAMED else []
    return f"Another program had written there too, which stays: {', '.join(said[:_NAMED] + more)}."


def _meets(change: PlannedChange, disk: bytes | None, *, many: bool) -> bool:
    """Whether others changed the fields that the plan changes or depends on.

    `many`: it changes many entries alike, and is about the rest where some are gone.
    """
    if change.before is None or disk is None:
        # A file that both made is added to; one that is gone is not brought back.
        return disk is None and not many
    before, after, now = (_entries(data, change.file) for data in (change.before, change.after, disk))
    ours, theirs = _places(before, after), _places(before, now)
    for entry in before:
        here, there = ours.get(entry.ref), theirs.get(entry.ref)
        fields = {one.field for one in compare(entry, here)}
        if not fields and here is not None:
            continue
        if there is None or there.id != entry.id:
            if many:
                continue
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
