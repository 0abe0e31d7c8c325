"""Merges: their conflicts, and their outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

Choices = Mapping[tuple[str, str], str]
"""By entry and field: `ours`, `theirs`, `base`, or the text to take."""


def turned(choices: Choices) -> Choices:
    """Return choices as the other side makes them."""
    other = {"ours": "theirs", "theirs": "ours"}
    return {place: other.get(choice, choice) for place, choice in choices.items()}


class MergeConflict(NamedTuple):
    """A place that both sides changed, each in its own way."""

    entry: str
    """Id of the entry; the file's path for parts outside of all, and for the file as a whole."""
    field: str
    """Name of the field, as in `Field`; empty for the whole entry, or file."""
    base: str | None
    """The text before; None when there was none. Of an entry or file, its source."""
    ours: str | None
    """None when our side deleted it."""
    theirs: str | None
    there: str = ""
    """The file that the other side has the entry in, or had it, where that is another one."""

    def turned(self) -> MergeConflict:
        """Return it as the other side has it."""
        return self._replace(ours=self.theirs, theirs=self.ours)


class Sides(NamedTuple):
    """The three versions of a file in a merge; None is no file."""

    base: bytes | None
    ours: bytes | None
    theirs: bytes | None


class Merged(NamedTuple):
    """The outcome of merging one file."""

    data: bytes | None
    """Its bytes; None when there are conflicts, or when it is deleted."""
    conflicts: tuple[MergeConflict, ...] = ()
    """Conflicts that `choices` did not settle, in the order of the file."""


class SideChange(NamedTuple):
    """The last commit of one side that touched a file."""

    author: str
    when: datetime
    rev: str


class ConflictSides(NamedTuple):
    """Facts about the sides of a conflict, beside their texts."""

    title: str = ""
    """Title of the entry, where the conflict is about all of it and it is not there any more."""
    ours: SideChange | None = None
    theirs: SideChange | None = None


@dataclass(frozen=True)
class Outcome:
    """The outcome of a sync."""

    fetched: int = 0
    """Commits of others that are here now."""
    merged: tuple[str, ...] = ()
    """Memory files that were merged by entry, relative to the tree."""
    pushed: int = 0
    """Our commits that are there now."""
    conflicts: tuple[MergeConflict, ...] = ()
    """Conflicts that the user has to decide before anything is merged."""
    complete: bool = False
    """Both repositories hold the same."""
    words: str = ""
    """One plain sentence about it."""
