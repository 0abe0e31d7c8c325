"""The head above the rows: a click on one of its words puts them in that order."""

from __future__ import annotations

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
_WRITTEN: Final = 30
"""Cells of a row from which there is room for the level."""


def head_line(width: int, order: str, *, ranked: bool, dates: int) -> Content:
    """Draw the heads for rows of `width` cells; the one that they are ordered by is in the accent.

    Args:
        width: cells of the rows.
        order: the order of the rows.
        ranked: they match a query more or less, so that they can be ordered by that.
        dates: cells of the column with the dates.
    """
    at_left = [
        name for name in HEADS if name not in (*_AT_RIGHT, "oldest") and (ranked or name != "relevance")
    ]
    for gap in ("  ", " "):
        level = t(_head("level", order, 0), gap) if width >= _WRITTEN or order == "level" else ""
        right = t(level, _head("date", order, dates), " ")
        room = width - right.cell_length - 3
        if _cells(at_left, order, gap) <= room:
            break
    while len(at_left) > 1 and _cells(at_left, order, gap) > room:
        at_left.remove(next(name for name in reversed(at_left) if name != order))
    return bar(width, t("   ", Content(gap).join(_head(name, order, 0) for name in at_left)), right)


def _cells(names: list[str], order: str, gap: str) -> int:
    """Return the cells of heads at the left, with the gap to those at the right."""
    return sum(len(HEADS[name][0]) + len(gap) + (2 if name == order else 0) for name in names)


def _head(name: str, order: str, width: int) -> Content:
    """Draw one head, at the right of `width` cells; a click on the current one turns the dates round."""
    current = name == order or (name, order) == ("date", "oldest")
    word = HEADS[name][0]
    text = f"{HEADS[order][1]} {word}" if current else word
    chosen = "oldest" if (name, order) == ("date", "date") else name
    head = t((text, "accent" if current else "muted")).stylize(Style.from_meta({"order": chosen}))
    return t(" " * max(0, width - head.cell_length), head)
