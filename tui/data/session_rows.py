"""Questions of the timeline to the workspace, and the answers; asked in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.message import Message

from tui.data.day_counts import DayCount, add_counts, counts

if TYPE_CHECKING:
    from index.sessions.model import Session
    from index.workspace import Workspace

FIRST = 16
"""Sessions that fill a screen."""
SOON = 0.1
"""Seconds after which those that there are are shown, however few."""
MORE = 0.25
"""Seconds after which more are, once there is something to look at."""
SHARE = 0.0003
"""Seconds longer that it takes for each that is shown already: showing them again is work, too."""
TOGETHER = 0.05
"""Seconds in which sessions that were looked into are collected before they are shown."""


class Stopped(Exception):
    """The work is no longer wanted: its tree, or its list, is not shown any more."""


@dataclass
class Read(Message):
    """The sessions that are known so far."""

    number: int
    sessions: Sequence[Session]
    days: Mapping[date, DayCount]
    """Work on each day."""
    done: bool = False
    error: str = ""
    """Why not all could be read."""
    hint: str = ""
    """Parts of the query that were taken as words."""
    gaps: str = ""
    """Parts that the history leaves out."""

    def can_replace(self, message: Message) -> bool:
        """Only the last one counts."""
        return isinstance(message, Read) and message.number == self.number


class Completed(Message):
    """The commits of sessions were looked into."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        super().__init__()
        self.sessions = sessions


def read_ahead(workspace: Workspace) -> None:
    """Read the sessions that the timeline begins with."""
    with suppress(Exception):  # whatever it is, the timeline meets it again and says it
        workspace.timeline.read_ahead(FIRST)


def read_sessions(
    workspace: Workspace,
    number: int,
    text: str,
    now: datetime,
    post: Callable[[Read], object],
    stopped: Callable[[], bool],
    rest: Callable[[], None],
    shown: Sequence[Session],
) -> None:
    """Post the sessions that a query asks for, those that are known so far, again and again.

    Nothing is posted when they are those that are `shown`.
    """
    from index.model.errors import Refused
    from index.search.language.query import parse

    timeline, query = workspace.timeline, parse(text, now=now)
    found: Sequence[Session] = timeline.known() if query.is_empty and timeline.is_known else ()
    if found:
        if found is not shown:
            post(Read(number, found, counts(found), done=True, gaps=workspace.history.gaps()))
        return
    newest = timeline.newest() if query.is_empty else ()
    if newest:
        post(Read(number, newest, counts(newest)))
    found, due, error = [], time.monotonic() + SOON, ""
    days: dict[date, DayCount] = {}
    everything, asked = timeline.outlines, timeline.sessions
    try:
        with closing(everything(now=now) if query.is_empty else asked(query, now=now, wait=False)) as every:
            for session in every:
                if stopped():
                    return
                found.append(session)
                add_counts(days, session)
                enough = time.monotonic() > due or len(found) == FIRST
                if enough and len(found) > len(newest):
                    post(Read(number, tuple(found), dict(days)))
                    due = time.monotonic() + MORE + SHARE * len(found)
                rest()
    except (Refused, OSError) as refused:
        error = str(refused)
    found = timeline.known() if query.is_empty and timeline.known() else found
    gaps = "" if error else workspace.history.gaps()
    post(Read(number, found, days, done=True, error=error, hint=query.hint, gaps=gaps))


def complete_sessions(
    workspace: Workspace,
    wanted: Sequence[Session],
    post: Callable[[Completed], object],
    stopped: Callable[[], bool],
    rest: Callable[[], None],
) -> None:
    """Look into the commits of sessions, and post them a few at a time; the first one at once.

    Those whose commits hold few files come first: nothing waits for a commit of thousands.
    """
    from index.model.errors import Refused

    def check() -> None:
        if stopped():
            raise Stopped
        rest()

    found: list[Session] = []
    due = 0.0
    for session in sorted(wanted, key=_files):
        try:
            found.append(workspace.timeline.complete(session, check))
        except Stopped:
            return
        except (Refused, OSError):
            break  # the list says it when it is read again
        if time.monotonic() > due:
            post(Completed(found))
            found, due = [], time.monotonic() + TOGETHER
    if found:
        post(Completed(found))


def _files(session: Session) -> int:
    return sum(len(step.files) for step in session.commits)
