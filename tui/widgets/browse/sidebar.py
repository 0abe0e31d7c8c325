"""The sidebar: what there is to narrow by, with counts; each row toggles a filter of the query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, Unpack

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from tui.actions import bindings
from tui.theme.drawing import BLANK, MARK, bar, over, plain, t, tinted
from tui.widgets.base.drawn import Options
from tui.widgets.base.pane import Pane

if TYPE_CHECKING:
    from index.model.facets import Facets

SHOWN = 4
"""Values of a group that are shown until it is opened."""
_KINDS = (
    ("solution", "Solutions"),
    ("pattern", "Patterns"),
    ("decision", "Decisions"),
    ("pending", "Pending"),
    ("session", "Sessions"),
    ("knowledge", "Knowledge"),
    ("other", "Other"),
)
"""Group of entries, which is the value of the filter too, and its label."""
NAMED, PINNED = "search", "entry"
"""Names, in the place of a filter's, of the rows that lead to a named search, and to a pinned entry."""
_BARS = "▁▂▃▄▅▆▇█"
_CELL = 3
"""Columns of one level in the histogram."""


class SidebarRow(NamedTuple):
    """A line of the sidebar."""

    kind: str
    """`heading`, `value`, `more`, `levels`, `numbers` or `blank`."""
    label: str = ""
    name: str = ""
    """The filter, or the group that `more` opens."""
    value: str = ""
    number: int | None = None
    mark: str = " "
    levels: tuple[int, ...] = ()


class Stop(NamedTuple):
    """A place for the cursor: a line, and the level when it is the histogram."""

    line: int
    level: int = 0


Counts = Sequence[tuple[str, int]]
"""Value and number of entries, most first."""


class Bookmarked(Protocol):
    """The bookmarks that the sidebar shows."""

    @property
    def searches(self) -> Mapping[str, str]:
        """Queries by name."""

    @property
    def pins(self) -> Sequence[tuple[str, str]]:
        """Id and title of each pinned entry."""


Chosen = dict[str, frozenset[str]]
"""Filter → the values the query narrows to, in the spelling of the query."""


class Sidebar(Pane):
    """Facets of the entries that match."""

    HELP_TITLE = "Keys: sidebar"
    FOOTER = (("choose", "choose"), "search", "sidebar", "timeline", "problems", ("next", "next pane"))
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
        self._kept: Bookmarked | None = None
        """Named searches and pins, which are above the facets."""
        self._open: set[str] = set()
        self._rows: list[SidebarRow] = []
        self._stops: list[Stop] = []
        self._strips: dict[int, Strip] = {}

    def show(
        self, facets: Facets | None, everything: Facets | None, chosen: Chosen, kept: Bookmarked | None = None
    ) -> None:
        """Show the counts of what matches, and what the query has chosen of them.

        `everything` counts the whole tree: its values fill the groups that have too few.
        """
        self._facets, self._everything, self._chosen = facets, everything or facets, chosen
        self._kept = kept
        self._lay_out()

    def open_files(self) -> None:
        """Open the group of the files and go to its first one."""
        self._open.add("file")
        self._lay_out()
        for place, stop in enumerate(self._stops):
            row = self._rows[stop.line]
            if (row.kind, row.name) == ("value", "file"):
                self.cursor = place
                self.scroll_lines(stop.line - 2)
                return

    def _lay_out(self) -> None:
        facets = self._facets
        at = self._stops[self.cursor] if self.cursor < len(self._stops) else None
        held = self._rows[at.line] if at else None
        self._rows = [*kept_rows(self._kept)] if self._kept else []
        if facets:
            self._rows += rows_of(facets, self._everything or facets, self._chosen, self._open)
        self._stops = [
            Stop(line, level)
            for line, row in enumerate(self._rows)
            for level in (range(1, len(row.levels) + 1) if row.kind == "levels" else (0,))
            if row.kind in ("value", "more", "levels")
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

    def refresh(
        self, *regions: object, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Sidebar:
        """Draw anew."""
        self._strips = {}
        super().refresh(repaint=repaint, layout=layout, recompose=recompose)
        return self

    def paint(self, y: int, width: int) -> Strip:
        """Paint line `y`."""
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self.tones.strip(self._line(y, width), width, self.visual_style)
        return strip

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
        on = bool(chosen) and row.kind == "value" and _spelled(row.value) in chosen
        quiet = row.kind == "more" or row.number == 0 or (bool(chosen) and not on)
        mark = t(("✓", "key")) if on else t(tinted(row.mark, "muted" if quiet else ""))
        left = t("  ", mark, " ", plain(row.label, "key" if on else "muted" if quiet else "text"))
        count = "" if row.number is None else f"{row.number:,}"
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
        """Choose what is under the mouse."""
        event.stop()
        line = self.top + event.y
        levels = line < len(self._rows) and self._rows[line].kind in ("levels", "numbers")
        level = (event.x - 3) // _CELL + 1 if levels else 0
        if levels and self._rows[line].kind == "numbers":
            line -= 1
        if Stop(line, level) in self._stops:
            self.cursor = self._stops.index(Stop(line, level))
            self.action_choose()


def _spelled(value: str) -> str:
    """Return a value in the spelling of the query."""
    from index.model.letters import normal

    return normal(value)


def kept_rows(kept: Bookmarked) -> Iterator[SidebarRow]:
    """Yield the lines of named searches and pinned entries."""
    parts = (("Searches", NAMED, kept.searches.items()), ("Pinned", PINNED, [(b, a) for a, b in kept.pins]))
    for heading, name, rows in parts:
        if rows:
            yield SidebarRow("heading", heading)
            yield from (SidebarRow("value", label, name, value) for label, value in rows)
            yield SidebarRow("blank")


def rows_of(facets: Facets, everything: Facets, chosen: Chosen, opened: set[str]) -> list[SidebarRow]:
    """Return the lines of the sidebar: each value with the number of entries that its filter finds."""
    counts = dict(facets.groups)
    rows = [SidebarRow("heading", "Kinds")]
    for value, label in _KINDS:
        rows.append(SidebarRow("value", label, "kind", value, counts.get(value, 0), MARK[value]))

    def group(heading: str, name: str, here: Counts, there: Counts) -> list[SidebarRow]:
        return _group(heading, name, here, there, chosen.get(name, frozenset()), name in opened)

    if len(everything.stores) > 1:
        rows += group("Stores", "store", facets.stores, everything.stores)
    rows += group("Projects", "project", facets.projects, everything.projects)
    rows += group("Tags", "tag", facets.tags, everything.tags)
    rows += [SidebarRow("blank"), SidebarRow("heading", "Level")]
    rows += [SidebarRow(kind, name="level", levels=facets.levels) for kind in ("levels", "numbers")]
    rows += group("Tech", "tech", facets.tech, everything.tech)
    if everything.files:
        shut = "file" not in opened
        rows += [
            SidebarRow("blank"),
            SidebarRow(
                "more", "Files with entries", "file", number=len(facets.files), mark="▸" if shut else "▾"
            ),
        ]
        picked = chosen.get("file", frozenset())
        rows += [
            SidebarRow("value", path.rpartition("/")[2], "file", path, count)
            for path, count in facets.files
            if not shut or (picked and _spelled(path) in picked)  # there may be ten thousand
        ]
    return rows


def _group(
    heading: str, name: str, here: Counts, there: Counts, chosen: frozenset[str], opened: bool
) -> list[SidebarRow]:
    """Return a group: the values that match first, then others of the tree until there are enough."""
    known = {value for value, _ in here}
    whole = [*here, *((value, 0) for value, _ in there if value not in known)]
    shown = [
        item
        for place, item in enumerate(whole)
        if place < SHOWN or (opened and place < len(here)) or (chosen and _spelled(item[0]) in chosen)
    ]
    if not shown:
        return []
    rows = [SidebarRow("blank"), SidebarRow("heading", heading)]
    rows += [SidebarRow("value", value, name, value, count) for value, count in shown]
    rest = len(here) - sum(1 for _, count in shown if count)
    if opened and len(here) > SHOWN:
        rows.append(SidebarRow("more", "fewer", name))
    elif rest > 0:
        rows.append(SidebarRow("more", f"{rest:,} more", name))
    return rows
