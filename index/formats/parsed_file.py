"""A file that was read to be shown, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.model.entry import Entry
from index.model.problems import Problem


class Parsed:
    """A file that was read only to be shown: its problems at once, its entries when they are asked for."""

    __slots__ = ("_entries", "_read", "legible", "problems", "rule")

    def __init__(
        self,
        problems: Sequence[Problem],
        read: Callable[[], list[Entry]],
        *,
        legible: bool = True,
        rule: str = "",
    ) -> None:
        self.problems = problems
        self.legible = legible
        """Whether its entries could be read, or there are none: else its content is unknown."""
        self.rule = rule
        """The way in which its entries are found, as `MemoryFile.rule`."""
        self._read = read
        self._entries: list[Entry] | None = None

    @property
    def entries(self) -> list[Entry]:
        """The entries in the order of the file, none of an illegible one; each id is unique.

        Their refs may be `NOWHERE`: who asks for a place in a file opens it.
        """
        if self._entries is None:
            self._entries = self._read()
        return self._entries
