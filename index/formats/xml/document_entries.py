"""The entries of a document."""

from __future__ import annotations

from index.formats.xml.document import Document
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.model.entry import Entry
from index.model.plan import CannotEdit


def find_entry(document: Document, file: str, entry_id: str) -> Entry:
    """Return the entry of `document` with this id.

    Raises:
        CannotEdit: the file no longer holds it.
    """
    for entry in read_entries(content_of(document), file):
        if entry.id == entry_id:
            return entry
    raise CannotEdit(f"{entry_id} is no longer in {file}: reload and look for it again.")


def entries_of(document: Document, file: str) -> list[Entry]:
    """Return the entries of a document, with their elements."""
    return read_entries(content_of(document), file)
