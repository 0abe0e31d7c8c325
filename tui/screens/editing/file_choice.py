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
    """Return the files of the tree, those with entries of this kind first."""
    entries = workspace.tree.snapshot.entries
    like = Counter(entry.file for entry in entries if entry.kind == kind and not entry.template)
    files = sorted(workspace.tree.snapshot.records, key=lambda file: (-like[file], file))
    return [Item(file, file, note=f"{like[file]:,} of its kind" if like[file] else "") for file in files]


def move_items(workspace: Workspace, entries: Sequence[Entry]) -> list[Item]:
    """Return the files that entries may be moved to; none for one that is all of its file, which goes whole.

    Raises:
        TreeError: the file of an entry cannot be read.
    """
    if any(workspace.tree.document(entry.file).is_whole(entry) for entry in entries):
        return []
    here = {entry.file for entry in entries}
    items = file_items(workspace, entries[0].kind)
    return [item for item in items if item.id not in here] if len(here) == 1 else items
