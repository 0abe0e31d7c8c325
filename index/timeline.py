"""The sessions of a tree: what each one did, how it ended, and the state that holds now."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from index.search.query import Phrase, Query, Word, parse
from index.sessions.model import Session, Work
from index.sessions.rebuild import Rebuilder
from index.sessions.state import SessionState, read_state
from index.sessions.store import Store

if TYPE_CHECKING:
    from index.search.matching import Matter
    from index.snapshot import Snapshot
    from index.workspace import Workspace

_ZONES = timedelta(days=1)
"""Sessions come in the order of their moments; their days are those of their own time zones."""


class Timeline:
    """What happened in every session of one tree."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store: Store | None = None
        self._opening, self._completing = threading.Lock(), threading.Lock()
        self._last: tuple[Snapshot, Rebuilder] | None = None
        """What completes sessions, and the reading of the tree that it is of."""

    def state(self, project: str = "") -> SessionState:
        """Return the session state as the tree holds it now, of one project or of the one worked on last."""
        return read_state(self._workspace.entries(), project)

    def sessions(
        self, query: str | Query = "", since: date | None = None, now: datetime | None = None
    ) -> Generator[Session]:
        """Yield the sessions in which something happened that the query asks for, newest first.

        They come while git still works; closing the generator ends git. Every piece of work is asked
        by itself, and the session state as one more: `kind:decision project:shop after:2025-10` finds
        the sessions that decided something for the shop since October.

        Args:
            query: what people type, or a parsed query; an empty one finds all sessions.
            since: only sessions that ended on this day or later; older ones are not even read.
            now: the present.

        Raises:
            Refused: git could not read the history.
        """
        asked = parse(query, typing=False) if isinstance(query, str) else query
        found = self._found(asked)
        rebuilder = self._rebuilder(now)
        with closing(rebuilder.outlines()) as outlines:
            for session in _since(outlines, since):
                whole = rebuilder.complete(session)
                if asked.is_empty or self._matches(whole, asked, found):
                    yield whole

    def outlines(self, since: date | None = None, now: datetime | None = None) -> Generator[Session]:
        """Yield all sessions as `sessions` does, without looking into their commits: ten times as fast.

        Raises:
            Refused: git could not read the history.
        """
        with closing(self._rebuilder(now).outlines()) as outlines:
            yield from _since(outlines, since)

    def complete(self, session: Session) -> Session:
        """Return a session of `outlines` with all that its commits did to the entries."""
        if session.whole:
            return session
        snapshot = self._workspace.snapshot
        with self._completing:
            if self._last is None or self._last[0] is not snapshot:
                self._last = snapshot, self._rebuilder(None)
            return self._last[1].complete(session)

    def _rebuilder(self, now: datetime | None) -> Rebuilder:
        """Return what rebuilds the sessions of the tree as it was last read."""
        workspace = self._workspace
        entries = workspace.entries()
        with self._opening:
            if self._store is None:
                self._store = Store(workspace.folder / "commits.sqlite")
        by_id, repository = workspace.snapshot.by_id, workspace.repository
        return Rebuilder(entries, by_id, repository, self._store, now or datetime.now(UTC))

    def close(self) -> None:
        """Let go of what is kept of the commits."""
        if self._store is not None:
            self._store.close()

    # ── the search language ───────────────────────────────────────────────────

    def _found(self, query: Query) -> dict[Word | Phrase, frozenset[str]]:
        """Return the entries that the index finds for each word of the query."""
        found = {}
        for term in query.terms:
            one = parse(query.text[term.start : term.end].lstrip("-"), typing=query.typing)
            found[term.node] = frozenset(self._workspace.search(one, limit=1).matched)
        return found

    def _matches(self, session: Session, query: Query, found: dict[Word | Phrase, frozenset[str]]) -> bool:
        from index.search.matching import matches

        return any(matches(query.node, matter) for matter in self._matters(session, found))

    def _matters(self, session: Session, found: dict[Word | Phrase, frozenset[str]]) -> Iterable[Matter]:
        from index.search.matching import Matter

        state = session.state
        told = [session.title, state.phase, state.status, state.task, state.next_step, *state.blockers]
        yield Matter(
            text="\n".join([*told, *state.decisions, *(commit.message for commit in session.commits)]),
            day=session.end.when.date().toordinal(),
            kinds=("session",),
            projects=(session.project,),
            agents=(*state.agents, *(commit.author for commit in session.commits)),
            status=state.status,
            id=session.key,
            states=("session",),
        )
        by_id = self._workspace.snapshot.by_id
        for work in session.work:
            entry = by_id.get(work.id)
            yield Matter(
                text=f"{work.title}\n{work.summary}",
                day=work.when.date().toordinal(),
                level=entry.level if entry else None,
                kinds=(work.kind, work.group),
                projects=tuple({work.project, session.project} - {""}),
                tags=entry.tags if entry else (),
                tech=entry.tech if entry else (),
                agents=(entry.agent,) if entry and entry.agent else (),
                status=entry.status if entry else "",
                file=work.id.partition("#")[0],
                id=work.id,
                states=_states(work),
                found=[node for node, ids in found.items() if work.id in ids],
            )


def _states(work: Work) -> list[str]:
    states = [work.group] if work.group in ("session", "pending") else []
    return [*states, "deleted"] if work.change == "removed" else states


def _since(sessions: Iterable[Session], day: date | None) -> Iterable[Session]:
    """Leave out the sessions before a day, without asking for those that can only be older."""
    for session in sessions:
        ended = session.end.when.date()
        if day is None or ended >= day:
            yield session
        elif ended < day - _ZONES:
            return
