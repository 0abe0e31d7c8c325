"""The sessions of a tree: the work and the end of each, and the state that holds now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from index.model.entry import id_file
from index.search.language.query import Query, parse
from index.search.language.syntax import Range
from index.sessions.commit_cache import Store
from index.sessions.model import Session
from index.sessions.rebuild import Rebuilder
from index.sessions.state import SessionState, read_state

if TYPE_CHECKING:
    from index.history.versions import Version
    from index.library.snapshot import Snapshot
    from index.library.tree import Tree
    from index.model.commits import LogStep
    from index.model.entry import Entry

_FIRST = (4, 16, 64)
"""Sessions whose commits are read at once, one after the other; those behind them in processes."""
_ZONES = timedelta(days=1)
"""Sessions come in the order of their ends, but for a record that a commit found later."""


class _Known(NamedTuple):
    """Sessions, and the snapshot and commit they were rebuilt from."""

    snapshot: Snapshot
    head: Sequence[str | None]
    sessions: Sequence[Session]


Find = Callable[[Query, bool], Collection[str]]
"""Returns the ids of the entries that a query matches; with True the index is brought up to date first."""


class TreeTimeline:
    """The sessions of one tree, newest first."""

    def __init__(self, tree: Tree, find: Find) -> None:
        """Rebuild the sessions of `tree`; `find` is asked which entries a query matches."""
        self._tree = tree
        self._find = find
        self._store: Store | None = None
        self._opening, self._completing = threading.Lock(), threading.Lock()
        self._last: tuple[Snapshot, Rebuilder] | None = None
        """The rebuilder of sessions, with the snapshot that it was made for."""
        self._known: _Known | None = None
        self._newest: _Known | None = None

    def state(self, project: str = "") -> SessionState:
        """Return the session state as the tree holds it now, of one project or of the one worked on last."""
        return read_state(self._tree.entries(), project)

    def sessions(
        self,
        query: str | Query = "",
        since: date | None = None,
        now: datetime | None = None,
        *,
        wait: bool = True,
    ) -> Generator[Session]:
        """Yield the sessions in which something happened that the query asks for, newest first.

        They come while git still works; closing the generator ends git. Every piece of work is asked
        by itself, and the session state as one more: `kind:decision project:shop after:2025-10` finds
        the sessions that decided something for the shop since October. A filter that finds none may be
        code (`status:200`), and is taken as words then.

        Args:
            query: typed text, or a parsed query; an empty one finds all sessions.
            since: only sessions that ended on this day or later; older ones are not even read.
            wait: bring the search index up to date first; the app searches it as it is.

        Raises:
            Refused: git could not read the history.
        """
        asked = parse(query, entered=True) if isinstance(query, str) else query
        words = asked.as_words()
        for one in (asked, words) if words is not None else (asked,):
            none = True
            with closing(self._matching(one, since, now, wait=wait)) as sessions:
                for session in sessions:
                    none = False
                    yield session
            if not none:
                return

    def _matching(
        self, asked: Query, since: date | None, now: datetime | None, *, wait: bool
    ) -> Generator[Session]:
        from index.sessions.asked import SessionQuery

        new = self._tree.seen.news().ids if asked.asks("new") else ()
        asking = SessionQuery(asked, lambda one: self._find(one, wait), self._tree.snapshot.by_id, new)
        rebuilder = self._rebuilder(now)
        first = max((day for day in (since, _earliest(asked)) if day), default=None)
        with closing(rebuilder.outlines()) as outlines:
            for whole in _completed(rebuilder, iter(_since(outlines, first))):
                if asking.matches(whole):
                    yield whole

    def outlines(self, now: datetime | None = None) -> Generator[Session]:
        """Yield all sessions as `sessions` does, without looking into their commits: ten times as fast.

        Raises Refused: git could not read the history.
        """
        snapshot, head, found = self._tree.snapshot, self._head(), []
        with closing(self._rebuilder(now).outlines()) as outlines:
            for session in outlines:
                found.append(session)
                yield session
        self._known = _Known(snapshot, head, found)

    def known(self) -> Sequence[Session]:
        """Return the outlines as they were last read to their end; perhaps of an older reading."""
        return self._known.sessions if self._known is not None else ()

    @property
    def is_known(self) -> bool:
        """Whether nothing has changed since `known` was read."""
        return self._holds(self._known)

    def read_ahead(self, count: int) -> None:
        """Read the newest outlines, to be had from `newest`.

        Raises Refused: git could not read the history.
        """
        snapshot, head = self._tree.snapshot, self._head()
        with closing(self.outlines()) as sessions:
            self._newest = _Known(snapshot, head, tuple(islice(sessions, count)))

    def newest(self) -> Sequence[Session]:
        """Return the sessions that `read_ahead` read; nothing once anything has changed."""
        return self._newest.sessions if self._newest is not None and self._holds(self._newest) else ()

    def _holds(self, known: _Known | None) -> bool:
        return known is not None and known.snapshot is self._tree.snapshot and known.head == self._head()

    def _head(self) -> Sequence[str | None]:
        return [repository.resolve("HEAD") for repository in self._tree.repositories]

    def complete(self, session: Session, check: Callable[[], None] = lambda: None) -> Session:
        """Return a session of `outlines` with all that its commits did to the entries.

        One is read at a time; `check` is called now and then, and an exception of it ends that.
        """
        if session.whole:
            return session
        snapshot = self._tree.snapshot
        with self._completing:
            check()
            if self._last is None or self._last[0] is not snapshot:
                self._last = snapshot, self._rebuilder(None)
            return self._last[1].complete(session, check)

    def _rebuilder(self, now: datetime | None) -> Rebuilder:
        """Return the rebuilder of the sessions of the tree as it was last read."""
        tree = self._tree
        entries = tree.entries()
        with self._opening:
            if self._store is None:
                self._store = Store(tree.folder / "commits.sqlite")
        by_id, others = tree.snapshot.by_id, [one for one in tree.repositories if one is not tree.repository]
        return Rebuilder(entries, by_id, tree.repository, self._store, now or datetime.now(UTC), others)

    def close(self) -> None:
        """Let go of the cached changes of commits."""
        if self._store is not None:
            self._store.close()

    # ── as it was ─────────────────────────────────────────────────────────────

    def then(self, entry_id: str, step: LogStep, *, before: bool = False) -> Version | None:
        """Return an entry as a commit left it, or found it; None when it was not there.

        Args:
            entry_id: its id in that version.
            before: as the commit found it, for one that it removed.

        Raises:
            Refused: git could not read that version.
        """
        from index.history.entry_at_commit import read_past
        from index.history.versions import Version

        file = id_file(entry_id)
        repository = self._tree.repository_of(file)
        data = repository.blob(step.rev + "^" * before, file) if repository is not None else None
        for past in read_past(data, file) if data is not None else ():
            if past.entry.id == entry_id:
                return Version(
                    step.rev, step.when, step.author, step.message, (), file, "", past.entry, past.markup
                )
        return None

    def now(self, entry: Entry) -> Version:
        """Return an entry's change: as it is on disk, without an entry when it is gone.

        Raises TreeError: its file cannot be read.
        """
        from index.history.versions import Version
        from index.model.entry_matching import find

        by_id = self._tree.snapshot.by_id
        here = by_id.get(entry.id) or find(self._tree.entries(), entry)
        markup = self._tree.markup(here.id) if here is not None else ""
        file = (here or entry).file
        return Version(None, None, "", "", (), file, "", here, markup, deleted=here is None)


def _earliest(query: Query) -> date | None:
    """Return a day before which nothing can match, by the query's own `after:` and `on:`."""
    asked = (f.filter.value for f in query.filters if f.filter and f.narrows and f.name in ("after", "on"))
    day = max((one.low for one in asked if isinstance(one, Range) and one.low), default=0) - _ZONES.days
    return date.fromordinal(day) if day > _ZONES.days else None


def _completed(rebuilder: Rebuilder, sessions: Iterator[Session]) -> Iterator[Session]:
    """Yield sessions with all that their commits did; a few at once first, for the newest are waited for."""
    for some in _FIRST:
        batch = list(islice(sessions, some))
        rebuilder.ahead(batch)
        yield from map(rebuilder.complete, batch)
    with closing(rebuilder.ready(sessions)) as ready:
        yield from map(rebuilder.complete, ready)


def _since(sessions: Iterable[Session], day: date | None) -> Iterable[Session]:
    """Leave out the sessions before a day, without asking for those that can only be older."""
    for session in sessions:
        ended = session.end.when.date()
        if day is None or ended >= day:
            yield session
        elif ended < day - _ZONES:
            return
