"""Events in a tree, newest first: commits, and entries by their own times."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from index.model import days
from index.model.commits import LogStep
from index.model.entry import Entry
from index.model.moments import span_text
from index.sessions.state import SessionState

_WINDOW = 64
"""Commits that are put in the order of their own times; git gives them in that of their committers."""
_SLIP = 300.0
"""Seconds that two clocks may differ."""


@dataclass(slots=True)
class Event:
    """Something that happened at a moment."""

    when: datetime
    """As the user's clock shows it; a date without a clock in the zone `days.DAY`."""
    at: float
    """The same moment, in seconds; of a date without a clock, its midnight."""
    clock: bool = True
    """Whether the time of day is known, not only the day."""
    step: LogStep | None = None
    entry: Entry | None = None
    state: SessionState | None = None
    """The session state after it; None for an event that wrote none."""
    record: bool = False
    """The state is of a session that was recorded when it was over, not the running one."""
    mark: str = ""
    """A doubt about its time; one plain sentence."""


def of_entry(entry: Entry) -> Event:
    """Return the event that an entry's own time tells of."""
    assert entry.when is not None
    when = entry.when
    clock = days.has_clock(when) and bool(when.hour or when.minute or when.second)
    return Event(days.local(when), days.seconds(when), clock, entry=entry)


def of_steps(steps: Iterable[LogStep]) -> Iterator[Event]:
    """Yield commits by the time of their author, and mark those that are dated before their parents."""
    waiting: list[tuple[float, int, Event]] = []
    number = count()
    newer: Event | None = None
    for step in steps:
        event = Event(days.local(step.when), days.seconds(step.when), step=step)
        if newer is not None and newer.step is not None and event.at - newer.at > _SLIP:
            newer.mark = (
                f"Commit {newer.step.rev[:7]} is dated {span_text(event.at - newer.at)} before "
                f"{step.rev[:7]}, which it follows: a clock ran backwards, or it was rebased."
            )
        newer = event
        heapq.heappush(waiting, (-event.at, next(number), event))
        if len(waiting) > _WINDOW:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


class Events:
    """All events of a tree, newest first; while they are read, older ones may be added."""

    def __init__(self, commits: Iterable[Event], entries: Iterable[Entry], now: datetime) -> None:
        self._number = count()
        self._heap: list[tuple[float, int, Event, Callable[[], Event | None] | None]] = []
        self._soon = now.timestamp() + _SLIP
        of_commits, of_entries = iter(commits), map(of_entry, entries)
        self._pull(lambda: next(of_commits, None))
        self._pull(lambda: next(of_entries, None))

    def add(self, event: Event) -> None:
        """Add an event; one that is newer than those read already comes next."""
        heapq.heappush(self._heap, (-event.at, next(self._number), event, None))

    def __iter__(self) -> Iterator[Event]:
        while self._heap:
            _, _, event, more = heapq.heappop(self._heap)
            if more is not None:
                self._pull(more)
            if event.at > self._soon and not event.mark:
                event.mark = f"{days.stamp(event.when)} lies in the future."
            yield event

    def _pull(self, more: Callable[[], Event | None]) -> None:
        event = more()
        if event is not None:
            heapq.heappush(self._heap, (-event.at, next(self._number), event, more))
