"""The events of a session → what it was: its times, its title, its work, how it began and ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from index.history.log import Step
from index.memory.entries import Entry
from index.sessions.events import Event
from index.sessions.model import ADDED, EDITED, REMOVED, Commit, Session, Work
from index.sessions.moments import Moment, span_text
from index.sessions.splitting import PAUSE, Stretch
from index.sessions.state import SessionState
from index.sessions.words import words

_SLIP = timedelta(minutes=10).total_seconds()
"""Seconds within which two clocks are taken to show the same."""
_NOTHING = SessionState()


class Source(NamedTuple):
    """Who to ask about events."""

    before: Callable[[Event], SessionState]
    """Tells the state that an event found."""
    at: Callable[[str], SessionState]
    """Tells the state that a revision holds."""
    work: Callable[[Step], Iterable[Work]]
    """Tells what a commit did to the entries."""
    placed: Callable[[str], bool]
    """Tells whether an entry is an event at its own time."""


def build(stretch: Stretch, source: Source) -> Session:
    """Return the session that the events of a stretch are."""
    events = stretch.events
    steps = [event.step for event in reversed(events) if event.step is not None]
    records = [event for event in events if event.record]
    written = [event for event in events if event.state is not None and not event.record] or records
    if written:
        after, earlier = written[0].state or _NOTHING, source.before(written[-1])
    else:
        after = earlier = source.at(steps[-1].rev) if steps else _NOTHING
    work = _work(events, source)
    state = after if written else _NOTHING
    commits = tuple(Commit(step.rev, step.when, step.author, step.message) for step in steps)
    newest = events[0]
    start = _in_zone(_start(stretch, written), newest.when)
    return Session(
        key=steps[-1].rev
        if steps
        else f"{newest.when.isoformat()} {newest.entry.id if newest.entry else ''}".strip(),
        start=start,
        end=_moment(newest),
        title=state.title or _title(state, records, written, steps, work),
        project=state.project or _most(one.project for one in work),
        before=earlier,
        after=after,
        work=work,
        commits=commits,
        marks=_marks(events, written),
        handoffs=_of_kind(work, "handoff"),
        problems=_of_kind(work, "problem"),
    )


def work_of_entry(
    entry: Entry, change: str, event: Event | None = None, rev: str = "", summary: str = ""
) -> Work:
    """Return what was done to an entry, at its own time or that of the event."""
    when = event.when if event is not None else entry.when
    assert when is not None
    return Work(entry.id, change, entry.kind, entry.group, entry.title, when, entry.project, rev, summary)


# ── times ─────────────────────────────────────────────────────────────────────


def _moment(event: Event) -> Moment:
    if event.step is not None:
        return Moment(event.when, "commit")
    sure = "clock" if event.clock else "day"
    return Moment(event.when, sure, event.entry.timestamp if event.entry is not None else "")


def _start(stretch: Stretch, written: Sequence[Event]) -> Moment:
    """When it began: as its state says, else at its first event, or when its state was written."""
    clocks = [event for event in stretch.events if event.clock]
    first = _moment(clocks[-1] if clocks else stretch.oldest)
    if stretch.begun is not None:
        return min(first, stretch.begun, key=lambda moment: moment.when)
    for event in written:
        said = event.state.when if event.state is not None else None
        if said is not None and said.has_clock and 0 <= event.at - said.when.timestamp() <= PAUSE:
            first = min(first, said, key=lambda moment: moment.when)
    return first


def _in_zone(start: Moment, end: datetime) -> Moment:
    """Tell the start in the zone of the end, unless that would take it to another day."""
    there = start.when.astimezone(end.tzinfo)
    if there.date() == end.date() or start.when.date() != end.date():
        return start._replace(when=there)
    return start


def _marks(events: Sequence[Event], written: Sequence[Event]) -> tuple[str, ...]:
    marks = [event.mark for event in events if event.mark]
    if not any(event.clock for event in events):
        marks.append("Only the day is known, not the time.")
    for event in written:
        assert event.state is not None
        marks += event.state.marks
        if event.step is not None:
            marks += _doubts(event, event.state)
    return tuple(dict.fromkeys(marks))


def _doubts(event: Event, state: SessionState) -> Iterable[str]:
    """Compare what a state says of its time with the clock of git."""
    said = state.when
    if said is not None and said.has_clock:
        apart = event.at - said.when.timestamp()
        zone = event.when.utcoffset() or timedelta()
        if zone and abs(apart + zone.total_seconds()) <= _SLIP:
            yield f"The state says {said.text}, which is the local time of its commit: it may not be UTC."
        elif apart < -_SLIP:
            yield f"The state says {said.text}, {span_text(apart)} after it was committed."
        elif apart > PAUSE:
            yield f"The state says {said.text}, {span_text(apart)} before it was committed."
    started = state.started
    if started is not None and started.when.timestamp() > event.at + _SLIP:
        yield f"The state says that it began at {started.text}, after it was committed."


# ── what was done ─────────────────────────────────────────────────────────────


def _work(events: Sequence[Event], source: Source) -> tuple[Work, ...]:
    """Return what was done to each entry, the first thing first; one entry is told of once.

    What a commit added is told of in the session of its own time, where that is another one.
    """
    here = {event.entry.id for event in events if event.entry is not None}
    done: dict[str, Work] = {}
    for event in reversed(events):
        if event.step is not None:
            for work in source.work(event.step):
                if work.change != ADDED or work.id in here or not source.placed(work.id):
                    _add(done, work)
        elif event.entry is not None:
            known = done.get(event.entry.id)
            work = work_of_entry(event.entry, ADDED, event, known.rev if known else "")
            if known is None or known.change == ADDED:
                done[work.id] = work
    return tuple(sorted(done.values(), key=lambda work: work.when))


def _add(done: dict[str, Work], work: Work) -> None:
    known = done.get(work.id)
    if known is None:
        done[work.id] = work
    elif known.change == ADDED and work.change != REMOVED:
        done[work.id] = known._replace(rev=known.rev or work.rev)
    elif known.change == REMOVED and work.change == ADDED:
        done[work.id] = work._replace(change=EDITED)
    else:
        done[work.id] = work


def _of_kind(work: Iterable[Work], what: str) -> tuple[Work, ...]:
    kinds = words().records[what]
    return tuple(one for one in work if one.kind in kinds)


# ── names ─────────────────────────────────────────────────────────────────────


def _title(
    state: SessionState,
    records: Sequence[Event],
    written: Sequence[Event],
    steps: Sequence[Step],
    work: Sequence[Work],
) -> str:
    """What it is called: by its record, else by the commit that wrote the state, else by its work."""
    for event in records:
        if event.state is not None and event.state.title:
            return event.state.title
    for event in written:
        if event.step is not None:
            return subject(event.step.message)
    told = [subject(step.message) for step in reversed(steps)] or [one.title for one in work]
    told = list(dict.fromkeys(title for title in told if title))
    named = told or [state.task or state.phase or state.project or "Without a name"]
    more = f", and {len(named) - 1} more" if len(named) > 1 else ""
    return named[0] + more


def subject(message: str) -> str:
    """Return the first line of a commit message without the word that sorts it.

    >>> subject("feat(api): Complete the export\\n\\nlong"), subject("Merge: no")
    ('Complete the export', 'no')
    """
    line = message.strip().partition("\n")[0].strip()
    head, colon, rest = line.partition(": ")
    if colon and rest and len(head) <= 24 and " " not in head.strip():
        return rest.strip()
    return line


def _most(values: Iterable[str]) -> str:
    found = Counter(value for value in values if value).most_common(1)
    return found[0][0] if found else ""
