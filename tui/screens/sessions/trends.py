"""Trends: the number of memories over time, problems that come back, solutions used again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.widget import Widget

from index.model.days import today
from tui.actions import Hint, bindings
from tui.screens.base.frame import Frame
from tui.theme.drawing import BLANK, t, tally
from tui.widgets.base.list_and_page import ListAndPage, nothing
from tui.widgets.base.row_list import RowList
from tui.widgets.sessions.trend_chart import NOT_FOUND, Behind, Chart, chart_lines, period, said
from tui.widgets.sessions.trend_list import TrendList, TrendRow, make_rows

if TYPE_CHECKING:
    from index.model.trend_counts import TrendCounts
    from index.workspace import Workspace

EMPTY = nothing(
    "There are no entries to count",
    "Once there are entries, this counts kinds, levels, projects and tags over time.",
)


_MOST = 60
"""Entries behind a value that are listed: more than a screen shows."""


def _find(query: str, workspace: Workspace) -> Behind:
    found = workspace.search.find(query, _MOST, "date", wait=False)
    return Behind([hit.entry for hit in found.hits], found.total)


class Trends(Frame[None]):
    """The values at the left, the one under the cursor as a chart at the right."""

    CSS_PATH = "trends.tcss"
    BINDINGS = bindings("accept")
    HELP_TITLE = "Keys: trends"
    PLACE = "trends"
    AUTO_FOCUS = "#trends"

    def make_panes(self) -> ListAndPage:
        """Return list and chart."""
        self._list, self._chart = TrendList(), Chart(id="chart")
        self._panes = ListAndPage(self._list, self._chart)
        return self._panes

    def on_mount(self) -> None:
        """Count, now and whenever the tree changes."""
        self.set_title(t(("Trends", "strong")), t(("counting …", "muted")))
        self.watch(self.app, "generation", self._read)

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys that do something: where no entry has a date, there are no bars to go along."""
        if not self._list.count:
            return ["back"]
        keys, counted = super().footer_keys(focused), self._list.counted
        dated = counted is not None and bool(counted.scale.starts)
        return keys if dated else [hint for hint in keys if hint[0] not in ("left", "right")]

    # ── reading ───────────────────────────────────────────────────────────────

    def _read(self) -> None:
        if self.context.page is None:
            self.look_up_all("trends", self._count, self._show)

    def _count(self, workspace: Workspace) -> Iterator[tuple[TrendCounts, Sequence[TrendRow]]]:
        """Count; slow counts come after the first are shown."""
        trends = workspace.trends
        counted = trends.count(today(self.context.now()))
        yield counted, make_rows(counted, None, None)
        used = trends.reused()
        yield counted, make_rows(counted, None, used)
        yield counted, make_rows(counted, trends.recurring(), used)

    def _show(self, found: tuple[TrendCounts, Sequence[TrendRow]]) -> None:
        counted, rows = found
        self._list.fill(counted, rows if counted.entries else ())
        self._show_note(counted)
        self._panes.show_nothing(() if counted.entries else EMPTY)
        self.refresh_keys()

    def _show_note(self, counted: TrendCounts) -> None:
        """Say how much is counted; where the chart has no room, the value of the bar under the cursor."""
        row, place, scale = self._list.current, self._list.place, counted.scale
        if self.has_class("-page") and place is not None and row is not None and row.series is not None:
            note = said(row.series, scale, place)
        else:
            note = tally(counted.entries, "entry", "entries")
            if scale.starts:
                days = period(scale.starts[0], scale.last)
                note += t((f" · {days} · 1 bar = 1 {scale.unit}", "muted"))
        self.set_title(t(("Trends", "strong")), note if counted.entries else BLANK)

    # ── what is shown ─────────────────────────────────────────────────────────

    @on(RowList.Moved)
    def _moved(self) -> None:
        row, counted = self._list.current, self._list.counted
        if row is None or counted is None:
            return
        place = self._list.place
        self._show_note(counted)
        self._draw(row, counted, place, NOT_FOUND)
        if row.series is not None:
            query = row.query(counted.scale, place)
            self.look_up("entries", partial(_find, query), partial(self._draw, row, counted, place))

    def _draw(self, row: TrendRow, counted: TrendCounts, place: int | None, behind: Behind) -> None:
        now, titles, chart = self.context.now(), self.workspace.tree.snapshot.by_id, self._chart
        chart.show(
            lambda width: chart_lines(
                row, counted, place, titles, now, behind, width, chart.content_size.height
            ),
            keep=bool(behind.total),
        )

    @on(Chart.Picked)
    def _picked(self, message: Chart.Picked) -> None:
        self._list.place = message.place
        self._list.focus()

    @on(RowList.Chosen)
    def action_accept(self) -> None:
        """Find the entries behind the line, or behind its bar."""
        row, counted = self._list.current, self._list.counted
        if row is None or counted is None:
            return
        if row.reuse is not None:
            self.context.show_entry(row.reuse.entry.id)
        else:
            self.context.search_for(row.query(counted.scale, self._list.place))
