"""Times as memory files write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from index.model import days

_DATE = r"(?P<year>\d{4})-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?+|[Ww](?P<week>\d\d)-(?P<weekday>[1-7]))"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d++))?+)?+"
_ZONE = r"[Zz]|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)"
_ISO = re.compile(rf"{_DATE}(?:[Tt ]\s*{_CLOCK}(?:\s*(?:{_ZONE}))?+)?+(?![^\W_])")
"""Possessive throughout, so that `2025-10-03x` is not taken for the month `2025-10`."""
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\dZ")
"""The form that nearly all are written in, matched apart because it costs a third."""
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})?")
"""The basic format of ISO 8601, which names of files have."""
_WRITTEN = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y/%m/%d")
"""As many as `strptime` keeps ready: one more, and each takes ten times as long."""
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|\.(?= ))")
_DAY_FIRST = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})")
_LONGEST = 64
"""Letters of a time that is written in any other form than ISO 8601."""
_HALF_DAY = re.compile(r"\b(1[0-2]|0?[1-9])(:\d\d(?::\d\d)?)\s?([ap])\.?m\b\.?", re.IGNORECASE)
ZONES = {
    "UTC": "+0000", "GMT": "+0000", "CET": "+0100", "CEST": "+0200", "EST": "-0500", "EDT": "-0400",
    "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
}  # fmt: skip
"""The names of zones that RFC 5322 knows, and those of central Europe."""
_NAMED = re.compile(rf"\b(?:{'|'.join(ZONES)})\b")
_BY_DATE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d\d:\d\d.*")
"""The forms of `date`, `git log` and of mails."""
_BY_PROGRAMS = re.compile(
    r"(?<!\w)\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:[.,]\d++)?+)?+(?:[Zz]|[+-]\d\d:?\d\d)?+(?![\w:])"
)
_COUNTED = re.compile(r"[1-9]\d{9}(\d{3})?(\.\d{1,9})?")
"""Seconds since 1970, or milliseconds, from 2001 on."""
_LAST_HOUR, _LEAP = 24, 60


def reword(text: str, write: Callable[[datetime], str], *, whole: bool = False) -> str:
    """Return a text with the times of day in it that programs wrote as `write` tells them.

    A date alone stays: it may be the name of a version. With `whole` only a text that is one such time
    is changed.

    >>> reword("started 2025-10-03T14:30:00Z, 2025-10-03T25:00Z", lambda when: f"{when:%-d %b}")
    'started 3 Oct, 2025-10-03T25:00Z'
    """
    if whole and not _BY_PROGRAMS.fullmatch(text.strip()):
        return text
    return _BY_PROGRAMS.sub(lambda found: write(when) if (when := parse(found[0])) else found[0], text)


def parse(text: str) -> datetime | None:
    """Return the moment that `text` names, or None.

    ISO 8601 with or without a clock and a zone (UTC where none is named), the end of a day as 24:00 and a
    leap second among it, the hours also as `2:30 PM`; a date, a week's day, a month (its first day), the
    dates people write out, what `date` and `git log` print, and seconds or milliseconds since 1970. A day
    without a clock is in the zone `days.DAY`. Prose such as `~5 hours` and the placeholder `TIMESTAMP` are
    no moment, nor is `03/10/2025`, which may be either of two days.

    >>> parse("2025-10-03T14:30:00Z"), parse("~5 hours")
    (datetime.datetime(2025, 10, 3, 14, 30, tzinfo=datetime.timezone.utc), None)
    >>> parse("2025-10-03").date()
    datetime.date(2025, 10, 3)
    """
    if _USUAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            if text[11:13] != "24":  # a thirteenth month
                return None
    text = text.strip(" \t\r\n")
    if not any(c.isdigit() for c in text):
        return None
    short = len(text) <= _LONGEST
    if short:
        text = _NAMED.sub(lambda zone: ZONES[zone[0]], _HALF_DAY.sub(_of_whole_day, text))
    found = _ISO.match(text)
    if found:
        try:
            return _read(found)
        except (ValueError, OverflowError):
            return None
    if _BASIC.fullmatch(text):
        return parse(_BASIC.sub(r"\1-\2-\3T\4:\5:\6\7", text))
    if _COUNTED.fullmatch(text):
        whole = text.partition(".")[0]
        return datetime.fromtimestamp(float(text) / (1 if len(whole) == 10 else 1000), UTC)
    if not short:
        return None
    if _BY_DATE.fullmatch(text):
        return _by_date(text)
    text = _DAY_FIRST.sub(r"\3/\2/\1", _ORDINAL.sub("", text))
    for form in _WRITTEN:
        try:
            return days.as_day(datetime.strptime(text, form).date())  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    return None


def _of_whole_day(found: re.Match[str]) -> str:
    """Return a time of half a day, `2:30 PM`, as one of the whole day."""
    return f"{int(found[1]) % 12 + 12 * (found[3] in 'pP'):02}{found[2]}"


def _by_date(text: str) -> datetime | None:
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _read(found: re.Match[str]) -> datetime:
    """Return the moment of an ISO 8601 match; raises ValueError where there is no such time."""
    part = found.group
    if part("week"):
        day = date.fromisocalendar(int(part("year")), int(part("week")), int(part("weekday")))
    else:
        day = date(int(part("year")), int(part("month")), int(part("day") or 1))
    if part("hour") is None:
        return days.as_day(day)
    if not part("day") and not part("week"):
        raise ValueError("a month with a time of day")
    hour, minute, second = int(part("hour")), int(part("minute")), int(part("second") or 0)
    ends = hour == _LAST_HOUR and minute == second == 0  # the midnight after that day
    leap = second == _LEAP and minute == 59  # the second after :59, which no clock of a computer shows
    fraction = 0 if leap else int((part("fraction") or "0")[:6].ljust(6, "0"))
    zone = datetime.fromisoformat(f"2000-01-01T00:00{_offset(found)}").tzinfo
    when = datetime(
        day.year, day.month, day.day, 0 if ends else hour, minute, 59 if leap else second, fraction, zone
    )
    return when + timedelta(days=int(ends), seconds=int(leap))


def _offset(found: re.Match[str]) -> str:
    sign = found["sign"]
    return f"{sign}{found['hours']}:{found['minutes']}" if sign else "Z"


def has_clock(text: str) -> bool:
    """Return whether a timestamp names an hour, not only a day."""
    when = parse(text)
    return when is not None and days.has_clock(when)
