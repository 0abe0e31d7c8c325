"""Entries are marked by key, as a range and by mouse; marks outlive a query; one act takes all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import WIDE, open_app, press, ready, said, settle
from tests.support.shop import FILE, make_shop
from tests.support.shop_past import LESSON_TITLE, make_gone
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.deleted import DeletedEntries
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast
from tui.widgets.browse.results import Results


async def browsing(pilot: Pilot[None]) -> Browse:
    """Go to the first of the results."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    browse.set_focus(browse.results)
    await press(pilot, "g")
    return browse


def ids(browse: Browse) -> list[str]:
    """Return the ids of the rows, from the first."""
    return [row.id for _, row in browse.results.loaded()]


async def test_a_range_follows_the_cursor_and_ends_with_its_marks_kept(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        rows = ids(browse)
        await press(pilot, "j", "v", "j", "j")
        assert browse.marked == rows[1:4]
        assert " 3 marked " in said(browse.query_one(Footer))
        await press(pilot, "k")
        assert browse.marked == rows[1:3], "it shrinks with the cursor"
        await press(pilot, "escape", "G")
        assert browse.marked == rows[1:3]
        await press(pilot, "v", "v")
        assert browse.marked == [*rows[1:3], rows[-1]]
        await press(pilot, "space")
        assert browse.marked == rows[1:3]
        await press(pilot, "escape")
        assert browse.marked == []
        await press(pilot, "v", "g", "tab")
        await press(pilot, "shift+tab", "G")
        assert browse.marked == rows, "leaving the list ends a range"


async def test_shift_and_ctrl_mark_by_mouse(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        rows = ids(browse)
        await pilot.click(Results, offset=(6, 3))
        await pilot.click(Results, offset=(6, 7), shift=True)
        await settle(pilot)
        assert browse.marked == rows[1:4]
        await pilot.click(Results, offset=(6, 5), control=True)
        await pilot.click(Results, offset=(6, 1), control=True)
        await settle(pilot)
        assert browse.marked == [rows[1], rows[3], rows[0]]
        await pilot.click(Results, offset=(6, 5))
        await settle(pilot)
        assert browse.marked == [rows[1], rows[3], rows[0]]
        assert browse.results.current is not None
        assert browse.results.current.id == rows[2]


async def test_marks_outlive_a_query_and_the_hidden_ones_are_told_before_they_go(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        solutions = [n for n, name in enumerate(ids(browse)) if name.startswith(FILE)][:2]
        for place in solutions:
            browse.results.cursor = place
            await press(pilot, "space")
        first, second = browse.marked
        browse.show_entry(first, f"id:{first}")
        await settle(pilot)
        assert browse.results.count == 1
        assert " 2 marked, 1 not shown " in said(browse.query_one(Footer))
        await press(pilot, "d")
        review = app.screen
        assert isinstance(review, ReviewScreen)
        assert "! 1 marked entry is not in the list" in said(review.query_one(Lines))
        await press(pilot, "enter")
        await settle(pilot)
        assert app.workspace is not None
        assert not {first, second} & set(app.workspace.tree.snapshot.by_id)
        assert "marked" not in said(browse.query_one(Footer))


@pytest.mark.parametrize(
    ("key", "what", "way"),
    [("e", "The form", "s sets a field in all, "), ("E", "$EDITOR", ""), ("X", "The source editor", "")],
)
async def test_an_action_for_one_entry_says_so_where_several_are_marked(
    tmp_path: Path, key: str, what: str, way: str
) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        await press(pilot, "space", "space", key)
        assert app.screen is browse
        toast = " ".join(said(browse.query_one(Toast)).replace("│", " ").split())
        assert f"{what} takes one entry, and 2 are marked: {way}esc unmarks them." in toast


async def test_one_mark_is_what_an_action_for_one_entry_takes(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        title = browse.results.current.title if browse.results.current else ""
        await press(pilot, "space", "j", "e")
        assert app.screen is not browse
        assert title in app.export_screenshot().replace("&#160;", " ")


async def test_all_marked_deleted_entries_come_back_as_one_commit_and_one_undo(tmp_path: Path) -> None:
    root = make_gone(tmp_path)
    head = git(root, "rev-parse", "HEAD")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D")
        screen = app.screen
        assert isinstance(screen, DeletedEntries)
        await press(pilot, "v", "j")
        assert " 2 marked   V restore" in said(screen.query_one(Footer))
        await press(pilot, "V")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        await settle(pilot)
        assert "✓ Restored 2 entries" in said(screen.query_one(Toast))
        titles = {entry.title for entry in screen.workspace.tree.entries()}
        assert {LESSON_TITLE, "Database connection pool exhaustion under load"} <= titles
        assert git(root, "rev-list", "--count", f"{head}..HEAD") == "1"
        assert git(root, "log", "-1", "--format=%s") == "memory: restore 2 entries"
        await press(pilot, "u")
        await press(pilot, "enter")
        await settle(pilot)
        assert git(root, "diff", head, "--stat") == ""


async def test_what_is_deleted_is_restored_from_the_results_and_nothing_else_is_done_to_it(
    tmp_path: Path,
) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        await press(pilot, "space", "V")
        assert "None of the marked entries is deleted." in said(browse.query_one(Toast))
        browse.unmark()
        browse.ask_for("is:deleted")
        await settle(pilot)
        browse.set_focus(browse.results)
        await press(pilot, "space", "space", "d")
        assert app.screen is browse
        assert "What is marked is deleted: V restores it." in said(browse.query_one(Toast))
        await press(pilot, "V")
        review = app.screen
        assert isinstance(review, ReviewScreen)
        await press(pilot, "enter")
        await settle(pilot)
        titles = {entry.title for entry in browse.workspace.tree.entries()}
        assert {LESSON_TITLE, "Database connection pool exhaustion under load"} <= titles


async def test_a_tag_is_added_to_all_that_is_marked(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    head = git(root, "rev-parse", "HEAD")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot)
        await press(pilot, "v", "j", "j", "T")
        marked = list(browse.marked)
        await press(pilot, *"urgent", "enter")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        await settle(pilot)
        assert "✓ Tagged 3 entries" in said(browse.query_one(Toast))
        there = browse.workspace.tree.snapshot.by_id
        assert all("urgent" in there[one].tags for one in marked)
        assert git(root, "rev-list", "--count", f"{head}..HEAD") == "1"
        assert browse.marked == []
