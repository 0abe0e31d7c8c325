"""Finding again: earlier queries, named searches, pins, what was read lately, proposals by key and mouse."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.support.commands import call
from tests.support.pilot import NARROW, WIDE, open_app, press, ready, said, settle, until
from tests.support.shop import make_shop
from tui.app import Memarium
from tui.screens.base.picker import Choices, Picker
from tui.screens.base.welcome import Welcome
from tui.screens.browse.browse import Browse
from tui.widgets.base.search_line import Completions
from tui.widgets.base.toast import Toast
from tui.widgets.browse.sidebar import Sidebar


async def browse_of(pilot: Pilot[None]) -> Browse:
    """Return the browse screen once the tree is read."""
    await ready(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, Browse)
    return screen


async def ask(pilot: Pilot[None], query: str) -> None:
    """Type a query and go to its results."""
    await press(pilot, "slash", *query, "down")


def rows(browse: Browse) -> list[str]:
    """Return the lines of the sidebar."""
    return [row.label for row in browse.sidebar._rows]


async def test_up_brings_earlier_queries_back_after_a_restart(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    async with open_app(root).run_test(size=WIDE) as pilot:
        await browse_of(pilot)
        await ask(pilot, "cache")
        await ask(pilot, "pool")
    async with open_app(root).run_test(size=NARROW) as pilot:
        browse = await browse_of(pilot)
        await press(pilot, "slash", "x", "up")
        assert browse.search.text == "pool"
        await press(pilot, "up")
        assert browse.search.text == "cache"
        await press(pilot, "up", "down")
        assert browse.search.text == "pool"
        await press(pilot, "down")
        assert browse.search.text == "x"
        assert browse.focused is browse.search.box
        await press(pilot, "down")
        assert browse.focused is browse.results


async def test_slash_selects_the_query(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        browse = await browse_of(pilot)
        await ask(pilot, "cache")
        await press(pilot, "slash", *"pool")
        assert browse.search.text == "pool"
        await press(pilot, "down", "slash", "end", "s")
        assert browse.search.text == "pools"


async def test_every_proposal_is_taken_by_key(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        browse = await browse_of(pilot)
        await press(pilot, "slash", *"kind:")
        shown = browse.query_one(Completions)
        items = [item.text for item in shown._items]
        assert len(items) > 2
        await press(pilot, "down", "down")
        assert said(shown).split("\n")[2].startswith("▌")
        await press(pilot, "enter")
        assert browse.search.text == f"{items[2]} "
        assert browse.focused is browse.search.box


async def test_every_proposal_is_taken_by_mouse(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        browse = await browse_of(pilot)
        await press(pilot, "slash", *"kind:")
        shown = browse.query_one(Completions)
        items = [item.text for item in shown._items]
        await pilot.click(shown, offset=(4, 2))
        await settle(pilot)
        assert browse.search.text == f"{items[1]} "
        assert browse.focused is browse.search.box


async def test_a_search_has_a_name_in_the_sidebar_and_for_the_command(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    async with open_app(root).run_test(size=WIDE) as pilot:
        browse = await browse_of(pilot)
        await press(pilot, "slash", *"pool", "ctrl+s")
        assert isinstance(pilot.app.screen, Picker)
        await press(pilot, *"pools", "enter")
        assert "✓ Saved the search as @pools" in said(browse.query_one(Toast))
        assert rows(browse)[:2] == ["Searches", "pools"]
        await press(pilot, "escape", "escape")
        assert not browse.search.text
        await pilot.click(Sidebar, offset=(6, 1))
        await settle(pilot)
        assert browse.search.text == "pool"
    assert call(root, "search", "@pools", status=0).stdout == call(root, "search", "pool").stdout
    assert call(root, "search", "@pools -decided", status=0).stdout
    assert "Nothing found." in call(root, "search", "@nobody", status=1).stderr
    async with open_app(root).run_test(size=WIDE) as pilot:
        browse = await browse_of(pilot)
        assert rows(browse)[:2] == ["Searches", "pools"]
        await press(pilot, "slash", *"@po")
        assert "@pools" in said(browse.query_one(Completions))
        await press(pilot, "tab")
        assert browse.search.text == "@pools "
        await press(pilot, "ctrl+u", "ctrl+s", *"forget", "enter")
        assert "✓ Forgot @pools" in said(browse.query_one(Toast))
        assert "Searches" not in rows(browse)


async def test_pins_and_what_was_read_lately(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await browse_of(pilot)
        await press(pilot, "apostrophe")
        assert "Nothing is pinned, and nothing was read yet." in said(browse.query_one(Toast))
        first = browse.entry
        assert first is not None
        await press(pilot, "enter", "J", "escape", "j")
        read = browse.preview.entry
        pinned = browse.entry
        assert read is not None
        assert pinned is not None
        await press(pilot, "asterisk")
        assert f"✓ Pinned {pinned.title}"[:30] in said(browse.query_one(Toast))
        await until(pilot, lambda: "Pinned" in rows(browse))
        await press(pilot, "t", "apostrophe")
        titles = [item.title for item, _ in pilot.app.screen.query_one(Choices).found]
        assert titles[0] == pinned.title
        assert first.title in titles[1:]
        await press(pilot, "enter")
        assert pilot.app.screen is browse
        assert browse.entry == pinned
        await press(pilot, "asterisk")
        await until(pilot, lambda: "Pinned" not in rows(browse))


async def test_nothing_is_found_again_where_there_is_no_tree(tmp_path: Path) -> None:
    app = Memarium(None, start=tmp_path, settings_file=tmp_path / "app.json")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("apostrophe", "u", "W", "t")
        assert isinstance(app.screen, Welcome)
        assert "lately" not in app.possible()
