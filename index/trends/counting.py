"""Entries counted over time: by kind, level, project and tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from index.model.entry import Entry
from index.model.facets import twins_of
from index.model.letters import normal
from index.search.language.filters import kind_key
from index.trends.periods import Scale, scale_of

LEVELS = range(1, 8)
_UNDATED = -1
"""Stands for the period of entries without a date."""
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


def count(entries: Iterable[Entry], today: date) -> TrendCounts:
    """Count entries over time; empty templates are none.

    Spellings that a filter takes for one value are one, the usual, as in the sidebar.
    """
    held = [entry for entry in entries if not entry.template]
    days = [entry.day for entry in held]
    scale = scale_of([day for day in days if day is not None], today)
    known = {day: scale.place(day) for day in {*days} if day is not None}
    places = [_UNDATED if day is None else known[day] for day in days]
    groups = {entry.kind: entry.group for entry in held}

    def series(
        values: Callable[[Entry], Sequence[str]], one: Callable[[str], str] = normal
    ) -> tuple[Series, ...]:
        # Entries are many, sets of values at a place are few.
        sorts = Counter(zip(map(values, held), places, strict=True))
        spelled: Counter[str] = Counter()
        for (found, _), times in sorts.items():
            for value in found:
                spelled[value] += times
        twins = twins_of(spelled, one)
        totals: Counter[str] = Counter()
        without: Counter[str] = Counter()
        counts: dict[str, list[int]] = {}
        for (found, place), times in sorts.items():
            for value in dict.fromkeys(twins.get(value, value) for value in found):
                totals[value] += times
                without[value] += times if place == _UNDATED else 0
                row = counts.setdefault(value, [0] * len(scale.starts))
                if place is not None and place != _UNDATED:
                    row[place] += times
        ordered = sorted(totals, key=lambda value: (-totals[value], value.lower()))
        return tuple(Series(v, totals[v], tuple(counts[v]), groups.get(v, ""), without[v]) for v in ordered)

    levels = {one.value: one for one in series(lambda e: (str(e.level),) if e.level in LEVELS else ())}
    none = (0,) * len(scale.starts)
    undated = places.count(_UNDATED)
    return TrendCounts(
        scale=scale,
        entries=len(held),
        undated=undated,
        outside=places.count(None),
        whole=next(iter(series(lambda entry: ("entries",))), Series("entries", 0, none)),
        kinds=series(lambda entry: (entry.kind,), kind_key),
        levels=tuple(levels.get(str(n), Series(str(n), 0, none)) for n in LEVELS),
        projects=series(lambda entry: (entry.project,) if entry.project else ()),
        tags=series(lambda entry: entry.tags),
    )
