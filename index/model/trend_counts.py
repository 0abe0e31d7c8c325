"""Trends: counts over time, problems that came back, entries that are used again."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from index.model.entry import Entry


@dataclass(frozen=True, slots=True)
class Scale:
    """Periods that follow each other without a gap."""

    unit: str = "month"
    starts: tuple[date, ...] = ()
    """The first day of each period."""
    last: date = date.min
    """The last day of the last one."""

    def place(self, day: date) -> int | None:
        """Return in which period a day lies, None when it lies in none."""
        if not self.starts or not self.starts[0] <= day <= self.last:
            return None
        return bisect_right(self.starts, day) - 1

    def days(self, place: int) -> tuple[date, date]:
        """Return the first and the last day of a period."""
        following = self.starts[place + 1] - timedelta(days=1) if place + 1 < len(self.starts) else self.last
        return self.starts[place], following

    def query(self, place: int) -> str:
        """Return the filter that finds the entries of a period: `on:2025-10`."""
        first, last = self.days(place)
        match self.unit:
            case "day":
                return f"on:{first}"
            case "week":
                return f"on:{first}..{last}"
            case "month":
                return f"on:{first.isoformat()[:7]}"
        return f"on:{first.year:04}"


_TWICE = 2
"""Entries that a tag needs to be called dying: one that was used once was never alive."""


class Series(NamedTuple):
    """The occurrences of one value, period by period."""

    value: str
    total: int
    """All entries that have it, those without a date too."""
    counts: tuple[int, ...]
    """One for each period of the scale."""
    group: str = ""
    """Of a kind: its group in the sidebar."""
    undated: int = 0
    """Those without a date."""

    @property
    def outside(self) -> int:
        """Those with a date that the scale leaves out: far older than the rest, or in the future."""
        return self.total - self.undated - sum(self.counts)

    @property
    def recent(self) -> int:
        """Its occurrences in the last quarter of the scale."""
        return sum(self.counts[-quarter(len(self.counts)) :])

    @property
    def before(self) -> int:
        """Its occurrences in the quarter before."""
        size = quarter(len(self.counts))
        return sum(self.counts[-2 * size : -size])


@dataclass(frozen=True, slots=True)
class TrendCounts:
    """The counts of a tree over time."""

    scale: Scale
    entries: int
    undated: int
    outside: int
    """Entries with a date that the scale leaves out: far older than the rest, or in the future."""
    whole: Series
    """All entries."""
    kinds: tuple[Series, ...]
    """Most entries first, as the projects and tags."""
    levels: tuple[Series, ...]
    """From 1 to 7."""
    projects: tuple[Series, ...]
    tags: tuple[Series, ...]

    @property
    def growing(self) -> list[Series]:
        """The tags that came more often in the last quarter of the scale than in the one before."""
        found = [tag for tag in self.tags if tag.recent > tag.before]
        return sorted(found, key=lambda tag: (tag.before - tag.recent, -tag.recent))

    @property
    def dying(self) -> list[Series]:
        """The tags that several entries have, but none of the last quarter of the scale."""
        return [tag for tag in self.tags if not tag.recent and sum(tag.counts) >= _TWICE]


def quarter(periods: int) -> int:
    """Return how many periods are a quarter of a scale; one at least."""
    return max(1, periods // 4)


class Recurring(NamedTuple):
    """Entries that tell of one problem."""

    entries: tuple[Entry, ...]
    """Newest first; at least two."""
    similarity: float
    """The share of words that the newest has in common with the one most unlike it."""


class Reuse(NamedTuple):
    """An entry that was used again."""

    entry: Entry
    by: tuple[str, ...]
    """Ids of the entries that refer to it."""
    uses: int
    """The value of its own counter, 0 where it has none."""

    @property
    def total(self) -> int:
        """References and counted uses together."""
        return len(self.by) + self.uses
