"""The panes of the browse screen: how wide each is, one of them alone, and both remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot

from tests.support.pilot import FULL, NARROW, SMALL, WIDE, open_app, opened, press, ready, settle, until
from tests.support.shop import make_shop
from tui.screens.browse.browse import Browse
from tui.screens.browse.pane_widths import room
from tui.screens.sessions.trends import Trends
from tui.settings import Settings
from tui.theme.drawing import is_heading
from tui.widgets.base.list_and_page import ListAndPage


@pytest.mark.parametrize("width", [90, 100, 109, 120, 149, 150, 160, 240])
def test_the_page_has_half_of_the_width_and_both_have_room(width: int) -> None:
    given = room(width, Settings())
    taken = given.results + 1 + (given.sidebar + 1 if given.sidebar else 0)
    assert width - taken >= width / 2
    assert given.results >= 30
    for split in (-200, 200):
        given = room(width, Settings(split=split))
        taken = given.results + 1 + (given.sidebar + 1 if given.sidebar else 0)
        assert min(given.results, width - taken) == 24


async def browsing(pilot: Pilot[None]) -> Browse:
    """Return the browse screen once the tree is read."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    return browse


async def test_zoom_and_split_are_kept(tmp_path: Path) -> None:
    root = make_shop(tmp_path, versioned=False)
    async with open_app(root).run_test(size=FULL) as pilot:
        browse = await browsing(pilot)
        results, page = browse.results, browse.preview
        usual = results.size.width
        assert page.size.width == 80
        await press(pilot, "less_than_sign")
        await until(pilot, lambda: results.size.width == usual - 4)
        await press(pilot, "greater_than_sign", "greater_than_sign")
        await until(pilot, lambda: results.size.width == usual + 4)
        await press(pilot, "enter", "z")
        await until(pilot, lambda: page.size.width == FULL[0])
        assert not results.display
        assert not browse.sidebar.display
        await press(pilot, "escape")
        assert browse.focused is results
        await until(pilot, lambda: results.size.width == FULL[0])
    async with open_app(root).run_test(size=FULL) as pilot:
        browse = await browsing(pilot)
        again, other = browse.results, browse.preview
        await until(pilot, lambda: again.size.width == FULL[0])
        await press(pilot, "enter", "z")
        assert browse.focused is other
        await until(pilot, lambda: again.size.width == usual + 4)


async def test_a_narrow_screen_shows_one_pane_whatever_is_zoomed(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path, versioned=False)).run_test(size=NARROW) as pilot:
        browse = await browsing(pilot)
        await press(pilot, "less_than_sign", "z", "enter", "z")
        assert browse.preview.size.width == NARROW[0]
        assert not browse.results.display
        assert browse.context.settings.split == 0


async def test_a_list_and_its_page_are_zoomed_too(tmp_path: Path) -> None:
    root = make_shop(tmp_path, versioned=False)
    async with open_app(root).run_test(size=WIDE) as pilot:
        trends = await opened(pilot, "i", Trends)
        panes = trends.query_one(ListAndPage)
        await press(pilot, "z")
        await until(pilot, lambda: panes.rows.size.width == WIDE[0])
        panes.read()
        await pilot.pause()
        await until(pilot, lambda: panes.page.size.width == WIDE[0])
        await press(pilot, "escape")
        await until(pilot, lambda: panes.rows.size.width == WIDE[0])
    async with open_app(root).run_test(size=WIDE) as pilot:
        trends = await opened(pilot, "i", Trends)
        panes = trends.query_one(ListAndPage)
        await until(pilot, lambda: panes.rows.size.width == WIDE[0])
        await press(pilot, "z")
        assert panes.page.display
        await until(pilot, lambda: panes.rows.size.width < WIDE[0] - 40)


async def test_the_sidebar_has_the_focus_again_when_there_is_room(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path, versioned=False)).run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        await press(pilot, "shift+tab")
        assert browse.focused is browse.sidebar
        for key, there in (("", browse.sidebar), ("down", browse.results)):
            await pilot.resize_terminal(*SMALL)
            await until(pilot, lambda: browse.focused is browse.results)
            await press(pilot, *filter(None, [key]))
            await pilot.resize_terminal(*WIDE)
            await until(pilot, lambda: browse.sidebar.display)
            await settle(pilot)
            assert browse.focused is there


async def test_a_heading_is_never_the_last_line_in_view(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path, versioned=False)).run_test(size=(80, 12)) as pilot:
        browse = await browsing(pilot)
        await press(pilot, "slash", *"pool exh", "enter", "enter")
        page, room = browse.preview, browse.preview.room
        lines = [page.line(y) for y in range(page.total)]
        heads = [y for y, line in enumerate(lines) if is_heading(line) and y >= room - 1]
        assert heads
        for y in heads:
            page.scroll_lines(y - room + 1)
            shown = [strip.text for strip in page.render_lines(Region(0, 0, *page.size))]
            assert shown[room - 1].strip() == ""
            assert page.extent == (y - room + 1, room - 1, len(lines))
