"""Taking an entry out of its file."""

from __future__ import annotations

from collections.abc import Sequence

from index.editing.plan_checks import others_unchanged, parse, subject
from index.formats.base import MemoryFile
from index.formats.opened import entries_inside, find_entry, refusing
from index.git.saving.bulk_deletion import looks_emptied
from index.model.entry import Entry
from index.model.plan import CannotEdit, Plan, PlannedChange


def plan_delete(data: bytes, file: str, entry_id: str) -> Plan:
    """Plan the end of an entry: its markup goes, and the line it was in; comments above it stay.

    A file that holds nothing else goes with it.

    Raises:
        CannotEdit: it is not there, or it has other entries inside.
    """
    document = parse(data, file)
    entry = find_entry(document, entry_id)
    rest, warning = without(document, entry)
    change = PlannedChange(file, data, None if rest is None else rest.to_bytes())
    return Plan((change,), subject("delete", entry), (entry.id,), warning=warning)


def without(document: MemoryFile, entry: Entry) -> tuple[MemoryFile | None, str]:
    """Return the file without an entry, None when nothing is left, and a warning, mostly empty.

    Raises:
        CannotEdit: it has other entries inside.
    """
    inside = entries_inside(document, entry)
    if inside:
        raise CannotEdit(
            f"This is what {document.path} says besides its {len(inside)} entries, which stand inside: "
            "delete those, or edit its fields."
        )
    if document.holds_only(entry.ref):
        return None, f"{document.path} holds nothing else and goes with it."
    with refusing(f"{entry.title} cannot be deleted"):
        rest = document.without(entry.ref)
    left = [other for other in document.entries if other.ref != entry.ref]
    if left and not others_unchanged(left, rest.entries):
        return rest, f"What is left of {document.path} will read as other entries then."
    return rest, ""


def losses(held: Sequence[Entry], gone: Sequence[Entry]) -> str:
    """Say that all or most entries of a tree go; empty where they do not."""
    all_ids = [entry.id for entry in held if not entry.template]
    if not looks_emptied(all_ids, [entry.id for entry in gone if not entry.template], ()):
        return ""
    return f"These are {len(gone):,} of the {len(all_ids):,} entries of the tree."
