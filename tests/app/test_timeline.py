"""The timeline: sessions, their stories, the calendar, the search, and what was."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.pilot import FULL, NARROW, SMALL, WIDE, Compare, open_app, press, said, settle, shown
from tests.support.shop import make_shop
from tests.support.shop_sessions import make_diary
from tests.support.timeline import AT, drawn, note, session, timeline, titles
from tui.data.day_counts import counts
from tui.screens.browse.browse import Browse
from tui.screens.browse.entry_at_commit import AtCommitScreen
from tui.screens.editing.edit import EditScreen
from tui.screens.sessions.timeline import Timeline
from tui.widgets.base.lines import Lines
from tui.widgets.base.search_line import Note
from tui.widgets.base.title_line import TitleLine
from tui.widgets.browse.preview import Preview
from tui.widgets.history.compare_view import CompareView
from tui.widgets.sessions.brief_card import BriefCard
from tui.widgets.sessions.calendar import Calendar
from tui.widgets.sessions.session_list import SessionList, lanes
from tui.widgets.sessions.story import Story, lines


def story(screen: Timeline) -> list[str]:
    view = screen.query_one(Story)
    return [view.row(n, view.size.width, False, False)[0].plain.strip() for n in range(view.count)]


async def test_sessions_newest_first_with_their_work_in_one_line(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        assert titles(screen) == [
            "pool, measured", "Cursor pagination", "Outbox for invoices", "Pool exhaustion under load",
            "start the tree",
        ]  # fmt: skip
        assert [line.split() for line in drawn(screen, 1)] == [
            ["◐", "Cursor", "pagination", "20", "Nov"],
            ["shop-api", "·", "1", "learned,", "1", "edited,", "1", "removed", "3", "h", "00", "min"],
        ]
        assert drawn(screen, 0)[0].split()[0] == "·"
        assert "!" in drawn(screen, 2)[1]
        assert note(screen) == "5 sessions · 14 to 21 Nov 2025"


async def test_the_story_of_a_session(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await press(pilot, "down")
        told = story(screen)
        assert told[0].split() == ["◐", "Session", "shop-agent", "·", "2", "commits"]
        assert told[3] == "shop-api · 20 Nov 2025, 13:00 to 16:00"
        start = next(n for n, line in enumerate(told) if line.startswith("13:00"))
        assert told[start].split(maxsplit=1)[1].startswith("started from: 1 of 2: decide · waits")
        works = [line.split(maxsplit=3) for line in told if line[:2].isdigit() and line[8:9] in "+±−"]
        assert [(w[0], w[1], w[3]) for w in works] == [
            ("14:20", "+", "Cursor skips orders of one millisecond"),
            ("14:30", "±", "Pool exhaustion under load"),
            ("16:00", "±", "Cursor pagination"),
            ("16:00", "−", "A draft"),
        ]
        assert any(line.startswith("solution Size the pool. → Size the pool") for line in told)
        changed = told[told.index("How the session state changed") :]
        assert changed[1:3] == ["Title       − Outbox for invoices", "+ Cursor pagination"]
        assert "Phase       − 1 of 2: decide" in changed
        assert "Blockers    + replica lags" in changed
        assert told[-1].split(maxsplit=2)[2] == "session: cursor"


async def test_what_is_doubtful_is_said(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await press(pilot, "down", "down")
        assert "! last-updated still holds the placeholder TIMESTAMP." in story(screen)


async def test_enter_opens_what_was_and_one_key_compares_with_now(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await press(pilot, "down", "enter", "down", "down")
        assert screen.entry is not None
        assert screen.entry.title == "Pool exhaustion under load"
        await press(pilot, "enter")
        assert isinstance(app.screen, AtCommitScreen)
        edit = said(app.screen.query_one(CompareView))
        assert "before 20 Nov 2025, 14:30" in edit
        assert "Size the pool." in edit
        assert "Size the pool for each worker." in edit
        assert "memory: cursor skips orders" in shown(app)
        await press(pilot, "enter")
        assert not app.screen.query_one(CompareView).region
        assert "Size the pool for each worker." in said(app.screen.query_one(Preview))
        assert "20 Nov 2025, 14:30 · " in app.screen.query_one(TitleLine).note.plain
        await press(pilot, "equals_sign")
        compared = said(app.screen.query_one(CompareView))
        assert "as it is now" in compared
        assert "measured" in compared
        await press(pilot, "x")
        assert "<solution>" in said(app.screen.query_one(CompareView))
        await press(pilot, "equals_sign", "escape")
        assert app.screen is screen
        await press(pilot, "equals_sign")
        assert isinstance(app.screen, AtCommitScreen)
        assert app.screen.query_one(CompareView).display
        await press(pilot, "escape", "e")
        assert isinstance(app.screen, EditScreen)


async def test_what_was_removed_and_a_commit_can_be_opened(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await press(pilot, "down", "enter", "down", "down", "down", "down", "enter")
        assert isinstance(app.screen, AtCommitScreen)
        assert "to be removed" in said(app.screen.query_one(Preview))
        assert app.screen.query_one(TitleLine).note.plain.startswith("before 20 Nov 2025, 16:00 · ")
        await press(pilot, "equals_sign")
        assert "It is deleted now." in said(app.screen.query_one(CompareView))
        await press(pilot, "escape", "G", "enter")
        assert isinstance(app.screen, AtCommitScreen)
        assert "session-context/active-project.xml" in said(app.screen.query_one("#then", Lines))
        await press(pilot, "equals_sign", "y", "escape", "escape", "escape")
        assert isinstance(app.screen, Browse)
        assert screen not in app.screen_stack


async def test_the_search_language_filters_sessions(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await press(pilot, "slash", *"kind:pending", "space", *"project:billing", "space")
        await press(pilot, *"after:2025-10")
        assert titles(screen) == ["Outbox for invoices"]
        await press(pilot, "down", "enter")
        assert screen.focused is screen.query_one(Story)
        await press(pilot, "escape", "escape")
        assert app.screen is screen
        assert len(titles(screen)) == 5
        await press(pilot, "slash", *"exhaustion")
        assert titles(screen)[-1] == "Pool exhaustion under load"
        await press(pilot, *"xyz")
        assert "No session matches" in said(screen.query_one("#nothing", Lines))
        await press(pilot, "escape", "slash", *"level:many", "enter")
        assert "is not a level" in screen.search.query_one(Note).text.plain
        assert "No session matches" in said(screen.query_one("#nothing", Lines))
        await press(pilot, "slash", *(["backspace"] * 10), *"file::exhaustion OR on:exhaustion OR exhaustion")
        assert "is not a date" in screen.search.query_one(Note).text.plain
        assert titles(screen)[-1] == "Pool exhaustion under load"
        await press(pilot, "escape", "escape")
        assert isinstance(app.screen, Browse)


async def test_the_calendar_by_keys_and_mouse(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        calendar, rows = screen.query_one(Calendar), screen.query_one(SessionList)
        assert calendar.day == date(2025, 11, 21)
        assert "Fri 21 Nov 2025 · 1 commit" in said(calendar)
        await press(pilot, "shift+tab", "up")
        assert calendar.has_focus
        assert calendar.day == date(2025, 11, 20)
        assert rows.current is not None
        assert rows.current.title == "Cursor pagination"
        await press(pilot, "left", "down", "enter")
        assert rows.has_focus
        assert rows.current.title == "start the tree"
        drawing = said(calendar).split("\n")
        await pilot.click(calendar, offset=(drawing[3].rindex("□"), 3))
        await settle(pilot)
        assert rows.current.title == "Outbox for invoices"
        assert calendar.day == date(2025, 11, 19)
        await pilot.click(calendar, offset=(drawing[3].rindex("□"), 7))  # a Sunday without work
        await settle(pilot)
        assert rows.current.title == "Outbox for invoices", "no session is the one that was meant"
        assert "Sun 23 Nov 2025 · no work" in said(calendar)
        await press(pilot, "c")
        assert not calendar.display
        await press(pilot, "c", "g")
        assert calendar.day == date(2025, 11, 14)


async def test_the_mouse_in_list_and_story(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await pilot.click(SessionList, offset=(20, 3))
        await settle(pilot)
        assert screen.query_one(SessionList).cursor == 1
        line = next(n for n, told in enumerate(story(screen)) if told.startswith("14:20"))
        await pilot.click(Story, offset=(20, line), times=2)
        await settle(pilot)
        assert isinstance(app.screen, AtCommitScreen)
        assert app.screen.entry is not None
        assert app.screen.entry.id.endswith("#D-2")
        await press(pilot, "escape")
        line = next(n for n, told in enumerate(story(screen)) if "± " in told)
        await pilot.click(Story, offset=(20, line), times=2)
        await settle(pilot)
        assert "Size the pool for each worker." in said(app.screen.query_one(CompareView))


async def test_narrow_one_page_after_the_other(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        screen = await timeline(pilot)
        assert screen.query_one(SessionList).size.width == 80
        assert not screen.query_one(Calendar).display
        await press(pilot, "down", "enter")
        assert screen.query_one(Story).size.width == 80
        assert not screen.query_one(SessionList).region
        await press(pilot, "escape", "c")
        assert screen.query_one(Calendar).has_focus
        await press(pilot, "c", "escape")
        assert isinstance(app.screen, Browse)


async def test_lanes_by_project_where_there_is_room(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=FULL) as pilot:
        screen = await timeline(pilot)
        first, second = drawn(screen, 2, 93)
        assert first.split()[-2:] == ["│", "◐"]
        assert second.split()[-2:] == ["│", "billing"]


async def test_it_comes_back_at_once_and_follows_the_tree(tmp_path: Path) -> None:
    root = make_diary(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await timeline(pilot)
        await press(pilot, "escape")
        await pilot.press("t")
        assert isinstance(app.screen, Timeline)
        assert len(titles(app.screen)) == 5  # before anything was read
        await press(pilot, "down")
        (root / "late.xml").write_text(
            "<notes><note><title>Late</title><timestamp>2025-11-22T08:00:00Z</timestamp></note></notes>"
        )
        app.action_reload()
        await settle(pilot)
        assert titles(app.screen)[0] == "Late"
        current = app.screen.query_one(SessionList).current
        assert current is not None
        assert current.title == "Cursor pagination"


async def test_the_session_and_the_entry_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[str] = []

    def copy(text: str, _send: object) -> str:
        copied.append(text)
        return "here"

    monkeypatch.setattr("tui.screens.base.frame.copy", copy)
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        await timeline(pilot)
        await press(pilot, "down", "y", "enter", "down", "y")
    assert copied[0].startswith("Cursor pagination\n    2025-11-20 13:00 to 16:00 UTC · shop-api")
    assert copied[1].startswith("Cursor skips orders of one millisecond\n")


async def test_days_are_sessions_without_git_and_without_a_state(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path, versioned=False)).run_test(size=NARROW) as pilot:
        screen = await timeline(pilot)
        assert titles(screen)[0] == "Keep offset pagination for the admin pages?, and 1 more"
        await press(pilot, "enter")
        assert "Only the day is known, not the time." in (told := " ".join(story(screen)))
        assert "00:00" not in told
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, AtCommitScreen)


async def test_a_tree_in_which_nothing_ever_happened(tmp_path: Path) -> None:
    root = make_shop(tmp_path, versioned=False, files={"notes.xml": "<note><title>No date</title></note>"})
    app = open_app(root)
    async with app.run_test(size=NARROW) as pilot:
        screen = await timeline(pilot)
        assert "No session yet" in said(screen.query_one("#nothing", Lines))
        await press(pilot, "e", "y", "E", "enter", "equals_sign", "c")
        assert app.screen is screen


async def test_the_calendar_at_either_end_of_all_years(tmp_path: Path) -> None:
    note = "<note><title>{}</title><timestamp>{}</timestamp></note>"
    ends = note.format("First", "0001-01-01T08:00:00Z") + note.format("Last", "9999-12-31T20:00:00Z")
    files = {"notes.xml": f"<notes>{ends}</notes>"}
    async with open_app(make_shop(tmp_path, versioned=False, files=files)).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        assert titles(screen) == ["Last", "First"]
        await press(pilot, "down", "shift+tab", "left", "up", "right", "down", "G", "g", "enter")
        assert screen.query_one(SessionList).has_focus


def test_ten_thousand_sessions_of_a_hundred_thousand_events_are_laid_out_in_a_moment() -> None:
    many = [session(n, f"project {n % 9}") for n in range(10_000)]
    start = time.process_time()
    assert len(counts(many)) > 2_000
    assert len(lanes(many)) == 4
    assert sum(1 for _ in lines(session(0, works=100), 80, AT)) > 100
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        (WIDE, "memarium-dark"), (NARROW, "memarium-dark"), (SMALL, "memarium-light"), (WIDE, "memarium-16"),
        (FULL, "memarium-dark"),
    ],
    ids=["wide", "narrow", "small-light", "16-colours", "lanes"],
)  # fmt: skip
def test_looks(tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await timeline(pilot)
        await press(pilot, "down")

    assert snap_compare(open_app(make_diary(tmp_path)), terminal_size=size, run_before=run)


async def test_the_card_above_never_shows_its_end_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tops: list[int] = []
    monkeypatch.setattr(BriefCard, "watch_extent", lambda _, extent: tops.append(extent.top), raising=False)
    async with open_app(make_diary(tmp_path)).run_test(size=NARROW) as pilot:
        await timeline(pilot)
    assert set(tops) == {0}


async def test_the_card_that_tells_where_it_stands_leads_on(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        above, beside = screen.query(BriefCard)
        assert (above.display, beside.display) == (False, True)
        assert beside.region.y == screen.query_one(Calendar).region.y
        shown = "\n".join(row.line.plain for row in beside.items)
        assert "Where you stopped" in shown
        assert "Build the index" in shown
        await pilot.resize_terminal(*NARROW)
        await settle(pilot)
        assert (above.display, beside.display) == (True, False)
        assert above.items
        assert above.region.height == min(len(above.items) + 1, 10)
        await press(pilot, "c")
        assert not above.display
        await press(pilot, "c")
        await pilot.click(above, offset=(16, above.stops[0]))
        await settle(pilot)
        assert isinstance(pilot.app.screen, Browse)


async def test_a_tree_without_sessions_has_no_card(tmp_path: Path) -> None:
    (tmp_path / "memories").mkdir()
    async with open_app(tmp_path / "memories").run_test(size=WIDE) as pilot:
        await settle(pilot)
        await pilot.press("t")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, Timeline)
        assert "No session yet" in said(screen.query_one("#nothing", Lines))
        assert not any(card.is_on_screen and card.brief for card in screen.query(BriefCard))


async def test_the_calendar_jumps_from_one_day_with_work_to_the_next(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        calendar, rows = screen.query_one(Calendar), screen.query_one(SessionList)
        await press(pilot, "shift+tab", "K")
        assert calendar.day == date(2025, 11, 20)
        await press(pilot, "J", "J")
        assert calendar.day == date(2025, 11, 21)
        await press(pilot, *["K"] * 9)
        assert calendar.day == date(2025, 11, 14)
        assert rows.current is not None
        assert rows.current.title == "start the tree"
        await press(pilot, "pageup")  # a year: nothing happened there, and the list stays
        assert calendar.day == date(2024, 11, 15)
        assert "Fri 15 Nov 2024 · no work" in said(calendar)
        assert "’24" in said(calendar)
        assert rows.current.title == "start the tree"
        await press(pilot, "enter")
        assert calendar.has_focus
        await press(pilot, "J", "enter")
        assert rows.has_focus


async def test_keys_for_the_page_of_an_entry_do_nothing_where_there_is_none(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await press(pilot, "n", "N", "B")
        assert pilot.app.screen is screen
