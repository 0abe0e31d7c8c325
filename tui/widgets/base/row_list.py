"""A list of any number of rows with a cursor; only the visible rows are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, Unpack

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.actions import bindings
from tui.theme.drawing import BLANK, cut, over, t
from tui.widgets.base.drawn import Options
from tui.widgets.base.pane import Pane

Row = TypeVar("Row")


class RowList(Pane, Generic[Row]):
    """Rows of `row_height` lines. A subclass draws one (`row`); a list that is known in part shows a count.

    The cursor skips the rows that are no stops, such as headings; beyond the last one the view goes on.
    """

    BINDINGS = bindings("accept")
    row_height = 2

    class Moved(Message):
        """The cursor is on another row, or the rows have changed under it."""

        def __init__(self, sender: RowList[Any], index: int) -> None:
            super().__init__()
            self.rows = sender
            self.index = index
            """The current row; -1 when there is none."""

        @property
        def control(self) -> RowList[Any]:
            """The list."""
            return self.rows

        def can_replace(self, message: Message) -> bool:
            """Only the last of several moves counts."""
            return isinstance(message, RowList.Moved) and message.rows is self.rows

    class Chosen(Moved):
        """A row was opened: enter or a double click."""

        def can_replace(self, message: Message) -> bool:
            """Every choice counts."""
            return False

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self.items: Sequence[Row] = ()
        """The rows that are known."""
        self.count = 0
        """How many rows there are."""
        self._painted: dict[tuple[int, bool], list[Strip]] = {}
        self._drawn: dict[int, bool] = {}
        """The rows painted last, and whether each was drawn as the current one."""
        self._waiting: list[Callable[[], object]] = []
        """Calls to make once the rows are painted."""
        self._due = True
        """Whether the rows are to be painted anew."""

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Return the lines of a row, `width` cells wide; the list adds the edge bar and the ground."""
        raise NotImplementedError

    def key(self, item: Row) -> object:
        """Return the key of a row; the cursor stays on it when other rows are shown."""
        return item

    def is_stop(self, index: int) -> bool:
        """Whether the cursor may be on a row."""
        return True

    def is_current(self, index: int) -> bool:
        """Whether a row is drawn as the one under the cursor."""
        return index == self.cursor

    def tail(self) -> Sequence[Content]:
        """Return the lines below the last row."""
        return ()

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    def list_items(self, items: Sequence[Row]) -> None:
        """Show other rows; the cursor stays on its own, or where that is gone, at its place."""
        before = self.current
        self.items = items
        held = self.key(before) if before is not None else None
        place = next(
            (n for n, item in enumerate(items) if before is not None and self.key(item) == held), None
        )
        self.show(len(items), self.cursor if place is None else place, keep=before is not None)

    def show(self, count: int, cursor: int = 0, *, keep: bool = False) -> None:
        """Show `count` rows with the cursor on one; `keep` stays at the rows in view if it can."""
        self.count = count
        if not keep:
            self.top = 0
        self.set_reactive(RowList.cursor, self.validate_cursor(cursor))
        self.refresh()
        self._follow()
        self.post_message(self.Moved(self, self.cursor if count else -1))

    def grow(self, count: int) -> None:
        """Have more rows, or fewer, below those in view, which stay as they are."""
        self.count = count
        self.measure()

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self.count * self.row_height + len(self.tail())

    def refresh(
        self, *regions: object, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> RowList[Row]:
        """Draw the rows anew."""
        self._painted, self._due = {}, True
        super().refresh(repaint=repaint, layout=layout, recompose=recompose)
        return self

    def when_painted(self, act: Callable[[], object]) -> None:
        """Call `act` as soon as the rows as they are now are painted; at once if they are, or are not shown.

        What is beside the rows is shown so: a key is answered by the rows first.
        """
        if not self._due or not self.display or not self.screen.is_current:
            act()
            return
        if act not in self._waiting:
            self._waiting.append(act)
        super().refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the rows in view."""
        strips = super().render_lines(crop)
        self._due = False
        self.on_hide()
        return strips

    def on_hide(self) -> None:
        """Make the calls that wait for the paint: it was, or, as nothing is shown any more, never comes."""
        for act in self._waiting:
            self.call_later(act)
        self._waiting.clear()

    def notify_style_update(self) -> None:
        """Forget the lines painted in other colours."""
        self._painted = {}
        super().notify_style_update()

    def paint(self, y: int, width: int) -> Strip:
        """Paint a line of a row, or of the tail."""
        index, part = divmod(y, self.row_height)
        if index >= self.count:
            return self.tones.strip(self.tail()[y - self.count * self.row_height], width, self.visual_style)
        current = self._drawn[index] = self.is_current(index)
        strips = self._painted.get((index, current))
        if strips is None:
            strips = self._painted[index, current] = self._paint_row(index, width, current)
        return strips[part]

    @property
    def active(self) -> bool:
        """Whether the cursor is drawn in the accent: with the focus, unless a subclass knows better."""
        return self.has_focus

    def _paint_row(self, index: int, width: int, current: bool) -> list[Strip]:
        focused = self.active
        lines = list(self.row(index, width - 1, current, focused))
        lines += [BLANK] * (self.row_height - len(lines))
        edge = t(("▌", "accent" if focused else "muted")) if current else Content(" ")
        look, base = self.tones, self.visual_style
        strips = []
        for line in lines[: self.row_height]:
            whole = edge + cut(line, width - 1)
            strips.append(
                look.strip(over(whole, "cursor" if focused else "blur") if current else whole, width, base)
            )
        return strips

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row where it may be."""
        return self._nearest(cursor, 1)

    def _nearest(self, place: int, step: int) -> int:
        """Return the stop that is nearest in a direction, else in the other."""
        if not self.count:
            return 0
        place = max(0, min(place, self.count - 1))
        ways = (range(place, self.count), range(place, -1, -1))
        return next((n for way in ways[::step] for n in way if self.is_stop(n)), 0)

    def watch_cursor(self, old: int, new: int) -> None:
        """Show the row the cursor went to."""
        if self.is_mounted:
            self._due = True
            self._follow()
            super().refresh(*self._otherwise())
            self.post_message(self.Moved(self, new if self.count else -1))

    def _otherwise(self) -> list[Region]:
        """Return the regions of the rows in view that are the current one now, or are no longer."""
        above = self.head_height - self.top
        last = min(self.count, (self.top + self.room) // self.row_height + 1)
        return [
            Region(0, index * self.row_height + above, self.size.width, self.row_height)
            for index in range(self.top // self.row_height, last)
            if self._drawn.get(index) != self.is_current(index)
        ]

    def _follow(self) -> None:
        """Show the row under the cursor; with the first one all that is above it, where there is room."""
        first = self.cursor * self.row_height
        last = first + self.row_height - 1
        head = last < self.room and not any(map(self.is_stop, range(min(self.cursor, self.count))))
        self.reveal(0 if head else first, last)

    def go(self, lines: int) -> None:
        """Move the cursor: by a row for a line, by as many rows as fit for more."""
        step = 1 if lines > 0 else -1
        rows = lines if abs(lines) == 1 else int(lines / self.row_height) or step
        before, self.cursor = self.cursor, self._nearest(self.cursor + rows, step)
        if self.cursor == before:
            self.scroll_lines(self.top + lines)

    def action_last(self) -> None:
        """Go to the last row, and show all that is below it."""
        super().action_last()
        self.scroll_lines(self.total)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        super().on_resize()
        self._follow()

    def action_accept(self) -> None:
        """Open the current row."""
        if self.count:
            self.post_message(self.Chosen(self, self.cursor))

    async def on_click(self, event: events.Click) -> None:
        """Go to the row under the mouse; a second click opens it."""
        index = self.line_at(event.y) // self.row_height
        if index >= self.count or event.y < self.head_height:
            return
        event.stop()
        self.cursor = index
        if event.chain == 2:
            self.post_message(self.Chosen(self, index))
