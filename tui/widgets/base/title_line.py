"""The second line of a screen: its title, and a note at the right of it."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from tui.theme.drawing import BLANK, bar, t
from tui.widgets.base.drawn import Drawn


class TitleLine(Drawn):
    """Draws a title and a note."""

    DEFAULT_CSS = "TitleLine { height: 1; }"

    heading: reactive[Content] = reactive(BLANK)
    note: reactive[Content] = reactive(BLANK)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line, one cell from both edges."""
        return [bar(width, t(" ", self.heading), t(self.note, " "))]
