"""Commands that look back: history, diff, restore, undo."""

from __future__ import annotations

from itertools import islice
from typing import Any

import click

from index.commands.base import (
    NOTHING,
    apply,
    command,
    dry_option,
    json_option,
    message_option,
    open_tree,
    tree_option,
)
from index.history.versions import Version
from index.memory.diff import diff_lines
from index.output import diff_text, safe, to_json, write
from index.snapshot import Saved


@click.command()
@click.argument("entry_id", metavar="[ID]", required=False)
@click.option("--deleted", is_flag=True, help="List the entries that were deleted.")
@click.option("-n", "--limit", type=click.IntRange(min=1), metavar="N", help="How many, newest first.")
@json_option
@tree_option
@command
def history(tree: str | None, entry_id: str | None, deleted: bool, limit: int | None, as_json: bool) -> int:
    """Show the versions of an entry, newest first; without an ID what every commit did to the entries."""
    with open_tree(tree) as workspace:
        chronicle = workspace.chronicle
        if deleted:
            gone = [
                {
                    "id": d.entry.id,
                    "title": d.entry.title,
                    "rev": d.rev,
                    "date": d.when.isoformat(),
                    "author": d.author,
                }
                for d in islice(chronicle.deleted(), limit)
            ]
            return _list(gone, "deleted", "{date}  {rev:.7}  {author}  {title}  {id}", as_json)
        if entry_id is None:
            commits = [
                {
                    "rev": t.rev,
                    "date": t.when.isoformat(),
                    "author": t.author,
                    "message": t.message.partition("\n")[0],
                    "summary": t.summary,
                }
                for t in chronicle.log(limit)
            ]
            return _list(commits, "commits", "{date}  {rev:.7}  {author}  {message}\n    {summary}", as_json)
        versions = islice(chronicle.versions(entry_id), limit)
        if as_json:
            click.echo(to_json({"id": entry_id, "versions": [_version(v) for v in versions]}))
            return 0
        for version in versions:
            date = version.when.isoformat(" ", "minutes") if version.when else "not committed"
            said = version.message.partition("\n")[0]
            write(f"{date}  {(version.rev or '')[:7]:7}  {version.author}  {said}".rstrip())
            write(f"    {version.summary}{'  (the file was broken)' if version.broken else ''}")
    return 0


def _version(version: Version) -> dict[str, Any]:
    return {
        "rev": version.rev,
        "date": version.when.isoformat() if version.when else None,
        "author": version.author,
        "message": version.message,
        "summary": version.summary,
        "broken": version.broken,
        "changes": [change._asdict() for change in version.changes],
    }


def _list(rows: list[dict[str, Any]], name: str, form: str, as_json: bool) -> int:
    if as_json:
        click.echo(to_json({name: rows}))
    for row in () if as_json else rows:
        write(form.format(**row).rstrip())
    return 0 if rows else NOTHING


@click.command()
@click.argument("entry_id", metavar="ID")
@click.argument("old", metavar="[REV]", required=False)
@click.argument("new", metavar="[REV]", required=False)
@json_option
@tree_option
@command
def diff(tree: str | None, entry_id: str, old: str | None, new: str | None, as_json: bool) -> int:
    """Show what changed in an entry, by field: between two revisions, from one to now, or last."""
    from index.history.comparing import compare

    with open_tree(tree) as workspace:
        chronicle = workspace.chronicle
        if old is None:
            last = next(chronicle.versions(entry_id), None)
            changes = last.changes if last else ()
        else:
            before = chronicle.at(entry_id, old).entry
            after = chronicle.at(entry_id, new).entry if new else workspace.entry(entry_id)
            changes = compare(before, after)
        if as_json:
            click.echo(to_json({"id": entry_id, "changes": [change._asdict() for change in changes]}))
        for change in () if as_json else changes:
            write(f"{change.field}:")
            write(diff_text(diff_lines(f"{change.before or ''}\n", f"{change.after or ''}\n")))
    return 0 if changes else NOTHING


@click.command()
@click.argument("entry_id", metavar="ID")
@click.argument("rev")
@click.option("--field", metavar="NAME", help="Only this field.")
@message_option
@dry_option
@json_option
@tree_option
@command
def restore(
    tree: str | None,
    entry_id: str,
    rev: str,
    field: str | None,
    message: str | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Put an entry, or one field, back as it was at REV: one new commit. A deleted one comes back."""
    with open_tree(tree) as workspace:
        past = workspace.chronicle.at(entry_id, rev)
        plan = workspace.chronicle.plan_past(entry_id, past, rev, field)
        return apply(workspace, plan, message, dry_run=dry_run, as_json=as_json)


@click.command()
@click.option("--prefer", type=click.Choice(["ours", "theirs"]), help="Settle every conflict in this way.")
@json_option
@tree_option
@command
def sync(tree: str | None, prefer: str | None, as_json: bool) -> int:
    """Fetch, merge by entry and push. Nothing is touched while a conflict is unsettled: it is listed."""
    from index.history.errors import Refused
    from index.history.merge import Conflict

    def choose(conflicts: tuple[Conflict, ...]) -> dict[tuple[str, str], str] | None:
        return {(one.entry, one.field): prefer for one in conflicts} if prefer else None

    with open_tree(tree) as workspace:
        if workspace.repository is None:
            raise Refused(f"There is nothing to sync with. {workspace.unversioned}")
        outcome = workspace.repository.sync(choose)
        if as_json:
            told = {
                "fetched": outcome.fetched,
                "merged": list(outcome.merged),
                "pushed": outcome.pushed,
                "complete": outcome.complete,
                "words": outcome.words,
                "conflicts": [one._asdict() for one in outcome.conflicts],
            }
            click.echo(to_json(told))
        else:
            for one in outcome.conflicts:
                write(f"{one.entry}  {one.field}")
                write(f"    ours:   {one.ours}\n    theirs: {one.theirs}")
            click.echo(safe(outcome.words), err=True)
    return 0 if outcome.complete else NOTHING


@click.command()
@click.option("--redo", is_flag=True, help="Do again what was undone last.")
@json_option
@tree_option
@command
def undo(tree: str | None, redo: bool, as_json: bool) -> int:
    """Take back the last change made with memarium, as a new commit."""
    with open_tree(tree) as workspace:
        saved: Saved = workspace.redo() if redo else workspace.undo()
        if as_json:
            click.echo(to_json(saved._asdict()))
        else:
            click.echo(safe(saved.note), err=True)
    return 0
