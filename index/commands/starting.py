"""`memarium init`: a new store of memories in a project."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from index.commands.base import json_option
from index.commands.exit_status import command
from index.model.store_places import STARTS
from index.rendering.json_encoder import to_json
from index.rendering.text import safe, write
from index.workspace import Workspace


@click.command("init")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--store",
    "name",
    type=click.Choice([start.name for start in STARTS]),
    help="The store to start; without it a terminal asks.",
)
@json_option
@command
def init(folder: Path | None, name: str | None, as_json: bool) -> int:
    """Start a store of memories in a project.

    Writes the files that its keeper documents into FOLDER, or the current folder, and prints their paths.
    What is there is never touched, and nothing is committed.
    """
    if folder is not None and not folder.is_dir():
        meant = str(folder) in {start.name for start in STARTS}
        hint = f"--store {folder} starts that store here" if meant else "make it first"
        raise click.UsageError(f"There is no folder {safe(str(folder))}: {hint}.")
    chosen = name or _ask()
    new = Workspace.start(folder or Path.cwd(), chosen, datetime.now(UTC))
    if as_json:
        click.echo(to_json({"store": chosen, "folder": str(new.folder), "files": list(new.files)}))
        return 0
    for file in new.files:
        write(str(new.folder / file))
    click.echo(f"Started {safe(str(new.folder))}: memarium in the project opens it.", err=True)
    return 0


def _ask() -> str:
    """Ask which store is to be started. Raises UsageError: nobody can answer."""
    if not sys.stdin.isatty():
        names = ", ".join(start.name for start in STARTS)
        raise click.UsageError(f"Name the store: --store {names}.")
    for number, start in enumerate(STARTS, 1):
        click.echo(f"  {number}  {start.name:<12} {start.about}", err=True)
    answer: int = click.prompt(
        "Which one", type=click.IntRange(1, len(STARTS)), default=1, show_default=True, err=True
    )
    return STARTS[answer - 1].name
