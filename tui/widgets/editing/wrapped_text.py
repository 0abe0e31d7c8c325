"""A text area whose text is wrapped to the width that it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from rich.style import Style
from rich.text import Text
from textual import events
from textual.reactive import reactive
from textual.widgets import TextArea

from tui.actions import bindings
from tui.theme.markdown_source import Tone
from tui.widgets.base.one_line import answer


class WrappedText(TextArea):
    """Textual wraps after it has painted the new size, and paints again only where the height changes."""

    BINDINGS = bindings("text_start", "text_end")

    tones: Callable[[str], Iterable[list[Tone]]] | None = None
    """Tells the tones of each line of a text; None: the language does, or nothing."""
    styles_of_tones: Mapping[str, Style] = {}
    """Role → style."""
    _toned: tuple[str, list[list[Tone]]] = ("", [])

    kept_keys: Collection[str] = ("enter",)
    """Keys that lead nowhere from here, though they may elsewhere: those behind them need not wait."""

    cursor_blink = reactive(False, init=False)
    """Nothing on the screen moves by itself."""

    def __init__(self, name: str, text: str = "", *, source: bool = False) -> None:
        """Make one with this id; where it is `source`, its lines are numbered, and the current one shown."""
        super().__init__(
            text,
            id=name,
            compact=True,
            soft_wrap=True,
            show_line_numbers=source,
            highlight_cursor_line=source,
        )

    async def on_key(self, event: events.Key) -> None:
        """Answer it before the keys behind it."""
        await answer(self, event)

    def action_text_start(self) -> None:
        """Go in front of the first letter, which Textual has no key for."""
        self.move_cursor((0, 0))

    def action_text_end(self) -> None:
        """Go behind the last letter."""
        self.move_cursor(self.document.end)

    def on_resize(self) -> None:
        """Paint once more, when the text is wrapped anew."""
        self.refresh()

    def get_line(self, line_index: int) -> Text:
        """Return a line with its tones."""
        line = super().get_line(line_index)
        if self.tones is None:
            return line
        text = "\n".join(self.document.lines)
        if self._toned[0] != text:
            self._toned = text, list(self.tones(text))
        for start, end, role in self._toned[1][line_index] if line_index < len(self._toned[1]) else ():
            line.stylize(self.styles_of_tones.get(role, ""), start, end)
        return line
