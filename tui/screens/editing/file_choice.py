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
    entries = workspace.tree.entries()
    like = Counter(entry.file for entry in entries if entry.kind == kind and not entry.template)
    records = workspace.tree.snapshot.records
    able = [file for file, record in records.items() if _takes_more(workspace, file, record.entries)]
    files = sorted(able, key=lambda file: (-like[file], file))
    return [Item(file, file, note=f"{like[file]:,} of its kind" if like[file] else "") for file in files]


def _takes_more(workspace: Workspace, file: str, entries: Sequence[Entry]) -> bool:
    """Whether a file may have one more entry; one with a single entry is read, for it may be all of it."""
    from index.formats.registry import format_of, open_file

    if not format_of(file).takes_more(file, entries):
        return False
    alone = len(entries) == 1 and not entries[0].template
    document = open_file(workspace.tree.data(file) or b"", file) if alone else None
    return document is None or not any(map(document.is_whole, document.entries))


def move_items(workspace: Workspace, entries: Sequence[Entry]) -> list[Item]:
    """Return the files that entries may be moved to.

    Raises CannotEdit: there is one entry, and it has to stay where it is.
    """
    if len(entries) == 1:
        workspace.planner.check_leaves(entries[0].id)
    here = {entry.file for entry in entries}
    items = file_items(workspace, entries[0].kind)
    return [item for item in items if item.id not in here] if len(here) == 1 else items
