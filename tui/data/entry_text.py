"""An entry as plain text, as it is copied; and the reason why one has no form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui.theme.dates import short
from tui.theme.labels import kind_label, label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from index.model.addresses import Destination
    from index.model.entry import Entry
    from index.model.file_links import References
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


def links_of(entry: Entry, workspace: Workspace) -> tuple[References, Mapping[str, Destination]]:
    """Return all that the links of an entry's page follow from; in a thread."""
    return workspace.tree.references.now(), workspace.tree.destinations.of(entry)


def origins_of(entry_id: str, now: datetime, workspace: Workspace) -> Mapping[str, str]:
    """Return who last changed each field of an entry, and when, in words; in a thread."""
    return {
        name: f"{short(origin.when, now)} · {origin.author}" if origin.when else "not committed"
        for name, origin in workspace.history.blame(entry_id).items()
    }


def markup_of(workspace: Workspace, entry: Entry) -> str:
    """Return the markup of an entry, or a comment that says why it cannot be read; in a thread."""
    from index.model.errors import TreeError
    from index.model.plan import CannotEdit

    try:
        return workspace.tree.markup(entry.id)
    except (TreeError, CannotEdit, OSError) as error:
        return f"<!-- {error} -->"
