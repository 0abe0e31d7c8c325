"""Text of a page is selected by mouse, and copied with ctrl+c."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.support.pilot import WIDE, open_app, press, ready, said, settle, until
from tests.support.shop import FILE, SOLUTION, make_shop
from tui.screens.browse.browse import Browse
from tui.widgets.base.toast import Toast
from tui.widgets.browse.preview import Preview

TITLE = "Database connection pool exhaustion"


async def on_the_page(pilot: Pilot[None]) -> Browse:
    """Show the page of the solution."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    browse.results.go_to(SOLUTION)
    await settle(pilot)
    return browse


async def test_text_of_a_page_is_selected_and_copied(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await on_the_page(pilot)
        preview = browse.query_one(Preview)
        row = next(y for y in range(preview.room) if TITLE in preview.line(y).plain)
        column = preview.line(row).plain.index("connection")
        await pilot.mouse_down(Preview, offset=(column, row))
        await pilot.hover(Preview, offset=(column + len("connection pool") - 1, row))
        await pilot.mouse_up(Preview, offset=(column + len("connection pool") - 1, row))
        await until(pilot, lambda: "ctrl+c copies the selection" in said(browse.query_one(Toast)))
        assert list(browse.selections) == [preview]
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: "Copied the selection" in said(browse.query_one(Toast)))
        assert app.clipboard == "connection pool"
        assert not browse.selections
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: "to quit" in said(browse.query_one(Toast)))


async def test_several_lines_leave_the_margin_of_the_page_behind(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await on_the_page(pilot)
        preview = browse.query_one(Preview)
        first, last = 1, 8
        await pilot.mouse_down(Preview, offset=(0, first))
        await pilot.hover(Preview, offset=(40, last))
        await pilot.mouse_up(Preview, offset=(40, last))
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: TITLE.split(maxsplit=1)[0] in app.clipboard)
        lines = [preview.line(y).plain.rstrip() for y in range(first, last)]
        assert app.clipboard.split("\n")[: last - first] == [line.removeprefix("  ") for line in lines]
        await pilot.click(Preview, offset=(2, 1))
        await settle(pilot)
        assert not browse.selections


async def test_another_page_has_no_selection_and_nothing_selected_drives_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(App, "copy_to_clipboard", lambda self, text: sent.append(text))
    root = make_shop(tmp_path)
    file = root / FILE
    hostile = file.read_text("utf-8").replace("Added connection", "one\u202e\x9b2J two", 1)
    file.write_text(hostile, "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        browse.results.go_to(SOLUTION)
        await settle(pilot)
        await pilot.mouse_down(Preview, offset=(0, 0))
        await pilot.hover(Preview, offset=(30, 20))
        await pilot.mouse_up(Preview, offset=(30, 20))
        await press(pilot, "ctrl+c")
        await until(pilot, lambda: len(sent) == 1)
        assert "2J two" in sent[0]
        assert not any(sign in sent[0] for sign in "\x9b\u202e")
        await pilot.mouse_down(Preview, offset=(0, 0))
        await pilot.hover(Preview, offset=(30, 20))
        await pilot.mouse_up(Preview, offset=(30, 20))
        assert browse.selections
        browse.results.go(1)
        await settle(pilot)
        assert not browse.selections
