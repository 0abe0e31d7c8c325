"""Entries that say nearly the same: the key that shows them, and the question before one is added again."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.pilot import NARROW, WIDE, open_app, press, ready, said, settle
from tests.support.shop import FILE, make_shop
from tui.app import Memarium
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.add import AddScreen
from tui.screens.editing.review import ReviewScreen

TWICE = ("Cache", "Stale pages are served after a deploy", "Purge the cache by a tag")
"""Title, problem and solution of an entry that is added twice."""


async def fill_in(pilot: Pilot[None], title: str, problem: str, solution: str) -> None:
    """Fill in the form of a new solution, and have it reviewed."""
    await press(pilot, "a", "enter")
    assert isinstance(pilot.app.screen, AddScreen)
    await press(pilot, *title, "tab", *problem, "tab", *solution, "ctrl+s")


@pytest.mark.parametrize("size", [WIDE, NARROW])
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
        assert browse.search.text == f"similar:{one.id}"
        assert browse.focused is browse.results
        rows = [row.id for row in browse.results.rows]
        assert one.id not in rows
        assert set(rows) & {other.id for other in others}
        await press(pilot, "escape")
        assert one.id in [row.id for row in browse.results.rows]


async def test_an_entry_is_not_added_twice_unless_that_is_asked_for(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await added_once(pilot)
        await fill_in(pilot, *TWICE)
        assert isinstance(app.screen, QuestionScreen)
        assert "says exactly this already: Cache." in " ".join(said(app.screen.query_one(Words)).split())
        await press(pilot, "escape")
        form = app.screen
        assert isinstance(form, AddScreen)
        assert form.draft.text("title") == "Cache"
        await press(pilot, "ctrl+s", "a")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
    assert (root / FILE).read_text("utf-8").count("Stale pages are served") == 2


async def test_the_review_tells_of_one_that_says_nearly_the_same(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await added_once(pilot)
        await fill_in(pilot, TWICE[0], TWICE[1], f"{TWICE[2]} now")
        assert isinstance(app.screen, ReviewScreen)
        assert "says nearly the same: Cache." in app.screen.plan.warning


async def added_once(pilot: Pilot[None]) -> None:
    """Add the entry for the first time, next to another of its kind."""
    await ready(pilot)
    app = pilot.app
    assert isinstance(app, Memarium)
    assert isinstance(app.screen, Browse)
    assert app.workspace is not None
    one = next(e for e in app.workspace.tree.snapshot.entries if e.file == FILE)
    assert app.screen.results.go_to(one.id)
    await fill_in(pilot, *TWICE)
    assert isinstance(app.screen, ReviewScreen)
    assert app.screen.plan.warning == ""
    await press(pilot, "enter")
    assert isinstance(app.screen, Browse)
    await settle(pilot)
