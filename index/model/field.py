"""A field: one named part of an entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple, overload

if TYPE_CHECKING:
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


_PACKER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class PackedFields(Sequence[Field]):
    """The fields of an entry, held as one text: a large tree has a million of them, and few are looked at.

    It is equal to any sequence of the same fields.

    >>> PackedFields.of([Field("level", "3")])[0].text
    '3'
    """

    __slots__ = ("packed",)

    def __init__(self, packed: str) -> None:
        self.packed = packed
        """A JSON list of `[name, text, items, ref]`, as `of` makes it."""

    @classmethod
    def of(cls, fields: Sequence[Field]) -> PackedFields:
        """Pack fields, unless they are."""
        if isinstance(fields, PackedFields):
            return fields
        return cls(_PACKER.encode(fields))

    @overload
    def __getitem__(self, at: int) -> Field: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Field, ...]: ...
    def __getitem__(self, at: int | slice) -> Field | tuple[Field, ...]:
        return _unpacked(self.packed)[at]

    def __iter__(self) -> Iterator[Field]:
        return iter(_unpacked(self.packed))

    def __len__(self) -> int:
        return len(_unpacked(self.packed))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedFields):
            return self.packed == other.packed
        return isinstance(other, Sequence) and _unpacked(self.packed) == tuple(other)

    def __hash__(self) -> int:
        return hash(_unpacked(self.packed))

    def __repr__(self) -> str:
        return repr(_unpacked(self.packed))


@lru_cache(maxsize=512)  # the entries of a screen and more
def _unpacked(packed: str) -> tuple[Field, ...]:
    make = tuple.__new__  # as `Field(…)` does, without the call: there are ten of these to an entry
    return tuple(
        make(Field, (intern(name), text, tuple(items) if items else (), ref))
        for name, text, items, ref in json.loads(packed)
    )


class FieldChange(NamedTuple):
    """One field of an entry, before and after; None where the entry does not have it."""

    field: str
    before: str | None
    after: str | None
