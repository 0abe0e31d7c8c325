"""The command brief: where to go on in a project."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from index.commands.base import json_option, open_tree, tree_option
from index.commands.exit_status import NOTHING, command
from index.model.path_spelling import spelled
from index.rendering.text import to_json, write

if TYPE_CHECKING:
    from index.sessions.brief import Brief, Section
    from index.sessions.markdown import Fitted

_LEAST = 200
_BUDGET = 6000
"""Characters: about as many words as a page and a half."""
_STATE = ("title", "project", "feature", "phase", "status", "task", "last_action", "next_step")


@click.command()
@click.option("--project", metavar="P", default="", help="The project; else the one worked on last.")
@click.option(
    "--max-chars", type=click.IntRange(min=_LEAST), default=_BUDGET, show_default=True, metavar="N",
    help="The budget; what has no room is named at the end.",
)  # fmt: skip
@json_option
@tree_option
@command
def brief(tree: str | None, project: str, max_chars: int, as_json: bool) -> int:
    """Tell where to go on in a project, most useful first: to be pasted, or read when a session starts."""
    from index.sessions.markdown import fit

    with open_tree(tree) as workspace:
        found = workspace.brief(project, datetime.now().astimezone())
        fitted = fit(found, max_chars, workspace.tree.name)
        if as_json:
            click.echo(to_json({"tree": spelled(str(workspace.tree.root))} | _as_json(found, fitted)))
        if not found:
            what = f" of the project {project}" if project else " in this tree"
            click.echo(f"Nothing is known{what}.", err=True)
        elif not as_json:
            write(fitted.text.rstrip("\n"))
    return 0 if found else NOTHING


def _as_json(found: Brief, fitted: Fitted) -> dict[str, Any]:
    state = found.state
    told: dict[str, Any] = {name: getattr(state, name) for name in _STATE}
    told["blockers"] = list(state.blockers)
    told["when"] = state.when.when.isoformat() if state.when else None
    told["id"] = state.entry
    return {
        "project": found.project,
        "state": told if state else None,
        "sections": [_section(section) for section in fitted.sections],
        "left_out": {
            section.name: section.total - len(section.lines)
            for section in fitted.sections
            if section.total > len(section.lines)
        },
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "name": section.name,
        "title": section.title,
        "total": section.total,
        "lines": [
            {
                "text": line.text,
                "detail": line.detail,
                "id": line.id,
                "when": line.when.isoformat() if line.when else None,
            }
            | ({"change": line.change} if line.change else {})
            for line in section.lines
        ],
    }
