"""A text that would read as a heading: the form asks, and puts it into a code block."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editing import edit, write
from tests.support.git import commit_all, make_repository
from tests.support.markdown import LEARNINGS, make_stores
from tests.support.pilot import WIDE, open_app, press, ready, said, settle, until
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.bulk import SetFieldScreen
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.review import ReviewScreen


def make_learnings(folder: Path) -> Path:
    """Return a store of learnings in a repository."""
    root = make_stores(folder / "project") / ".learnings"
    make_repository(folder / "project")
    commit_all(folder / "project")
    return root


@pytest.mark.parametrize(
    ("key", "text"), [("f", "```\n## no entry\n```"), ("i", "    ## no entry")], ids=["fence", "indent"]
)
async def test_a_heading_is_put_into_a_code_block(tmp_path: Path, key: str, text: str) -> None:
    root = make_learnings(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        [found] = [one.id for one in browse.workspace.tree.entries() if one.own_id == "LRN-20260501-001"]
        await edit(pilot, "Summary", found)
        await write(pilot, "## no entry")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "put it in a code block" in said(app.screen.query_one(Words))
        await press(pilot, "enter")
        assert isinstance(app.screen, EditScreen)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await press(pilot, key)
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is browse)
    after = LEARNINGS.replace("The pool is per worker, not per host", text)
    assert (root / "LEARNINGS.md").read_text("utf-8") == after


@pytest.mark.parametrize(("key", "text"), [("f", "```\n## no entry\n```"), ("i", "    ## no entry")])
async def test_it_is_asked_of_several_entries_too(tmp_path: Path, key: str, text: str) -> None:
    root = make_learnings(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        browse = app.screen
        assert isinstance(browse, Browse)
        entries = [one for one in browse.workspace.tree.entries() if one.own_id]
        await app.push_screen(SetFieldScreen(entries, "Summary", {}))
        await settle(pilot)
        await write(pilot, "## no entry")
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        assert "in 2 of 2 entries" in said(app.screen.query_one(Words))
        await press(pilot, key)
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: app.screen is browse)
    after = LEARNINGS.replace("The pool is per worker, not per host", text)
    after = after.replace("Freeze the clock in every test", text)
    assert (root / "LEARNINGS.md").read_text("utf-8") == after
