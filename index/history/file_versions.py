"""A memory file in a merge: its versions, which are read when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.formats.base import MemoryFile
from index.formats.opened import loosely
from index.formats.registry import open_file

BASE, OURS, THEIRS = range(3)
SIDES = ("base", "ours", "theirs")
"""Names of the versions, as a choice has them."""


class FileVersions:
    """The versions of one memory file in a merge, wherever each side has it: base, ours, theirs.

    Args:
        names: the path in the tree that each version has, empty where there is none.
        changed: the sides that have it otherwise than the base, or under another name.
    """

    def __init__(
        self, names: Sequence[str], read: Callable[[int], bytes | None], changed: frozenset[int]
    ) -> None:
        self.names = names
        self.changed = changed
        self.written = False
        """Whether another version was put in."""
        self._read = read
        self._data: dict[int, bytes | None] = {}
        self._opened: dict[int, MemoryFile] = {}

    @property
    def name(self) -> str:
        """The path that the merged file has: the new one, that of the others where both have a new one."""
        base, ours, theirs = self.names
        return theirs if theirs and (theirs != base or not ours) else ours or base

    def data(self, side: int) -> bytes | None:
        """Return the bytes of a version, None where there is no file."""
        if side not in self._data:
            self._data[side] = self._read(side) if self.names[side] else None
        return self._data[side]

    def put(self, side: int, data: bytes | None) -> None:
        """Go on with other bytes of a version."""
        self._data[side], self.written = data, True
        self._opened.pop(side, None)

    def opened(self, side: int) -> MemoryFile:
        """Return a version as a file; one without bytes where there is none."""
        if side not in self._opened:
            rule = loosely(self.opened(BASE).rule) if side != BASE and self.names[BASE] else ""
            self._opened[side] = open_file(self.data(side), self.name, rule)
        return self._opened[side]
