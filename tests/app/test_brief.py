"""The brief: the card, as a page and as a short pane."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.commands.demo import make_demo
from index.model.moments import Moment
from index.sessions.brief import Brief, BriefLine, Section
from index.sessions.state import SessionState
from tests.support.pilot import NARROW, SMALL, WIDE, Compare, open_app, opened, ready, said, settle, until
from tests.support.shop import make_shop
from tui.screens.base.copy_menu import CopyMenu
from tui.screens.browse.browse import Browse
from tui.screens.problems.problems import Problems
from tui.screens.sessions.brief import BriefScreen
from tui.widgets.base.lines import Lines
from tui.widgets.base.title_line import TitleLine
from tui.widgets.browse.preview import Preview
from tui.widgets.sessions.brief_card import BriefCard, _moment, card_rows

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the sample tree, under the name that the pictures show."""
    shutil.copytree(made, tmp_path / "shop" / "memories")
    return tmp_path / "shop" / "memories"


async def resume(pilot: Pilot[None]) -> BriefScreen:
    """Open the page with its key."""
    screen = await opened(pilot, "w", BriefScreen)
    await until(pilot, lambda: screen.query_one(BriefCard).brief is not None)
    return screen


def lines(screen: BriefScreen) -> list[str]:
    return [row.line.plain.rstrip() for row in screen.query_one(BriefCard).items]


async def test_the_page_tells_what_to_go_on_with(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await resume(pilot)
        shown = lines(screen)
        assert shown[0].split() == ["Where", "you", "stopped", "21", "Nov,", "17:42", "·", "2", "days", "ago"]
        assert "  Project        shop-api · order export" in shown
        assert "  Phase          3 of 5 ■■■□□  cursor pagination" in shown
        assert any(line.startswith("  Next           Build the export index") for line in shown)
        assert "  Blocked        ▲ staging replica lags by 40 minutes" in shown
        assert any(line.startswith("  To decide      ○ A second replica") for line in shown)
        assert any(line.startswith("                 ○ Delete exports after 30 days?") for line in shown)
        assert any(line.startswith("  Solutions      ◆ Cursor skips orders") for line in shown)
        assert screen.query_one(TitleLine).heading.plain == "Brief  shop-api"


async def test_the_cursor_goes_from_entry_to_entry_and_the_page_follows(demo: Path) -> None:
    async with open_app(demo).run_test(size=WIDE) as pilot:
        screen = await resume(pilot)
        assert screen.entry is not None
        assert screen.entry.id == "session-context/active-project.xml#active-project"
        await pilot.press("j", "down")
        await pilot.pause()
        assert screen.entry.id.endswith("#DEC-011")
        shown = screen.query_one(Preview).entry
        assert shown is not None
        assert shown.id == screen.entry.id
        await pilot.press("enter")
        browse = pilot.app.screen
        assert isinstance(browse, Browse)
        await until(pilot, lambda: browse.entry is not None and browse.entry.id.endswith("#DEC-011"))


async def test_a_click_opens_an_entry_and_the_broken_files(demo: Path) -> None:
    async with open_app(demo).run_test(size=(120, 60)) as pilot:
        screen = await resume(pilot)
        card, shown = screen.query_one(BriefCard), lines(screen)
        await pilot.click(card, offset=(20, next(n for n, line in enumerate(shown) if "Broken" in line)))
        await settle(pilot)
        assert isinstance(pilot.app.screen, Problems)
        await pilot.press("escape")
        await pilot.click(
            card,
            offset=(20, next(n for n, line in enumerate(shown) if "Architecture" in line)),
        )
        browse = pilot.app.screen
        assert isinstance(browse, Browse)
        await until(pilot, lambda: browse.entry is not None and browse.entry.id.endswith("#ARC-004"))


async def test_it_follows_the_tree(demo: Path) -> None:
    app = open_app(demo)
    async with app.run_test(size=WIDE) as pilot:
        screen = await resume(pilot)
        state = demo / "session-context" / "active-project.xml"
        state.write_text(
            state.read_text("utf-8").replace("Build the export index", "Drop the export index"), "utf-8"
        )
        await until(pilot, lambda: any("Drop the export index" in line for line in lines(screen)))
        assert any("New            ± " in line for line in lines(screen))
        await pilot.press("I")
        await until(pilot, lambda: not any("New " in line for line in lines(screen)))


async def test_an_entry_in_two_groups_is_marked_where_the_cursor_is(demo: Path) -> None:
    async with open_app(demo).run_test(size=(120, 60)) as pilot:
        screen = await resume(pilot)
        card, file = screen.query_one(BriefCard), demo / "development-patterns" / "debugging-solutions.xml"
        file.write_text(file.read_text("utf-8").replace(", fast-check<", ", fast-check, bun<"), "utf-8")
        await until(pilot, lambda: any("New            ± Cursor skips" in line for line in lines(screen)))
        title = "Cursor skips orders"
        places = [n for n, line in enumerate(lines(screen)) if title in line]
        assert len(places) == 2
        for place in places:
            card.cursor = place
            await settle(pilot)
            assert [n for n in range(card.total) if "▌" in card.paint(n, 60).text] == [place]
        card.cursor = 0
        await pilot.click(card, offset=(20, places[1]))
        await until(pilot, lambda: isinstance(pilot.app.screen, Browse))
        assert card.cursor == places[1]


async def test_copying_the_brief(demo: Path) -> None:
    app = open_app(demo)
    async with app.run_test(size=WIDE) as pilot:
        screen = await resume(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "Copied the brief" in said(screen.toast))
        assert app.clipboard.startswith("# Brief: shop-api\n")
        await pilot.press("tab", "y")
        await until(pilot, lambda: isinstance(app.screen, CopyMenu))
        await until(pilot, lambda: not app.clipboard.startswith("# Brief"))


async def test_narrow_there_is_the_card_alone_and_escape_goes_back(demo: Path) -> None:
    async with open_app(demo).run_test(size=SMALL) as pilot:
        screen = await resume(pilot)
        assert screen.query_one(BriefCard).size.width == 60
        assert not screen.query_one(Preview).display
        await pilot.press("w")
        assert pilot.app.screen is screen
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, Browse)


async def test_a_tree_that_says_nothing(tmp_path: Path) -> None:
    root = make_shop(
        tmp_path, versioned=False, files={"a/notes.xml": "<note><title>x</title><text>y</text></note>"}
    )
    async with open_app(root).run_test(size=NARROW) as pilot:
        await ready(pilot)
        screen = await resume(pilot)
        await until(pilot, lambda: "No brief yet" in said(screen.query_one("#nothing", Lines)))
        await pilot.press("enter", "e", "y", "j")
        assert pilot.app.screen is screen


def test_the_short_card_ends_with_the_decisions() -> None:
    state = SessionState(
        project="shop", phase="Phase 2/3: pages", next_step="Ship", status="green", entry="a#b"
    )
    rows = [row.line.plain.rstrip() for row in card_rows(Brief("shop", state, NOW, ()), 60, True)]
    assert rows == [
        "  Where you stopped", "", "  Project        shop",
        "  Phase          2 of 3 ■■□  pages", "  Next           Ship",
    ]  # fmt: skip


def test_a_long_name_keeps_to_the_card() -> None:
    long = "custom-skills-development-phase-1-complete"
    state = SessionState(project=long, phase=f"{long}-tested", status="green", entry="a#b")
    rows = [row.line.plain.rstrip() for row in card_rows(Brief(long, state, NOW, ()), 50, False)]
    assert max(map(len, rows)) <= 48
    assert long in "".join(row[17:] for row in rows)


@pytest.mark.parametrize(
    ("at", "sure", "words"),
    [
        (datetime(2025, 11, 23, 9, 5, tzinfo=UTC), "clock", "23 Nov, 09:05 · 55 minutes ago"),
        (datetime(2025, 11, 22, tzinfo=UTC), "day", "22 Nov · yesterday"),
        (datetime(2025, 11, 17, 8, 0, tzinfo=UTC), "clock", "17 Nov, 08:00 · 6 days ago"),
        (datetime(2025, 11, 16, 8, 0, tzinfo=UTC), "clock", "16 Nov, 08:00 · 7 days ago"),
        (datetime(2025, 11, 24, tzinfo=UTC), "day", "24 Nov · tomorrow"),
    ],
)
def test_when_it_was(at: datetime, sure: str, words: str) -> None:
    assert _moment(Moment(at, sure), NOW) == words


@pytest.mark.parametrize(
    ("size", "theme"),
    [(WIDE, "memarium-dark"), (NARROW, "memarium-light"), (SMALL, "memarium-dark"), (WIDE, "memarium-16")],
    ids=["wide", "narrow-light", "small", "16-colours"],
)
def test_looks(demo: Path, snap_compare: Compare, size: tuple[int, int], theme: str) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await resume(pilot)
        await pilot.press("j")
        await settle(pilot)

    assert snap_compare(open_app(demo), terminal_size=size, run_before=run)


def test_a_long_path_of_a_broken_file_keeps_its_name_and_line() -> None:
    broken = BriefLine("a/long/way/down/to/the/folder/of/lessons.xml:192", "Bare &")
    brief = Brief("", SessionState(), NOW, (Section("problems", "Broken files", (broken,), 1),))
    told = [row.line.plain for row in card_rows(brief, 44, short=False)]
    assert any(line.rstrip().endswith("▲ …/of/lessons.xml:192") for line in told)
