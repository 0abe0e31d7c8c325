"""Planning a change: the file as it would be after it, validated, with nothing written."""

from __future__ import annotations

from collections.abc import Mapping

from index.editing.plan_checks import at_ref
from index.formats.base import FieldForm, MemoryFile
from index.formats.opened import field_of, find_entry, refusing
from index.model.commits import proposed
from index.model.counts import only_or_count
from index.model.entry import Entry
from index.model.errors import CannotRepair
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit


def set_fields(
    document: MemoryFile, entry_id: str, changes: Mapping[str, str]
) -> tuple[MemoryFile, tuple[str, ...]]:
    """Return the file with those fields of one entry set, and the names of those that differ now.

    Raises:
        CannotEdit: no such entry, no such field, or a text that the file cannot hold there.
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
        with refusing(f"{name} cannot be set"):
            edited = document.put_field(entry, name, text, FieldForm(KindShape(entry.kind, ())))
        if edited is not document:
            document = edited
            changed.append(name)
    return document, tuple(changed)


def mend(document: MemoryFile, *, guesses: bool = True) -> MemoryFile:
    """Return the repaired file.

    Raises:
        CannotEdit: there is nothing to repair, or nothing that can be.
    """
    if not document.errors:
        raise CannotEdit(f"{document.path} is well-formed: there is nothing to repair.")
    try:
        return document.repaired(guesses=guesses)
    except CannotRepair as error:
        raise CannotEdit(f"{document.path} cannot be repaired: {error}") from error


def edit_message(entry: Entry, fields: tuple[str, ...]) -> str:
    """Propose a commit message: `memory: edit solution of "Database connection pool…"`."""
    return proposed(f"edit {only_or_count(fields, 'field')} of", entry.title)
