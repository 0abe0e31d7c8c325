"""Commands on the sessions of a tree: timeline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

import click

from index.commands.base import NOTHING, USAGE, command, json_option, open_tree, prepare, tree_option
from index.output import safe, to_json, write
from index.search.query import parse
from index.sessions.model import ADDED, EDITED, REMOVED, Session
from index.sessions.moments import span_text


@click.command()
@click.argument("query", nargs=-1)
@click.option("--since", metavar="DATE", help="Only sessions since then: 2025-10-03, 2025-10, yesterday, 7d.")
@click.option("--project", metavar="P", help="Only sessions of this project.")
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="How many, newest first.")
@json_option
@tree_option
@command
def timeline(
    tree: str | None,
    query: tuple[str, ...],
    since: str | None,
    project: str | None,
    limit: int | None,
    as_json: bool,
) -> int:
    """Tell the sessions, newest first: what each one did and how it ended.

    QUERY is as in search, asked of each piece of work and of the session itself.
    """
    text = " ".join(query) + (f' project:"{project}"' if project else "")
    asked = parse(text.strip(), typing=False)
    if asked.error:
        click.echo(f"memarium: {safe(asked.error)}", err=True)
        return USAGE
    first = _day(since) if since else None
    with open_tree(tree) as workspace:
        if asked.terms:
            prepare(workspace)
        with closing(workspace.timeline.sessions(asked, first)) as sessions:
            found = islice(sessions, limit)
            count = _as_json(found) if as_json else _as_text(found)
        if not count:
            click.echo("No session was found.", err=True)
    return 0 if count else NOTHING


def _day(text: str) -> date:
    from index.search.dates import parse as parse_date

    span = parse_date(text, datetime.now(UTC).date())
    if span is None:
        raise click.UsageError(f"--since: {text!r} is no date; try 2025-10-03, 2025-10, yesterday or 7d.")
    return span.first


def _as_json(sessions: Iterator[Session]) -> int:
    told = [session_json(session) for session in sessions]
    click.echo(to_json({"sessions": told}))
    return len(told)


def session_json(session: Session) -> dict[str, Any]:
    """Return a session as the commands print it."""
    state = session.state
    return {
        "start": session.start.when.isoformat(),
        "end": session.end.when.isoformat(),
        "title": session.title,
        "project": session.project,
        "phase": state.phase,
        "status": state.status,
        "task": state.task,
        "next_step": state.next_step,
        "blockers": list(state.blockers),
        "decisions": list(state.decisions),
        "agents": list(session.agents),
        "entries": [
            {"id": work.id, "change": work.change, "kind": work.kind, "title": work.title}
            for work in session.work
        ],
        "commits": [commit.rev for commit in session.commits],
        "handoffs": [work.id for work in session.handoffs],
        "problems": [work.id for work in session.problems],
        "doubts": list(session.marks),
    }


def _as_text(sessions: Iterator[Session]) -> int:
    count = 0
    for session in sessions:
        if count:
            write("")
        write("\n".join(session_text(session)))
        count += 1
    return count


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
    """Say when a session was, in the time zone it was written in."""
    start, end = session.start, session.end
    if not end.has_clock:
        return f"{end.when:%Y-%m-%d}"
    first, last = f"{start.when:%Y-%m-%d %H:%M}", f"{end.when:%Y-%m-%d %H:%M}"
    if start.when == end.when:
        return last + _zone(end.when)
    if start.when.utcoffset() != end.when.utcoffset():
        first += _zone(start.when)
    elif start.when.date() == end.when.date():
        last = last[-5:]
    return f"{first} to {last}{_zone(end.when)}"


def _zone(when: datetime) -> str:
    offset = f"{when:%z}"
    return " UTC" if offset == "+0000" else f" {offset[:3]}:{offset[3:5]}"
