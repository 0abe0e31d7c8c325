"""A field: one named part of an entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    Attributes = Sequence[tuple[str | bytes, str | bytes]]


class Field(NamedTuple):
    """A named part of an entry."""

    name: str
    """Element name; `a/b` for a nested one; `@x` or `a/b@x` for an attribute; `a[2]` for a second `a`."""
    text: str
    """Content without the file's indentation; a list is one `- item` a line."""
    items: tuple[str, ...] = ()
    """The items, when the field is a list of plain elements; one empty one when none says anything."""
    ref: int = -1
    """Its place in the entry, for the format that read it."""


class FieldChange(NamedTuple):
    """One field of an entry, before and after; None where the entry does not have it."""

    field: str
    before: str | None
    after: str | None
