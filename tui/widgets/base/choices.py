"""A value that is one of a few: `1  2 [3] 4`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from tui.actions import bindings
from tui.theme.drawing import BLANK, t
from tui.widgets.base.drawn import Drawn

OTHER: Final = "other…"
"""The choice that leads to free text."""


class ChoiceLine(Drawn, can_focus=True):
    """Values side by side, the chosen one in brackets: arrows, the value's own digit, or the mouse."""

    BINDINGS = [*bindings("left", "right", "first", "last")]
    HELP_TITLE = "Keys: choices"
    DEFAULT_CSS = "ChoiceLine { width: 1fr; height: auto; }"

    values: reactive[Sequence[str]] = reactive((), layout=True)
    chosen: reactive[str] = reactive("")
    free: reactive[bool] = reactive(False, layout=True)
    """Whether another text can be typed."""

    class Chosen(Message):
        """A value was chosen."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def type(self, start: str) -> None:
        """Take another text, which begins with the typed letter; at once, as more may follow in a burst."""

    def choose(self, value: str) -> None:
        """Choose a value and tell it."""
        if value == OTHER:
            self.type("")
        elif value != self.chosen:
            self.chosen = value
            self.post_message(self.Chosen(value))

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the values, on more lines where they do not fit one."""
        return draw_choices([*self.values, *([OTHER] if self.free else [])], self.chosen, width)

    async def on_key(self, event: events.Key) -> None:
        """Choose or type."""
        self.take(event)

    def take(self, event: events.Key) -> None:
        """Choose by digit; begin to type where any text is possible."""
        if event.character is None or not event.is_printable:
            return
        if event.character in self.values:
            event.stop()
            self.choose(event.character)
        elif self.free and event.character.isalpha():
            event.stop()
            self.type(event.character)

    async def on_click(self, event: events.Click) -> None:
        """Choose the value under the mouse."""
        value = event.style.meta.get("value")
        if value is not None:
            event.stop()
            self.focus()
            self.choose(value)

    def action_left(self) -> None:
        """Choose the value before."""
        self._step(-1)

    def action_right(self) -> None:
        """Choose the value after."""
        self._step(1)

    def action_first(self) -> None:
        """Choose the first value."""
        self.choose(self.values[0])

    def action_last(self) -> None:
        """Choose the last value."""
        self.choose(self.values[-1])

    def _step(self, step: int) -> None:
        if self.chosen in self.values:
            place = list(self.values).index(self.chosen) + step
            self.choose(self.values[max(0, min(place, len(self.values) - 1))])
        else:
            self.choose(self.values[0 if step > 0 else -1])


def draw_choices(values: Sequence[str], chosen: str, width: int, *, active: bool = True) -> list[Content]:
    """Draw values side by side, the chosen one in brackets; each is clickable."""
    from textual.style import Style

    rows = [BLANK]
    for value in values:
        mark = value == chosen
        item = t((f"[{value}]" if mark else f" {value} ", ("key" if active else "head") if mark else "muted"))
        if active:
            item = item.stylize(Style.from_meta({"value": value}))
        if rows[-1].plain and rows[-1].cell_length + 1 + item.cell_length > width:
            rows.append(item)
        else:
            rows[-1] = t(rows[-1], " ", item) if rows[-1].plain and len(value) > 1 else rows[-1] + item
    return rows
