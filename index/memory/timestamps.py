"""Times as memory files write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
_USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
"""The form that nearly all are written in, matched apart because it costs a third."""
_WRITTEN = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%Y/%m/%d")


def parse(text: str) -> datetime | None:
    """Return the moment that `text` names, or None.

    ISO 8601 with or without a clock and a zone (UTC where none is named), a month (its first day), and
    the dates people write out. Prose such as `~5 hours` and the placeholder `TIMESTAMP` are no moment.

    >>> parse("2025-10-03T14:30:00Z"), parse("~5 hours")
    (datetime.datetime(2025, 10, 3, 14, 30, tzinfo=datetime.timezone.utc), None)
    """
    if _USUAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:  # a thirteenth month
            return None
    text = text.strip(" \t\r\n")
    found = _ISO.match(text)
    if found and (found.end() == len(text) or not text[found.end()].isalnum()):
        iso = found[0].replace(" ", "T", 1) if found[2] else found[0]
        try:
            moment = datetime.fromisoformat((iso + "-01" if not found[1] else iso).replace(" ", ""))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not any(c.isdigit() for c in text):
        return None
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def has_clock(text: str) -> bool:
    """Return whether a timestamp names an hour, not only a day."""
    return ":" in text
