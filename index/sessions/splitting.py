"""Splitting events into sessions: the border between one and the next.

Events come newest first, so a session is told from its end. Most states are written when a session
ends, and say when it began: what happened since then is its own. Where a state does not say it, the
longest pause since the state before it is the border. Days are the sessions of whatever no state
speaks of.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from index.model import days
from index.model.commits import LogStep
from index.model.days import as_day, seconds
from index.model.entry import Entry
from index.model.moments import Moment, span_text
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
                event.mark = "It has a time that lies in the future."
            yield event

    def _pull(self, more: Callable[[], Event | None]) -> None:
        event = more()
        if event is not None:
            heapq.heappush(self._heap, (-event.at, next(self._number), event, more))


PAUSE = timedelta(hours=4).total_seconds()
"""A pause after which a new session begins."""
NIGHT = timedelta(hours=12).total_seconds()
"""The same, between two states that bear the id of one session."""
LEEWAY = timedelta(minutes=30).total_seconds()
"""Seconds that a session may have begun earlier than stated: people round, and hand over first."""
LONGEST = timedelta(days=3).total_seconds()
"""Seconds that a state may claim for its session; one that claims more speaks of its phase."""


@dataclass(slots=True)
class Stretch:
    """Events of one session, newest first."""

    events: list[Event] = field(default_factory=list)
    owner: Event | None = None
    """The last event that wrote a state."""
    since: float | None = None
    """From when on everything belongs to it, in seconds; None where its state does not say."""
    begun: Moment | None = None
    """Time at which it began, by its state."""
    pause: float = PAUSE
    """Seconds without work after which a new session begins."""

    @property
    def oldest(self) -> Event:
        return self.events[-1]


def split(events: Iterable[Event], gap: float = PAUSE) -> Iterator[Stretch]:
    """Yield the sessions, newest first, each as soon as an event comes that is not its own.

    After `gap` seconds without work a new one begins.
    """
    current = Stretch(pause=gap)
    for event in events:
        if not current.events:
            _join(current, event)
            continue
        if event.state is not None and current.owner is None:
            cut = _first_pause(current, event)
        elif event.state is not None:
            cut = _before_state(current, event, event.state)
        else:
            cut = _before_event(current, event)
        if cut is None:
            _join(current, event)
            continue
        rest = current.events[cut:]
        del current.events[cut:]
        if current.events:
            yield current
        current = Stretch(pause=gap)
        for one in (*rest, event):
            _join(current, one)
    if current.events:
        yield current


def _join(stretch: Stretch, event: Event) -> None:
    stretch.events.append(event)
    if event.state is None:
        return
    if stretch.owner is None:
        stretch.owner = event
    begun, since = claim(event)
    if since is not None and (stretch.since is None or since < stretch.since):
        stretch.since, stretch.begun = since, begun or stretch.begun


def claim(event: Event) -> tuple[Moment | None, float | None]:
    """Return when a state says that its session began, and from when on it claims the events."""
    state = event.state
    if state is None:
        return None, None
    if state.started is not None and 0 <= event.at - seconds(state.started.when) <= LONGEST:
        return state.started, seconds(state.started.when) - LEEWAY
    if state.date is not None and state.date.when.date() == event.when.date():
        return None, seconds(as_day(event.when.date()))
    return None, None


# ── where to cut: the place among the events from which they belong to the older one; None for nowhere ──


def _first_pause(stretch: Stretch, event: Event) -> int | None:
    """Return the place of the first pause after an event; up to it, events belong to the state before."""
    older = event.at
    for place in range(len(stretch.events) - 1, -1, -1):
        newer = stretch.events[place]
        if newer.at - older > stretch.pause or not newer.clock:
            return place + 1
        older = newer.at
    return None


def _before_state(stretch: Stretch, event: Event, state: SessionState) -> int | None:
    owner = stretch.owner
    assert owner is not None
    assert owner.state is not None
    here = len(stretch.events)
    pause = stretch.oldest.at - event.at
    if same_session(owner.state, state):
        return None if pause <= (max(NIGHT, stretch.pause) if state.id else stretch.pause) else here
    if event.record and stretch.since is not None and event.at >= stretch.since:
        return None
    if event.record != owner.record and pause <= stretch.pause and _one_project(owner.state, state):
        return None  # a session that ended and was recorded, too
    if stretch.since is not None:
        return here
    return _longest_pause(stretch, event)


def _longest_pause(stretch: Stretch, event: Event) -> int:
    """Return the place of the longest pause between two states: each event goes to the nearer one."""
    written = max(place for place, one in enumerate(stretch.events) if one.state is not None)
    best, cut = -1.0, written + 1
    for place in range(written, len(stretch.events)):
        older = stretch.events[place + 1] if place + 1 < len(stretch.events) else event
        pause = stretch.events[place].at - older.at
        if pause > best:
            best, cut = pause, place + 1
    return cut


def _before_event(stretch: Stretch, event: Event) -> int | None:
    here = len(stretch.events)
    oldest = stretch.oldest
    if not event.clock:  # a day without a time: all that is known is that it was then
        return None if event.when.date() == oldest.when.date() else here
    if stretch.since is not None:
        return None if event.at >= stretch.since else here
    if stretch.owner is not None:
        return None if oldest.at - event.at <= stretch.pause else here
    return None if event.when.date() == oldest.when.date() else here


def same_session(one: SessionState, other: SessionState) -> bool:
    """Whether two states speak of one session, as far as they say."""
    if one.project and other.project and not _one_project(one, other):
        return False
    if one.date is not None and other.date is not None and one.date.when.date() != other.date.when.date():
        return False
    if one.id or other.id:
        return one.id == other.id
    return one.phase == other.phase


def _one_project(one: SessionState, other: SessionState) -> bool:
    return one.project.casefold() == other.project.casefold()
