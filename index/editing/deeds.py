"""The interface between a save and the record of an interrupted change."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from index.storage.journal import Sort
from index.storage.transaction import FileChange


class Deed(NamedTuple):
    """The facts about a change, beside its files, that its commit and its undo need."""

    message: str
    entries: tuple[str, ...] = ()
    sort: Sort = "edit"
    takes: str = ""
    """The commit that an undo or a redo takes back."""


class Interruptions(Protocol):
    """Record of interrupted changes, and of those that run and may be."""

    def intend(
        self, files: Sequence[FileChange], paths: Sequence[str], deed: Deed
    ) -> AbstractContextManager[None]:
        """Write down a change of several files until it is done."""

    def check_apart(self, paths: Sequence[str]) -> None:
        """Check that no change of these files is interrupted; raises NotEnded where one is."""

    def end_syncs(self) -> str:
        """Finish the syncs that were interrupted; say so, or nothing."""


def other_names(paths: Sequence[str]) -> str:
    """Say which files have other hard links, which a save does not reach."""
    if not paths:
        return ""
    names = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    return f"Other hard links to {names} keep the text from before."
