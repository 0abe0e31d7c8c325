"""Entries counted over time: by kind, level, project and tag."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from index.library.known_references import references
from index.model.entry import Entry
from index.model.facets import LEVELS, twins_of
from index.model.text.letters import normal
from index.model.trend_counts import Reuse, Scale, Series, TrendCounts
from index.model.vocabulary import kind_key, role

LIMIT = 30
"""Periods of a scale, at most: as many bars as a terminal has room for."""
UNITS = ("day", "week", "month", "year")
_STRAYS = 100
"""One entry in so many may be older than the scale: a clock that ran wrong would stretch it by decades."""


def scale_of(days: Iterable[date], today: date) -> Scale:
    """Return the finest scale on which all the days up to today fit; an empty one when there are none."""
    held = sorted(day for day in days if day <= today)
    if not held:
        return Scale()
    first, last = held[len(held) // _STRAYS], held[-1]
    for unit in UNITS:
        starts = [_start(first, unit)]
        while starts[-1] <= last and len(starts) <= LIMIT:
            starts.append(_next(starts[-1], unit))
        if starts[-1] > last:
            break
    else:  # more years than there is room for: the latest of them
        starts = [date(year, 1, 1) for year in range(last.year - LIMIT + 1, last.year + 1)]
        return Scale("year", tuple(starts), date(last.year, 12, 31))
    return Scale(unit, tuple(starts[:-1]), starts[-1] - timedelta(days=1))


def _start(day: date, unit: str) -> date:
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
        case "month":
            return day.replace(day=1)
    return day.replace(month=1, day=1)


def _next(start: date, unit: str) -> date:
    """Return the first day of the next period; the calendar's last day where it ends before that."""
    try:
        match unit:
            case "day":
                return start + timedelta(days=1)
            case "week":
                return start + timedelta(weeks=1)
            case "month":
                return date(start.year + start.month // 12, start.month % 12 + 1, 1)
        return date(start.year + 1, 1, 1)
    except (ValueError, OverflowError):
        return date.max


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


_NUMBER = re.compile(r"\d{1,6}")


def reused(entries: Sequence[Entry]) -> list[Reuse]:
    """Return the entries that are used again, the most used first.

    A use is a reference by another entry, and what a field such as `reuse-count` says.
    """
    by = references(entries).by
    found = [Reuse(entry, tuple(by.get(entry.id, ())), _uses(entry)) for entry in entries]
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def _uses(entry: Entry) -> int:
    for name, text, _, _ in entry.fields:
        if text.isdigit() and role(name) == "uses" and _NUMBER.fullmatch(text):
            return int(text)
    return 0
