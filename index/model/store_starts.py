"""The stores of memories that can be started in a project."""

from __future__ import annotations

from typing import NamedTuple


class StoreStart(NamedTuple):
    """A store that can be started."""

    name: str
    """As `StorePlace.name`."""
    about: str
    """Its keeper, and the form of its memories, for people."""


STARTS = (
    StoreStart("memories", "memories/: XML, one record per memory"),
    StoreStart("claude", ".claude/memory/: Claude Code, one file per memory"),
    StoreStart("serena", ".serena/memories/: Serena, one file per topic"),
    StoreStart("memory-bank", "memory-bank/: Cline, Roo, Kilo; six files"),
    StoreStart("learnings", ".learnings/: what was learned, what failed"),
)
"""The first is the one that is meant where nobody chooses."""
