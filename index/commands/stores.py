"""`memarium stores`: the memories that agents keep for this project, whoever they are."""

from __future__ import annotations

from pathlib import Path

import click

from index.commands.base import json_option
from index.commands.exit_status import NOTHING, command
from index.model.counts import count_words
from index.rendering.json_encoder import to_json
from index.rendering.text import write
from index.storage.memory_stores import count_files, stores_of


@click.command("stores")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False, exists=True))
@json_option
@command
def stores(folder: Path | None, as_json: bool) -> int:
    """List the memory stores of a project. Each has its keeper and the number of its files."""
    found = list(stores_of((folder or Path.cwd()).absolute()))
    counts = [count_files(store.path) for store in found]
    if as_json:
        rows = [
            {"path": str(store.path), "keeper": store.keeper, "files": count}
            for store, count in zip(found, counts, strict=True)
        ]
        click.echo(to_json({"stores": rows}))
    else:
        wide = max((len(store.keeper) for store in found), default=0)
        for store, count in zip(found, counts, strict=True):
            write(f"{store.keeper:<{wide}}  {count_words(count, 'file'):>10}  {store.path}")
    if not found:
        click.echo("No memory stores in this project.", err=True)
    return 0 if found else NOTHING
