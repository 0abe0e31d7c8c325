"""A few paragraphs that take the room they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Unpack

from textual.content import Content
from textual.reactive import reactive

from tui.theme.drawing import wrap
from tui.widgets.base.drawn import Drawn, Options


class Paragraphs(Drawn):
    """Shows lines, wrapped to its width; the rest of a line is as far in as it begins."""

    DEFAULT_CSS = "Paragraphs { width: 1fr; height: auto; }"

    lines: reactive[Sequence[Content]] = reactive((), layout=True)

    def __init__(self, *lines: Content, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.set_reactive(Paragraphs.lines, lines)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the lines."""
        return [row for line in self.lines for row in _broken(line, width)]


def _broken(line: Content, width: int) -> Iterator[Content]:
    inset = min(len(line.plain) - len(line.plain.lstrip(" ")), width // 2)
    for row in wrap(line[inset:], width - inset):
        yield Content(" " * inset) + row if inset and row.plain else row
