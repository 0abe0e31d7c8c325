"""Counts of the work of sessions on each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from index.model.counts import count_words
from index.model.days import day_of

if TYPE_CHECKING:
    from index.sessions.model import Session


class DayCount(NamedTuple):
    """Counts of one day."""

    entries: int = 0
    commits: int = 0

    @property
    def shown(self) -> int:
        """Number behind the square: entries, or commits where no entry tells its time."""
        return self.entries or self.commits

    @property
    def words(self) -> str:
        """Say it."""
        if self.entries:
            return count_words(self.entries, "entry", "entries")
        return count_words(self.commits, "commit") if self.commits else "no work"


_NONE: Final = DayCount()


def counts(sessions: Iterable[Session]) -> dict[date, DayCount]:
    """Count the events of each day."""
    found: dict[date, DayCount] = {}
    for session in sessions:
        add_counts(found, session)
    return found


def add_counts(found: dict[date, DayCount], session: Session) -> None:
    """Add the work of a session to the counts of each day."""
    for day, number in Counter([work.when.date() for work in session.work]).items():
        entries, commits = found.get(day, _NONE)
        found[day] = DayCount(entries + number, commits)
    for day, number in Counter([day_of(step.when) for step in session.commits]).items():
        entries, commits = found.get(day, _NONE)
        found[day] = DayCount(entries, commits + number)
