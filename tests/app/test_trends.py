"""The trends: values over time, a chart of one, and the way to the entries behind it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.pilot import (
    FULL,
    NARROW,
    SMALL,
    WIDE,
    Compare,
    open_app,
    opened,
    press,
    ready,
    said,
    settle,
    until,
)
from tests.support.shop import TEMPLATE, make_shop
from tui.screens.browse.browse import Browse
from tui.screens.sessions.trends import Trends
from tui.widgets.base.lines import Lines
from tui.widgets.base.title_line import TitleLine
from tui.widgets.sessions.trend_chart import Chart, _columns
from tui.widgets.sessions.trend_list import TrendList

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "sample_memories"
AGAIN = """<debugging-solutions>
<debugging-solution id="DEBUG-901">
  <timestamp>2025-11-22T09:00:00Z</timestamp><project>shop-api</project>
  <title>Checkout waits for a free connection again</title>
  <problem>The pool is exhausted while a failover lasts and checkout waits for a free connection</problem>
  <solution>Limit the pool for each worker and give every query a timeout</solution>
</debugging-solution>
<debugging-solution id="DEBUG-902">
  <timestamp>2025-10-12T09:00:00Z</timestamp><project>billing</project>
  <title>Checkout waits for a connection</title>
  <problem>The pool is exhausted while a failover lasts; checkout waits for a free connection</problem>
  <solution>Limit the pool for each worker, give every query a timeout</solution>
</debugging-solution>
</debugging-solutions>
"""


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """Return the sample tree, and in it a problem that came back."""
    root = tmp_path / "shop" / "memories"
    shutil.copytree(SAMPLE, root)
    (root / "development-patterns" / "more.xml").write_text(AGAIN, "utf-8")
    return root


async def trends(pilot: Pilot[None]) -> Trends:
    """Open the trends with their key."""
    return await opened(pilot, "i", Trends)


def lines(screen: Trends, width: int = 59) -> list[str]:
    found = screen.query_one(TrendList)
    return [found.row(n, width, False, False)[0].plain.rstrip() for n in range(found.count)]


def place_of(screen: Trends, text: str) -> int:
    return next(n for n, line in enumerate(lines(screen)) if text in line)


async def go_to(pilot: Pilot[None], screen: Trends, text: str) -> None:
    screen.query_one(TrendList).cursor = place_of(screen, text)
    await pilot.pause()


async def found_in_browse(pilot: Pilot[None]) -> Browse:
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    await until(pilot, lambda: browse.answered)
    return browse


async def test_every_part_has_its_lines(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await trends(pilot)
        shown = lines(screen)
        headings = [row.label for row in screen.query_one(TrendList).items if row.sort == "heading"]
        assert headings == [
            "Kinds", "Levels", "Projects", "Growing tags", "Fading tags",
            "Problems that came back", "Used again",
        ]  # fmt: skip
        assert shown[0].split()[:2] == ["All", "entries"]
        assert shown[0].split()[-1] == "127"
        solutions = shown[place_of(screen, "Debugging solution")]
        assert solutions.startswith(" ◆ Debugging solution")
        assert solutions.endswith("24")
        assert shown[place_of(screen, "Checkout waits for a free connection")].endswith("2 ×")
        note = screen.query_one(TitleLine).note.plain
        assert note == "127 entries · 15 Sep to 23 Nov 2025 · 1 bar = 1 week"


async def test_the_chart_follows_the_cursor(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await trends(pilot)
        chart = screen.query_one(Chart)
        assert said(chart).split("\n")[0].split() == ["All", "entries", "127"]
        assert "15 Sep to 23 Nov 2025 · 126 entries" in said(chart)
        await go_to(pilot, screen, "Checkout waits")
        assert "Checkout waits for a connection" in said(chart)
        assert "of their words in common" in said(chart)
        await go_to(pilot, screen, "Add a partner to the gateway")
        assert "6 uses (from its own count)" in said(chart)
        await go_to(pilot, screen, "Keyset page over")
        assert "Named by" in said(chart)
        assert "Order export" in said(chart)


async def test_enter_finds_the_entries_of_a_line(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await trends(pilot)
        await go_to(pilot, screen, "billing")
        await pilot.press("enter")
        browse = await found_in_browse(pilot)
        assert browse.search.text == "project:billing"
        assert browse.results.count == 37


async def test_along_the_bars_and_the_entries_of_one(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await trends(pilot)
        await go_to(pilot, screen, "billing")
        found, chart = screen.query_one(TrendList), screen.query_one(Chart)
        await pilot.press("left")
        await pilot.pause()
        assert found.place == 9
        assert "17 to 23 Nov 2025 · " in said(chart)
        await pilot.press("left", "left", "right", "enter")
        browse = await found_in_browse(pilot)
        assert browse.search.text == "project:billing on:2025-11-10..2025-11-16"
        assert browse.results.count == 13
        screen = await trends(pilot)
        await pilot.press("left", "right")
        assert screen.query_one(TrendList).place is None
        await pilot.press("right")
        assert isinstance(screen.focused, TrendList)  # the bars end here
        await press(pilot, "tab")
        assert isinstance(screen.focused, Chart)


async def test_a_problem_that_came_back_and_what_is_used_again(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await trends(pilot)
        await go_to(pilot, screen, "Checkout waits")
        await pilot.press("enter")
        browse = await found_in_browse(pilot)
        assert {hit.id.rpartition("#")[2] for hit in browse.results.rows} == {"DEBUG-901", "DEBUG-902"}
        screen = await trends(pilot)
        await go_to(pilot, screen, "Keyset page over")
        await pilot.press("enter")
        browse = await found_in_browse(pilot)
        await until(pilot, lambda: browse.entry is not None and browse.entry.id.endswith("#API-008"))


async def test_the_mouse_on_lines_bars_and_chart(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await trends(pilot)
        found, chart = screen.query_one(TrendList), screen.query_one(Chart)
        line = place_of(screen, "Debugging solution")
        await pilot.click(found, offset=(10, line))
        assert (found.cursor, found.place) == (line, None)
        await pilot.click(found, offset=(51, line))
        assert found.place == 9
        await pilot.click(found, offset=(42, line))
        assert found.place == 0
        bottom = next(n for n, text in enumerate(said(chart).split("\n")) if "Sep" in text) - 2
        await pilot.click(chart, offset=(9, bottom))
        await pilot.pause()
        assert found.place == 0
        await pilot.click(chart, offset=(8 + 5, bottom))
        await pilot.pause()
        assert found.place == 1
        await pilot.click(found, offset=(10, line), times=2)
        browse = await found_in_browse(pilot)
        assert browse.search.text == "kind:debugging-solution"


async def test_narrow_there_is_the_list_alone(demo: Path) -> None:
    async with open_app(demo).run_test(size=SMALL) as pilot:
        screen = await trends(pilot)
        assert screen.query_one(TrendList).size.width == 60
        assert not screen.query_one(Chart).display
        await pilot.press("G", "g", "left")
        await pilot.pause()
        assert screen.query_one(TitleLine).note.plain == "17 to 23 Nov 2025 · 30 entries"
        await pilot.press("j", "escape")
        assert isinstance(pilot.app.screen, Browse)


async def test_nothing_to_count(tmp_path: Path) -> None:
    root = make_shop(tmp_path, versioned=False, files={"client-context/approval-history.xml": TEMPLATE})
    async with open_app(root).run_test(size=NARROW) as pilot:
        await ready(pilot)
        screen = await trends(pilot)
        assert "There are no entries to count" in said(screen.query_one("#nothing", Lines))
        await pilot.press("enter", "left", "right", "j")
        assert pilot.app.screen is screen


async def test_entries_without_any_date(tmp_path: Path) -> None:
    root = make_shop(tmp_path, versioned=False, files={"a.xml": "<n><title>x</title><text>y</text></n>"})
    async with open_app(root).run_test(size=WIDE) as pilot:
        await ready(pilot)
        screen = await trends(pilot)
        await pilot.press("left", "right")
        assert "No entry has a date in the past." in said(screen.query_one(Chart))


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-light"), (SMALL, "memarium-dark"), (WIDE, "memarium-16")],
    ids=["wide", "narrow-light", "small", "16-colours"],
)
def test_looks(demo: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        screen = await trends(pilot)
        await go_to(pilot, screen, "billing")
        await pilot.press("left", "left")
        await settle(pilot)

    assert snap_compare(open_app(demo), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", [(160, 46), (120, 36), (100, 24)], ids=["full", "wide", "low"])
async def test_the_chart_fills_its_pane_and_has_an_axis(demo: Path, size: tuple[int, int]) -> None:
    app = open_app(demo)
    async with app.run_test(size=size) as pilot:
        await trends(pilot)
        chart = app.screen.query_one(Chart)
        rows = [line for line in said(chart).split("\n") if "│" in line or "┤" in line]
        assert len(rows) in range(max(8, chart.size.height - 14), chart.size.height)
        bars = [line.rindex("█") for line in said(chart).split("\n") if "█" in line]
        assert max(bars) > chart.size.width * 2 // 3
        assert "┤" in rows[0]
        await pilot.resize_terminal(160, 40)
        await settle(pilot)
        assert sum("│" in line or "┤" in line for line in said(chart).split("\n")) > 20


async def test_below_a_low_chart_are_the_entries_behind_it(demo: Path) -> None:
    """As many as there is room for, the newest first, and how many more there are."""
    app = open_app(demo)
    async with app.run_test(size=FULL) as pilot:
        screen = await trends(pilot)
        chart, listed = screen.query_one(Chart), screen.query_one(TrendList)
        for row in [one for one in listed.items if one.series is not None and one.series.total < 9]:
            listed.cursor = listed.items.index(row)
            await until(pilot, lambda: "Entries" in said(chart))
            below = said(chart).partition("Entries\n")[2].strip().split("\n")
            more = int(below.pop().split()[0]) if below[-1].endswith(" more") else 0
            assert row.series is not None
            assert len(below) + more == row.series.total
            assert chart.total <= chart.size.height, "it is not scrolled"
        await pilot.press("home")
        await settle(pilot)
        assert "Entries" not in said(chart), "the chart of all entries takes the room"


@pytest.mark.parametrize("top", [1, 5, 12, 999, 1234, 98765])
def test_numbers_beside_the_axis_do_not_shift_it(top: int) -> None:
    lines = [line.plain for line in _columns([top, top // 2, 0], 0, None, 6, 16)]
    places = {max(line.find("│"), line.find("┤")) for line in lines[1:17]}
    assert len(places) == 1
    assert f"{top:,} ┤" in lines[1]
    assert f"{top:,}" in lines[0]
