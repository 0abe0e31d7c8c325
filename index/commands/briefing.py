"""The command brief: where to go on in a project."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from index.commands.base import json_option, open_tree, tree_option
from index.commands.completing import complete_project
from index.commands.exit_status import NOTHING, command
from index.model.days import local
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import brief_shape, tree_shape
from index.rendering.text import write

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
