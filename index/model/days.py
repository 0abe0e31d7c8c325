"""The one calendar: which day a moment counts on, for whoever looks.

A time of day is an instant: it counts on the day that the user's clock showed then. A date without a clock
is that date, wherever the user is. Whatever makes, compares, groups, prints or filters a day asks here.

A date without a clock is a `datetime` too, so that it can be ordered among the others: midnight in the
zone `DAY`, which no instant is in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

_ZERO = timedelta(0)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_A_DAY = 86_400
"""Seconds."""

_zone: tzinfo | None = None


def keep_time_of(zone: tzinfo | None) -> None:
    """Count days and show times by the clock of a zone from now on; None: by the clock of this computer."""
    global _zone  # noqa: PLW0603  # one user, one clock
    _zone = zone


class DayZone(tzinfo):
    """The zone of dates without a clock. It counts as UTC where a date must be compared with an instant."""

    def utcoffset(self, when: datetime | None) -> timedelta:
        """Return nothing, as UTC does."""
        return _ZERO

    def dst(self, when: datetime | None) -> timedelta:
        """Return nothing: there is no summer time."""
        return _ZERO

    def tzname(self, when: datetime | None) -> str:
        """Return no name: a date is in no zone."""
        return ""


DAY = DayZone()


def as_day(day: date) -> datetime:
    """Return a date without a clock as a moment that knows it is one."""
    return datetime(day.year, day.month, day.day, tzinfo=DAY)


def has_clock(when: datetime) -> bool:
    """Return whether a moment is a time of day, not a date alone."""
    return not isinstance(when.tzinfo, DayZone)


def local(when: datetime) -> datetime:
    """Return a moment as the user's clock and calendar show it; a date without a clock is itself.

    At either end of the years that Python can tell, where there is no such day in the user's zone, it
    stays in the zone it was written in.
    """
    if not has_clock(when):
        return when
    try:
        return when.astimezone(_zone)
    except (OverflowError, ValueError, OSError):
        return when


def day_of(when: datetime) -> date:
    """Return the day that a moment counts on."""
    return local(when).date()


def today(now: datetime | None = None) -> date:
    """Return the user's day; `now` is the present where it is not the clock's."""
    return day_of(now or datetime.now(UTC))


def seconds(when: datetime) -> float:
    """Return a moment in seconds since 1970; a date without a clock begins with the user's midnight.

    In this order the days of moments never run backwards.
    """
    if has_clock(when):
        return (when - _EPOCH).total_seconds()
    try:
        return when.replace(tzinfo=_zone).timestamp()
    except (OverflowError, ValueError, OSError):
        return (when - _EPOCH).total_seconds()


def ordinal_at(at: float) -> int:
    """Return the ordinal of the day that an instant, in seconds since 1970, counts on."""
    try:
        return day_of(datetime.fromtimestamp(at, UTC)).toordinal()
    except (OverflowError, ValueError, OSError):
        return (date.min if at < 0 else date.max).toordinal()


def utc_ordinal(at: float) -> int:
    """Return the ordinal of the day in UTC; that of the user's day is at most one more or less."""
    return int(at // _A_DAY) + _EPOCH.toordinal()


def written(when: datetime) -> str:
    """Return the day as ISO 8601 writes it: `2025-10-03`, and `0001-01-01`."""
    return day_of(when).isoformat()


def stamp(when: datetime) -> str:
    """Return the day, and the time where there is one: `2025-10-03 14:30`."""
    return local(when).isoformat(" ", "minutes")[:16] if has_clock(when) else written(when)
