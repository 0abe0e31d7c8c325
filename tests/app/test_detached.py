"""A commit on no branch: asked for once, and told with the way to keep it."""

from __future__ import annotations

from pathlib import Path

from tests.support.editing import NEW, edit, write
from tests.support.git import git
from tests.support.pilot import WIDE, open_app, press, said, settle, until
from tests.support.shop import make_shop
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.widgets.base.toast import Toast


async def test_the_way_to_keep_it_is_told(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    git(root, "checkout", "--quiet", "--detach")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, NEW)
        await press(pilot, "ctrl+s", "enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        await settle(pilot)
        short = git(root, "rev-parse", "HEAD")[:7]
        told = " ".join(said(app.screen.query_one(Toast)).split())
        assert f"{short}. It is on no branch: git branch NAME {short} keeps it." in told
        assert "undo" in told
        await press(pilot, "u")
        await until(pilot, lambda: "Undid" in said(app.screen.query_one(Toast)))
        short = git(root, "rev-parse", "HEAD")[:7]
        told = " ".join(said(app.screen.query_one(Toast)).split())
        assert f"It is on no branch: git branch NAME {short} keeps it." in told
