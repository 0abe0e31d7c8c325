"""Moments as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from index.model.counts import count_words
from index.model.days import day_of, has_clock, local, today

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_THIS_YEAR = timedelta(days=300)
"""A date nearer than this needs no year."""


def month(day: date) -> str:
    """Return the name of a day's month: `Oct`."""
    return _MONTHS[day.month - 1]


def short(when: datetime, now: datetime) -> str:
    """Return the day for a row: `3 Oct`; without the day but with the year when it is far: `Oct 2024`."""
    shown = local(when)
    return f"{shown.day} {month(shown)}" if abs(now - when) < _THIS_YEAR else f"{month(shown)} {year(shown)}"


def full(when: datetime, *, clock: bool) -> str:
    """Return the moment as the user's clock shows it: `3 Oct 2025, 14:30`; without the time if so asked."""
    shown = local(when)
    day = f"{shown.day} {month(shown)} {year(shown)}"
    return f"{day}, {shown:%H:%M}" if clock and has_clock(when) else day


def year(day: date) -> str:
    """Return the year in four digits: `2025`, `0001`."""
    return f"{day.year:04}"


def span(first: datetime, last: datetime) -> str:
    """Return the days from one moment to another, saying nothing twice: `3 to 4 Oct 2025`."""
    start_day, end_day = day_of(first), day_of(last)
    if start_day == end_day:
        return full(last, clock=False)
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
