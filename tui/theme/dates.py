"""Moments as people write them: the one place where a day is drawn for the app."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from index.model import timestamps
from index.model.counts import count_words
from index.model.days import day_of, has_clock, local, today

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_THIS_YEAR = timedelta(days=300)
"""A date in the past that is nearer than this needs no year."""
_OWN_CENTURY = timedelta(days=50 * 365)
"""A year nearer than this needs two digits only."""


class DateStyle(NamedTuple):
    """How days and times are written."""

    day: str = ""
    """A pattern of `strftime` for every day, as `%Y-%m-%d`. Empty: `21 Nov`, `21 Nov 25` in another year."""
    clock: str = "%H:%M"
    """A pattern of `strftime` for the time of day."""


_chosen = DateStyle()


def write_as(style: DateStyle) -> None:
    """Write every date from now on in the style that the user chose.

    The zone of the clock is chosen in `index.model.days`, which knows on which day a moment counts.
    """
    global _chosen  # noqa: PLW0603  # one user, one style, as one zone
    _chosen = style


def short_day(day: date, now: date) -> str:
    """Return a day for a row: `3 Oct`, and with the year where that matters: `3 Oct 24`."""
    if _chosen.day:
        return _written(day, _chosen.day)
    far = abs(now - day)
    if far < _THIS_YEAR and (day < now or day.year == now.year):
        return f"{day.day} {month(day)}"
    return f"{day.day} {month(day)} {year(day)[2 if far < _OWN_CENTURY else 0 :]}"


def full_day(day: date) -> str:
    """Return a day for a page, always with its year: `3 Oct 2025`."""
    return _written(day, _chosen.day) if _chosen.day else f"{day.day} {month(day)} {year(day)}"


def _written(day: date, pattern: str) -> str:
    """Return a day by a pattern of `strftime`, its year with four digits: C writes year 1 as `1`."""
    years = {"%Y": f"{day.year:04}", "%F": f"{day.isoformat()}", "%G": f"{day.isocalendar().year:04}"}
    return day.strftime(re.sub("%.", lambda found: years.get(found[0], found[0]), pattern))


def clock_time(when: datetime) -> str:
    """Return the time of day as the user's clock shows it: `14:30`."""
    return local(when).strftime(_chosen.clock)


def month(day: date) -> str:
    """Return the name of a day's month: `Oct`."""
    return _MONTHS[day.month - 1]


def short(when: datetime, now: datetime, *, clock: bool = False) -> str:
    """Return the moment for a row: `3 Oct`, and with the year where that matters: `3 Oct 24`.

    With the time behind it, if so asked and known: `3 Oct, 14:30`.
    """
    day = short_day(day_of(when), today(now))
    return f"{day}, {clock_time(when)}" if clock and has_clock(when) else day


def full(when: datetime, *, clock: bool) -> str:
    """Return the moment as the user's clock shows it: `3 Oct 2025, 14:30`; without the time if so asked."""
    day = full_day(day_of(when))
    return f"{day}, {clock_time(when)}" if clock and has_clock(when) else day


def reword(text: str, *, whole: bool = False) -> str:
    """Return a text with the times of programs in it as the app writes them; see `timestamps.reword`."""
    return timestamps.reword(text, lambda when: full(when, clock=True), whole=whole)


def reading(text: str) -> str:
    """Return a time that a program wrote as the app writes it; nothing for any other text."""
    told = reword(text, whole=True)
    return "" if told == text else told


def year(day: date) -> str:
    """Return the year in four digits: `2025`, `0001`."""
    return f"{day.year:04}"


def span(first: datetime, last: datetime) -> str:
    """Return the days from one moment to another, saying nothing twice: `3 to 4 Oct 2025`."""
    start_day, end_day = day_of(first), day_of(last)
    if start_day == end_day:
        return full(last, clock=False)
    if _chosen.day:
        return f"{full_day(start_day)} to {full_day(end_day)}"
    start = f"{start_day.day}"
    if (start_day.year, start_day.month) != (end_day.year, end_day.month):
        start += f" {month(start_day)}" + (f" {year(start_day)}" if start_day.year != end_day.year else "")
    return f"{start} to {full(last, clock=False)}"


def ago(when: datetime, now: datetime, *, clock: bool) -> str:
    """Return how long ago it was, in the largest unit that says enough: `7 weeks ago`."""
    passed = now - when
    days = (today(now) - day_of(when)).days
    if clock and has_clock(when) and timedelta(0) <= passed < timedelta(hours=12):
        minutes = int(passed.total_seconds() // 60)
        if minutes < 1:
            return "just now"
        return _many(minutes, "minute") if minutes < 60 else _many(minutes // 60, "hour")
    if days < 0:
        return "tomorrow" if days == -1 else f"in {-days} days"
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 14:
        return _many(days, "day")
    if days < 70:
        return _many(days // 7, "week")
    return _many(days * 12 // 365, "month") if days < 700 else _many(days // 365, "year")


def _many(number: int, unit: str) -> str:
    return f"{count_words(number, unit)} ago"
