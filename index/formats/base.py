"""The seam of the formats."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class EditRefused(ValueError):
    """An edit that cannot be made without touching something else; one plain sentence says why."""


class CannotRepair(ValueError):
    """A file that no repair known here makes well-formed; one plain sentence says why."""


Choices = Mapping[tuple[str, str], str]
"""By entry and field: `ours`, `theirs`, `base`, or the text to take."""


class MergeConflict(NamedTuple):
    """A place that both sides changed, each in its own way."""

    entry: str
    """Id of the entry; the file's path for parts outside of all, and for the file as a whole."""
    field: str
    """Name of the field, as in `Field`; empty for the whole entry, or file."""
    base: str | None
    """The text before; None when there was none. Of an entry or file, its markup."""
    ours: str | None
    """None when our side deleted it."""
    theirs: str | None


class Merged(NamedTuple):
    """The outcome of merging one file."""

    data: bytes | None
    """Its bytes; None when there are conflicts, or when it is deleted."""
    conflicts: tuple[MergeConflict, ...] = ()
    """Conflicts that `choices` did not settle, in the order of the file."""
