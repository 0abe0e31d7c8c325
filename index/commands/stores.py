"""The commands on the stores of a project: which there are, and a new one."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from index.commands.base import json_option
from index.commands.exit_status import NOTHING, command
from index.model.counts import count_words
from index.model.store_places import STARTS
from index.rendering.json_encoder import to_json
from index.rendering.text import safe, write
from index.storage.memory_stores import (
    MemoryStore,
    TreeLocation,
    lone_store,
    stores_of,
    tree_at,
    tree_of_project,
)
from index.workspace import Workspace


@click.command("stores")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@json_option
@command
def stores(folder: Path | None, as_json: bool) -> int:
    """List the memory stores of a project. Each has its keeper, its name in a query, and its entries.

    memarium in the project opens all of them as one tree; store:NAME narrows a query to one.
    """
    start = (folder or Path.cwd()).absolute()
    if (store := lone_store(start)) is not None:
        start = store.root
    found = list(stores_of(start))
    together = tree_of_project(start)
    counts = _counts(found, together)
    if as_json:
        rows = [
            {"path": str(store.path), "keeper": store.keeper, "store": store.name, "entries": count}
            for store, count in zip(found, counts, strict=True)
        ]
        click.echo(to_json({"stores": rows}))
    else:
        _write(found, counts)
    if not found:
        alone = "This folder is a store itself: memarium opens it."
        click.echo(alone if together is not None else "No memory stores in this project.", err=True)
    if hidden := Workspace.left_out(start):
        click.echo(safe(hidden), err=True)
    return 0 if found else NOTHING


def _write(found: Sequence[MemoryStore], counts: Sequence[int | None]) -> None:
    wide = [max((len(text) for text in texts), default=0) for texts in zip(*map(_words, found), strict=True)]
    for store, count in zip(found, counts, strict=True):
        words = "  ".join(f"{text:<{room}}" for text, room in zip(_words(store), wide, strict=True))
        said = "left out" if count is None else count_words(count, "entry", "entries")
        write(f"{words}  {said:>14}  {store.path}")
    if None in counts:
        click.echo("Left out: a link leads out of the project there and is not followed.", err=True)


def _words(store: MemoryStore) -> tuple[str, str]:
    return store.keeper, store.name


def _counts(found: Sequence[MemoryStore], together: TreeLocation | None) -> list[int | None]:
    """Return the number of entries of each store: in the tree of all, or of the only one by itself.

    None for one that the tree leaves out, as a link leads out of the project there.
    """
    left_out = [_is_left_out(store, together) for store in found]
    if together is not None and together.is_joined:
        within = _entries(together)
        return [None if out else within[store.name] for store, out in zip(found, left_out, strict=True)]
    pairs = zip(found, left_out, strict=True)
    return [None if out else _entries(tree_at(store.path)).total() for store, out in pairs]


def _is_left_out(store: MemoryStore, together: TreeLocation | None) -> bool:
    real = Path(os.path.realpath(store.path))
    held = together.stores() if together is not None and store.inside else ()
    return bool(held) and not any(real.is_relative_to(place) for place in held)


def _entries(place: TreeLocation) -> Counter[str]:
    """Count the entries of a tree by their stores."""
    with closing(Workspace.open(place)) as workspace:
        return Counter(entry.store for entry in workspace.tree.entries() if not entry.template)


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
