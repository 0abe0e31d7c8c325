"""A field: one named part of an entry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, NamedTuple, overload

from index.model.field_path import FieldPath, field_path

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

    @property
    def path(self) -> FieldPath:
        """Its name, taken apart."""
        return field_path(self.name)


_PACKER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class PackedFields(Sequence[Field]):
    """The fields of an entry, held as one text: a large tree has a million of them, and few are looked at.

    The text is held in UTF-8, since one sign such as `…` doubles what Python takes for all letters of a text.
    This serves the row `memory of the open app` of the benchmark. It is equal to any sequence of the same
    fields.

    >>> PackedFields.of([Field("level", "3")])[0].text
    '3'
    """

    __slots__ = ("_held",)

    def __init__(self, packed: str) -> None:
        """Hold a JSON list of `[name, text, items, ref]`, as `of` makes it."""
        self._held = packed.encode("utf-8", "surrogatepass")

    @classmethod
    def of(cls, fields: Sequence[Field]) -> PackedFields:
        """Pack fields, unless they are."""
        if isinstance(fields, PackedFields):
            return fields
        return cls(_PACKER.encode(fields))

    @property
    def packed(self) -> str:
        """The JSON list that they are held as."""
        return self._held.decode("utf-8", "surrogatepass")

    @overload
    def __getitem__(self, at: int) -> Field: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Field, ...]: ...
    def __getitem__(self, at: int | slice) -> Field | tuple[Field, ...]:
        return _unpacked(self._held)[at]

    def __iter__(self) -> Iterator[Field]:
        return iter(_unpacked(self._held))

    def __len__(self) -> int:
        return len(_unpacked(self._held))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedFields):
            return self._held == other._held
        return isinstance(other, Sequence) and _unpacked(self._held) == tuple(other)

    def __hash__(self) -> int:
        return hash(_unpacked(self._held))

    def __repr__(self) -> str:
        return repr(_unpacked(self._held))


@lru_cache(maxsize=512)  # the entries of a screen and more
def _unpacked(packed: bytes) -> tuple[Field, ...]:
    make = tuple.__new__  # as `Field(…)` does, without the call: there are ten of these to an entry
    return tuple(
        make(Field, (intern(name), text, tuple(items) if items else (), ref))
        for name, text, items, ref in json.loads(packed.decode("utf-8", "surrogatepass"))
    )


class FieldChange(NamedTuple):
    """One field of an entry, before and after; None where the entry does not have it."""

    field: str
    before: str | None
    after: str | None
