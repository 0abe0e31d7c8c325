"""The files that an entry may be in, to choose one from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tui.screens.base.picker import Item

if TYPE_CHECKING:
    from index.workspace import Workspace


def file_items(workspace: Workspace, kind: str) -> list[Item]:
    """Return the files of the tree, those with entries of this kind first."""
    entries = workspace.tree.snapshot.entries
    like = Counter(entry.file for entry in entries if entry.kind == kind and not entry.template)
    files = sorted(workspace.tree.snapshot.records, key=lambda file: (-like[file], file))
    return [Item(file, file, note=f"{like[file]:,} of its kind" if like[file] else "") for file in files]
