"""Planning a change: the file as it would be after it, validated, with nothing written."""

from __future__ import annotations

from collections.abc import Mapping

from index.formats.base import CannotRepair, EditRefused
from index.formats.xml.document import Document
from index.formats.xml.document_entries import find_entry
from index.formats.xml.editing import set_attribute
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.formats.xml.items import set_items
from index.formats.xml.repair import repair_document
from index.formats.xml.white_space import given_to, lay
from index.model.display import shorten
from index.model.entry import Entry
from index.model.field import Field
from index.model.item_lists import items_of
from index.model.margins import given
from index.model.plan import SUBJECT_LENGTH, CannotEdit


def set_fields(
    document: Document, file: str, entry_id: str, changes: Mapping[str, str]
) -> tuple[Document, tuple[str, ...]]:
    """Return the document with those fields of one entry set, and the names of those that differ now.

    Raises:
        CannotEdit: no such entry, no such field, or a text that XML cannot hold there.
    """
    if document.readonly:
        raise CannotEdit(f"{file} cannot be edited by field: {document.problems[0].message}")
    changed: list[str] = []
    entry = find_entry(document, file, entry_id)
    for name, text in changes.items():
        if changed:  # the elements after it may have moved
            entry = _again(document, file, entry)
        field = _find_field(entry, name)
        if field.text == text:
            continue
        try:
            edited = _set(document, entry.ref + field.ref, field, text)
        except EditRefused as error:
            raise CannotEdit(f"{name} cannot be set: {error}") from error
        if edited is not document:
            document = edited
            changed.append(name)
    return document, tuple(changed)


def _again(document: Document, file: str, entry: Entry) -> Entry:
    """Find an entry after one of its own fields was set: its id may be another one, its element is not."""
    for found in read_entries(content_of(document), file):
        if found.ref == entry.ref:
            return found
    raise CannotEdit(f"{entry.id} is no entry any more after this change.")


def _find_field(entry: Entry, name: str) -> Field:
    for field in entry.fields:
        if field.name == name:
            return field
    names = ", ".join(dict.fromkeys(f.name for f in entry.fields))
    raise CannotEdit(f"The entry has no field {name}: it has {names}.")


def _set(document: Document, element: int, field: Field, text: str) -> Document:
    _, at, attribute = field.name.rpartition("@")
    if at:
        return set_attribute(document, element, attribute.partition("[")[0], text)
    if field.items:
        return set_items(document, element, items_of(given(text)))
    text = given_to(document, element, text)
    return document if field.text == text else lay(document, element, text)


def mend(document: Document, file: str, *, guesses: bool = True) -> Document:
    """Return the repaired document.

    Raises:
        CannotEdit: there is nothing to repair, or nothing that can be.
    """
    if not document.errors:
        raise CannotEdit(f"{file} is well-formed: there is nothing to repair.")
    try:
        return repair_document(document, guesses=guesses)
    except CannotRepair as error:
        raise CannotEdit(f"{file} cannot be repaired: {error}") from error


def edit_message(entry: Entry, fields: tuple[str, ...]) -> str:
    """Propose a commit message: `memory: edit solution of "Database connection pool…"`."""
    what = fields[0] if len(fields) == 1 else f"{len(fields)} fields"
    head = f"memory: edit {what} of "
    room = max(SUBJECT_LENGTH - len(head) - 2, 12)
    return f'{head}"{shorten(entry.title, room)}"'
