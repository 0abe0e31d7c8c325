"""The key that shows what is like the current entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pilot import WIDE, open_app, press, ready, settle
from tests.support.shop import FILE, make_shop
from tui.screens.browse.browse import Browse


@pytest.mark.parametrize("size", [WIDE, (80, 24)])
async def test_l_shows_what_is_like_the_entry(tmp_path: Path, size: tuple[int, int]) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        assert app.workspace is not None
        one, *others = [e for e in app.workspace.tree.snapshot.entries if e.file == FILE]
        assert browse.results.go_to(one.id)
        await press(pilot, "enter")
        await press(pilot, "L")
        await settle(pilot)
        assert browse.search.text == f"similar:{one.id}"
        assert browse.focused is browse.results
        rows = [row.id for row in browse.results.rows]
        assert one.id not in rows
        assert set(rows) & {other.id for other in others}
        await press(pilot, "escape")
        await settle(pilot)
        assert one.id in [row.id for row in browse.results.rows]
