"""A choice that leads to another one: both hold, and are told as they are."""

from __future__ import annotations

from pathlib import Path

from tests.support.git import git
from tests.support.pilot import WIDE, open_app, said, settle
from tests.support.shop_clones import make_clones, sync
from tui.screens.browse.browse import Browse
from tui.screens.sync.conflicts import Conflicts
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast

_NOTE = "# {}\n\n**Limit**: {}\n\n## Why\n{}\n"


def write(root: Path, name: str, limit: str, message: str) -> None:
    file = root / ".serena/memories" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_NOTE.format(name, limit, f"As measured for {name}.\n" * 9), "utf-8")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def rename(root: Path, old: str) -> None:
    git(root, "mv", f".serena/memories/{old}", ".serena/memories/pool.md")
    git(root, "commit", "--quiet", "--message", "rename")


async def test_two_files_of_one_name_after_a_field(tmp_path: Path) -> None:
    """A field of the one is asked for first, and then which of the two is to have the name."""
    mine, theirs = make_clones(tmp_path)
    write(theirs, "one.md", "1", "one")
    write(theirs, "two.md", "2", "two")
    git(theirs, "push", "--quiet")
    git(mine, "pull", "--quiet")
    write(theirs, "one.md", "11", "theirs")
    rename(theirs, "two.md")
    git(theirs, "push", "--quiet")
    write(mine, "one.md", "111", "ours")
    rename(mine, "one.md")
    app = open_app(mine)
    async with app.run_test(size=WIDE) as pilot:
        await sync(pilot)
        assert isinstance(app.screen, Conflicts)
        assert app.screen.picture.conflict.field == "Limit"
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        again = app.screen
        assert isinstance(again, Conflicts)
        assert "What was chosen leaves more to choose" in said(again.query_one(Toast))
        assert "1 resolved" in said(again.query_one(TitleLine))
        assert again.picture.conflict.field == ""
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        assert "pushed" in said(app.screen.query_one(Toast))
    names = [file.name for file in (mine / ".serena/memories").iterdir()]
    assert names == ["pool.md"]
    assert "**Limit**: 11\n" in (mine / ".serena/memories/pool.md").read_text("utf-8")
