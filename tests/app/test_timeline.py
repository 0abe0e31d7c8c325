"""The timeline: entries and commits by day."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.history.log import Revision
from index.memory.entries import Entry
from index.snapshot import Day
from tests.app.shop import TEMPLATE, git, make_shop, open_app, ready, said, settle
from tui.app import Memarium
from tui.screens.browse import Browse
from tui.screens.edit import EditScreen
from tui.screens.timeline import Timeline
from tui.widgets.day_list import Calendar, DayList, make_listing
from tui.widgets.lines import Lines
from tui.widgets.preview import Preview
from tui.widgets.title_line import TitleLine

WIDE, NARROW = (120, 36), (80, 24)


async def timeline(pilot: Pilot[None]) -> Timeline:
    """Open the timeline with its key."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    await pilot.press("t")
    await settle(pilot)
    assert isinstance(app.screen, Timeline)
    return app.screen


def rows(screen: Timeline) -> list[list[str]]:
    days = screen.query_one(DayList)
    return [days.row(n, 59, False, False)[0].plain.split() for n in range(days.count)]


def entry(title: str, when: datetime, stamp: str) -> Entry:
    return Entry(f"a.xml#{title}", "note", "other", title, "a.xml", 1, (), timestamp=stamp, when=when)


def revision(rev: str, when: datetime) -> Revision:
    return Revision(rev, when, "Ana", f"memory: {rev}", ())


def test_rows_of_a_day_go_from_late_to_early_those_without_a_clock_first() -> None:
    at = datetime(2025, 11, 21, 9, 0, tzinfo=UTC)
    later = at.replace(hour=15)
    day = Day(
        at.date(),
        (entry("noon", at.replace(hour=12), "2025-11-21T12:00:00Z"), entry("day", at, "2025-11-21")),
    )
    made = make_listing(
        [day], [revision("late", later), revision("early", at), revision("old", at - timedelta(days=2))]
    )
    assert [row.key or row.kind for row in made.rows] == [
        "day", "a.xml#day", "late", "a.xml#noon", "early", "gap", "day", "old",
    ]  # fmt: skip


def test_a_hundred_thousand_rows_are_made_in_a_moment() -> None:
    at = datetime(2025, 11, 21, 9, 0, tzinfo=UTC)
    many = [revision(str(n), at - timedelta(minutes=n)) for n in range(100_000)]
    start = time.process_time()
    assert len(make_listing([], many).rows) > 100_000
    assert time.process_time() - start < 3


async def test_entries_and_commits_by_day_newest_first(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        drawn = rows(screen)
        assert drawn[:3] == [
            ["Fri", "21", "Nov", "2", "entries"],
            ["+", "◇", "Paginated", "resource", "listing"],
            ["+", "○", "Keep", "offset", "pagination", "for", "the", "admin", "pages?"],
        ]
        assert ["Fri", "7", "Nov", "1", "commit"] in drawn
        assert ["12:00", "±", "record", "approval-history.xml", "shop-agent"] in drawn
        assert any(row[:4] == ["14:30", "+", "◆", "Database"] and row[-1] == "shop-api" for row in drawn)
        note = screen.query_one(TitleLine).note.plain
        assert note == "9 entries · 5 commits · 2 Sep to 21 Nov 2025"


async def test_the_cursor_skips_days_and_shows_what_it_is_on(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        days, calendar = screen.query_one(DayList), screen.query_one(Calendar)
        assert screen.entry is not None
        assert screen.entry.title == "Paginated resource listing"
        assert screen.query_one(Preview).entry == screen.entry
        await pilot.press("down", "down")
        assert screen.entry.title == "Delete exports after 30 days?"
        assert calendar.day == date(2025, 11, 20)
        assert "Thu 20 Nov · 1 entry" in said(calendar)
        await pilot.press("down", "down", "down", "down")
        await pilot.pause()
        assert screen.entry is None
        commit = said(screen.query_one("#commit", Lines))
        assert "memory: record approval-history.xml" in commit
        assert "+ client-context/approval-history.xml" in commit
        assert (
            "shop-agent · 7 Nov 2025, 12:00 · 15 days ago" in commit.replace("\n  ", " ")
            or "2 weeks ago" in commit
        )
        await pilot.press("g")
        assert days.cursor == 1
        await pilot.press("up")
        assert days.cursor == 1


async def test_open_edit_and_back(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await pilot.press("down", "e")
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)
        assert app.screen.query_one("#over").region == screen.query_one("#preview").region.grow((1, 0, 0, 0))
        await pilot.press("escape", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert app.screen.entry is not None
        assert app.screen.entry.title == "Keep offset pagination for the admin pages?"


async def test_the_mouse_in_list_and_calendar(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await pilot.click(DayList, offset=(20, 4))
        await pilot.pause()
        assert screen.entry is not None
        assert screen.entry.title == "Delete exports after 30 days?"
        calendar = screen.query_one(Calendar)
        lines = said(calendar).split("\n")
        await pilot.click(calendar, offset=(lines[5].rindex("□") - 2, 5))
        await pilot.pause()
        assert calendar.day == date(2025, 11, 14)
        assert screen.entry.title == "Idempotency key on every POST"


async def test_narrow_there_is_the_list_alone(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        screen = await timeline(pilot)
        assert screen.query_one(DayList).size.width == 80
        await pilot.press("G", "k", "k", "k", "k", "k")
        await pilot.pause()
        assert screen.entry is None
        await pilot.press("enter")
        await pilot.pause()
        assert screen.query_one("#commit").size.width == 80
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert isinstance(app.screen, Browse)


async def test_new_commits_appear_and_the_cursor_stays(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await pilot.press("down")
        held = screen.entry
        (root / "client-context/new.xml").write_text("<note><title>New</title><date>2025-11-22</date></note>")
        git(root.parent, "add", ".")
        git(root.parent, "commit", "--quiet", "--message=memory: more", date="2025-11-22T08:00:00Z")
        app.action_reload()
        await settle(pilot)
        assert rows(screen)[0] == ["Sat", "22", "Nov", "1", "entry", "·", "1", "commit"]
        assert held is not None
        assert screen.entry is not None
        assert screen.entry.id == held.id


async def test_a_tree_without_dates(tmp_path: Path) -> None:
    app = open_app(
        make_shop(tmp_path, versioned=False, files={"client-context/approval-history.xml": TEMPLATE})
    )
    async with app.run_test(size=NARROW) as pilot:
        screen = await timeline(pilot)
        assert "Nothing has a date yet" in said(screen.query_one("#commit", Lines))
        await pilot.press("e", "y", "E", "enter")
        await pilot.pause()
        assert app.screen is screen


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-dark"), ((60, 20), "memarium-light"), (WIDE, "memarium-16")],
    ids=["wide", "narrow", "small-light", "16-colours"],
)
def test_looks(tmp_path: Path, snap_compare, size: tuple[int, int], theme: str) -> None:  # type: ignore[no-untyped-def]
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await timeline(pilot)
        await pilot.press("down")
        await settle(pilot)

    assert snap_compare(open_app(make_shop(tmp_path)), terminal_size=size, run_before=run)
