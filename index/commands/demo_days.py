"""The days of the demo, moved by whole weeks so that its last session was a few days ago."""

from __future__ import annotations

import re
from datetime import date, timedelta

LAST = date(2025, 11, 21)
"""The day of the last commit of the sample history."""
_DAY = re.compile(rb"(?<!\d)(?<!\d-)20\d\d-[01]\d-[0-3]\d(?!\d|-\d)")
_PERSON = re.compile(rb"((?:author|committer|tagger) .*> )(\d+)( [+-]\d{4})")
_A_WEEK = 7
_SECONDS = 86_400


def weeks_until(today: date) -> int:
    """Return by how many days, of whole weeks, the history has to move to end in the last seven days."""
    return max(0, (today - LAST).days // _A_WEEK * _A_WEEK)


def move_text(data: bytes, days: int) -> bytes:
    """Return a text with every ISO date in it moved; its length stays.

    >>> move_text(b"<timestamp>2025-12-30T10:00:00Z</timestamp> v2025-1", 7)
    b'<timestamp>2026-01-06T10:00:00Z</timestamp> v2025-1'
    """
    return _DAY.sub(lambda found: _moved(found[0], days), data)


def move_history(stream: bytes, days: int) -> bytes:
    """Return a stream of `git fast-export` with the times of its commits and the dates in its texts moved."""
    out: list[bytes] = []
    at = 0
    while at < len(stream):
        end = stream.find(b"\n", at) + 1 or len(stream)
        line = stream[at:end]
        at = end
        if line.startswith(b"data "):
            size = int(line[5:])
            out += (line, move_text(stream[at : at + size], days))
            at += size
        else:
            out.append(_PERSON.sub(lambda found: _later(found, days), line))
    return b"".join(out)


def _moved(day: bytes, days: int) -> bytes:
    try:
        return (date.fromisoformat(day.decode()) + timedelta(days)).isoformat().encode()
    except (ValueError, OverflowError):  # it only looks like a date
        return day


def _later(found: re.Match[bytes], days: int) -> bytes:
    return found[1] + str(int(found[2]) + days * _SECONDS).encode() + found[3]
