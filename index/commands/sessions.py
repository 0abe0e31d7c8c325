"""The commands on sessions: what was done, and where to go on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from itertools import islice

import click

from index.commands.arguments import COUNT, WordsCommand
from index.commands.bars import prepare
from index.commands.base import json_option, open_tree, tree_option
from index.commands.completing import complete_project, complete_query
from index.commands.exit_status import NOTHING, command
from index.commands.version_lines import tell_gaps
from index.model.days import local, today
from index.rendering.brief_markdown import session_text
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import brief_shape, session_shape, tree_shape
from index.rendering.text import safe, write
from index.search.language.query import parse
from index.sessions.model import Session


@click.command(cls=WordsCommand)
@click.argument("query", nargs=-1, shell_complete=complete_query)
@click.option("--since", metavar="DATE", help="Only sessions since then: 2025-10-03, 2025-10, yesterday, 7d.")
@click.option(
    "--project", metavar="P", shell_complete=complete_project, help="Only sessions of this project."
)
@click.option("-n", "--limit", type=COUNT, metavar="N", help="How many, newest first.")
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
    """List the sessions, newest first: the work of each, and how it ended.

    QUERY is as in search, asked of each piece of work and of the session itself.
    """
    text = " ".join(query) + (f' project:"{project}"' if project else "")
    asked = parse(text.strip(), entered=True)
    if asked.hint:
        click.echo(safe(asked.hint), err=True)
    first = _day(since) if since else None
    with open_tree(tree) as workspace:
        if asked.terms:
            prepare(workspace)
        with closing(workspace.timeline.sessions(asked, first)) as sessions:
            found = islice(sessions, limit)
            out = workspace.history.left_out() if as_json else []
            count = _as_json(found, out) if as_json else _as_text(found)
            tell_gaps(workspace, ends=True)
        if not count:
            click.echo("No sessions found.", err=True)
    return 0 if count else NOTHING


def _day(text: str) -> date:
    from index.search.language.day_spans import parse as parse_date

    span = parse_date(text, today())
    if span is None:
        raise click.UsageError(f"--since: {text!r} is not a date: try 2025-10-03, 2025-10, yesterday or 7d.")
    return span.first


def _as_json(sessions: Iterator[Session], out: list[str]) -> int:
    unseen = sys.stdout.isatty() or not sys.stderr.isatty()
    with click.progressbar(sessions, label="sessions", show_pos=True, file=sys.stderr, hidden=unseen) as each:
        told = [session_shape(session) for session in each]
    click.echo(to_json({"sessions": told, "left_out": out}))
    return len(told)


def _as_text(sessions: Iterator[Session]) -> int:
    count = 0
    for session in sessions:
        if count:
            write("")
        write("\n".join(session_text(session)))
        count += 1
    return count


_LEAST = 200
_BUDGET = 6000
"""Characters: about as many words as a page and a half."""


@click.command()
@click.option(
    "--project",
    default="",
    metavar="P",
    shell_complete=complete_project,
    help="The project; else the one worked on last.",
)
@click.option(
    "--max-chars", type=click.IntRange(min=_LEAST), default=_BUDGET, show_default=True, metavar="N",
    help="The budget; the end names the sections that were cut.",
)  # fmt: skip
@json_option
@tree_option
@command
def brief(tree: str | None, project: str, max_chars: int, as_json: bool) -> int:
    """Print a brief of a project as Markdown. It says where to pick up, most useful first."""
    from index.rendering.brief_markdown import fit

    with open_tree(tree) as workspace:
        found = workspace.brief(project, local(datetime.now(UTC)))
        fitted = fit(found, max_chars, workspace.tree.name)
        if as_json:
            click.echo(to_json(tree_shape(workspace.tree) | brief_shape(found, fitted.sections)))
        if not found:
            what = f" of the project {project}" if project else " in this tree"
            click.echo(f"There is nothing{what} to brief.", err=True)
        elif not as_json:
            write(fitted.text.rstrip("\n"))
    return 0 if found else NOTHING
