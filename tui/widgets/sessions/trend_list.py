"""List of trends, one line a value: its name, its bars over time, how many entries have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from textual import events
from textual.content import Content

from tui.actions import Hint, bindings
from tui.theme.drawing import BLANK, MARK, bar, plain, t, tinted
from tui.theme.labels import kind_label
from tui.widgets.base.row_list import RowList

if TYPE_CHECKING:
    from index.model.trend_counts import Recurring, Reuse, Scale, Series, TrendCounts

MOST: Final = 8
"""Lines of a part."""
_LABEL: Final = 16
"""Cells that a name has at least."""
_NUMBER: Final = 8
"""Cells of the number at the right."""


class TrendRow(NamedTuple):
    """A line of the list."""

    sort: str
    """`heading`, `gap`, `series`, `recurring` or `reuse`."""
    label: str
    mark: str = " "
    name: str = ""
    """The filter that finds the entries of a series; empty for all entries."""
    exactly: bool = False
    """The name of the kind means a group, or the end of another kind, too."""
    series: Series | None = None
    recurring: Recurring | None = None
    reuse: Reuse | None = None

    @property
    def number(self) -> str:
        """Number at the right of the line."""
        if self.series is not None:
            return f"{self.series.total:,}"
        count = len(self.recurring.entries) if self.recurring else self.reuse.total if self.reuse else 0
        return f"{count:,} ×" if count else ""

    def query(self, scale: Scale, place: int | None) -> str:
        """Return the query for the entries of the row, of all time or of one period."""
        from index.search.language.syntax import written

        if self.recurring is not None:
            return " ".join(written("id", entry.id) for entry in self.recurring.entries)
        parts = [written(self.name, self.series.value)] if self.series and self.name else []
        if self.exactly:
            parts = [f'kind:"{self.series.value}"'] if self.series else []
        return " ".join([*parts, *([scale.query(place)] if place is not None else [])])


def make_rows(
    counted: TrendCounts, again: Sequence[Recurring] | None, used: Sequence[Reuse] | None
) -> list[TrendRow]:
    """Return the lines of all parts; None for a part says that it is still being found out."""
    rows = [TrendRow("series", "All entries", series=counted.whole)]
    kinds = [
        TrendRow(
            "series",
            kind_label(one.value),
            MARK.get(one.group, " "),
            "kind",
            _means_more(one.value, counted.kinds),
            one,
        )
        for one in counted.kinds
    ]
    rows += _part("Kinds", kinds)
    levels = [
        TrendRow("series", f"L{one.value}", name="level", series=one) for one in counted.levels if one.total
    ]
    rows += _part("Levels", levels)
    for heading, name, found in (
        ("Projects", "project", counted.projects),
        ("Growing tags", "tag", counted.growing),
        ("Fading tags", "tag", counted.dying),
    ):
        rows += _part(heading, [TrendRow("series", one.value, name=name, series=one) for one in found])
    waits = [TrendRow("heading", "comparing the solutions …")]
    rows += _part("Problems that came back", waits if again is None else list(map(_came_back, again)))
    rows += _part("Used again", waits[:0] if used is None else list(map(_used, used)))
    return rows


def _means_more(kind: str, kinds: Sequence[Series]) -> bool:
    from index.model.facets import GROUPS

    return kind in GROUPS or any(one.value.endswith(f"-{kind}") for one in kinds)


def _part(heading: str, rows: list[TrendRow]) -> list[TrendRow]:
    return [TrendRow("gap", ""), TrendRow("heading", heading), *rows[:MOST]] if rows else []


def _came_back(one: Recurring) -> TrendRow:
    return TrendRow("recurring", one.entries[0].title, MARK["solution"], recurring=one)


def _used(one: Reuse) -> TrendRow:
    return TrendRow("reuse", one.entry.title, MARK[one.entry.group], reuse=one)


class TrendList(RowList[TrendRow]):
    """The values; the cursor skips headings, and goes from the number at the right along the bars."""

    HELP_TITLE = "Keys: trends"
    FOOTER: Sequence[Hint] = (
        ("accept", "find them"), ("left", "earlier"), ("right", "later"),
        "next", "search", "back",
    )  # fmt: skip
    BINDINGS = bindings("left", "right")
    row_height = 1

    def __init__(self) -> None:
        super().__init__(id="trends")
        self.counted: TrendCounts | None = None

    def fill(self, counted: TrendCounts, rows: Sequence[TrendRow]) -> None:
        """Show other rows; the cursor stays on its row."""
        self.counted = counted
        if self.place is not None and self.place >= len(counted.scale.starts):
            self.set_reactive(TrendList.place, None)
        self.list_items(rows)

    def key(self, item: TrendRow) -> tuple[str, str]:
        """Return the key of a value."""
        return item.sort, item.label

    def is_stop(self, index: int) -> bool:
        """Whether a line is a value."""
        return self.items[index].sort not in ("gap", "heading")

    def is_heading(self, y: int) -> bool:
        """Whether line `y` names a part."""
        return self.items[y].sort == "heading"

    # ── drawing ───────────────────────────────────────────────────────────────

    def row(self, index: int, width: int, current: bool, focused: bool) -> Sequence[Content]:
        """Draw a line."""
        row = self.items[index]
        if row.sort == "gap":
            return [BLANK]
        if row.sort == "heading":
            return [t(" ", (row.label, "head"))]
        role = "strong" if current else "text"
        mark = t(" ", tinted(row.mark, "accent" if current and focused else ""), " ")
        number = t((f"{row.number:>{_NUMBER - 1}}", role if current and self.place is None else "muted"), " ")
        bars = self._bars(row, current, width)
        gap = Content("  ") if bars.plain else BLANK
        return [bar(width, t(mark, plain(row.label, role)), t(gap, bars, number))]

    def _shown(self, width: int) -> int:
        """Return how many periods there is room for: the latest."""
        periods = len(self.counted.scale.starts) if self.counted else 0
        return max(0, min(periods, width - _LABEL - _NUMBER - 5))

    def _bars(self, row: TrendRow, current: bool, width: int) -> Content:
        if row.series is None:
            return BLANK
        first = len(row.series.counts) - self._shown(width)
        return t(*bar_parts(row.series.counts, first, self.place if current else None))

    # ── moving ────────────────────────────────────────────────────────────────

    def reveal(self, first: int, last: int) -> None:
        """Show the heading with its first line."""
        under = 1 < first < len(self.items) and self.items[first - 1].sort == "heading"
        super().reveal(first - 1 if under else first, last)

    def watch_place(self) -> None:
        """Show which period is meant."""
        if self.is_mounted and self.count:
            self.refresh()
            self.post_message(self.Moved(self, self.cursor))

    def action_left(self) -> None:
        """Go to the period before; from the number, to the latest."""
        row = self.current
        if row is None or row.series is None or not row.series.counts:
            return
        count = len(row.series.counts)
        self.place = (
            count - 1 if self.place is None else max(count - self._shown(self._inner), self.place - 1)
        )

    def action_right(self) -> None:
        """Go to the period after; from the latest, to the number, where it ends."""
        row = self.current
        if self.place is not None and row is not None and row.series is not None:
            self.place = self.place + 1 if self.place + 1 < len(row.series.counts) else None

    @property
    def _inner(self) -> int:
        """Cells of a row, without its edge."""
        return max(0, self.content_size.width - 1)

    async def on_click(self, event: events.Click) -> None:
        """Go to the line under the mouse, and to the bar; a second click finds its entries."""
        index = self.top + event.y
        row = self.items[index] if index < len(self.items) else None
        if row is not None and row.series is not None:
            shown, end = self._shown(self._inner), self.content_size.width - _NUMBER
            at = event.x - (end - shown)
            inside = 0 <= at < shown
            self.place = len(row.series.counts) - shown + at if inside else None


def bar_parts(counts: Sequence[int], first: int, place: int | None) -> Iterator[tuple[str, str]]:
    """Yield the bars from the period `first` on, that of `place` lit."""
    from index.rendering.text import spark

    for n, sign in enumerate(spark(counts)):
        if n >= first:
            yield sign, "lit" if n == place else "faint" if sign == "·" else "muted"
