"""A calendar of the work: weeks as columns, a square a day, fuller where there is more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive

from tui.actions import bindings
from tui.data.day_counts import DayCount
from tui.theme import dates
from tui.theme.drawing import BLANK, bar, t
from tui.widgets.base.drawn import Drawn

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LADDER: Final = "·□▣■"
_MORE, _MANY = 4, 7
"""Entries a day from which the square is fuller, and full."""
_RECENT = timedelta(weeks=20)
"""The calendar ends today while the newest day is not older than this."""
_LEFT = 6
"""Cells before the first square."""
_YEAR = 52 * 7
"""Days of a year in whole weeks: the weekday stays."""
_MARGIN = 8
"""Cells beside the squares: names of the weekdays and the edges."""


class Calendar(Drawn, can_focus=True):
    """A square a day; a click or the cursor goes to the day."""

    HELP_TITLE = "Keys: calendar"
    FOOTER = (
        ("accept", "to the sessions"), ("previous_item", "earlier work"), ("next_item", "later work"),
        ("up", "day"), ("left", "week"), ("page_up", "year"), "calendar", "back",
    )  # fmt: skip
    DEFAULT_CSS = "Calendar { width: 1fr; height: 10; }"
    BINDINGS = bindings(
        "up",
        "down",
        "previous_item",
        "next_item",
        "left",
        "right",
        "page_up",
        "page_down",
        "first",
        "last",
        "accept",
    )

    day: reactive[date | None] = reactive(None)
    """The day under the cursor of the list."""

    class Picked(Message):
        """A day was chosen; `done` when the cursor is to go on to the list."""

        def __init__(self, day: date, *, done: bool) -> None:
            super().__init__()
            self.day, self.done = day, done

    def __init__(self) -> None:
        super().__init__(id="calendar")
        self._counts: Mapping[date, DayCount] = {}
        self._newest = self._today = date.min
        self._last = date.min
        """The last day that is drawn."""

    def show(self, counts: Mapping[date, DayCount], today: date) -> None:
        """Show other days; the calendar ends today, or with the last entry where all of them are older."""
        before = self._last, self._in_view()
        self._counts, self._today = counts, today
        newest = max((day for day in counts if day <= today), default=today)
        ends = today if today - newest < _RECENT else newest
        if ends != self._newest:
            self._newest = self._last = ends
            self.watch_day(self.day)
        if (self._last, self._in_view()) != before:
            self.refresh()

    def _in_view(self) -> list[DayCount | None]:
        days = (self._last - self._first).days + 1 if self._last != date.min else 0
        return [self._counts.get(self._first + timedelta(days=number)) for number in range(days)]

    def watch_day(self, day: date | None) -> None:
        """Keep the day in view."""
        if day is None or self._newest == date.min:
            return
        half = timedelta(weeks=self._weeks // 2)
        if day < self._first:
            self._last = day + half
        elif day > self._last:
            self._last = day + half if day < self._newest - half else self._newest

    @property
    def _weeks(self) -> int:
        return max(1, (self.content_size.width - _MARGIN) // 2)

    @property
    def _first(self) -> date:
        """The first day that is drawn: a Monday."""
        try:
            return self._last - timedelta(weeks=self._weeks - 1, days=self._last.weekday())
        except OverflowError:
            return date.min

    # ── drawing ───────────────────────────────────────────────────────────────

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the weeks as columns."""
        if self._last == date.min:
            return []
        start, weeks = self._first, self._weeks
        rows = [t((" " * _LEFT + _months(start, weeks), "muted"))]
        for weekday in range(7):
            name = f"{_WEEKDAYS[weekday]} " if weekday % 2 == 0 else "    "
            rows.append(t("  ", (name, "muted"), *self._squares(start + timedelta(days=weekday), weeks)))
        return [*rows, BLANK, self._foot(width)]

    def _squares(self, first: date, weeks: int) -> Iterator[tuple[str, str]]:
        week = timedelta(weeks=1)
        for number in range(weeks):
            day = first + week * number
            if day > self._last:
                break
            step = _step(self._counts.get(day, DayCount()).shown)
            here, before = day == self.day, day + week == self.day and day + week <= self._last
            yield _LADDER[step], "key" if here else f"heat{step}"
            yield "]" if here else "[" if before else " ", "key"

    def _foot(self, width: int) -> Content:
        left = BLANK
        if self.day is not None:
            said = self._counts.get(self.day, DayCount()).words
            day = f"{_WEEKDAYS[self.day.weekday()]} {dates.full_day(self.day)}"
            left = t(" " * _LEFT, (day, "text"), (f" · {said}", "muted"))
        squares = [part for n, sign in enumerate(_LADDER) for part in ((sign, f"heat{n}"), " ")]
        return bar(width - 2, left, t(("fewer ", "muted"), *squares, ("more", "muted")))

    # ── the cursor ────────────────────────────────────────────────────────────

    def _go(self, days: int) -> None:
        if self.day is not None:
            try:
                day = self.day + timedelta(days=days)
            except OverflowError:
                return
            self._step_to(min(day, self._newest))

    def _step_to(self, day: date) -> None:
        """Go to a day; the list follows to one on which something happened."""
        if day in self._counts:
            self._pick(day)
        else:
            self.day = day

    def _jump(self, day: date | None) -> None:
        """Go to a day, if there is one."""
        if day is not None:
            self._pick(day)

    def _pick(self, day: date, *, done: bool = False) -> None:
        self.day = day
        self.post_message(self.Picked(day, done=done))

    def action_up(self) -> None:
        """Go to the day before."""
        self._go(-1)

    def action_down(self) -> None:
        """Go to the day after."""
        self._go(1)

    def action_previous_item(self) -> None:
        """Go to the day before this one on which something happened."""
        here = self.day or self._newest
        self._jump(max((day for day in self._counts if day < here), default=None))

    def action_next_item(self) -> None:
        """Go to the day after this one on which something happened."""
        here = self.day or self._newest
        self._jump(min((day for day in self._counts if here < day <= self._newest), default=None))

    def action_page_up(self) -> None:
        """Go to the year before."""
        self._go(-_YEAR)

    def action_page_down(self) -> None:
        """Go to the year after."""
        self._go(_YEAR)

    def action_left(self) -> None:
        """Go to the week before."""
        self._go(-7)

    def action_right(self) -> None:
        """Go to the week after."""
        self._go(7)

    def action_first(self) -> None:
        """Go to the first day on which something happened."""
        self._pick(min(self._counts, default=self._newest))

    def action_last(self) -> None:
        """Go to the last day."""
        self._pick(self._newest)

    def action_accept(self) -> None:
        """Go on to the sessions of the day; one without any has none to go to."""
        if self.day in self._counts and self.day is not None:
            self._pick(self.day, done=True)

    async def on_click(self, event: events.Click) -> None:
        """Go to the day under the mouse."""
        week, weekday = (event.x - _LEFT) // 2, event.y - 1
        if 0 <= week < self._weeks and 0 <= weekday < 7:
            day = self._first + timedelta(weeks=week, days=weekday)
            if day <= self._newest:
                event.stop()
                if day in self._counts:
                    self._pick(day, done=True)
                else:
                    self.day = day  # nothing happened then: no session is the one that was meant

    def on_focus(self) -> None:
        """Show the cursor in the accent of the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Show it without."""
        self.refresh()


def _step(entries: int) -> int:
    return 0 if not entries else 1 if entries < _MORE else 2 if entries < _MANY else 3


def _months(start: date, weeks: int) -> str:
    """Return the line above the weeks: a month's name over its first whole week.

    The first of a year has the year behind it, where there is room before the next.
    """
    line = [" "] * (weeks * 2 + 2)
    before = named = 0
    for week in range(weeks):
        day = start + timedelta(weeks=week)
        if day.month != before and week * 2 + 3 < weeks * 2:
            if before or day.day < 15:
                label = dates.month(day)
                fits = week * 2 + 7 <= weeks * 2 and (day + timedelta(weeks=3)).month == day.month
                if day.year != named and fits:
                    label, named = f"{label} ’{dates.year(day)[2:]}", day.year
                line[week * 2 : week * 2 + len(label)] = label
            before = day.month
    return "".join(line)[: weeks * 2 + 2]
