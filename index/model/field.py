"""A field: one named part of an entry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from sys import intern
from typing import NamedTuple, overload

from index.model.field_path import FieldPath, field_path

_CODEC = "utf-8", "surrogatepass"


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


class FieldSlots:
    """All of an entry's fields but their texts; entries of one shape share it."""

    __slots__ = ("lists", "names", "packed", "refs")

    def __init__(self, names: tuple[str, ...], refs: tuple[int, ...], lists: tuple[tuple[int, int], ...]):
        self.names = tuple(map(intern, names))
        self.refs = refs
        self.lists = lists
        """The place of each list, and the number of its items."""
        self.packed = json.dumps((names, refs, self.lists), separators=(",", ":"))
        """The same as JSON."""


@lru_cache(maxsize=4096)
def _shared_slots(
    names: tuple[str, ...], refs: tuple[int, ...], lists: tuple[tuple[int, int], ...]
) -> FieldSlots:
    return FieldSlots(names, refs, lists)


@lru_cache(maxsize=4096)
def _read_slots(packed: str) -> FieldSlots:
    names, refs, lists = json.loads(packed)
    return _shared_slots(tuple(names), tuple(refs), tuple(map(tuple, lists)))


class PackedFields(Sequence[Field]):
    """The fields of an entry, held as one text: a large tree has a million of them, and few are looked at.

    The text is held in UTF-8, since one sign such as `…` doubles what Python takes for all letters of a text.
    This serves the row `memory of the open app` of the benchmark. It is equal to any sequence of the same
    fields.

    >>> PackedFields.of([Field("level", "3")])[0].text
    '3'
    """

    __slots__ = ("_held", "_slots")

    def __init__(self, slots: FieldSlots, texts: bytes) -> None:
        self._slots = slots
        self._held = texts

    @classmethod
    def of(cls, fields: Sequence[Field]) -> PackedFields:
        """Pack fields, unless they are."""
        return fields if isinstance(fields, PackedFields) else FieldColumns.of(fields).pack()

    @classmethod
    def read(cls, slots: str, texts: bytes | str) -> PackedFields:
        """Return the fields of which `packed` returned this; JSON turns bytes to text."""
        return cls(_read_slots(slots), texts if isinstance(texts, bytes) else texts.encode(*_CODEC))

    @property
    def packed(self) -> tuple[str, bytes]:
        """Their slots as JSON, and their texts."""
        return self._slots.packed, self._held

    @overload
    def __getitem__(self, at: int) -> Field: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Field, ...]: ...
    def __getitem__(self, at: int | slice) -> Field | tuple[Field, ...]:
        return _unpacked(self._slots, self._held)[at]

    def __iter__(self) -> Iterator[Field]:
        return iter(_unpacked(self._slots, self._held))

    def __len__(self) -> int:
        return len(self._slots.names)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedFields):
            return self._held == other._held and self._slots.packed == other._slots.packed
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class FieldColumns(NamedTuple):
    """The fields of an entry by column, as they are read: reading a tree makes no `Field`."""

    names: list[str]
    texts: list[str]
    refs: list[int]
    items: dict[int, tuple[str, ...]]
    """Those of each list, by its place."""

    @classmethod
    def of(cls, fields: Iterable[Field]) -> FieldColumns:
        """Return fields by column."""
        columns = cls([], [], [], {})
        for name, text, items, ref in fields:
            columns.add(name, text, ref, items)
        return columns

    def add(self, name: str, text: str, ref: int, items: tuple[str, ...] = ()) -> None:
        """Put a field behind the others."""
        if items:
            self.items[len(self.names)] = items
        self.names.append(name)
        self.texts.append(text)
        self.refs.append(ref)

    def pack(self) -> PackedFields:
        """Return the fields in little room."""
        names, texts, refs, items = self
        lists = tuple([(place, len(listed)) for place, listed in items.items()])
        held = _joined([*texts, *chain(*items.values())])
        return PackedFields(_shared_slots(tuple(names), tuple(refs), lists), held.encode(*_CODEC))


def _joined(texts: Sequence[str]) -> str:
    """Join texts with a sign that none of them has, and put it in front, too."""
    joined = "\0".join(["", *texts])
    if joined.count("\0") == len(texts):
        return joined
    sign = next(sign for sign in map(chr, range(1, 0x110000)) if sign not in joined)
    return sign.join(["", *texts])


def _pieces(held: bytes) -> list[str]:
    """Return the texts that `_joined` joined."""
    text = held.decode(*_CODEC)
    return text[1:].split(text[0]) if text else []


@lru_cache(maxsize=512)  # the entries of a screen and more
def _unpacked(slots: FieldSlots, held: bytes) -> tuple[Field, ...]:
    pieces, names = _pieces(held), slots.names
    make = tuple.__new__  # as `Field(…)` does, without the call: there are ten of these to an entry
    fields = [
        make(Field, (name, text, (), ref)) for name, text, ref in zip(names, pieces, slots.refs, strict=False)
    ]
    at = len(names)
    for place, count in slots.lists:
        fields[place] = fields[place]._replace(items=tuple(pieces[at : at + count]))
        at += count
    return tuple(fields)


class FieldChange(NamedTuple):
    """One field of an entry, before and after; None where the entry does not have it."""

    field: str
    before: str | None
    after: str | None
