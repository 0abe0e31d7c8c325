"""The sessions of a tree, rebuilt from commits and entries, newest first as they are asked for."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from itertools import islice

from index.git.found_version import is_found
from index.git.repository import Repository
from index.history.tree_log import StepReader
from index.model import days
from index.model.commits import LogStep
from index.model.entry import Entry
from index.model.store_places import is_beside
from index.model.timestamps import parse
from index.sessions.building import SessionSource, build, complete
from index.sessions.commit_cache import Store
from index.sessions.model import Session, Work
from index.sessions.past_states import PastStates
from index.sessions.splitting import Event, Events, of_steps, split
from index.sessions.state import SessionState, finished, read_state, state_records
from index.sessions.state_vocabulary import state_kinds
from index.sessions.work_apart import read_apart
from index.sessions.working import is_merge, work_of
from index.storage.config_file import read_config

_NOTHING = SessionState()
_FIRST_STEPS, _MOST_STEPS = 100, 400
"""Commits that are looked ahead at: few at first, for the newest sessions are waited for."""
_AT_ONCE = 20
"""Sessions whose commits one process reads at once: it starts git twice for them, which costs as much as
reading some ten commits."""


class Rebuilder:
    """Rebuilds the sessions of a tree from one reading of it.

    Args:
        by_id: the same entries by their ids.
        repository: that the tree lies in; None for one without a history.
        store: the cache of the commits' changes, for commits never change.
        others: the repositories of stores beside the tree; no session state is looked for there.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        by_id: Mapping[str, Entry],
        repository: Repository | None,
        store: Store,
        now: datetime,
        others: Sequence[Repository] = (),
    ) -> None:
        self._entries, self._by_id, self._now, self._store = entries, by_id, now, store
        self._records = state_records(entries)
        self._repository = repository if repository is not None and repository.resolve("HEAD") else None
        if self._repository is not None:
            own = [entry for entry in self._records if not is_beside(entry.file)]
            self._states: PastStates | None = PastStates(self._repository, own)
            self._reader = StepReader(self._repository)
        else:
            self._states = None
        self._others = [one for one in others if one.resolve("HEAD")]
        self._readers = {one.checkout.at: StepReader(one) for one in self._others}
        self._newer: dict[str, LogStep | None] = {}
        """The next newer commit of the tree's own repository, by the commits of the others."""
        self._source = SessionSource(self._before, self._at, self._work, self._placed)

    def outlines(self) -> Generator[Session]:
        """Yield every session, newest first, without looking into its commits; closing it ends git.

        Raises Refused: git could not read the history.
        """
        if self._repository is None or self._states is None:
            yield from self._built(self._of_times())
            return
        with ExitStack() as stack:
            steps, *others = (
                stack.enter_context(closing(one.steps())) for one in (self._repository, *self._others)
            )
            yield from self._built(self._of_history(steps, self._states, others))

    def ahead(self, sessions: Iterable[Session]) -> None:
        """Read at once the entries that `complete` will ask of these sessions."""
        for at, reader in self._readers.items():
            reader.ahead(self._unread(sessions, at))
        if self._repository is not None:
            self._reader.ahead(self._unread(sessions))

    def ready(self, sessions: Iterator[Session]) -> Generator[Session]:
        """Yield sessions once their entries are read: on all processors, the next while one is looked at."""
        some = iter(lambda: list(islice(sessions, _AT_ONCE)), [])
        if self._repository is not None:
            pairs = ((batch, self._unread(batch)) for batch in some)
            some = read_apart(self._repository.checkout, pairs, self._store)
        for batch in some:
            self.ahead(batch)
            yield from batch

    def _unread(self, sessions: Iterable[Session], at: str = "") -> list[LogStep]:
        """Return the commits of a repository whose changes nobody has read yet."""
        steps = {
            step.rev: step
            for session in sessions
            for step in session.commits
            if step.at == at and not is_merge(step)
        }
        return [steps[rev] for rev in self._store.lacks([*steps])]

    def complete(self, session: Session, check: Callable[[], None] = lambda: None) -> Session:
        """Return a session with all that its commits did; `check` is called now and then, and may raise."""
        if self._states is not None:
            for reader in (self._reader, *self._readers.values()):
                reader.check = check
        return complete(session, self._source)

    def _built(self, events: Iterable[Event]) -> Iterator[Session]:
        return (build(stretch, self._source) for stretch in split(events, read_config().session_gap * 3600))

    # ── the events ────────────────────────────────────────────────────────────

    def _of_times(self) -> Iterable[Event]:
        """Tell the entries' own times alone; of the session state only the present is known."""
        state, records = read_state(self._records), finished(self._records)
        apart = {one.entry for one in (state, *records)}
        timed = (e for e in self._entries if not e.template and e.when is not None and e.id not in apart)
        events = Events((), timed, self._now)
        for one in (state, *records) if state else records:
            events.add(self._of_state(one, record=one is not state))
        return events

    def _of_history(
        self, steps: Iterator[LogStep], states: PastStates, others: Iterable[Iterator[LogStep]]
    ) -> Iterator[Event]:
        """Tell commits, with the state that they wrote, and entries; records of older sessions, too."""
        apart = state_kinds()
        timed = (entry for entry in self._entries if entry.kind not in apart and _has_time(entry))
        works = of_steps(_without_beginning(_ahead(steps, states), states))
        besides = (of_steps(_without_beginning(other)) for other in others)
        events = Events(heapq.merge(works, *besides, key=lambda event: -event.at), timed, self._now)
        newer = None
        state = read_state(self._records)
        if state and not states.is_told(state, "HEAD"):
            events.add(self._of_state(state))
        for event in events:
            if event.step is not None and event.step.at:
                self._newer[event.step.rev] = newer
            elif event.step is not None:
                newer = event.step
                event.state = states.written(event.step)
                event.mark = " ".join(filter(None, (event.mark, states.doubt(event.step))))
                for entry, told in states.recorded(event.step):
                    if told.when is not None:
                        events.add(_at(told.when.when, told, entry, record=True, clock=told.when.has_clock))
            yield event

    def _of_state(self, state: SessionState, *, record: bool = False) -> Event:
        entry = self._by_id.get(state.entry)
        if state.when is not None:
            return _at(state.when.when, state, entry, record=record, clock=state.when.has_clock)
        event = _at(self._now, state, entry, record=record)
        event.mark = "The session state names no time; it counts as of now."
        return event

    # ── what is asked of an event ─────────────────────────────────────────────

    def _before(self, event: Event) -> SessionState:
        if self._states is None or event.record:
            return _NOTHING
        return self._states.before(event.step) if event.step is not None else self._states.at("HEAD")

    def _at(self, step: LogStep) -> SessionState:
        if self._states is None:
            return _NOTHING
        if not step.at:
            return self._states.at(step.rev)
        newer = self._newer.get(step.rev)
        return self._states.before(newer) if newer is not None else self._states.at("HEAD")

    def _work(self, step: LogStep) -> Iterable[Work]:
        return work_of(step, self._readers[step.at] if step.at else self._reader, self._store)

    def _placed(self, entry_id: str) -> bool:
        """Whether an entry is told of at its own time, which may be long before its commit."""
        entry = self._by_id.get(entry_id)
        return entry is not None and entry.kind not in state_kinds() and _has_time(entry)


def _without_beginning(steps: Iterator[LogStep], states: PastStates | None = None) -> Iterator[LogStep]:
    """Leave out the first version that memarium found of a store: it is nobody's work, and of no one day."""
    last = None
    for step in steps:
        if last is not None:
            yield last
        last = step
    if last is not None and (not is_found(last) or (states is not None and states.written(last))):
        yield last


def _ahead(steps: Iterator[LogStep], states: PastStates) -> Iterator[LogStep]:
    """Yield the commits, after their objects were read for many at once."""
    some = _FIRST_STEPS
    while batch := list(islice(steps, some)):
        states.ahead(batch)
        yield from batch
        some = min(2 * some, _MOST_STEPS)


def _at(
    when: datetime, state: SessionState, entry: Entry | None, *, record: bool, clock: bool = True
) -> Event:
    return Event(days.local(when), days.seconds(when), clock, entry=entry, state=state, record=record)


def _has_time(entry: Entry) -> bool:
    """Whether the entry itself names a time; that of its whole file is not its own."""
    return not entry.template and entry.when is not None and parse(entry.timestamp) is not None
