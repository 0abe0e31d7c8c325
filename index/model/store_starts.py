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
    StoreStart("memories", "memories/: XML, a record a memory, for any agent"),
    StoreStart("claude", ".claude/memory/: Claude Code, a file a memory, and an index"),
    StoreStart("serena", ".serena/memories/: Serena, a file a topic"),
    StoreStart("memory-bank", "memory-bank/: Cline, Roo, Cursor, Kilo, six files of sections"),
    StoreStart("learnings", ".learnings/: corrections, errors and wishes, an entry each"),
)
"""The first is the one that is meant where nobody chooses."""
