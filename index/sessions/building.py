"""Building a session from its events: its times, title and work, its beginning and end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from index.model.commits import LogStep
from index.model.days import seconds
from index.model.entry import Entry, id_file, id_key
from index.model.moments import Moment, span_text
from index.sessions.model import ADDED, EDITED, REMOVED, Session, Work
from index.sessions.splitting import PAUSE, Event, Stretch
from index.sessions.state import SessionState

_SLIP = timedelta(minutes=10).total_seconds()
"""Seconds within which two clocks are taken to show the same."""
_NOTHING = SessionState()


class SessionSource(NamedTuple):
    """The functions to ask about events."""

    before: Callable[[Event], SessionState]
    """Tells the state that an event found."""
    at: Callable[[LogStep], SessionState]
    """Tells the state that a commit left."""
    work: Callable[[LogStep], Iterable[Work]]
    """Returns the changes that a commit made to the entries."""
    placed: Callable[[str], bool]
    """Tells whether an entry is an event at its own time."""


def build(stretch: Stretch, source: SessionSource) -> Session:
    """Return the session that the events of a stretch are; its commits are not looked into yet."""
    events = stretch.events
    steps = tuple(event.step for event in reversed(events) if event.step is not None)
    records = [event for event in events if event.record]
    written = [event for event in events if event.state is not None and not event.record] or records
    if written:
        after, earlier = written[0].state or _NOTHING, source.before(written[-1])
    else:
        after = earlier = source.at(steps[-1]) if steps else _NOTHING
    work = tuple(_work_of(event.entry, event) for event in reversed(events) if event.entry is not None)
    state = after if written else _NOTHING
    newest = events[0]
    entry = newest.entry.id if newest.entry else ""
    return Session(
        key=steps[-1].rev if steps else f"{newest.when.isoformat()} {entry}".strip(),
        start=_start(stretch, written),
        end=_moment(newest),
        title=state.title or _title(state, records, written, steps, work),
        project=state.project or _most(one.project for one in work),
        before=earlier,
        after=after,
        work=work,
        commits=steps,
        marks=_marks(events, written),
        whole=not steps,
    )


def complete(session: Session, source: SessionSource) -> Session:
    """Return a session with the net changes of its commits, each entry told of once.

    An entry that a commit added is told of in the session of its own time, where that is another one.
    """
    if session.whole:
        return session
    done: dict[str, Work] = {}
    here = {work.id: work for work in session.work}
    for fate in fates(work for step in session.commits for work in source.work(step)):
        work = fate.net_work()
        if work is None:
            continue
        if work.change != ADDED:
            done[work.id] = work
        elif work.id in here:
            done[work.id] = here[work.id]._replace(rev=work.rev)
        elif not source.placed(work.id):
            done[work.id] = work
        elif fate.edits:
            done[work.id] = fate.edits[-1]
    told = sorted(
        [*done.values(), *(here[key] for key in here if key not in done)], key=lambda work: seconds(work.when)
    )
    project = session.project or _most(work.project for work in told)
    return replace(session, work=tuple(told), project=project, whole=True)


def _work_of(entry: Entry, event: Event) -> Work:
    return Work(entry.id, ADDED, entry.kind, entry.group, entry.title, event.when, entry.project)


# ── times ─────────────────────────────────────────────────────────────────────


def _moment(event: Event) -> Moment:
    if event.step is not None:
        return Moment(event.when, "commit")
    sure = "clock" if event.clock else "day"
    return Moment(event.when, sure, event.entry.timestamp if event.entry is not None else "")


def _start(stretch: Stretch, written: Sequence[Event]) -> Moment:
    """Return the time it began: by its state, else of its first event, or when its state was written."""
    clocks = [event for event in stretch.events if event.clock]
    first = _moment(clocks[-1] if clocks else stretch.oldest)
    if stretch.begun is not None:
        return min(first, stretch.begun, key=lambda moment: seconds(moment.when))
    for event in written:
        said = event.state.when if event.state is not None else None
        if said is not None and said.has_clock and 0 <= event.at - seconds(said.when) <= PAUSE:
            first = min(first, said, key=lambda moment: seconds(moment.when))
    return first


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
    """Compare the time in a state with the clock of git."""
    said = state.when
    if said is not None and said.has_clock:
        apart = event.at - seconds(said.when)
        zone = event.step.when.utcoffset() or timedelta() if event.step is not None else timedelta()
        if zone and abs(apart + zone.total_seconds()) <= _SLIP:
            yield "The time in the state is the local time of its commit: it may not be UTC."
        elif apart < -_SLIP:
            yield f"The time in the state is {span_text(apart)} after its commit."
        elif apart > PAUSE:
            yield f"The time in the state is {span_text(apart)} before its commit."
    started = state.started
    if started is not None and seconds(started.when) > event.at + _SLIP:
        yield "The state says that it began after it was committed."


# ── names ─────────────────────────────────────────────────────────────────────


def _title(
    state: SessionState,
    records: Sequence[Event],
    written: Sequence[Event],
    steps: Sequence[LogStep],
    work: Sequence[Work],
) -> str:
    """Return a session's title: from its record, else the commit that wrote the state, else its work."""
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


@dataclass(slots=True)
class Fate:
    """The changes of one entry, commit by commit."""

    works: list[Work]
    """The oldest first."""

    @property
    def is_new(self) -> bool:
        """Whether the session did not find it."""
        return not self.works[0].before

    @property
    def is_gone(self) -> bool:
        """Whether the session left it removed."""
        return not self.works[-1].after

    @property
    def edits(self) -> list[Work]:
        """The edits of it, without the changes that brought or removed it."""
        return [work for work in self.works if work.change == EDITED]

    def net_work(self) -> Work | None:
        """Return the session's change of it as one piece of work, None where it is as it was."""
        first, last = self.works[0], self.works[-1]
        if len(self.works) == 1 or (self.is_gone and not self.is_new):
            return last
        if self.is_gone:
            return None
        if self.is_new:
            return last._replace(change=ADDED, when=first.when, rev=first.rev, summary="")
        was = first.was or first.id
        file, now = (id_file(work_id) for work_id in (was, last.id))
        edited = last._replace(change=EDITED, was=was, since=first.rev)
        if first.before == last.after:
            return edited._replace(summary=f"moved from {file}") if file != now else None
        summary = "; ".join(dict.fromkeys(work.summary for work in self.edits if work.summary))
        return edited._replace(summary=summary or "removed and added again")


def fates(work: Iterable[Work]) -> list[Fate]:
    """Follow each entry through the work of commits, the oldest first."""
    found: list[Fate] = []
    by_id: dict[str, Fate] = {}
    gone: dict[str, Fate] = {}
    """Those of them that were removed last."""
    for one in work:
        before = one.was or one.id
        fate = by_id.pop(before, None)
        gone.pop(before, None)
        if gone and fate is None and one.change == ADDED and (moved := _moved(gone, one)):
            fate = by_id.pop(moved)
            del gone[moved]
        if fate is None:
            fate = Fate([])
            found.append(fate)
        fate.works.append(one)
        by_id[one.id] = fate
        gone.pop(one.id, None)
        if one.change == REMOVED:
            gone[one.id] = fate
    return found


def _moved(gone: dict[str, Fate], added: Work) -> str:
    """Return the entry that was removed elsewhere and says the same, or bears the same id; empty for none."""
    key = id_key(added.id)
    for known, fate in gone.items():
        last = fate.works[-1]
        if last.kind == added.kind and (last.before == added.after or id_key(known) == key):
            return known
    return ""
