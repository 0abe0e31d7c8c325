"""One change to many entries: reviewed together, saved as one commit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from index.changes.adding import with_others
from index.changes.fields import at_element, change_tags, put_field, spelled
from index.changes.plan import Plan, PlannedChange, count_words, entries_of, others_unchanged
from index.edits import SUBJECT_LENGTH, CannotEdit
from index.memory.document import Document
from index.memory.entries import Entry
from index.shapes import KindShape, shape_of

_Change = Callable[[Document, str, Entry, KindShape], Document]


def plan_rename_tag(
    files: Mapping[str, bytes],
    old: str,
    new: str,
    *,
    entries: Sequence[Entry] = (),
    only: Collection[str] | None = None,
) -> Plan:
    """Plan giving a tag another name wherever entries have it; an empty name takes it away.

    Args:
        files: path in the tree → bytes.
        old: the tag as it is written.
        new: its new name; an entry that has both keeps one.
        entries: those of the tree.
        only: ids of the entries to change; None: all.

    Raises:
        CannotEdit: no entry has the tag, or none of them can be changed.
    """

    def change(document: Document, file: str, entry: Entry, known: KindShape) -> Document:
        return change_tags(document, file, entry, {old: new}, (), known)

    def has_it(entry: Entry) -> bool:
        return old in entry.tags and (only is None or entry.id in only)

    plan = _each(files, entries, has_it, change, f"No entry has the tag {old}.")
    count = count_words(len(plan.entries), "entry", "entries")
    what = f"rename tag {old} to {new}" if new else f"remove tag {old}"
    return _titled(plan, f"memory: {what} in {count}")


def plan_set_field(
    files: Mapping[str, bytes], ids: Collection[str], name: str, text: str, *, entries: Sequence[Entry] = ()
) -> Plan:
    """Plan setting one field in several entries; those that lack it get it at its usual place.

    Args:
        files: path in the tree → bytes; those that hold the entries.
        ids: of the entries.
        name: as `Field.name`; `tags` means `@tags` where an entry writes it so.
        text: the new text.
        entries: those of the tree, which show what place is usual.

    Raises:
        CannotEdit: none of them can be changed.
    """

    def change(document: Document, file: str, entry: Entry, known: KindShape) -> Document:
        return put_field(document, file, entry, spelled(entry, name, known), text, known)

    plan = _each(
        files, entries, lambda entry: entry.id in ids, change, "None of these entries is there any more."
    )
    return _titled(plan, f"memory: set {name} of {count_words(len(plan.entries), 'entry', 'entries')}")


def _each(
    files: Mapping[str, bytes],
    entries: Sequence[Entry],
    chosen: Callable[[Entry], bool],
    change: _Change,
    nothing: str,
) -> Plan:
    """Plan a change to every chosen entry; the warning counts those that refuse it and stay as they are."""
    changes: list[PlannedChange] = []
    done: list[str] = []
    refused: list[str] = []
    for file, data in files.items():
        document = Document.parse(data, file)
        tree = with_others(entries, document, file)
        shapes: dict[str, KindShape] = {}
        # From the last to the first: what changes in one does not move those before it.
        for entry in sorted(filter(chosen, entries_of(document, file)), key=lambda e: -e.element):
            try:
                now = at_element(document, file, entry)
                if now.kind not in shapes:
                    shapes[now.kind] = shape_of(now.kind, tree, file)
                edited = change(document, file, now, shapes[now.kind])
                if edited is document:
                    continue
                entry = _checked(document, edited, file, now)
            except CannotEdit as error:
                refused.append(str(error))
            else:
                document = edited
                done.append(entry.id)
        if document.to_bytes() != data:
            changes.append(PlannedChange(file, data, document.to_bytes()))
    if not changes:
        raise CannotEdit(refused[0] if refused else nothing)
    left = (
        f"{count_words(len(refused), 'entry stays', 'entries stay')} as before: {refused[0]}"
        if refused
        else ""
    )
    return Plan(tuple(changes), "", tuple(done), warning=left)


def _checked(before: Document, after: Document, file: str, entry: Entry) -> Entry:
    """Return the entry after its change, which was the only one."""
    place = {entry.element}
    if not others_unchanged(entries_of(before, file), entries_of(after, file), place, place):
        raise CannotEdit(f"{entry.id}: other entries would read differently then.")
    return at_element(after, file, entry)


def _titled(plan: Plan, message: str) -> Plan:
    if len(message) > SUBJECT_LENGTH:
        message = message[: SUBJECT_LENGTH - 1].rstrip() + "…"
    return Plan(plan.changes, message, plan.entries, plan.fields, plan.warning)
