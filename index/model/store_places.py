"""The places where agents keep memories in a project, which of them can be started, a tree's limits."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from index.model.path_spelling import unspelled


class StorePlace(NamedTuple):
    """A place in a project where some tool keeps memories, as its documentation names it."""

    path: str
    """A folder, or a file, from the project's folder on."""
    name: str
    """Of the store in a query: `serena`."""
    keeper: str
    """The tool, or the name of its convention, for people."""
    sign: tuple[str, ...] = ()
    """Paths of which one must be there too; for a folder whose name says too little."""


PLACES = (
    StorePlace("memories", "memories", "memories"),
    StorePlace(".memories", ".memories", "memories"),
    StorePlace(".claude/memories", "claude-memories", "memories"),
    StorePlace(".serena/memories", "serena", "Serena"),
    StorePlace(".claude/memory", "claude", "Claude Code"),
    StorePlace(".claude/agent-memory", "agent-memory", "Claude Code, subagents"),
    StorePlace(".claude/agent-memory-local", "agent-memory-local", "Claude Code, subagents"),
    StorePlace(".claude/rules", "rules", "Claude Code, rules"),
    StorePlace("memory-bank", "memory-bank", "memory bank"),
    StorePlace(".learnings", "learnings", "learnings"),
    StorePlace(".specify/memory", "spec-kit", "spec-kit"),
    StorePlace(".kiro/steering", "kiro", "Kiro"),
    StorePlace("docs/adr", "adr", "decision records"),
    StorePlace("memory", "memory", "MEMORY.md and its notes", ("memory/MEMORY.md", "MEMORY.md")),
    StorePlace("MEMORY.md", "MEMORY.md", "MEMORY.md"),
    StorePlace("CLAUDE.md", "CLAUDE.md", "instructions"),
    StorePlace(".claude/CLAUDE.md", ".claude/CLAUDE.md", "instructions"),
    StorePlace("CLAUDE.local.md", "CLAUDE.local.md", "instructions"),
    StorePlace("AGENTS.md", "AGENTS.md", "instructions"),
    StorePlace("GEMINI.md", "GEMINI.md", "instructions"),
)
"""In the order in which they are looked for."""


_DOCUMENTED = frozenset({"memories", ".memories", "claude-memories"})


def is_documented(place: str) -> bool:
    """Whether a place is that of a store with the files and folders that the XML protocol documents."""
    return store_of(place).rpartition("/")[2] in _DOCUMENTED


class Scope(NamedTuple):
    """The part of a tree's folder that is the tree: all of it, or a few places in it."""

    places: tuple[str, ...] = ()
    """Folders and files, as the tree spells them; none: the whole folder."""

    def rest(self, path: str) -> str | None:
        """Return the part of a path behind the place that it lies in; None where it lies in none.

        >>> Scope((".serena/memories",)).rest(".serena/memories/api/auth.md")
        'api/auth.md'
        """
        if not self.places:
            return path
        for place in self.places:
            if path == place:
                return path.rpartition("/")[2]
            if path.startswith(place) and path[len(place)] == "/":
                return path[len(place) + 1 :]
        return None

    def beside(self, path: str, other: str) -> str:
        """Return a path that names no store in that of another file of the tree; any other as it is.

        >>> Scope((".serena/memories", "CLAUDE.md")).beside("api.md", ".serena/memories/auth/login.md")
        '.serena/memories/api.md'
        """
        found = (place for place in self.places if other.startswith(f"{place}/"))
        place = "" if self.rest(path) is not None or path.startswith(("/", "../")) else next(found, "")
        return f"{place}/{path}" if place else path

    def holds(self, root: Path, real: Path) -> bool:
        """Whether a real path, no link in it, lies in the tree at `root`."""
        if not self.places:
            return real.is_relative_to(root)
        return any(real.is_relative_to(root / unspelled(place)) for place in self.places)

    @property
    def is_one(self) -> bool:
        """Whether it is a single store, opened by itself."""
        return len(self.places) == 1


WHOLE = Scope()
"""All of a folder."""

BESIDE = "~/.claude/…/memory/"
"""The beginning, in the tree of a project, of the paths of files that Claude Code keeps of it by itself.

They lie outside of the project. No other file can be called so: a tree lists no hidden folders.
"""
_YOURS = "yours"


def is_beside(path: str) -> bool:
    """Whether a path of a tree is that of a file which lies outside of its folder."""
    return path.startswith(BESIDE)


@lru_cache(maxsize=4096)
def store_of(path: str) -> str:
    """Return the name of the store that a file is in, by its path in the tree; empty where no place says so.

    >>> store_of(".serena/memories/api.md"), store_of("packages/app/CLAUDE.md"), store_of("notes/a.xml")
    ('serena', 'packages/app/CLAUDE.md', '')
    """
    if is_beside(path):
        return _YOURS
    found = _patterns().match(path)
    if found is None:
        return ""
    place = PLACES[int((found.lastgroup or "p0")[1:])]
    return path[: found.start(found.lastgroup or 0)] + place.name


@cache
def _patterns() -> re.Pattern[str]:
    """Return a pattern with a group for each place, of which the one that begins first is found."""
    ways = "|".join(f"(?P<p{at}>{re.escape(place.path)})" for at, place in enumerate(PLACES))
    return re.compile(rf"(?:[^/]+/)*?(?:{ways})(?:/|\Z)")


def start_of_store(path: str) -> str:
    """Return the part of a path in front of its store's content: `memories/`; or nothing."""
    return path[: len(path) - len(in_store(path))]


def in_store(path: str) -> str:
    """Return the part of a path behind its store's place: of `memories/a/b.xml` it is `a/b.xml`."""
    found = _patterns().match(path)
    return path[found.end() :] or path if found else path


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
    StoreStart("memory-bank", "memory-bank/: Cline, Roo, Cursor; six files"),
    StoreStart("learnings", ".learnings/: what was learned, what failed"),
)
"""The first is the one that is meant where nobody chooses."""
