"""An entry as plain text, as it is copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.theme.labels import kind_label, label

if TYPE_CHECKING:
    from index.model.entry import Entry


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
