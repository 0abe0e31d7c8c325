"""The app's timeline, opened and read, and sessions for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from textual.pilot import Pilot

from index.model.commits import LogStep
from index.model.moments import Moment
from index.sessions.model import Session, Work
from index.sessions.state import SessionState
from tests.support.pilot import opened
from tui.screens.sessions.timeline import Timeline
from tui.widgets.base.title_line import TitleLine
from tui.widgets.sessions.session_list import SessionList

AT = datetime(2025, 11, 21, 9, 0, tzinfo=UTC)


async def timeline(pilot: Pilot[None]) -> Timeline:
    """Open the timeline with its key."""
    return await opened(pilot, "t", Timeline)


def titles(screen: Timeline) -> list[str]:
    return [session.title for session in screen.query_one(SessionList).sessions]


def drawn(screen: Timeline, index: int, width: int = 59) -> list[str]:
    return [line.plain.rstrip() for line in screen.query_one(SessionList).row(index, width, False, False)]


def note(screen: Timeline) -> str:
    return screen.query_one(TitleLine).note.plain


def session(number: int, project: str = "shop", works: int = 10) -> Session:
    when = AT - timedelta(hours=6 * number)
    state = SessionState(phase=str(number), entry="a.xml#a")
    step = LogStep(f"{number:040}", when, "agent", "memory: work", ())
    work = tuple(Work(f"a.xml#{n}", "added", "note", "other", f"Note {n}", when) for n in range(works))
    begun, ended = Moment(when - timedelta(hours=1), "clock"), Moment(when, "commit")
    return Session(step.rev, begun, ended, f"Session {number}", project, SessionState(), state, work, (step,))
