"""The history of an entry in a clone that leaves out what was before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.git import git
from tests.support.pilot import open_app, ready, said, settle
from tests.support.shop_past import drawn, history, make_past, page
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
        assert drawn(screen)[1][1] == "where this shallow clone begins"
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
