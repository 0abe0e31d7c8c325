"""The palette offers an action only where it does something; the help names every key."""

from __future__ import annotations

from pathlib import Path

from tests.support.pilot import WIDE, open_app, press, ready, settle
from tests.support.shop import SOLUTION, make_shop
from tests.support.shop_past import make_gone
from tui.screens.base.help import Help
from tui.widgets.base.lines import Lines


async def test_what_is_deleted_alone_is_restored(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert "restore" not in app.possible()
        await press(pilot, "question_mark")
        assert isinstance(app.screen, Help)
        assert "previous match" in "\n".join(line.plain for line in app.screen.query_one(Lines).laid_out)
        await press(pilot, "escape", "D")
        assert "restore" in app.possible()
        assert "edit" not in app.possible()


async def test_the_next_match_is_offered_where_there_is_one(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not {"next_match", "previous_match"} & app.possible()
        await press(pilot, "slash", *"pool", "enter")
        assert {"next_match", "previous_match"} <= app.possible()


async def test_the_way_back_is_offered_after_a_jump(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert not {"go_back", "go_forward"} & app.possible()
        app.show_entry(SOLUTION)
        await settle(pilot)
        assert "go_back" in app.possible()
        await press(pilot, "left_square_bracket")
        assert "go_forward" in app.possible()


async def test_an_empty_list_offers_nothing_of_an_entry(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "slash", *"qzxqzx", "down")
        assert not {"edit", "copy", "history", "delete", "move", "blame", "pin"} & app.possible()
