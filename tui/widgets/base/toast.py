"""A line that tells of the last event, at the bottom right, for four seconds."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.geometry import Size

from tui.theme.drawing import BLANK, wrap
from tui.widgets.base.drawn import Drawn

SECONDS = 4.0
LEAST = 42
"""Columns of the shortest line."""
BORDERS = 7
"""Columns of the border, the padding and the margin at the right."""
_MARK = 2
"""Columns of a sign before the words, and the blank behind it."""
_APART = "   "
"""Between the words and the key at their end, which stays whole."""


class Toast(Drawn):
    """Shows a line over the panes; a click closes it, and so does the next one."""

    DEFAULT_CSS = """
    Toast {
        layer: over; dock: bottom; width: auto; height: auto; margin-bottom: 2; max-width: 100%; padding: 0 2;
        display: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._line = BLANK
        self._ends = self.set_timer(SECONDS, self._hide, pause=True)
        self._stays = False

    def tell(self, line: Content, stay: bool = False) -> None:
        """Show a line; `stay` for one that must be read, until it is clicked, put away or replaced."""
        self._line, self._stays = line, stay
        self._ends.stop()
        self.display = True
        self.place()
        self.refresh(layout=True)
        if not stay:
            self._ends = self.set_timer(SECONDS, self._hide)

    def put_away(self) -> None:
        """Close a line that would stay."""
        if self._stays:
            self._hide()

    def take_back(self, line: Content) -> None:
        """Close a line that no longer holds, unless another one is shown."""
        if self._line is line:
            self._hide()

    def place(self) -> None:
        """Lie at the right edge of the screen, as wide as it is now."""
        self.styles.offset = (max(0, self.app.size.width - max(LEAST, self._line.cell_length) - BORDERS), 0)

    def _hide(self) -> None:
        self.display = False

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Take the height of the line."""
        return max(LEAST, self._line.cell_length)

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line; the rest that a narrow screen has no room for is below it, beside its mark."""
        if self._line.cell_length <= width or width <= _MARK:
            return [self._line]
        mark, rest = (
            self._line.divide([_MARK])[:2] if self._line.plain[1:_MARK] == " " else (BLANK, self._line)
        )
        begin, below = mark, Content(" " * mark.cell_length)
        lines = _wrapped(rest, width - begin.cell_length)
        return [(below if n else begin) + line for n, line in enumerate(lines)]

    async def on_click(self, event: events.Click) -> None:
        """Close."""
        self._hide()


def _wrapped(line: Content, width: int) -> list[Content]:
    """Break a line at words; its last key goes below with its label where there is no room for both."""
    at = line.plain.rfind(_APART)
    if at < 0:
        return wrap(line, width)
    *lines, last = wrap(line[:at], width)
    key = line[at + len(_APART) :]
    if last.cell_length + len(_APART) + key.cell_length <= width:
        return [*lines, last + line[at:]]
    return [*lines, last, key]
