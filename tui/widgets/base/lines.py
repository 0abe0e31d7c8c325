"""A scrollable view of lines: a page, a diff, source text."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from textwrap import dedent
from typing import Unpack

from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from index.model.counts import count_words
from tui.theme.drawing import BLANK, is_heading
from tui.widgets.base.drawn import Options
from tui.widgets.base.pane import Extent, Pane

AHEAD = 400
"""Lines laid out beyond those in view, so that "↓ 7 more lines" can count; beyond that it cannot."""
SLICE = 0.004
"""Seconds that lines beyond those in view are laid out for, before the keys have their turn."""
_ALL = 1 << 30
"""More lines than there are on any page."""

Layout = Callable[[int], Iterable[Content]]
"""Lays something out for a width in cells, line by line."""


class Lines(Pane):
    """Shows the lines of a layout function; of a very long page only the part looked at is laid out."""

    ALLOW_SELECT = True

    def __init__(self, layout: Layout | None = None, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._layout: Layout = layout or _nothing
        self._source: Iterator[Content] = iter(())
        self._lines: list[Content] = []
        self._strips: dict[int, Strip] = {}
        self._width = -1
        self._painting = False
        """Whether the lines are drawn now, and not looked at."""
        self._goes_on = False
        """Whether lines beyond those in view are laid out after the keys had their turn."""
        self._to_end = False
        """Whether the end is gone to as soon as all lines are laid out."""
        self.complete = True
        """Whether every line is laid out, so that `total` is exact."""

    def show(self, layout: Layout, *, keep: bool = False) -> None:
        """Show another page from its top; `keep` stays at the line in view."""
        self._layout = layout
        self._width = -1
        if not keep:
            self.top, self._to_end = 0, False
            self.unselect()
        self.refresh()
        self.scroll_lines(self.top)

    @property
    def total(self) -> int:
        """How many lines are laid out; all of them when `complete`."""
        self.ensure(self.top + self.room + 1)
        if not self._goes_on:
            self._look_ahead()
        return len(self._lines)

    def _look_ahead(self) -> None:
        """Lay out the lines below the view, a slice of time at once."""
        wanted = _ALL if self._to_end else self.top + self.room + AHEAD
        ends = time.monotonic() + SLICE
        while not self.complete and len(self._lines) < wanted:
            self.ensure(len(self._lines) + 1)
            if time.monotonic() >= ends:
                self._goes_on = self.call_later(self._go_on)
                return

    async def _go_on(self) -> None:
        await asyncio.sleep(0)
        self._goes_on = False
        if self._width == self.content_size.width:
            self._look_ahead()
            if not self._goes_on:
                self.refresh()
                self.measure()
                self._arrive()

    def _arrive(self) -> None:
        if self._to_end and self.complete:
            super().action_last()

    def scroll_lines(self, top: int) -> None:
        """Make `top` the first visible line, as far as there are lines."""
        self._to_end = self._to_end and top == self.top
        self.ensure(top + self.room)
        super().scroll_lines(top)

    def ensure(self, count: int) -> None:
        """Lay out at least `count` lines, if there are so many."""
        width = self.content_size.width
        if width != self._width:
            self._width = width
            self._source = iter(self._layout(width) if width else ())
            self._lines = []
            self._strips = {}
            self.complete = False
        while not self.complete and len(self._lines) < count:
            line = next(self._source, None)
            if line is None:
                self.complete = True
            else:
                self._lines.append(line)

    @property
    def laid_out(self) -> list[Content]:
        """The lines that are laid out so far."""
        return self._lines

    def line(self, y: int) -> Content:
        """Return line `y`, empty when there is none."""
        self.ensure(y + 1)
        return self._lines[y] if y < len(self._lines) else BLANK

    def is_heading(self, y: int) -> bool:
        """Whether all of line `y` is written as a heading."""
        return is_heading(self.line(y))

    def paint(self, y: int, width: int) -> Strip:
        """Paint line `y`."""
        span = self.text_selection.get_span(y) if self.text_selection is not None else None
        if span is not None:
            start, end = span
            line = self.line(y).stylize("choice", start, None if end < 0 else end)
            return self.placed(self.tones.strip(line, width, self.visual_style), y)
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self.tones.strip(self.line(y), width, self.visual_style)
        return self.placed(strip, y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the lines in view as they are, without places: those are for the mouse."""
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def placed(self, strip: Strip, y: int) -> Strip:
        """Return a line that says where its text is, for Textual to find the text selected by mouse."""
        return strip if self._painting else strip.apply_offsets(0, y)

    # ── selecting text ────────────────────────────────────────────────────────

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected lines without the margin of the page, and their separator."""
        if selection.end is None:
            self.ensure(_ALL)
        first = selection.start.y if selection.start is not None else 0
        last = min(selection.end.y if selection.end is not None else len(self._lines), len(self._lines) - 1)
        lines = []
        for y in range(first, last + 1):
            start, end = selection.get_span(y) or (0, 0)
            line = self.line(y)
            text = line.plain[: None if end < 0 else end]
            lines.append(" " * min(start, len(text)) + _without_notes(line, start, text).rstrip())
        text = dedent("\n".join(line.rstrip() for line in lines))
        return text.lstrip(" ") if selection.start is not None and selection.start.x else text, "\n"

    def unselect(self) -> None:
        """Select nothing: the selected text is not there any more."""
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self.unselect()
        super().on_resize()

    def action_last(self) -> None:
        """Go to the end: of a very long page once it is laid out, unless another key leads elsewhere."""
        self._to_end = True
        if not self._goes_on:
            self._look_ahead()
        self._arrive()

    def notify_style_update(self) -> None:
        """Lay out again: without grounds a page is drawn differently."""
        self._width = -1
        super().notify_style_update()


def words_below(extent: Extent) -> str:
    """Return the words on a border about the lines below those in view; empty where there are none."""
    rest = extent.total - extent.top - extent.height
    if rest >= AHEAD:
        return f"↓ more than {AHEAD} lines"
    return f"↓ {count_words(rest, 'more line')}" if rest > 0 else ""


class ItemPage(Lines):
    """The page of a row, which `J` and `K` leave for that of the next row or the one before."""

    class Step(Message):
        """Another row is wanted: the next, or the one before."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_next_item(self) -> None:
        """Go on to the next row."""
        self.post_message(self.Step(1))

    def action_previous_item(self) -> None:
        """Go back to the row before."""
        self.post_message(self.Step(-1))


def _nothing(width: int) -> Iterable[Content]:
    return ()


def _without_notes(line: Content, start: int, text: str) -> str:
    """Return the text of a line from `start` on without the numbers of its links."""
    notes = [range(span.start, span.end) for span in line.spans if span.style == "note"]
    if not notes:
        return text[start:]
    return "".join(text[at] for at in range(start, len(text)) if not any(at in note for note in notes))
