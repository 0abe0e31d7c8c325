"""The second line of a screen: its title, and a note at the right of it."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from tui.theme.drawing import BLANK, bar, place, t
from tui.widgets.base.drawn import Drawn

_TITLE = 30
"""Cells that a title keeps, where it is as long."""
_APART = 3
"""Cells between title and note, and behind the note."""
_DOT = " · "
"""Between the facts of a note."""


class TitleLine(Drawn):
    """Draws a title and a note."""

    DEFAULT_CSS = "TitleLine { height: 1; }"

    heading: reactive[Content] = reactive(BLANK)
    path: reactive[str] = reactive("")
    """A file behind the heading; where there is little room, its folders give way first."""
    note: reactive[Content] = reactive(BLANK)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line, one cell from both edges; of the note, the last facts go before the title does."""
        left, note = t(" ", self.heading), self.note
        whole = left.cell_length + Content(self.path).cell_length
        room = width - min(whole, _TITLE) - _APART
        while note.cell_length > room and _DOT in note.plain:
            note = note[: note.plain.rindex(_DOT)]
        if self.path:
            left += place(self.path, "", max(0, width - left.cell_length - note.cell_length - _APART))
        gap = " " if left.cell_length + note.cell_length + 2 <= width else "  "  # wider where it is cut
        return [bar(width, left, t(gap, note, " ") if note.plain else t(" "))]
