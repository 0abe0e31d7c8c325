"""Taking an entry out of its file."""

from __future__ import annotations

from index.editing.plan_checks import others_unchanged, parse, refusing, subject
from index.formats.xml.document import Document
from index.formats.xml.document_entries import entries_of, find_entry
from index.formats.xml.structure import remove_element
from index.model.entry import Entry
from index.model.plan import CannotEdit, Plan, PlannedChange


def plan_delete(data: bytes, file: str, entry_id: str) -> Plan:
    """Plan the end of an entry: its markup goes, and the line it stood in; comments above it stay.

    A file that holds nothing else goes with it.

    Raises:
        CannotEdit: it is not there, or it has other entries inside.
    """
    document = parse(data, file)
    entry = find_entry(document, file, entry_id)
    rest, warning = without(document, file, entry)
    change = PlannedChange(file, data, None if rest is None else rest.to_bytes())
    return Plan((change,), subject("delete", entry), (entry.id,), warning=warning)


def without(document: Document, file: str, entry: Entry) -> tuple[Document | None, str]:
    """Return the document without an entry, None when nothing is left, and a warning, mostly empty.

    Raises:
        CannotEdit: it has other entries inside.
    """
    element = entry.ref
    last = document.last[element]
    entries = entries_of(document, file)
    inside = [other for other in entries if element < other.ref <= last]
    if inside:
        raise CannotEdit(
            f"This is what {file} says besides its {len(inside)} entries, which stand inside: "
            "delete those, or edit its fields."
        )
    if element == 0 and last == len(document.names) - 1:
        return None, f"{file} holds nothing else and goes with it."
    with refusing(f"{entry.title} cannot be deleted"):
        rest = remove_element(document, element)
    left = [other for other in entries if other.ref != element]
    if left and not others_unchanged(left, entries_of(rest, file)):
        return rest, f"What is left of {file} will read as other entries then."
    return rest, ""
