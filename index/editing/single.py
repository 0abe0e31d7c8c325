"""Plans for the fields and the tags of one entry."""

from __future__ import annotations

from collections.abc import Mapping

from index.editing.field_edits import check, spelled
from index.editing.plan_checks import EntryInFile, at_ref, others_unchanged, trimmed, warn, with_others
from index.editing.templates import shape_of
from index.formats.base import FieldForm, MemoryFile, Samples
from index.formats.opened import field_of, find_entry, refusing
from index.model.commits import proposed
from index.model.counts import only_or_count
from index.model.entry import Entry
from index.model.errors import CannotRepair
from index.model.kind_shape import KindShape
from index.model.known_entries import NONE, KnownEntries
from index.model.plan import CannotEdit, Plan, of_file
from index.model.problems import first_step


def set_fields(
    document: MemoryFile, entry_id: str, changes: Mapping[str, str]
) -> tuple[MemoryFile, tuple[str, ...]]:
    """Return the file with those fields of one entry set, and the names of those that differ now.

    Raises CannotEdit: no such entry, no such field, or a text that the file cannot hold there.
    """
    if document.readonly:
        raise CannotEdit(f"{document.path} cannot be edited by field: {document.problems[0].message}")
    changed: list[str] = []
    entry = find_entry(document, entry_id)
    for name, text in changes.items():
        if changed:  # what is behind them may have moved
            entry = at_ref(document, entry)
        field = field_of(entry, name)
        if field is None:
            names = ", ".join(dict.fromkeys(field.name for field in entry.fields))
            raise CannotEdit(f"The entry has no field {name}: it has {names}.")
        if field.text == text:
            continue
        with refusing(f"The field {name} cannot be set"):
            edited = document.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
        if edited is not document:
            document = edited
            changed.append(name)
    return document, tuple(changed)


def mend(document: MemoryFile, *, guesses: bool = True) -> MemoryFile:
    """Return the repaired file. Raises CannotEdit: there is nothing to repair, or nothing that can be."""
    if not document.errors:
        raise CannotEdit(f"{document.path} is well-formed: there is nothing to repair.")
    try:
        return document.repaired(guesses=guesses)
    except CannotRepair as error:
        raise CannotEdit(f"{document.path} cannot be repaired: {error}") from error


def edit_message(entry: Entry, fields: tuple[str, ...]) -> str:
    """Propose a commit message: `memory: edit solution of "Database connection pool…"`."""
    return proposed(f"edit {only_or_count(fields, 'field')} of", entry.title)


def plan_fields(found: EntryInFile, texts: Mapping[str, str], *, entries: KnownEntries = NONE) -> Plan:
    """Plan setting and adding fields of an entry in one change.

    Args:
        texts: field name → new text; a field the entry lacks is added at its usual place.
        entries: those of the tree, which show the usual place.

    Raises:
        CannotEdit: no such field, or a text that the file cannot hold there.
    """
    document, entry = before, first = found
    known = shape_of(entry.kind, with_others(entries, document), document.path)
    changed: list[str] = []
    for name, text in texts.items():
        name = spelled(entry, name, known)
        with refusing(f"The field {name} cannot be set"):
            edited = document.put_field(entry, name, text, FieldForm(known, samples_of(document, entry.kind)))
        if edited is not document:
            after = at_ref(edited, entry)
            check(entry, after, name, text, known)
            document, entry = edited, after
            changed.append(name)
    message = edit_message(first, tuple(changed) or tuple(texts))
    place = {entry.ref}
    if not others_unchanged(before.entries, document.entries, place, place):
        step = first_step(before.errors)
        raise CannotEdit(f"Other entries would read differently after this change: {step}.")
    left = trimmed(entry, {spelled(entry, name, known): text for name, text in texts.items()})
    data, warning = document.to_bytes(), f"{warn(document)} {left}".strip()
    return of_file(before.path, before.to_bytes(), data, message, entry.id, tuple(changed), warning)


def samples_of(document: MemoryFile, kind: str) -> Samples:
    """Return the entries that show how those of a kind are written in a file."""
    mates = [entry for entry in document.entries if entry.kind == kind and not entry.template]
    return Samples(document, [mate.ref for mate in mates])
