"""An entry as plain text, as it is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.theme.labels import kind_label, label

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.workspace import Workspace


def as_text(entry: Entry) -> str:
    """Return an entry as plain text, to be pasted somewhere."""
    about = " · ".join(part for part in (kind_label(entry.kind), entry.project, entry.timestamp) if part)
    fields = [
        f"{label(field.name)}: {field.text}"
        if "\n" not in field.text
        else f"{label(field.name)}:\n{field.text}"
        for field in entry.fields
        if field.text and " ".join(field.text.split()) != entry.title
    ]
    return "\n".join([entry.title, about, "", *fields, "", f"{entry.file}:{entry.line}"]) + "\n"


def markup_of(workspace: Workspace, entry: Entry) -> str:
    """Return the markup of an entry, or a comment that says why it cannot be read; in a thread."""
    from index.model.errors import TreeError
    from index.model.plan import CannotEdit

    try:
        return workspace.tree.markup(entry.id)
    except (TreeError, CannotEdit, OSError) as error:
        return f"<!-- {error} -->"
