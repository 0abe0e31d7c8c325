"""Times as sessions write them, and how sure they are: read, never guessed silently."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from index.model.days import has_clock, local
from index.model.timestamps import ZONES, parse
from index.model.vocabulary import vocabulary

_ZONE = re.compile(
    rf"([Zz]|{'|'.join(ZONES)}|[+-]\d{{2}}:?\d{{2}}|^\d{{10}}(\d{{3}})?(\.\d+)?)( \d{{4}})?\s*$"
)
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_IN_PROSE = (
    re.compile(r"\d{4}-\d{2}-\d{2}"),
    re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}"),
    re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}"),
)


class Moment(NamedTuple):
    """A time, and how sure it is."""

    when: datetime
    """Aware, as the user's clock shows it; a date without a clock in the zone `days.DAY`."""
    sure: str
    """`clock` a time of day with its zone · `zone` one without, read as UTC · `midnight`, as is written by
    who knows the day alone · `day` a date · `month` · `prose` a date found in a sentence · `file` the time of
    the whole file · `commit` the clock of git."""
    text: str = ""
    """As it was written."""

    @property
    def has_clock(self) -> bool:
        """Whether it is a time of day, not only a date."""
        return self.sure in ("clock", "zone", "file", "commit")

    @property
    def note(self) -> str:
        """A sentence about a time that is not sure; empty for one that is."""
        match self.sure:
            case "zone":
                return f"The time {self.text} names no zone; it is read as UTC."
            case "midnight":
                return f"{self.text} is midnight; it may be a day without a time."
            case "day":
                return f"{self.text} is a date without a time."
            case "month":
                return f"{self.text} is a month without a day; it counts as its first."
            case "prose":
                return f"The date was found in words: {self.text}"
        return ""


def read_moment(text: str) -> Moment | None:
    """Return the moment that a text names, None when it names none, as `TIMESTAMP` and `~5 hours` do.

    >>> read_moment("2025-10-29").sure, read_moment("2025-10-29T22:00").sure
    ('day', 'zone')
    >>> read_moment("paused on 3 October 2025 for review").sure
    'prose'
    """
    text = " ".join(text.split())[:200]
    when = parse(text)
    if when is not None:
        if _MONTH.match(text):
            return Moment(when, "month", text)
        if not has_clock(when):
            return Moment(when, "day", text)
        if when.hour == when.minute == when.second == 0:
            return Moment(local(when), "midnight", text)
        return Moment(local(when), "clock" if _ZONE.search(text) else "zone", text)
    for form in _IN_PROSE:
        for found in form.finditer(text):
            when = parse(found[0])
            if when is not None:
                return Moment(when, "prose", text)
    return None


def is_placeholder(text: str) -> bool:
    """Whether a time is one of the words that files ship with instead of it."""
    return text.strip().lower() in vocabulary().placeholders


def span_text(seconds: float) -> str:
    """Say how long something took, as far as it matters.

    >>> span_text(11_400), span_text(2_700), span_text(180_000)
    ('3 h 10 min', '45 min', '2 d 2 h')
    """
    minutes = round(abs(seconds) / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02} min"
    return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"
