"""A file of the tree as it was last read: its entries and its problems."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from index.model.entry import Entry


class TreeFile(NamedTuple):
    """One file of the tree, as the folder lists it."""

    path: str
    """Relative to the tree, with `/`, as `spelled`."""
    real: Path
    size: int
    """Bytes."""
    stamp: int
    """As `stamp` gives it."""


NOTICES = frozenset(
    {
        *("vanished", "over-limit", "near-limit", "dead-link", "dead-line", "unlinked", "dead-id"),
        *("twin", "names-gone-file", "waits-long", "out-of-date", "left-out", "too-long"),
    }
)
"""Codes of the notices in a file that reads well; looked for on demand, see `index.notices`."""


class FileProblem(NamedTuple):
    """Something wrong with a file, and whether memarium can mend it."""

    file: str
    line: int
    """1-based; 0 when the problem is the whole file."""
    column: int
    code: str
    message: str
    level: str
    """`error`: not well-formed or not readable. `note`: readable, but worth a look."""
    repairable: bool
    guesses: bool
    """The repair has to guess, and wants to be looked at."""

    @property
    def is_of_file(self) -> bool:
        """Whether it is about one file; else about all of the tree."""
        return self.file != "."


@dataclass(slots=True)
class FileRecord:
    """The entries and problems of a file as it was last read."""

    path: str
    size: int
    stamp: int
    digest: str
    entries: list[Entry]
    problems: list[FileProblem]


def whole_file(path: str, code: str, message: str, level: str) -> FileProblem:
    return FileProblem(path, 0, 0, code, message, level, repairable=False, guesses=False)


class ToolBlock(NamedTuple):
    """A part of a file that a tool writes, and may write anew."""

    name: str
    """As the file calls it."""
    text: str


class LoadLimit(NamedTuple):
    """The part of a file that its agent reads; the rest it never sees."""

    reader: str
    """The agent: `Claude Code`."""
    lines: int
    size: int
    """Bytes."""


class Gauge(NamedTuple):
    """The extent of a file that an agent reads only the beginning of."""

    file: str
    lines: int
    size: int
    """Bytes."""
    limit: LoadLimit

    @property
    def share(self) -> float:
        """Lines or bytes as a share of the limit, whichever is more; over 1 where the end is not read."""
        return max(self.lines / self.limit.lines, self.size / self.limit.size)

    def __str__(self) -> str:
        size = f"{self.size / 1024:.1f} of {self.limit.size / 1024:.0f} KB"
        return f"{self.lines:,} of {self.limit.lines:,} lines, {size}"
