"""Panes that scroll: painted lines, and beside them the hairline that is the scrollbar."""

from __future__ import annotations

from typing import NamedTuple, Unpack

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.actions import bindings
from tui.theme.drawing import t
from tui.widgets.base.drawn import Drawn, Options

WHEEL = 3
"""Lines that one notch of the mouse wheel scrolls."""


class Extent(NamedTuple):
    """Part of its lines that a pane shows."""

    top: int = 0
    height: int = 0
    total: int = 0


class Pane(Drawn, can_focus=True):
    """A scrollable region of lines, any number of them: only the visible ones are asked for.

    A subclass says how many lines there are (`total`) and paints one (`paint`).
    """

    BINDINGS = bindings(
        "up",
        "down",
        "next_item",
        "previous_item",
        "half_up",
        "half_down",
        "page_up",
        "page_down",
        "first",
        "last",
    )

    class KeysChanged(Message):
        """Other keys do something in the pane now, for the footer."""

    cursor: reactive[int] = reactive(0, repaint=False)
    """The current one of the rows, or of those that the cursor may be on; a page has none."""
    place: reactive[int | None] = reactive(None, repaint=False)
    """The part of the current row that is meant, such as a period; None: all of it."""
    extent: reactive[Extent] = reactive(Extent(), repaint=False)
    """The lines in view, for the hairline."""

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.top = 0
        """The first visible line."""

    @property
    def total(self) -> int:
        """How many lines there are."""
        raise NotImplementedError

    @property
    def head_height(self) -> int:
        """How many lines above the others stay where they are."""
        return 0

    def paint_head(self, y: int, width: int) -> Strip:
        """Paint line `y` of the head."""
        raise NotImplementedError

    @property
    def room(self) -> int:
        """How many lines are visible, below the head."""
        return max(0, self.content_size.height - self.head_height)

    def is_heading(self, y: int) -> bool:
        """Whether line `y` is a heading: the last one in view is left out."""
        return False

    @property
    def shown_lines(self) -> int:
        """How many lines are shown at most."""
        below = self.top + self.room
        return self.room - (self.room > 1 and below < self.total and self.is_heading(below - 1))

    def line_at(self, y: int) -> int:
        """Return the number of the line that is visible at `y`, which is below the head."""
        return self.top + y - self.head_height

    def paint(self, y: int, width: int) -> Strip:
        """Paint line `y` of all."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Paint a visible line."""
        width = self.content_size.width
        if y < self.head_height:
            return self.paint_head(y, width)
        if self.line_at(y) < self.total and y < self.head_height + self.shown_lines:
            return self.paint(self.line_at(y), width)
        return Strip.blank(width, self.visual_style.rich_style)

    def scroll_lines(self, top: int) -> None:
        """Make `top` the first visible line, as far as there are lines."""
        top = max(0, min(top, self.total - self.room))
        if top != self.top:
            self.top = top
            self.refresh()
        self.measure()

    def reveal(self, first: int, last: int) -> None:
        """Scroll as little as needed to show the lines from `first` to `last`."""
        room = self.room
        if first < self.top or last - first >= room:
            self.scroll_lines(first)
        elif last >= self.top + room:
            self.scroll_lines(last - room + 1)
        else:
            self.measure()

    def measure(self) -> None:
        """Tell the hairline the part in view."""
        self.extent = Extent(self.top, self.shown_lines, self.total)

    def go(self, lines: int) -> None:
        """Move by a number of lines; a list moves its cursor instead."""
        self.scroll_lines(self.top + lines)

    def action_up(self) -> None:
        """Move up by one."""
        self.go(-1)

    def action_down(self) -> None:
        """Move down by one."""
        self.go(1)

    def action_next_item(self) -> None:
        """Move down by one; a page goes on to the next entry instead."""
        self.go(1)

    def action_previous_item(self) -> None:
        """Move up by one; a page goes back to the entry before instead."""
        self.go(-1)

    def action_half_up(self) -> None:
        """Move up by half a page."""
        self.go(-max(1, self.room // 2))

    def action_half_down(self) -> None:
        """Move down by half a page."""
        self.go(max(1, self.room // 2))

    def action_page_up(self) -> None:
        """Move up by a page."""
        self.go(-max(1, self.room - 1))

    def action_page_down(self) -> None:
        """Move down by a page."""
        self.go(max(1, self.room - 1))

    def action_first(self) -> None:
        """Go to the start."""
        self.go(-self.total)

    def action_last(self) -> None:
        """Go to the end."""
        self.go(self.total)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the view; a cursor stays where it is."""
        event.stop()
        self.scroll_lines(self.top + WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the view; a cursor stays where it is."""
        event.stop()
        self.scroll_lines(self.top - WHEEL)

    def on_resize(self) -> None:
        """Keep the view within its lines."""
        self.refresh()
        self.scroll_lines(self.top)

    def on_focus(self) -> None:
        """Draw the cursor in the accent."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the cursor in grey."""
        self.refresh()


class Hair(Drawn):
    """The hairline to the right of a pane; its thumb shows the part of the pane in view."""

    DEFAULT_CSS = "Hair { width: 1; height: 1fr; }"

    def __init__(self, pane: Pane, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.pane = pane

    def on_mount(self) -> None:
        """Follow the pane."""
        self.watch(self.pane, "extent", self._follow)

    def _follow(self, extent: Extent) -> None:
        self.refresh()

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw `│`, and `┃` for the thumb when not all is in view."""
        top, room, total = self.pane.extent
        first = last = -1
        if total > room > 0 and height:
            size = max(1, height * room // total)
            first = round((height - size) * top / (total - room))
            last = first + size
        line, thumb = t(("│", "line")), t(("┃", "thumb"))
        return [thumb if first <= y < last else line for y in range(height)]

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take the thumb."""
        self.capture_mouse()
        self._drag(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the thumb."""
        if self.app.mouse_captured is self:
            self._drag(event.y)

    def on_mouse_up(self) -> None:
        """Let the thumb go."""
        self.release_mouse()

    def _drag(self, y: int) -> None:
        _, room, total = self.pane.extent
        height = max(1, self.size.height - 1)
        self.pane.scroll_lines(round((total - room) * max(0, min(y, height)) / height))
