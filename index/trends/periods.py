"""Days cut into periods of one length: the scale that everything is counted on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from index.model.trend_counts import Scale

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
