"""Planning a change of one file: its new bytes, compared with the text that the user was looking at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index.editing.plan_checks import at_ref, entry_in, trimmed, warn
from index.editing.replan import plan_anew
from index.editing.single import edit_message, mend, set_fields
from index.editing.staged_tree import bytes_of
from index.formats.opened import find_entry
from index.formats.registry import open_file
from index.model.commits import proposed
from index.model.counts import count_words
from index.model.plan import CannotEdit, Plan, PlannedChange, of_file, renewable

if TYPE_CHECKING:
    from index.editing.staged_tree import Readable
    from index.model.entry import Entry


def plan_edit(
    tree: Readable, entry_id: str, changes: Mapping[str, str], base: bytes | None = None, *, add: bool = False
) -> Plan:
    """Plan setting fields of an entry; nothing is written.

    Args:
        changes: field name → new text.
        base: the bytes the user was looking at; None: whatever is on disk now.
        add: a field that the entry lacks is added at its usual place, and not refused.

    Raises:
        Conflict: another program has changed one of the fields since `base`.
        CannotEdit: no such field, or a text it cannot hold.
    """
    entry = tree.entry(entry_id)
    disk = bytes_of(tree, entry.file)
    plan = _edited(tree, entry, changes, disk if base is None else base, add=add)
    plan = replace(plan, again=lambda: plan_edit(tree, entry_id, changes, add=add))
    return plan_anew(plan, lambda _: disk)


def _edited(tree: Readable, entry: Entry, changes: Mapping[str, str], before: bytes, *, add: bool) -> Plan:
    file = entry.file
    if (add and not changes.keys() <= {field.name for field in entry.fields}) or _fills_list(
        tree, entry, changes
    ):
        from index.editing.single import plan_fields

        return plan_fields(entry_in(before, file, entry.id), changes, entries=tree.known())
    document = open_file(before, file)
    after, fields = set_fields(document, entry.id, changes)
    message = edit_message(entry, fields or tuple(changes))
    left = trimmed(at_ref(after, find_entry(document, entry.id)), changes)
    warning = f"{warn(after)} {left}".strip()
    return of_file(file, before, after.to_bytes(), message, entry.id, fields, warning)


def _fills_list(tree: Readable, entry: Entry, changes: Mapping[str, str]) -> bool:
    """Whether a field to be set is an empty element that is a list in other entries, or by its name."""
    empty = [f.name for f in entry.fields if f.name in changes and not f.text and not f.items]
    if not empty:
        return False
    from index.editing.templates import shape_of

    known = shape_of(entry.kind, tree.known(), entry.file)
    return any(field.item or field.likely for name in empty if (field := known.field(name)) is not None)


def plan_text(tree: Readable, file: str, after: bytes, base: bytes | None = None, message: str = "") -> Plan:
    """Plan replacing a whole file; `base` is the content that the text was made from, None for that on disk.

    Raises Conflict: another program has changed the same places since `base`.
    """
    disk = bytes_of(tree, file)
    before = disk if base is None else base
    document, codec = open_file(after, file), open_file(before, file).codec
    warning = ""
    if errors := document.errors:
        warning = f"Line {errors[0].line}, column {errors[0].column}: {errors[0].message}"
    elif document.codec != codec:
        warning = (
            f"It was {codec.upper()} and will be {document.codec.upper()}: not every program reads that."
        )
    plan = of_file(file, before, after, message or proposed(f"edit {file}"), warning=warning)
    return plan_anew(plan, lambda _: disk)


@renewable
def plan_repair(tree: Readable, file: str, *, guesses: bool = True) -> Plan:
    """Plan the repair of a broken file.

    Raises CannotEdit: it is well-formed, or only a person can mend it.
    """
    before = bytes_of(tree, file)
    document = open_file(before, file)
    mended = mend(document, guesses=guesses)
    warning = "The fix needs review." if guesses and any(p.guesses for p in document.errors) else ""
    return of_file(file, before, mended.to_bytes(), proposed(f"repair {file}"), warning=warning)


def plan_repairs(files: Mapping[str, bytes]) -> list[Plan]:
    """Plan the repair of every file in which something only needs escaping, quoting or re-encoding.

    A problem that needs a guess stays, and the plan's warning counts it; a file with no other is left out.
    """
    plans: list[Plan] = []
    for file, data in files.items():
        document = open_file(data, file)
        if document.readonly or not document.errors:
            continue
        try:
            mended = mend(document, guesses=False)
        except CannotEdit:
            continue
        after = mended.to_bytes()
        if after == data:
            continue
        left = count_words(len(mended.errors), "problem", "problems")
        warning = (
            f"{left} of {file} need review and stay: repair that file by itself." if mended.errors else ""
        )
        plans.append(Plan((PlannedChange(file, data, after),), proposed(f"repair {file}"), warning=warning))
    return plans
