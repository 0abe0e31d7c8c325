"""The sessions of a tree, rebuilt from what git and the entries tell, newest first as they are asked for."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import datetime

from index.history.log import Step
from index.history.repository import Repository
from index.history.tree_log import StepReader
from index.memory.entries import Entry
from index.memory.timestamps import parse
from index.sessions.building import Source, build
from index.sessions.events import Event, Events, of_steps
from index.sessions.model import Session
from index.sessions.past_states import PastStates
from index.sessions.splitting import split
from index.sessions.state import SessionState, finished, read_state
from index.sessions.store import Store
from index.sessions.words import words
from index.sessions.working import work_of

_NOTHING = SessionState()


def rebuild(
    entries: Sequence[Entry], repository: Repository | None, store: Store, now: datetime
) -> Generator[Session]:
    """Yield every session of a tree, newest first; closing the generator ends git.

    Args:
        entries: of the tree as it is now, newest first.
        repository: that the tree lies in; None for one without a history.
        store: where what commits did is kept, for commits never change.
        now: the present.

    Raises:
        Refused: git could not read the history.
    """
    if repository is None or repository.resolve("HEAD") is None:
        yield from _of_times(entries, now)
    else:
        with closing(repository.steps()) as steps:
            yield from _of_history(entries, repository, steps, store, now)


def _of_times(entries: Sequence[Entry], now: datetime) -> Iterator[Session]:
    """Rebuild from the entries' own times alone; of the session state only the present is known."""
    state = read_state(entries)
    records = {one.entry: one for one in finished(entries)}
    timed = [entry for entry in entries if not entry.template and entry.when is not None]
    events = Events((), (e for e in timed if e.id != state.entry and e.id not in records), now)
    by_id = {entry.id: entry for entry in timed}
    for one in ([state] if state else []) + list(records.values()):
        events.add(_of_state(one, by_id.get(one.entry), now, record=one is not state))
    source = Source(lambda _: _NOTHING, lambda _: _NOTHING, lambda _: (), lambda _: False)
    return (build(stretch, source) for stretch in split(events))


def _of_history(
    entries: Sequence[Entry], repository: Repository, steps: Iterator[Step], store: Store, now: datetime
) -> Iterator[Session]:
    states, reader = PastStates(repository, entries), StepReader(repository)
    kinds = words().records
    apart = frozenset(kinds["state"] + kinds["beside"] + kinds["finished"])
    by_id = {entry.id: entry for entry in entries}

    def timed() -> Iterator[Entry]:
        return (entry for entry in entries if entry.kind not in apart and _has_time(entry))

    def placed(entry_id: str) -> bool:
        """Whether an entry is told of at its own time, which may be long before its commit."""
        entry = by_id.get(entry_id)
        return entry is not None and entry.kind not in apart and _has_time(entry)

    def before(event: Event) -> SessionState:
        if event.step is not None:
            return states.before(event.step)
        return _NOTHING if event.record else states.at("HEAD")

    events = Events(of_steps(steps), timed(), now)
    state = read_state(entries)
    if state and state != states.at("HEAD"):
        events.add(_of_state(state, by_id.get(state.entry), now))
    source = Source(before, states.at, lambda step: work_of(step, reader, store), placed)
    return (build(stretch, source) for stretch in split(_told(events, states)))


def _told(events: Events, states: PastStates) -> Iterator[Event]:
    """Yield the events, with the state that a commit wrote; records of older sessions become events."""
    for event in events:
        if event.step is not None:
            event.state = states.written(event.step)
            for entry, state in states.recorded(event.step):
                if state.when is not None:
                    when = state.when.when
                    events.add(
                        Event(
                            when,
                            when.timestamp(),
                            state.when.has_clock,
                            entry=entry,
                            state=state,
                            record=True,
                        )
                    )
        yield event


def _of_state(state: SessionState, entry: Entry | None, now: datetime, *, record: bool = False) -> Event:
    if state.when is not None:
        when = state.when.when
        return Event(when, when.timestamp(), state.when.has_clock, entry=entry, state=state, record=record)
    mark = "The session state names no time; it counts as of now."
    return Event(now, now.timestamp(), entry=entry, state=state, record=record, mark=mark)


def _has_time(entry: Entry) -> bool:
    """Whether the entry itself names a time; that of its whole file is not its own."""
    return not entry.template and entry.when is not None and parse(entry.timestamp) is not None
