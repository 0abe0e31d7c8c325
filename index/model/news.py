"""News: the entries that differ from the versions that the user last saw."""

from __future__ import annotations

from typing import NamedTuple


class News(NamedTuple):
    """Ids of the entries that differ from the versions that the user last saw."""

    added: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()
    """In the order of their files; of entries there is nothing else left."""
    files: int = 0
    """Number of files they are in, where those are too many to look into."""

    @property
    def ids(self) -> frozenset[str]:
        """The new and the changed ones, which can still be looked at."""
        return self.added | self.changed


NOTHING = News()
