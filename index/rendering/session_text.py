"""A session as text to be read or pasted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from index.model.days import stamp, written
from index.model.moments import span_text
from index.sessions.model import ADDED, EDITED, REMOVED, Session


def session_text(session: Session) -> Iterator[str]:
    """Yield the lines that tell a session to a reader."""
    about = [when_text(session), session.project]
    if session.length:
        about.append(span_text(session.length.total_seconds()))
    yield session.title
    yield "    " + " · ".join(part for part in about if part)
    state = session.state
    for label, told in (
        ("phase", state.phase),
        ("status", state.status),
        ("next", state.next_step),
        ("blocked", "; ".join(state.blockers)),
        ("open", "; ".join(state.decisions)),
    ):
        if told:
            yield f"    {label + ':':9}{told}"
    if session.commits:
        yield f"    {'commits:':9}" + ", ".join(commit.rev[:7] for commit in session.commits)
    for work in session.work:
        sign = {ADDED: "+", EDITED: "±", REMOVED: "−"}[work.change]
        yield f"    {sign} {work.kind:22} {work.title}" + (f"  ({work.summary})" if work.summary else "")
    for mark in session.marks:
        yield f"    ! {mark}"


def when_text(session: Session) -> str:
    """Say when a session was, by the clock of who reads it."""
    start, end = session.start, session.end
    if not end.has_clock:
        return written(end.when)
    first, last = stamp(start.when), stamp(end.when)
    if start.when == end.when:
        return last + _zone(end.when)
    if start.has_clock and start.when.utcoffset() != end.when.utcoffset():
        first += _zone(start.when)
    elif start.when.date() == end.when.date():
        last = last[-5:]
    return f"{first} to {last}{_zone(end.when)}"


def _zone(when: datetime) -> str:
    offset = f"{when:%z}"
    return " UTC" if offset == "+0000" else f" {offset[:3]}:{offset[3:5]}"
