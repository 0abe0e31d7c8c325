"""The sidebar: values to narrow by, with counts; each row toggles a filter of the query."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Unpack

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from tui.actions import bindings
from tui.theme.drawing import BLANK, bar, both_ends, over, plain, t, tinted
from tui.widgets.base.drawn import Options
from tui.widgets.base.pane import Pane
from tui.widgets.browse.sidebar_rows import Chosen, Kept, SidebarRow, kept_rows, rows_of, spelled

if TYPE_CHECKING:
    from index.model.facets import Facets

_BARS = "▁▂▃▄▅▆▇█"
_NAMES = ("project", "tag", "tech")
"""Filters whose values often differ in their ends alone."""
_CELL = 3
"""Columns of one level in the histogram."""


class Stop(NamedTuple):
    """A place for the cursor: a line, and the level when it is the histogram."""

    line: int
    level: int = 0


class Sidebar(Pane):
    """Facets of the entries that match."""

    HELP_TITLE = "Keys: sidebar"
    FOOTER = (("choose", "choose"), "search", "sidebar", "timeline", "problems", "next")
    BINDINGS = bindings("accept", "choose")

    class Toggled(Message):
        """A value was chosen, or chosen no more."""

        def __init__(self, name: str, value: str) -> None:
            super().__init__()
            self.name = name
            self.value = value

    def __init__(self, **options: Unpack[Options]) -> None:
        super().__init__(**options)
        self._facets: Facets | None = None
        self._everything: Facets | None = None
        self._chosen: Chosen = {}
        self._kept = Kept()
        """Named searches and pins, which are above the facets."""
        self._open: set[str] = set()
        self._rows: list[SidebarRow] = []
        self._stops: list[Stop] = []

    def show(self, facets: Facets | None, everything: Facets | None, chosen: Chosen, kept: Kept) -> None:
        """Show the counts of the matches, and the values that the query has chosen.

        `everything` counts the whole tree: its values fill the groups that have too few.
        """
        self._facets, self._everything, self._chosen = facets, everything or facets, chosen
        self._kept = kept
        self._lay_out()

    def unfold_as(self, other: Sidebar) -> None:
        """Have the same groups open as another sidebar, and the cursor where it is at first."""
        if self._open is not other._open:
            self._open = other._open
            self._lay_out()
            self.set_reactive(Sidebar.cursor, self.validate_cursor(other.cursor))
            self.top = max(0, self._stops[self.cursor].line - 2) if self._stops else 0

    def open_files(self) -> None:
        """Open the group of the files and go to its first line."""
        self._open.add("file")
        self._lay_out()
        for place, stop in enumerate(self._stops):
            row = self._rows[stop.line]
            if row.indent and row.name.startswith("file"):
                self.cursor = place
                self.scroll_lines(stop.line - 2)
                return

    def _lay_out(self) -> None:
        facets = self._facets
        at = self._stops[self.cursor] if self.cursor < len(self._stops) else None
        held = self._rows[at.line] if at else None
        self._rows = [*kept_rows(self._kept)]
        if facets:
            self._rows += rows_of(facets, self._everything or facets, self._chosen, self._open)
        self._stops = [
            Stop(line, level)
            for line, row in enumerate(self._rows)
            for level in (range(1, len(row.levels) + 1) if row.kind == "levels" else (0,))
            if row.kind in ("value", "more", "find", "levels")
        ]
        if held is not None and at is not None:
            same = (
                place
                for place, stop in enumerate(self._stops)
                if self._rows[stop.line][:4] == held[:4] and stop.level == at.level
            )
            self.set_reactive(Sidebar.cursor, next(same, self.validate_cursor(self.cursor)))
        self.refresh()
        self.scroll_lines(self.top)

    # ── painting ──────────────────────────────────────────────────────────────

    @property
    def total(self) -> int:
        """How many lines there are."""
        return len(self._rows)

    def is_heading(self, y: int) -> bool:
        """Whether line `y` names a group."""
        return self._rows[y].kind == "heading"

    def paint(self, y: int, width: int) -> Strip:
        """Paint line `y`."""
        return self.tones.strip(self._line(y, width), width, self.visual_style)

    def _line(self, y: int, width: int) -> Content:
        row = self._rows[y]
        here = self._stops[self.cursor] if self.has_focus and self._stops else Stop(-1)
        if row.kind == "blank":
            return BLANK
        if row.kind == "heading":
            return t("  ", (row.label, "head"))
        if row.kind in ("levels", "numbers"):
            return self._levels(row, here.level if here.line in (y, y - 1) and here.level else 0)
        line = self._value(row, width)
        return over(t(("▌", "accent")) + line[1:], "cursor") if here.line == y else line

    def _value(self, row: SidebarRow, width: int) -> Content:
        chosen = self._chosen.get(row.name, frozenset())
        on = bool(chosen) and row.kind == "value" and spelled(row.value) in chosen
        folded = row.kind == "more" and row.number is None
        quiet = folded or row.number == 0 or (bool(chosen) and not on)
        role = "key" if on else "muted" if quiet else "text"
        mark = t(("✓", "key")) if on else t(tinted(row.mark, "muted" if quiet else ""))
        count = "" if row.number is None else f"{row.number:,}"
        room = width - len(count) - row.indent - 6
        label = row.short if row.short and len(row.label) > room else row.label
        label = both_ends(label, room) if row.name in _NAMES else label
        left = t("  ", " " * row.indent, mark, " ", plain(label, role))
        return bar(width, left, t(" ", (count, "key" if on else "muted"), " "))

    def _levels(self, row: SidebarRow, current: int) -> Content:
        chosen = self._chosen.get("level", frozenset())
        top = max(row.levels) or 1
        line = t("   ")
        for level, count in enumerate(row.levels, 1):
            on = str(level) in chosen
            height = _BARS[max(0, round(count / top * (len(_BARS) - 1)))] if count else "·"
            text = height if row.kind == "levels" else str(level)
            edge = "▌" if level == current and row.kind == "numbers" else " "
            role = "key" if on else "muted"
            cell = t((edge, "accent"), (text, role), " ")
            line += over(cell, "cursor") if level == current else cell
        return line

    # ── moving and choosing ───────────────────────────────────────────────────

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a stop."""
        return max(0, min(cursor, len(self._stops) - 1))

    def on_resize(self) -> None:
        """Keep the cursor in view while the keys move it."""
        super().on_resize()
        if self.has_focus:
            self.watch_cursor()

    def watch_cursor(self) -> None:
        """Show where the cursor is."""
        if self._stops:
            self.refresh()
            line = self._stops[self.cursor].line
            self.reveal(0 if self.cursor == 0 else line, line + (1 if self._stops[self.cursor].level else 0))

    def go(self, lines: int) -> None:
        """Move the cursor."""
        self.cursor += lines

    def action_accept(self) -> None:
        """Choose the value, or open the group."""
        self.action_choose()

    def action_choose(self) -> None:
        """Choose the value, or open the group."""
        if not self._stops:
            return
        stop = self._stops[self.cursor]
        row = self._rows[stop.line]
        if row.kind == "more":
            self._open ^= {row.name}
            self._lay_out()
        else:
            self.post_message(self.Toggled(row.name, str(stop.level) if stop.level else row.value))

    async def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        event.stop()
        line = self.top + event.y
        levels = line < len(self._rows) and self._rows[line].kind in ("levels", "numbers")
        level = (event.x - 3) // _CELL + 1 if levels else 0
        if levels and self._rows[line].kind == "numbers":
            line -= 1
        if Stop(line, level) in self._stops:
            self.cursor = self._stops.index(Stop(line, level))
            self.action_choose()
