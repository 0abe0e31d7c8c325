"""Commands that change entries: delete, duplicate, move, tag."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import get_close_matches

import click

from index.commands.base import SavingWay, apply, change_options, open_tree, typed_file
from index.commands.completing import complete_file, complete_id, complete_project, complete_tag
from index.commands.exit_status import command
from index.model.path_spelling import shown
from index.model.plan import CannotEdit


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@change_options
@command
def delete(tree: str | None, entry_id: str, way: SavingWay) -> int:
    """Delete an entry. `memarium restore` brings it back."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.delete(entry_id)
        return apply(workspace, plan, way)


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@change_options
@command
def duplicate(tree: str | None, entry_id: str, way: SavingWay) -> int:
    """Duplicate an entry, with a new id and time."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.duplicate(entry_id, datetime.now(UTC))
        return apply(workspace, plan, way)


@click.command()
@click.argument("entry_id", metavar="ID", shell_complete=complete_id)
@click.argument("file", shell_complete=complete_file)
@click.option(
    "--project", default="", metavar="P", shell_complete=complete_project, help="Set the entry's project too."
)
@click.option("--new", is_flag=True, help="Create FILE if the tree has none of that name.")
@change_options
@command
def move(
    tree: str | None,
    entry_id: str,
    file: str,
    project: str,
    new: bool,
    way: SavingWay,
) -> int:
    """Move an entry to another FILE of the tree. One commit holds both files."""
    with open_tree(tree) as workspace:
        file = workspace.planner.target(workspace.tree.entry(entry_id), typed_file(workspace, file))
        if workspace.tree.data(file) is None and not new:
            near = get_close_matches(file, {entry.file for entry in workspace.tree.entries()}, 1, 0.6)
            hint = f" Did you mean {shown(near[0])}?" if near else ""
            raise CannotEdit(f"{shown(file)} does not exist in this tree.{hint} --new creates it.")
        plan = workspace.planner.move(entry_id, file, datetime.now(UTC), project=project)
        return apply(workspace, plan, way)


@click.command("rename-tag")
@click.argument("old", shell_complete=complete_tag)
@click.argument("new", shell_complete=complete_tag)
@change_options
@command
def rename_tag(tree: str | None, old: str, new: str, way: SavingWay) -> int:
    """Rename a tag in every entry that has it. An empty NEW removes it; one commit holds all."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.rename_tag(old, new)
        return apply(workspace, plan, way)
