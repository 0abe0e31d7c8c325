"""The files that an entry may be in, to choose one from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.screens.base.picker import Item

if TYPE_CHECKING:
    from index.model.entry import Entry
    from index.workspace import Workspace


def file_items(workspace: Workspace, kind: str) -> list[Item]:
    """Return the files of the tree that may take an entry, those with the most of a kind first."""
    from index.formats.registry import format_of

    entries = workspace.tree.entries()
    like = Counter(entry.file for entry in entries if entry.kind == kind and not entry.template)
    records = workspace.tree.snapshot.records
    able = [file for file, record in records.items() if format_of(file).takes_more(file, record.entries)]
    files = sorted(able, key=lambda file: (-like[file], file))
    return [Item(file, file, note=f"{like[file]:,} of its kind" if like[file] else "") for file in files]


def move_items(workspace: Workspace, entries: Sequence[Entry]) -> list[Item]:
    """Return the files that entries may be moved to.

    Raises CannotEdit: there is one entry, and it has to stay where it is.
    """
    if len(entries) == 1:
        workspace.planner.check_leaves(entries[0].id)
    here = {entry.file for entry in entries}
    items = file_items(workspace, entries[0].kind)
    return [item for item in items if item.id not in here] if len(here) == 1 else items
