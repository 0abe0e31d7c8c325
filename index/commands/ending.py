"""Commands on the running session: its state, and its end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from index.commands.arguments import Commands
from index.commands.base import (
    SavingWay,
    apply,
    change_options,
    check_losses,
    deleted_option,
    fields_of,
    json_option,
    open_tree,
    show_plan,
    tree_option,
)
from index.commands.completing import complete_decision, complete_id, complete_project, complete_state_field
from index.commands.exit_status import NOTHING, command
from index.model.days import stamp
from index.model.errors import Refused, TreeError
from index.model.plan import CannotEdit
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import closing_shape
from index.rendering.text import safe, write
from index.sessions.end import Closing, SessionAnswers

NO_ANSWER = (
    "Nothing to write: give --set, --decide, --decision, --archive or --lesson, or --yes to end the session "
    "as it is (not a terminal, so no prompts)."
)
_SHOWN = 8
"""Finished entries that are offered one by one; the others are named with --archive."""


_project_option = click.option(
    "--project",
    default="",
    metavar="P",
    shell_complete=complete_project,
    help="The session of this project; else the last one.",
)


@click.group(cls=Commands, invoke_without_command=True)
@_project_option
@json_option
@tree_option
@click.pass_context
def session(context: click.Context, tree: str | None, project: str, as_json: bool) -> None:
    """Show the running session: state, pending decisions, work."""
    if context.invoked_subcommand is None:
        _show(tree, project, as_json)
    else:
        context.obj = tree, project


@command
def _show(tree: str | None, project: str, as_json: bool) -> int:
    with open_tree(tree) as workspace:
        found = workspace.session_end.closing(project)
        if as_json:
            click.echo(to_json(closing_shape(found)))
        elif found.state:
            write("\n".join(_text(found)))
        else:
            click.echo("This tree has no session state.", err=True)
    return 0 if found.state else NOTHING


@session.command("end")
@click.option(
    "--set",
    "texts",
    multiple=True,
    metavar="FIELD=VALUE",
    shell_complete=complete_state_field,
    help="A field of the session state.",
)
@click.option(
    "--decide",
    multiple=True,
    metavar="ID=TEXT",
    shell_complete=complete_decision,
    help="The outcome of a pending decision.",
)
@click.option("--decision", "questions", multiple=True, metavar="TEXT", help="A new open decision.")
@click.option(
    "--archive", multiple=True, metavar="ID", shell_complete=complete_id,
    help="A finished entry, for the knowledge of its project.",
)  # fmt: skip
@click.option("--lesson", "lessons", multiple=True, metavar="TEXT", help="A lesson.")
@_project_option
@click.option("--yes", is_flag=True, help="Ask nothing.")
@deleted_option
@change_options
@click.pass_context
@command
def end(
    context: click.Context,
    tree: str | None,
    texts: tuple[str, ...],
    decide: tuple[str, ...],
    questions: tuple[str, ...],
    archive: tuple[str, ...],
    lessons: tuple[str, ...],
    project: str,
    yes: bool,
    way: SavingWay,
) -> int:
    """End the session: its state, the decisions, the archive and the lessons, as one commit.

    Without options it asks step by step, and shows the diff before anything is written. A field that is set
    several times is a list; a text of several lines has its title in the first one.
    """
    above = context.obj or (None, "")
    tree, project = tree or above[0], project or above[1]
    said = SessionAnswers(
        fields_of(texts), fields_of(decide, "--decide ID=TEXT"), questions, archive, lessons
    )
    asks = not (yes or way.dry_run or way.as_json) and sys.stdin.isatty() and sys.stderr.isatty()
    if said == SessionAnswers() and not (asks or yes or way.dry_run):
        raise click.UsageError(NO_ANSWER)
    with open_tree(tree) as workspace:
        if said == SessionAnswers() and asks:
            said = _ask(workspace.session_end.closing(project))
        try:
            plan = workspace.session_end.plan(said, datetime.now(UTC), project)
            if not way.dry_run:
                check_losses(workspace, plan)
            if asks:
                show_plan(plan)
                if not click.confirm("Save all of it as one commit?", default=True, err=True):
                    _keep(said, project)
                    return NOTHING
            return apply(workspace, plan, way, ids=asks)
        except (CannotEdit, TreeError, Refused, click.Abort):  # whatever else went wrong, it is written
            if asks:
                _keep(said, project)
            raise


# ── step by step ──────────────────────────────────────────────────────────────


def _ask(found: Closing) -> SessionAnswers:
    """Walk through all there is to be settled; the answers are printed when the walk is broken off."""
    texts: dict[str, str] = {}
    decided: dict[str, str] = {}
    questions: list[str] = []
    archived: list[str] = []
    lessons: list[str] = []
    try:
        if found.asked:
            _title("The session state: enter keeps what it says, - empties it")
        for asked in found.asked:
            present = "; ".join(asked.text.split("\n")) if asked.listed else asked.text
            text = _prompt(asked.name, present)
            if text != present:
                items = [part.strip() for part in text.split(";")] if asked.listed else [text]
                texts[asked.name] = "" if text == "-" else "\n".join(items)
        if found.pending:
            _title("Pending decisions, or enter to leave it open")
        for entry in found.pending:
            if text := _prompt(f"{entry.key} {entry.title}"):
                decided[entry.id] = text
        _title("New decisions to make, enter for none")
        while text := _prompt("decision"):
            questions.append(text)
        offered = [entry for entry in found.finished if entry.id in found.fresh]
        offered = (offered + [entry for entry in found.finished if entry not in offered])[:_SHOWN]
        if offered:
            _title("Archive finished work")
        for entry in offered:
            if click.confirm(f"  archive {safe(entry.key)} {safe(entry.title)}?", default=False, err=True):
                archived.append(entry.id)
        _title("Lessons, enter for none")
        while text := _prompt("lesson"):
            lessons.append(text)
    except click.Abort:
        _keep(
            SessionAnswers(texts, decided, tuple(questions), tuple(archived), tuple(lessons)), found.project
        )
        raise
    return SessionAnswers(texts, decided, tuple(questions), tuple(archived), tuple(lessons))


def _title(text: str) -> None:
    click.echo(f"\n{text}", err=True)


def _prompt(label: str, present: str = "") -> str:
    answer: str = click.prompt(
        f"  {safe(label)}", default=safe(present), show_default=bool(present), err=True
    )
    return present if answer == safe(present) else answer.strip()


def _keep(said: SessionAnswers, project: str) -> None:
    """Print the answers as a command, so that nothing has to be said twice."""
    words = [f"--set={name}={text}" for name, text in said.texts.items()]
    words += [f"--decide={name}={text}" for name, text in said.decided.items()]
    words += [f"--decision={text}" for text in said.questions]
    words += [f"--archive={entry}" for entry in said.archived]
    words += [f"--lesson={text}" for text in said.lessons]
    if words:
        more = [f"--project={project}"] if project else []
        again = shlex.join(["memarium", "session", "end", *words, *more])
        click.echo(f"Nothing was written. To repeat:\n{safe(again)}", err=True)


# ── what it is ────────────────────────────────────────────────────────────────


def _text(found: Closing) -> Iterator[str]:
    state = found.state
    yield state.title or state.project or "Session"
    since = f"since {stamp(state.started.when)}" if state.started else ""
    written = f"written {stamp(state.when.when)}" if state.when else ""
    yield "    " + " · ".join(part for part in (state.project, state.feature, since, written) if part)
    for label, told in (
        ("phase", (state.phase,)),
        ("status", (state.status,)),
        ("task", (state.task,)),
        ("last", (state.last_action,)),
        ("next", (state.next_step,)),
        ("blocked", state.blockers),
        ("pending", tuple(f"{entry.key} {entry.title}" for entry in found.pending)),
        ("finished", tuple(f"{e.key} {e.title}" for e in found.finished if e.id in found.fresh)),
        ("learned", state.learned),
    ):
        for place, line in enumerate(part for part in told if part):
            yield f"    {label + ':' if not place else '':10}{line}"
    for mark in state.marks:
        yield f"    ! {mark}"
