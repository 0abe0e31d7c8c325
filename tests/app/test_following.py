"""Following: ids in a text lead to their entries and back again, by key and mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.support.pilot import NARROW, WIDE, open_app, press, ready, said, settle, shown, until
from tests.support.shop import make_shop
from tests.support.shop_past import history, make_past
from tui.app import Memarium
from tui.flows.moving.trail import Trail
from tui.screens.base.picker import Choices, Picker
from tui.screens.browse.browse import Browse
from tui.screens.history.deleted import DeletedEntries
from tui.screens.history.file_history import FileHistory
from tui.screens.history.history import History
from tui.screens.sessions.trends import Trends
from tui.screens.status.status import StatusScreen
from tui.widgets.base.footer import Footer
from tui.widgets.base.toast import Toast
from tui.widgets.browse.preview import Preview
from tui.widgets.history.version_list import VersionList
from tui.widgets.sessions.trend_list import TrendList

FILE = "lessons.xml"
TEXTS = {
    "DEBUG-801": ("The first", "Caused by DEBUG-802, and never by XDEBUG-801."),
    "DEBUG-802": ("The second", "Nothing is named here."),
    "DEBUG-803": ("The third", "As DEBUG-801 and DEBUG-802 say.\n" + "A line.\n" * 60),
}
LESSONS = (
    "<debugging-solutions>\n"
    + "".join(
        f"  <debugging-solution><id>{own}</id><title>{title}</title><diagnosis>{text}</diagnosis>"
        "</debugging-solution>\n"
        for own, (title, text) in TEXTS.items()
    )
    + "</debugging-solutions>\n"
)


def make_named(tmp_path: Path) -> Path:
    """Return a tree whose entries name each other."""
    return make_shop(tmp_path, versioned=False, files={FILE: LESSONS})


async def read(pilot: Pilot[None], own: str) -> Browse:
    """Search for an entry and go to its page."""
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    await press(pilot, "slash", *f"id:{own}", "enter")
    await until(pilot, lambda: title(browse) == TEXTS[own][0])
    return browse


@pytest.mark.parametrize("typed", ["DEBUG-803", "debug-803 ", '"DEBUG-803"'])
async def test_an_id_that_is_searched_for_shows_its_entry_from_the_top(tmp_path: Path, typed: str) -> None:
    app = open_app(make_named(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        await press(pilot, "slash", *typed)
        await until(pilot, lambda: browse.answered and title(browse) == "The third")
        await settle(pilot)
        assert browse.preview.top == 0


async def test_a_search_after_a_jump_begins_with_its_best_entry(tmp_path: Path) -> None:
    app = open_app(make_named(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = await read(pilot, "DEBUG-801")
        await press(pilot, "1")
        await until(pilot, lambda: title(browse) == TEXTS["DEBUG-802"][0])
        await press(pilot, "slash", *"DEBUG-801")
        await until(pilot, lambda: browse.answered and browse.search.text == "DEBUG-801")
        await settle(pilot)
        assert title(browse) == TEXTS["DEBUG-801"][0]


async def test_a_jump_leads_to_an_entry_far_down_the_list(tmp_path: Path) -> None:
    ids = range(300)
    many = "".join(
        f"  <lesson><id>L-{n}</id><date>2026-10-01</date><title>Lesson {n}</title></lesson>\n" for n in ids
    )
    app = open_app(make_shop(tmp_path, versioned=False, files={FILE: f"<lessons>\n{many}</lessons>\n"}))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        await press(pilot, "slash", *"id:L-7")
        app.show_entry(f"{FILE}#L-299")
        await until(pilot, lambda: title(browse) == "Lesson 299")
        assert browse.search.text == ""


def title(browse: Browse) -> str:
    """Return the title of the entry that is shown."""
    return browse.preview.entry.title if browse.preview.entry is not None else ""


@pytest.mark.parametrize(
    ("body", "offered"),
    [
        ("Nothing is named here.", set()),
        ("As DEBUG-802 says.", {"follow"}),
        ("See https://example.com/a for more.", {"follow"}),
        ("A line.\n" * 60, {"expand"}),
        ("As DEBUG-802 says.\n" + "A line.\n" * 60, {"follow", "expand"}),
    ],
    ids=["nothing", "an id", "an address", "a long value", "both"],
)
async def test_the_footer_names_the_keys_that_do_something_on_the_page(
    tmp_path: Path, body: str, offered: set[str]
) -> None:
    lesson = "<solution><id>DEBUG-80{}</id><title>T</title><diagnosis>{}</diagnosis></solution>"
    text = f"<l>{lesson.format(1, body)}{lesson.format(2, 'Of itself.')}</l>"
    async with open_app(make_shop(tmp_path, versioned=False, files={FILE: text})).run_test(
        size=WIDE
    ) as pilot:
        await ready(pilot)
        await press(pilot, "slash", *"id:DEBUG-801", "enter")
        footer = pilot.app.screen.query_one(Footer)
        await until(pilot, lambda: {"follow", "expand"}.intersection(said(footer).split()) == offered)
        if "expand" in offered:
            await press(pilot, "space")
            await until(pilot, lambda: "space fold" in said(footer))


async def test_an_id_is_followed_by_key_and_the_way_leads_back(tmp_path: Path) -> None:
    async with open_app(make_named(tmp_path)).run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = await read(pilot, "DEBUG-801")
        assert "Mentioned by\n  ◆ The third" in said(browse.preview)
        await press(pilot, "enter")
        picker = pilot.app.screen
        assert isinstance(picker, Picker)
        items = [item.title for item, _ in picker.query_one(Choices).found]
        assert items == ["DEBUG-802 The second", "DEBUG-803 The third"]
        await press(pilot, *"802", "enter")
        await until(pilot, lambda: title(browse) == "The second")
        assert browse.search.text == ""
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: title(browse) == "The first")
        assert browse.search.text == "id:DEBUG-801"
        assert browse.focused is browse.preview
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: title(browse) == "The second")
        assert browse.search.text == ""
        await press(pilot, "right_square_bracket")
        assert "There is nowhere to go forward to." in said(browse.query_one(Toast))


async def test_the_only_id_needs_one_key_and_the_page_comes_back_where_it_was(tmp_path: Path) -> None:
    async with open_app(make_named(tmp_path)).run_test(size=NARROW) as pilot:
        await ready(pilot)
        browse = await read(pilot, "DEBUG-803")
        await press(pilot, "down", "down")
        assert browse.preview.top == 2
        assert isinstance(pilot.app, Memarium)
        pilot.app.show_entry(f"{FILE}#DEBUG-802")
        await until(pilot, lambda: title(browse) == "The second")
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: title(browse) == "The third" and browse.preview.top == 2)
        assert browse.focused is browse.preview


async def test_an_id_is_followed_by_mouse(tmp_path: Path) -> None:
    async with open_app(make_named(tmp_path)).run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = await read(pilot, "DEBUG-801")
        page = browse.query_one(Preview)
        rows = said(page).split("\n")
        line = next(n for n, row in enumerate(rows) if "DEBUG-802" in row)
        assert not [span for span in page.line(line).spans if span.style == "link" and span.start > 30]
        await pilot.click(page, offset=(rows[line].index("DEBUG-802") + 2, line))
        await settle(pilot)
        await until(pilot, lambda: title(browse) == "The second")
        rows = said(page).split("\n")
        line = next(n for n, row in enumerate(rows) if "The first" in row)
        await pilot.click(page, offset=(rows[line].index("The first") + 2, line))
        await until(pilot, lambda: title(browse) == "The first")


async def test_the_way_back_leads_to_the_screen_of_the_jump(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, versioned=False))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "slash", *"cache", "down", "i", "down", "down")
        assert isinstance(app.screen, Trends)
        trends = app.screen.query_one(TrendList)
        await until(pilot, lambda: trends.cursor > 1)
        await press(pilot, "left", "left")
        cursor, period = trends.cursor, trends.place
        assert cursor > 1
        assert period is not None
        await press(pilot, "enter")
        browse = app.screen
        assert isinstance(browse, Browse)
        await press(pilot, "left_square_bracket")
        assert isinstance(app.screen, Trends)
        again = app.screen.query_one(TrendList)
        assert again is not trends
        await until(pilot, lambda: (again.cursor, again.place) == (cursor, period))
        assert browse.search.text == "cache"


async def test_the_way_leads_from_a_history_back_and_forward_again(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        first = await history(pilot)
        app.search_for("billing")
        await settle(pilot)
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, History))
        again = app.screen
        assert isinstance(again, History)
        assert again is not first
        assert again.opener == first.opener
        rows = again.query_one(VersionList)
        await until(pilot, lambda: rows.complete and rows.count == 3)
        await press(pilot, "F")
        await until(pilot, lambda: isinstance(app.screen, FileHistory))
        await settle(pilot)
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.screen.search.text == "billing")
        await settle(pilot)
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, FileHistory))
        await settle(pilot)
        under = app.screen_stack[-2]
        assert isinstance(under, History)
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is under)


@pytest.mark.parametrize(("key", "screen"), [("D", DeletedEntries), ("P", StatusScreen)])
async def test_the_way_forward_leads_to_what_was_left(
    tmp_path: Path, key: str, screen: type[Screen[None]]
) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        app.search_for("cache")
        await settle(pilot)
        await press(pilot, key)
        await until(pilot, lambda: isinstance(app.screen, screen))
        await press(pilot, "left_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        await press(pilot, "right_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, screen))


async def test_a_history_says_that_no_jump_led_there(tmp_path: Path) -> None:
    app = open_app(make_past(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await history(pilot)
        app.trail = Trail()
        await press(pilot, "left_square_bracket")
        assert app.screen is screen
        assert "There is nowhere to go back to." in said(screen.query_one(Toast))


async def test_the_matches_of_a_page_are_stepped_through(tmp_path: Path) -> None:
    async with open_app(make_named(tmp_path)).run_test(size=NARROW) as pilot:
        await ready(pilot)
        browse = pilot.app.screen
        assert isinstance(browse, Browse)
        await press(pilot, "slash", *"line id:DEBUG-803", "enter")
        await until(pilot, lambda: title(browse) == "The third")
        page = browse.preview
        await press(pilot, "n")
        assert "match 1 of 60" in shown(pilot.app)
        await press(pilot, "N")
        assert "match 60 of 60" in shown(pilot.app)
        assert page.top > 0
        await press(pilot, "n", "n")
        assert "match 2 of 60" in shown(pilot.app)
        await press(pilot, "escape", "escape", "escape", "n")
        assert "No match on this page." in said(browse.query_one(Toast))
