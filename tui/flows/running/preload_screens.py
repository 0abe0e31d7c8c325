"""Screens made ready while nobody waits: those that the next key may open."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from index.rendering.markdown_parts import markdown_parts
from tui.theme import code

NEXT: Final = (
    "tui.screens.sessions.timeline",
    "index.sessions.timeline",
    "tui.screens.editing.edit",
    "tui.screens.editing.review",
    "tui.screens.history.history",
    "tui.screens.editing.add",
    "tui.screens.base.palette",
    "tui.screens.problems.problems",
)
"""Modules of the screens opened most, in that order; each takes 5 to 80 ms to import."""


def import_ahead(stopped: Callable[[], bool]) -> None:
    """Import the screens likely to be opened, unless the app is about to end."""
    for name in NEXT:
        if stopped():
            return
        import_module(name)
    code.load_usual()
    list(markdown_parts("-"))  # the first text loads the parser
