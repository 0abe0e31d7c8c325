"""Commands that keep a tree in order: check, repair, index; and the demo."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from index.commands.bars import prepare
from index.commands.base import (
    SavingWay,
    apply,
    change_options,
    check_losses,
    deleted_option,
    json_option,
    open_tree,
    tree_option,
)
from index.commands.completing import complete_broken_file
from index.commands.exit_status import NOTHING, command
from index.model.counts import count_words
from index.model.path_spelling import as_typed, shown
from index.rendering.json_encoder import to_json
from index.rendering.json_shapes import copies_shape, tree_shape
from index.rendering.styled_lines import write_problem
from index.rendering.text import safe, write
from index.storage.scan import inside
from index.workspace import Workspace

TELLING = 0.5
"""Share of a limit from which on a gauge is printed."""
WAY_BACK = "memarium history --deleted lists what is gone, memarium restore ID REV^ brings it back."


@click.command()
@json_option
@tree_option
@command
def check(tree: str | None, as_json: bool) -> int:
    """List every problem with its file and line, and what is worth a look.

    Only a file that cannot be read as it is meant, an error, makes the exit status 1.
    """
    with open_tree(tree) as workspace:
        problems = workspace.tree.problems()
        problems += workspace.notices.found(datetime.now(UTC))
        gauges = workspace.notices.gauges()
        errors = sum(1 for p in problems if p.level == "error")
        files = len(workspace.tree.snapshot.records)
        if as_json:
            counts = {"files": files, "errors": errors, "notes": len(problems) - errors}
            told = tree_shape(workspace.tree) | counts | {"problems": problems, "gauges": gauges}
            click.echo(to_json(told | {"copies": copies_shape(workspace.tree)}))
        else:
            for problem in problems:
                write_problem(problem)
            if any(problem.code == "vanished" for problem in problems):
                click.echo(WAY_BACK, err=True)
            for gauge in (one for one in gauges if one.share >= TELLING):
                click.echo(f"{safe(shown(gauge.file))}: {gauge}", err=True)
            counts = {"file": files, "error": errors, "note": len(problems) - errors}
            click.echo(", ".join(count_words(number, what) for what, number in counts.items()), err=True)
    return NOTHING if errors else 0


@click.command()
@click.option("--rebuild", is_flag=True, help="Rebuild the index from the files.")
@json_option
@tree_option
@command
def index(tree: str | None, rebuild: bool, as_json: bool) -> int:
    """Update the search index, or rebuild it."""
    from index.search.engines.choice import chosen

    engine = chosen()
    if engine.note:
        click.echo(engine.note, err=True)
    with open_tree(tree) as workspace:
        written = prepare(workspace, rebuild=rebuild)
        done = tree_shape(workspace.tree) | {
            "folder": str(workspace.tree.folder),
            "files": len(workspace.tree.snapshot.records),
            "entries": workspace.tree.snapshot.total,
            "written": written,
            "engine": workspace.search.engine or engine.name,
        }
        if as_json:
            click.echo(to_json(done))
        else:
            entries = count_words(workspace.tree.snapshot.total, "entry", "entries")
            templates = len(workspace.tree.snapshot.entries) - workspace.tree.snapshot.total
            entries += f" and {count_words(templates, 'template')}" if templates else ""
            files = count_words(len(workspace.tree.snapshot.records), "file")
            by = str(done["engine"]).title()
            write(f"{entries} of {files}; {written:,} written to {done['folder']} by {by}")
    return 0


@click.command()
@click.argument("file", shell_complete=complete_broken_file)
@click.option("--escape-only", is_flag=True, help="Only the safe fixes.")
@deleted_option
@change_options
@command
def repair(tree: str | None, file: str, escape_only: bool, way: SavingWay) -> int:
    """Repair a broken FILE and commit the change."""
    with open_tree(tree) as workspace:
        plan = workspace.planner.repair(_in_tree(workspace, file), guesses=not escape_only)
        if not way.dry_run:
            check_losses(workspace, plan)
        return apply(workspace, plan, way)


def _in_tree(workspace: Workspace, file: str) -> str:
    """Return `file` relative to the tree, whether it was named from there or from the current folder."""
    name = workspace.tree.named(as_typed(file, {problem.file for problem in workspace.tree.problems()}))
    if os.path.isfile(workspace.tree.place.disk(name)):
        return name
    return inside(workspace.tree.place, file) or name


@click.command()
@command
def demo() -> int:
    """Open a fresh sample tree with a git history. Without a terminal, print a short tour of it."""
    from index.commands.demo import make_demo_project, tour
    from index.model.days import today

    for line in tour(make_demo_project(today=today())):
        write(line)
    return 0
