"""An entry as plain text, as it is copied; and the reason why one has no form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.theme.labels import kind_label, label

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.workspace import Workspace


_MOST_FIELDS: Final = 1_000
"""Fields that a form takes: with ten times as many it needs a quarter of a minute to open."""


def why_no_form(entry: Entry) -> str:
    """Return the reason why an entry is edited by its source alone; empty if a form can take its fields."""
    if len(entry.fields) > _MOST_FIELDS:
        return f"{len(entry.fields):,} fields, too many for a form"
    return "" if entry.fields else "no fields yet"


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
