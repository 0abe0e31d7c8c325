"""Taking an entry out of its file: deleted, or moved to another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from index.editing.adding import own_texts, place_entry, with_texts
from index.editing.plan_checks import others_unchanged, parse, subject, with_others
from index.editing.templates import next_id, shape_of
from index.formats.base import MemoryFile, NewEntry
from index.formats.field_values import values_of
from index.formats.opened import entries_inside, find_entry, refusing
from index.formats.registry import format_of, read_file
from index.git.saving.bulk_deletion import looks_emptied
from index.model.counts import kind_words
from index.model.entry import Entry
from index.model.known_entries import KnownEntries
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


def plan_move(
    data: bytes,
    file: str,
    entry_id: str,
    target: bytes | None,
    target_file: str,
    *,
    entries: KnownEntries,
    now: datetime,
    project: str = "",
) -> Plan:
    """Plan an entry's move to another file: two files, one commit.

    Its text goes along as it is written, in the layout and under the element name of its like there; into a
    file of another format goes what it says. Comments above it stay behind. Where the target has an entry
    with its id, it gets a new one.

    Args:
        data: the bytes of the entry's file.
        file: its path in the tree.
        entry_id: as `Entry.id`.
        target: the bytes of the other file; None: it is to be made.
        target_file: its path in the tree.
        entries: those of the tree.
        now: the time for a new file.
        project: written into the entry's own project field, if it has one.

    Raises:
        CannotEdit: the entry would not read there as it does here.
    """
    if file == target_file:
        raise CannotEdit(f"The entry is in {file} already.")
    source, there = parse(data, file), parse(target, target_file)
    entry = find_entry(source, entry_id)
    same = format_of(file) is format_of(target_file)
    if source.is_whole(entry) or (same and target is None and source.holds_only(entry.ref)):
        return _rename(source, file, entry, data, target, target_file)
    rest, warning = without(source, entry)
    tree = with_others(entries, there)
    new = NewEntry(shape_of(entry.kind, tree, target_file), now)
    said = {field.name: field.text for field in entry.fields}
    if same:
        new = new._replace(excerpt=source.excerpt(entry, there), like=data)
    else:
        new = new._replace(values=tuple(values_of(new.shape, said)))
        said = {value.name: value.text for value in new.values}
    added = place_entry(there, entry.kind, new, said)
    clash = [other.own_id for other in there.entries]
    fresh = entry.own_id in clash
    texts = own_texts(
        added.entry, project=project, own=next_id(entry.kind, tree, now, file=target_file) if fresh else ""
    )
    added = with_texts(added, texts)
    changes = (
        PlannedChange(target_file, target, added.document.to_bytes()),
        PlannedChange(file, data, None if rest is None else rest.to_bytes()),
    )
    message = subject("move", entry, f"to {target_file.rpartition('/')[2]}")
    return Plan(changes, message, (added.entry.id,), tuple(texts), warning)


def _rename(
    source: MemoryFile, file: str, entry: Entry, data: bytes, target: bytes | None, target_file: str
) -> Plan:
    """Plan the move of a file that is one entry."""
    if target is not None:
        raise CannotEdit(
            f"This {kind_words(entry.kind)} is the whole of {file}: name a file that is not there yet."
        )
    if not source.holds_only(entry.ref) or len(source.entries) > 1:
        raise CannotEdit(f"{file} holds other entries: move those.")
    moved = next(iter(read_file(data, target_file).entries))
    changes = (PlannedChange(target_file, None, data), PlannedChange(file, data, None))
    return Plan(changes, subject("move", entry, f"to {target_file.rpartition('/')[2]}"), (moved.id,))
