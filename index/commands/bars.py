"""Bars that show how far a long task is, where somebody can see them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click


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
