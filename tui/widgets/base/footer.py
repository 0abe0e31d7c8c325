"""The last line: the keys of the focused pane, most used first."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive

from tui.actions import Hint, hints, key
from tui.theme.drawing import BLANK, bar, hot, t
from tui.widgets.base.drawn import Drawn


class Footer(Drawn):
    """Draws keys and labels; a click runs the action. A key that does not fit is left out whole.

    The way back always has room: without it nobody who uses the mouse could leave.
    """

    DEFAULT_CSS = "Footer { height: 1; }"

    keys: reactive[Sequence[Hint]] = reactive(())
    lead: reactive[str] = reactive("")
    """Words before the keys, on the objects of them: `3 marked`."""
    typing: reactive[bool] = reactive(False)
    """Whether letters go into a text now, so that `?` is no key."""

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line."""
        tail = hot(t((key("help", typing=self.typing), "strong"), (" keys", "muted")), "help") + t(" ")
        line = t(" ", (self.lead, "accent"), "   ") if self.lead else t(" ")
        named = hints(self.keys, self.typing)
        items = [(name, hot(t((key, "strong"), " ", (label, "muted")), name)) for name, key, label in named]
        back = next((item.cell_length + 3 for name, item in items if name == "back"), 0)
        left, full = width - tail.cell_length - 3, False
        for n, (name, item) in enumerate(items):
            gap = Content("   ") if n else BLANK
            back = 0 if name == "back" else back
            full = full or line.cell_length + gap.cell_length + item.cell_length + back > left
            if not full or name == "back":
                line += gap + item
        return [bar(width, line, tail)]
