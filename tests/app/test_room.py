"""The room of a screen is used: nothing is cut or hidden beside it, and nothing is offered without it."""

from __future__ import annotations

from pathlib import Path

from tests.support.pilot import (
    WIDE,
    open_app,
    press,
    said,
    settle,
)
from tests.support.shop import make_shop
from tui.widgets.base.footer import Footer


async def test_the_next_pane_is_offered_where_there_is_one(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path)).run_test(size=WIDE) as pilot:
        for key in ("i", "w"):
            await press(pilot, key)
            for size, there in ((WIDE, True), ((89, 30), False), (WIDE, True)):
                await pilot.resize_terminal(*size)
                await settle(pilot)
                assert ("tab next pane" in said(pilot.app.screen.query_one(Footer))) == there
            await press(pilot, "escape")
