"""The head above the rows: a click on one of its words puts them in that order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.content import Content
from textual.style import Style

from tui.theme.drawing import bar, t

HEADS: Final = {
    "relevance": ("Match", "▾"),
    "title": ("Title", "▴"),
    "kind": ("Kind", "▴"),
    "file": ("File", "▴"),
    "level": ("Level", "▾"),
    "date": ("Date", "▾"),
    "oldest": ("Date", "▴"),
}
"""Order → its head, and the arrow beside it."""
_AT_RIGHT: Final = ("level", "date")
"""Heads above the columns at the right."""
_GAP: Final = "  "
_WIDE: Final = 46
"""Cells of a row from which the level is written out."""


def head_line(width: int, order: str, *, ranked: bool, dates: int) -> Content:
    """Draw the heads for rows of `width` cells; the one that they are ordered by is in the accent.

    Args:
        width: cells of the rows.
        order: the order of the rows.
        ranked: they match a query more or less, so that they can be ordered by that.
        dates: cells of the column with the dates.
    """
    level = "L" if width < _WIDE else "Level"
    right = t(_head("level", order, 0, level), "  ", _head("date", order, dates), " ")
    names = [name for name in HEADS if name not in (*_AT_RIGHT, "oldest") and (ranked or name != "relevance")]
    room = width - right.cell_length - 3
    while len(names) > 1 and sum(_cells(name, order) for name in names) > room:
        names.remove(next(name for name in reversed(names) if name != order))
    return bar(width, t("   ", *_left(names, order)), right)


def _left(names: list[str], order: str) -> Iterator[Content]:
    for name in names:
        yield _head(name, order, 0)
        yield Content(_GAP)


def _cells(name: str, order: str) -> int:
    return len(HEADS[name][0]) + len(_GAP) + (2 if name == order else 0)


def _head(name: str, order: str, width: int, word: str = "") -> Content:
    """Draw one head, at the right of `width` cells; a click on the current one turns the dates round."""
    current = name == order or (name, order) == ("date", "oldest")
    word = word or HEADS[name][0]
    text = f"{HEADS[order][1]} {word}" if current else word
    chosen = "oldest" if (name, order) == ("date", "date") else name
    head = t((text, "accent" if current else "muted")).stylize(Style.from_meta({"order": chosen}))
    return t(" " * max(0, width - head.cell_length), head)
