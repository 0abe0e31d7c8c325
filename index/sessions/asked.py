"""A query asked of sessions: its finds among the entries, it finds in the work on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from index.model.entry import Entry, id_file
from index.model.field import Field
from index.search.engines.evaluate import evaluate
from index.search.engines.memory_index import MemoryIndex
from index.search.language.conditions import Leaf, days_of, holds, leaves, state_of, within
from index.search.language.query import Filter, Query
from index.search.language.terms import says
from index.sessions.model import Session, Work

Find = Callable[[Query], Collection[str]]
"""Returns the ids of the entries that a query matches."""


class SessionQuery:
    """A query, with the finds of the search for each of its words and filters."""

    def __init__(self, query: Query, find: Find, by_id: Mapping[str, Entry], new: Container[str]) -> None:
        """Ask the search once for each part of the query.

        Args:
            by_id: the entries of today.
            new: ids of the entries that are new.
        """
        self._query, self._by_id, self._new = query, by_id, new
        self._found: dict[Leaf, Collection[str]] = {
            leaf: find(_alone(query, leaf))
            for leaf in dict.fromkeys(leaves(query.node))
            if days_of(leaf) is None and not state_of(leaf)
        }

    def matches(self, session: Session) -> bool:
        """Whether the query holds of a piece of work of the session, or of the state it left."""
        if self._query.is_empty or holds(self._query.node, self._of_state(session)):
            return True
        return any(holds(self._query.node, self._of_work(work)) for work in session.work)

    def _of_work(self, work: Work) -> Callable[[Leaf], bool]:
        entry = self._by_id.get(work.id)
        states = _states(work, entry, new=work.id in self._new)
        day = work.when.date().toordinal()
        if entry is not None:
            return partial(_answer, day, states, lambda leaf: self._is_found(leaf, work))
        file = id_file(work.id)
        then = Entry(work.id, work.kind, work.group, work.title, file, 0, (), project=work.project)
        then.fields = (Field("summary", work.summary),)
        return partial(_answer, day, states, _Held([then]))

    def _is_found(self, leaf: Leaf, work: Work) -> bool:
        if work.id in self._found[leaf]:
            return True
        return not isinstance(leaf, Filter) and says(leaf, f"{work.title}\n{work.summary}")

    def _of_state(self, session: Session) -> Callable[[Leaf], bool]:
        state = session.state
        told = [state.phase, state.task, state.next_step, *state.blockers, *state.decisions]
        text = "\n".join([*told, state.status, *(commit.message for commit in session.commits)])
        whole = Entry(
            session.key, "session", "session", session.title, "", 0, (Field("text", text),),
            project=session.project, status=state.status,
        )  # fmt: skip
        agents = (*state.agents, *(commit.author for commit in session.commits))
        held = [whole, *(replace(whole, title="", fields=(), agent=agent) for agent in dict.fromkeys(agents))]
        return partial(_answer, session.end.when.date().toordinal(), ("session",), _Held(held))


class _Held:
    """Answers for things that are in no index, of which any may be asked for."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries
        self._index: MemoryIndex | None = None

    def __call__(self, leaf: Leaf) -> bool:
        if self._index is None:
            self._index = MemoryIndex("")
            for entry in self._entries:
                self._index.add(entry)
        return bool(evaluate(leaf, self._index, {}))


def _answer(day: int, states: Sequence[str], has: Callable[[Leaf], bool], leaf: Leaf) -> bool:
    days, state = days_of(leaf), state_of(leaf)
    if days is not None:
        return within(day, days)
    return state in states if state else has(leaf)


def _alone(query: Query, leaf: Leaf) -> Query:
    """Return the query with nothing but one of its words or filters."""
    names = [part for part in query.filters if part.filter == leaf and part.name == "similar"]
    return replace(query, node=leaf, terms=(), filters=tuple(names), hint="")


def _states(work: Work, entry: Entry | None, *, new: bool) -> list[str]:
    """Return the values of `is:` that are true of a piece of work."""
    told = {
        work.group: work.group in ("session", "pending"),
        "deleted": work.change == "removed",
        "malformed": entry is not None and entry.broken,
        "new": new,
    }
    return [state for state, holds in told.items() if holds]
