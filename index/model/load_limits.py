"""The part of a file that an agent reads, and how full it is."""

from __future__ import annotations

from typing import NamedTuple


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
