"""Commands that change entries: edit, add, delete, move, tag."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from index.commands.base import (
    apply,
    apply_plan,
    command,
    dry_option,
    fields_of,
    json_option,
    message_option,
    open_tree,
    set_option,
    tree_option,
)


@click.command()
@click.argument("entry_id", metavar="ID")
@set_option
@message_option
@dry_option
@json_option
@tree_option
@command
def edit(
    tree: str | None,
    entry_id: str,
    values: tuple[str, ...],
    message: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Set fields of an entry and commit the change.

    Only the bytes of those fields change, and the commit holds that one file.
    """
    with open_tree(tree) as workspace:
        return apply(
            workspace,
            workspace.plan_edit(entry_id, fields_of(values)),
            message,
            dry_run=dry_run,
            as_json=as_json,
        )


@click.command()
@click.argument("kind")
@set_option
@click.option("--file", metavar="FILE", default="", help="The file of the tree; else where its kind lives.")
@message_option
@dry_option
@json_option
@tree_option
@command
def add(
    tree: str | None,
    kind: str,
    values: tuple[str, ...],
    file: str,
    message: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Add an entry of a KIND the tree knows, or of a documented one; its id and time are made.

    The diff shows the new entry, the id is in it.
    """
    with open_tree(tree) as workspace:
        plan = workspace.composer.add(kind, fields_of(values), datetime.now(UTC), file=file)
        return apply_plan(workspace, plan, message, dry_run=dry_run, as_json=as_json)


@click.command()
@click.argument("entry_id", metavar="ID")
@message_option
@dry_option
@json_option
@tree_option
@command
def delete(tree: str | None, entry_id: str, message: str | None, dry_run: bool, as_json: bool) -> int:
    """Delete an entry; memarium restore brings it back."""
    with open_tree(tree) as workspace:
        plan = workspace.composer.delete(entry_id)
        return apply_plan(workspace, plan, message, dry_run=dry_run, as_json=as_json)


@click.command()
@click.argument("entry_id", metavar="ID")
@message_option
@dry_option
@json_option
@tree_option
@command
def duplicate(tree: str | None, entry_id: str, message: str | None, dry_run: bool, as_json: bool) -> int:
    """Copy an entry right behind itself, with a new id and time."""
    with open_tree(tree) as workspace:
        plan = workspace.composer.duplicate(entry_id, datetime.now(UTC))
        return apply_plan(workspace, plan, message, dry_run=dry_run, as_json=as_json)


@click.command()
@click.argument("entry_id", metavar="ID")
@click.argument("file")
@click.option("--project", default="", metavar="P", help="Set the entry's project too.")
@message_option
@dry_option
@json_option
@tree_option
@command
def move(
    tree: str | None,
    entry_id: str,
    file: str,
    project: str,
    message: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Move an entry to another FILE of the tree: one commit of both."""
    with open_tree(tree) as workspace:
        plan = workspace.composer.move(entry_id, file, datetime.now(UTC), project=project)
        return apply_plan(workspace, plan, message, dry_run=dry_run, as_json=as_json)


@click.command("rename-tag")
@click.argument("old")
@click.argument("new")
@message_option
@dry_option
@json_option
@tree_option
@command
def rename_tag(
    tree: str | None, old: str, new: str, message: str | None, dry_run: bool, as_json: bool
) -> int:
    """Rename a tag in all entries that have it: one commit. An empty NEW takes it away."""
    with open_tree(tree) as workspace:
        plan = workspace.composer.rename_tag(old, new)
        return apply_plan(workspace, plan, message, dry_run=dry_run, as_json=as_json)
