"""Bringing the index up to date before a command searches it, with a bar where somebody can see it."""

from __future__ import annotations

import click

from index.commands.bars import draw_bar
from index.model.errors import IndexBusy
from index.workspace import Workspace


def prepare(workspace: Workspace, *, rebuild: bool = False) -> int:
    """Index all that is not indexed, with progress on standard error where somebody can see it."""
    build = workspace.search.rebuild if rebuild else workspace.search.update
    try:
        return build(draw_bar("indexing"))
    except IndexBusy:
        click.echo(
            "Another memarium is writing the index: the search covers what it has written so far.", err=True
        )
        return 0
