"""Commands that look back: history, diff, restore, undo."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from index.commands.arguments import COUNT
from index.commands.base import (
    SavingWay,
    allowing_options,
    apply,
    change_options,
    deleted_option,
    json_option,
    open_tree,
    tell_hooks,
    tell_step,
    tree_option,
)
from index.commands.completing import complete_field_name, complete_id_or_file, complete_revision
from index.commands.exit_status import NOTHING, command, half_way, note_done
from index.commands.version_lines import (
    SAME,
    UNCOMMITTED,
    file_diff,
    file_history,
    file_named,
    tell_gaps,
    write_versions,
)
from index.model.commits import SHALLOW
from index.model.counts import listed
from index.model.days import stamp
from index.model.errors import Refused, UnknownEntry
from index.model.field import FieldChange
from index.model.path_spelling import as_typed, shown
from index.model.plan import Saved
from index.model.text.text_diff import diff_lines
from index.rendering.differences import compare_entry, conflict_lines
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import (
    deleted_shape,
    outcome_shape,
    saved_shape,
    tree_version_shape,
    version_shape,
)
from index.rendering.styled_lines import COMMIT, Part, write_diff, write_parts
from index.rendering.text import diff_text, safe, write

if TYPE_CHECKING:
    from index.workspace import Workspace


@click.command()
@click.argument("name", metavar="[ID|FILE]", required=False, shell_complete=complete_id_or_file)
@click.option("--deleted", is_flag=True, help="List the entries that were deleted.")
@click.option("-n", "--limit", type=COUNT, metavar="N", help="How many, newest first.")
@json_option
@tree_option
@command
def history(tree: str | None, name: str | None, deleted: bool, limit: int | None, as_json: bool) -> int:
    """Show the versions of an entry, a file or the whole tree, newest first.

    FILE is a path in the tree, with or without .xml. A name that is an entry's id and a file's name too
    means the entry: write FILE.xml for the file.
    """
    with open_tree(tree) as workspace:
        entry_history = workspace.history
        out = entry_history.left_out() if as_json else []
        if deleted:
            gone = map(deleted_shape, islice(entry_history.deleted(), limit))
            status = _list(
                gone, "deleted", ("{title}", "strong"), ("  {id}", "muted"), as_json=as_json, out=out
            )
            tell_gaps(workspace, ends=True)
            return status
        if name is None:
            commits = map(tree_version_shape, entry_history.log(limit))
            status = _list(commits, "commits", ("{message}\n    {summary}", ""), as_json=as_json, out=out)
            tell_gaps(workspace, ends=False)
            return status
        file = file_named(workspace, name)
        if file:
            return file_history(workspace, file, limit, as_json=as_json)
        versions = islice(entry_history.versions(name), limit)
        if as_json:
            click.echo(to_json({"id": as_typed(name), "versions": [version_shape(v) for v in versions]}))
            return 0
        return write_versions(versions)


def _list(rows: Iterator[dict[str, Any]], name: str, *forms: Part, as_json: bool, out: list[str]) -> int:
    """Write rows as they come, for there may be ten thousand: date, revision, author, then the `forms`.

    `out` are the files that are left out.
    """
    if as_json:
        every = list(rows)
        click.echo(to_json({name: every, "left_out": out}))
        return 0 if every else NOTHING
    row: dict[str, Any] = {}
    for row in rows:
        told = row | {"date": stamp(row["date"])}
        told |= {"id": shown(row["id"])} if "id" in row else {}
        write_parts(*((form.format(**told), style) for form, style in (*COMMIT, *forms)))
    if row.get("shallow"):
        click.echo(SHALLOW, err=True)
    if not row:
        click.echo("Nothing found.", err=True)
    return 0 if row else NOTHING


@click.command()
@click.argument("name", metavar="ID|FILE", shell_complete=complete_id_or_file)
@click.argument("old", metavar="[REV]", required=False, shell_complete=complete_revision)
@click.argument("new", metavar="[REV]", required=False, shell_complete=complete_revision)
@json_option
@tree_option
@command
def diff(tree: str | None, name: str, old: str | None, new: str | None, as_json: bool) -> int:
    """Show the changes of an entry, by field, or of a file.

    With two REVs between them, with one from there to now. Without a REV the uncommitted changes, else
    those of its last commit. FILE is a path in the tree, with or without .xml; a name that is an entry's id
    too means the entry.
    """
    with open_tree(tree) as workspace:
        file = file_named(workspace, name)
        if file:
            return file_diff(workspace, file, old, new, as_json=as_json)
        found = _compared(workspace, name, old, new)
    only = f"{found.only[:1].upper()}{found.only[1:]}." if found.only else ""
    if found.uncommitted and (found.changes or only):
        click.echo(UNCOMMITTED, err=True)
    if found.cut:
        click.echo(SHALLOW, err=True)
    if as_json:
        told = {"committed": not found.uncommitted, "shallow": bool(found.cut), "changes": found.changes}
        click.echo(to_json({"id": as_typed(name)} | told | {"only": only}))
        return 0 if found.changes or only else NOTHING
    for change in found.changes:
        write_parts((f"{change.field}:", "strong"))
        write_diff(diff_text(diff_lines(f"{change.before or ''}\n", f"{change.after or ''}\n")))
    if only:
        write(only)
    elif not found.changes:
        click.echo(SAME, err=True)
    return 0 if found.changes or only else NOTHING


class _Compared(NamedTuple):
    """The differences between two versions of an entry."""

    changes: tuple[FieldChange, ...]
    only: str = ""
    """Says how they are written differently, where they say the same."""
    uncommitted: bool = False
    """The newer one is on disk and in no commit."""
    cut: bool = False
    """A shallow clone begins with the newer one."""


def _compared(workspace: Workspace, name: str, old: str | None, new: str | None) -> _Compared:
    entry_history = workspace.history
    last = next(entry_history.versions(name), None) if new is None else None
    uncommitted = last is not None and last.rev is None
    if old is None:
        if last is not None and last.entry is not None and not uncommitted:
            head, now = entry_history.at(name, "HEAD"), workspace.tree.entry(name)
            only = compare_entry(head.entry, now, (head.markup, workspace.tree.markup(name))).only
            if only:
                return _Compared((), only, uncommitted=True)
        return _Compared(last.changes, "", uncommitted, last.cut) if last is not None else _Compared(())
    before = entry_history.at(name, old)
    then = entry_history.at(name, new) if new else None
    now = then.entry if then else workspace.tree.entry(name)
    source = then.markup if then else workspace.tree.markup(name)
    found = compare_entry(before.entry, now, (before.markup, source))
    return _Compared(*found, uncommitted)


@click.command()
@click.argument("name", metavar="ID|FILE", shell_complete=complete_id_or_file)
@click.argument("rev", metavar="[REV]", required=False, shell_complete=complete_revision)
@click.option("--field", metavar="NAME", shell_complete=complete_field_name, help="Only this field.")
@change_options
@command
def restore(
    tree: str | None,
    name: str,
    rev: str | None,
    field: str | None,
    way: SavingWay,
) -> int:
    """Restore an entry, one of its fields, or a file from REV.

    A deleted one comes back too, without a REV as it last was. The restore is a new commit. FILE is a path
    in the tree, with or without .xml; a name that is an entry's id too means the entry.
    """
    with open_tree(tree) as workspace:
        entry_history = workspace.history
        file = file_named(workspace, name)
        if file and field is not None:
            raise click.UsageError(f"--field is for an entry, and {name} is a file.")
        rev = rev or _last_with(workspace, name, file)
        if file:
            plan = entry_history.plan_restore_file(file, entry_history.file_at(file, rev))
        else:
            plan = entry_history.plan_past(name, entry_history.at(name, rev), rev, field)
        return apply(workspace, plan, way)


def _last_with(workspace: Workspace, name: str, file: str) -> str:
    """Return the newest revision that has an entry, or a `file`, which is not there now.

    Raises:
        UsageError: it is there, so that a revision has to be named.
        UnknownEntry: no entry has this id, now or among the deleted.
    """
    if file:
        revs = (one.rev for one in workspace.history.file_versions(file) if not one.deleted)
        is_there = os.path.exists(workspace.tree.real(file))
    else:
        revs = (one.rev for one in workspace.history.versions(name) if one.entry is not None)
        is_there = False
        with suppress(UnknownEntry):
            is_there = bool(workspace.tree.entry(name))
    rev = None if is_there else next(filter(None, revs), None)
    if rev is None:
        raise click.UsageError(f"Say which version: memarium history {shown(name)} lists them.")
    return rev


@click.command()
@click.option("--prefer", type=click.Choice(["ours", "theirs"]), help="Resolve every conflict this way.")
@deleted_option
@json_option
@tree_option
@command
def sync(tree: str | None, prefer: str | None, as_json: bool) -> int:
    """Fetch, merge by entry and push. Conflicts are listed, and nothing changes before all are resolved."""
    from index.model.merge_outcomes import MergeConflict

    def choose(conflicts: tuple[MergeConflict, ...]) -> dict[tuple[str, str], str] | None:
        return {(one.entry, one.field): prefer for one in conflicts} if prefer else None

    with open_tree(tree) as workspace:
        tell_hooks(workspace)
        try:
            with half_way():
                outcome = workspace.history.sync(choose, tell_step)
        finally:
            tell_step("")
        if outcome.complete or outcome.merged or outcome.pushed:
            note_done()
        if as_json:
            click.echo(to_json(outcome_shape(outcome)))
        else:
            for one in outcome.conflicts:
                for line in conflict_lines(one):
                    write(line)
            click.echo(safe(outcome.words), err=True)
    return 0 if outcome.complete else NOTHING


@click.command()
@click.option("--redo", is_flag=True, help="Redo the last undone change.")
@allowing_options
@json_option
@tree_option
@command
def undo(tree: str | None, redo: bool, as_json: bool) -> int:
    """Undo the last change made with memarium. The undo is a new commit."""
    with open_tree(tree) as workspace:
        tell_hooks(workspace)
        if not redo:
            _tell_uncommitted(workspace)
        with half_way():
            saved: Saved = workspace.committer.redo() if redo else workspace.committer.undo()
        note_done()
        if as_json:
            click.echo(to_json(saved_shape(saved)))
        else:
            click.echo(safe(saved.note), err=True)
    return 0


def _tell_uncommitted(workspace: Workspace) -> None:
    """Say that an undo leaves what is in no commit, as an edit is that a hook refused, and the way back."""
    with suppress(Refused, OSError):
        files = [one.path for one in workspace.status.uncommitted() if one.before is not None]
        if files:
            words = f"The undo leaves what is in no commit ({listed(files)}): "
            click.echo(safe(f"{words}memarium restore FILE HEAD --force takes that back."), err=True)
