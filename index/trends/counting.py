"""Entries counted over time: by kind, level, project and tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from index.model.entry import Entry
from index.model.facets import LEVELS, twins_of
from index.model.text.letters import normal
from index.model.trend_counts import Series, TrendCounts
from index.model.vocabulary import kind_key
from index.trends.periods import scale_of

_UNDATED = -1
"""The period of entries without a date."""


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
