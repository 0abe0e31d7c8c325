"""A session: its time, its work, and the session state at its beginning and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from index.model.commits import LogStep
from index.model.days import seconds
from index.model.moments import Moment
from index.sessions.state import SessionState, StateChange, changes
from index.sessions.state_vocabulary import words

ADDED, EDITED, REMOVED = "added", "edited", "removed"


class Work(NamedTuple):
    """One thing that a session did to an entry."""

    id: str
    """Of the entry, as it was then."""
    change: str
    """`added`, `edited` or `removed`."""
    kind: str
    group: str
    title: str
    when: datetime
    project: str = ""
    rev: str = ""
    """The commit that brought it; empty where only the entry's own time tells of it."""
    summary: str = ""
    """The edit, in words."""
    was: str = ""
    """The id that the commit found it under; empty where it is the same, or nothing was found."""
    before: str = ""
    """A fingerprint of it before the commit; empty where it was not there."""
    after: str = ""
    """The same after the commit."""
    since: str = ""
    """The first commit of a change that several commits made; `was` and `before` are then of that one."""


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of work on the tree."""

    key: str
    """Names the session as long as nothing older is added to it."""
    start: Moment
    end: Moment
    title: str
    project: str
    before: SessionState
    """The session state at its beginning."""
    after: SessionState
    """The session state at its end; the same as `before` where nobody wrote it."""
    work: tuple[Work, ...] = ()
    """In the order it was done."""
    commits: tuple[LogStep, ...] = ()
    """The oldest first."""
    marks: tuple[str, ...] = ()
    """Doubts about its times; plain sentences."""
    whole: bool = True
    """False while its commits were not looked into: `work` is then only that of the entries' own times."""

    @property
    def length(self) -> timedelta:
        """Its duration; zero where only one moment or only the day is known."""
        if not self.end.has_clock:
            return timedelta()
        return timedelta(seconds=seconds(self.end.when) - seconds(self.start.when))

    @property
    def stated(self) -> bool:
        """Whether a session state was written in it; else its end is as its beginning."""
        return bool(self.after) and self.after != self.before

    @property
    def state(self) -> SessionState:
        """The session state that it wrote; empty where it wrote none."""
        return self.after if self.stated else SessionState()

    @property
    def handoffs(self) -> tuple[Work, ...]:
        """Work that it handed to another agent."""
        return self._of_kind("handoff")

    @property
    def problems(self) -> tuple[Work, ...]:
        """Work that went wrong or stayed uncertain in it."""
        return self._of_kind("problem")

    def _of_kind(self, what: str) -> tuple[Work, ...]:
        kinds = words().records[what]
        return tuple(one for one in self.work if one.kind in kinds)

    @property
    def agents(self) -> tuple[str, ...]:
        """The actors: by the state, else the authors of the commits."""
        return self.state.agents or tuple(dict.fromkeys(commit.author for commit in self.commits))

    @property
    def story(self) -> list[StateChange]:
        """The changes of the session state, field by field."""
        return changes(self.before, self.after) if self.stated else []
