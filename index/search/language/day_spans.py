"""Dates as people type them → spans of days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from index.model import days, timestamps

WORDS = ("today", "yesterday", "this week", "last week", "this month", "last month", "this year", "last year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july",
    "august", "september", "october", "november", "december",
)  # fmt: skip

_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:t.*)?)?)?")
_BACK = re.compile(r"(\d{1,4}) ?(d|w|m|y|days?|weeks?|months?|years?)( ago)?")
_PART = re.compile(r"\d{1,4}(?:[-/.]\d{0,2}){0,2}")
_COUNTED = re.compile(r"\d{1,4} ?([a-z ]*)")
_UNITS = tuple(f"{unit}{s} ago" for unit in ("day", "week", "month", "year") for s in ("s", ""))


class DaySpan(NamedTuple):
    """Days from `first` to `last`, both included."""

    first: date
    last: date


def parse(text: str, today: date) -> DaySpan | None:
    """Return the days that `text` names, or None when it names none.

    A name without a year (`friday`, `october`) is the latest one that is not in the future; a count
    (`7d`, `2w`) is the days from then to today, and with `ago` that one day.

    >>> today = date(2025, 10, 8)
    >>> for text in ("2025-02", "last week", "7d", "friday", "banana"): print(parse(text, today))
    DaySpan(first=datetime.date(2025, 2, 1), last=datetime.date(2025, 2, 28))
    DaySpan(first=datetime.date(2025, 9, 29), last=datetime.date(2025, 10, 5))
    DaySpan(first=datetime.date(2025, 10, 1), last=datetime.date(2025, 10, 8))
    DaySpan(first=datetime.date(2025, 10, 3), last=datetime.date(2025, 10, 3))
    None
    """
    text = _plain(text)
    try:
        if found := _iso(text) or _named_span(text, today) or _back(text, today):
            return found
    except (ValueError, OverflowError):  # the 31st of February, a year before the calendar
        return None
    when = timestamps.parse(text)  # as entries may write it
    return _day(days.day_of(when)) if when is not None else None


def unfinished(text: str) -> bool:
    """Whether `text` may become a date with more letters."""
    text = _plain(text)
    counted = _COUNTED.fullmatch(text)
    if counted:
        text, names = counted[1], _UNITS
    elif _PART.fullmatch(text):
        return True
    else:
        names = (*WORDS, *WEEKDAYS, *MONTHS)
    return any(name.startswith(text) for name in names)


def _plain(text: str) -> str:
    text = text.strip().lower()
    if not text[:1].isdigit():
        text = text.replace("-", " ").replace("_", " ")
    return " ".join(text.split())


def _iso(text: str) -> DaySpan | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if found[3]:
        return _day(date(year, month, day))
    if found[2]:
        return _month(year, month)
    return DaySpan(date(year, 1, 1), date(year, 12, 31))


def _named_span(text: str, today: date) -> DaySpan | None:
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    match text:
        case "today":
            return _day(today)
        case "yesterday":
            return _day(today - timedelta(days=1))
        case "this week":
            return DaySpan(monday, monday + timedelta(days=6))
        case "last week":
            return DaySpan(monday - timedelta(days=7), monday - timedelta(days=1))
        case "this month":
            return _month(today.year, today.month)
        case "last month":
            before = first - timedelta(days=1)
            return _month(before.year, before.month)
        case "this year":
            return DaySpan(date(today.year, 1, 1), date(today.year, 12, 31))
        case "last year":
            return DaySpan(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
    if len(text) < 3:
        return None
    for number, name in enumerate(WEEKDAYS):
        if name == text or name[:3] == text:
            return _day(today - timedelta(days=(today.weekday() - number) % 7))
    name, _, year = text.partition(" ")
    for number, month in enumerate(MONTHS, 1):
        if name in (month, month[:3]) and (not year or (year.isdigit() and len(year) == 4)):
            return _month(int(year) if year else today.year - (number > today.month), number)
    return None


def _back(text: str, today: date) -> DaySpan | None:
    found = _BACK.fullmatch(text)
    if found is None:
        return None
    count, unit = int(found[1]), found[2][0]
    if unit in "dw":
        then = today - timedelta(days=count * (7 if unit == "w" else 1))
    else:
        months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        then = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    return _day(then) if found[3] else DaySpan(then, today)


def _day(day: date) -> DaySpan:
    return DaySpan(day, day)


def _month(year: int, month: int) -> DaySpan:
    return DaySpan(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
