"""What a session is: when it was, what it worked on, how it began and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from index.sessions.moments import Moment
from index.sessions.state import SessionState, StateChange, changes

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
    """What was edited, in words."""


class Commit(NamedTuple):
    """A commit of the tree that fell in a session."""

    rev: str
    when: datetime
    author: str
    message: str


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
    """What the session state said when it began."""
    after: SessionState
    """What it said when it ended; the same as `before` where nobody wrote it."""
    work: tuple[Work, ...] = ()
    """In the order it was done."""
    commits: tuple[Commit, ...] = ()
    """The oldest first."""
    marks: tuple[str, ...] = ()
    """What is doubtful about its times; plain sentences."""
    handoffs: tuple[Work, ...] = ()
    problems: tuple[Work, ...] = ()

    @property
    def length(self) -> timedelta:
        """How long it took; zero where only one moment or only the day is known."""
        return self.end.when - self.start.when if self.end.has_clock else timedelta()

    @property
    def stated(self) -> bool:
        """Whether a session state was written in it; else its end is as its beginning."""
        return bool(self.after) and self.after != self.before

    @property
    def state(self) -> SessionState:
        """What it said of itself; nothing where it wrote no session state."""
        return self.after if self.stated else SessionState()

    @property
    def agents(self) -> tuple[str, ...]:
        """Who worked: as the state says, else who committed."""
        return self.state.agents or tuple(dict.fromkeys(commit.author for commit in self.commits))

    @property
    def story(self) -> list[StateChange]:
        """What became of the session state, field by field."""
        return changes(self.before, self.after) if self.stated else []
