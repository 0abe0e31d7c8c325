"""What is told where git lacks a part of the history."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.git import git
from tests.support.pilot import WIDE, open_app, opened, ready, said, settle
from tests.support.shop_past import drawn, history, make_past, page
from tui.screens.status.status import StatusScreen
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast
from tui.widgets.history.version_list import VersionList


async def test_the_list_ends_where_the_clone_begins(tmp_path: Path) -> None:
    root = make_past(tmp_path)
    git(tmp_path, "clone", "--quiet", "--depth=3", root.parent.as_uri(), "shallow")
    app = open_app(tmp_path / "shallow" / root.name)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await history(pilot)
        versions = screen.query_one(VersionList)
        assert [version.cut for version in versions.items] == [False, True]
        assert drawn(screen)[1][2] == "where this shallow clone begins"
        tail = [line.plain.strip() for line in versions.tail()]
        assert tail == ["", "Before that", "is not in this shallow clone:", "git fetch --unshallow gets it"]
        await pilot.press("down")
        await pilot.pause()
        assert "Created here." not in "\n".join(page(screen))


@pytest.mark.parametrize("key", ["t", "D"])
async def test_the_screens_of_the_whole_tree_say_what_is_left_out(tmp_path: Path, key: str) -> None:
    root = make_past(tmp_path)
    git(tmp_path, "clone", "--quiet", "--depth=3", root.parent.as_uri(), "shallow")
    clone = tmp_path / "shallow"
    git(clone, "config", "filter.turn.clean", "tr a-z b-za")
    (clone / ".gitattributes").write_text("api-patterns.xml filter=turn\n")
    (clone / root.name / "development-patterns/api-patterns.xml").write_text("<patterns/>\n")
    app = open_app(clone / root.name)
    async with app.run_test(size=(160, 36)) as pilot:
        await ready(pilot)
        await pilot.press(key)
        await settle(pilot)
        shown = " ".join(said(app.screen.query_one(Toast)).split())
        assert "api-patterns.xml" in shown
        assert "git fetch --unshallow" in shown


async def test_a_refusal_of_git_is_not_said_to_be_an_unversioned_tree(tmp_path: Path) -> None:
    shop = make_past(tmp_path)
    app = open_app(shop)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for thing in (shop.parent / ".git/objects").rglob("*/*"):
            thing.unlink()
        screen = await opened(pilot, "P", StatusScreen)
        await settle(pilot)
        assert "The status cannot be read" in said(screen.query_one("#nothing", Lines))
