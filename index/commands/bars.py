"""Bars that show how far a long task is, as indexing before a search, where somebody can see them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from index.model.errors import IndexBusy
from index.workspace import Workspace


def draw_bar(task: str, most: int = 500) -> Callable[[int, int], None]:
    """Return a progress callback that draws a bar for a task that takes long enough to be waited for.

    Where nobody sees standard error there is none, nor for `most` things or fewer.
    """
    bar: Any = None
    seen = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and total > most and seen:
            bar = click.progressbar(length=total, label=task, file=sys.stderr)
        if bar is not None:
            bar.update(done - bar.pos)
            if done >= total:
                bar.render_finish()
                bar = None

    return progress


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
