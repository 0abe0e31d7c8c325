"""Files that are not to be changed: refused before anything is planned in them, and before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from index.formats.registry import open_file
from index.model.plan import Protected
from index.storage.memory_stores import generated_by

if TYPE_CHECKING:
    from index.model.plan import PlannedChange


def check_changeable(file: str, data: bytes | None) -> None:
    """Check that a file of the tree does not say of itself that nobody is to change it.

    Raises:
        Protected: it does; with the way out.
    """
    if why := open_file(data, file).protection if data else "":
        raise Protected(file, why)


def check_changes(root: Path, changes: Iterable[PlannedChange]) -> None:
    """Check that none of the files that would change, of the tree at `root`, is protected; as above."""
    for change in changes:
        if change.before != change.after:
            check_changeable(change.file, change.before)
            if program := generated_by(root / change.file):
                raise Protected(change.file, f"{program} writes it anew by itself, so a change would be lost")


def keeps_protection(file: str, before: bytes | None, after: bytes | None) -> bool:
    """Whether a file is protected and stays so: what takes only the protection back is no breach of it."""
    return all(bool(data) and bool(open_file(data, file).protection) for data in (before, after))
