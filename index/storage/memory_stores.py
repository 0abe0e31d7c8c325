"""The stores of memories that agents keep for a project, and where each is looked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from index.formats.registry import is_memory

PLACES = (
    ("memories", "memories"),
    (".memories", "memories"),
    (".claude/memories", "memories"),
    (".serena/memories", "Serena"),
    (".claude/memory", "Claude Code"),
    (".claude/agent-memory", "Claude Code, subagents"),
    (".claude/agent-memory-local", "Claude Code, subagents"),
    ("memory-bank", "memory bank"),
    (".learnings", "learnings"),
    (".specify/memory", "spec-kit"),
    (".kiro/steering", "Kiro"),
    ("docs/adr", "decision records"),
)
"""Folders in a project with the names of those who keep them, as their documentation names them."""
_FOLDER = "CLAUDE_CONFIG_DIR"
_MOST = 10_000
"""Files of a store that are counted."""


class MemoryStore(NamedTuple):
    """A folder of memories."""

    path: Path
    keeper: str
    """The tool that keeps it, or the name of its convention."""


def stores_of(start: Path) -> Iterator[MemoryStore]:
    """Yield the stores of the project that a folder lies in, the nearest first, then those of the user.

    A project is as far upward as its repository; without one it is the folder alone.
    """
    folders = project_folders(start)
    for folder in folders:
        for place, keeper in PLACES:
            if (folder / place).is_dir():
                yield MemoryStore(folder / place, keeper)
    own = claude_memory(folders[-1])
    if own.is_dir():
        yield MemoryStore(own, "Claude Code, yours")


def project_folders(start: Path) -> list[Path]:
    """Return a folder and those above it up to the root of its repository; itself alone outside of one."""
    above = [start, *start.parents]
    for place, folder in enumerate(above):
        with suppress(OSError):
            if (folder / ".git").exists():
                return above[: place + 1]
    return [start]


def claude_memory(project: Path) -> Path:
    """Return the folder in which Claude Code keeps what it remembers of a project by itself."""
    base = os.environ.get(_FOLDER) or os.path.expanduser("~/.claude")  # noqa: PTH111  # pathlib's raises
    return Path(base, "projects", re.sub(r"[^a-zA-Z0-9]", "-", str(project)), "memory")


def count_files(folder: Path) -> int:
    """Return how many memory files are in a folder and below it, hidden folders left out."""
    count = 0
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        count += sum(is_memory(name) and not name.startswith(".") for name in files)
        if count > _MOST:
            break
    return count
