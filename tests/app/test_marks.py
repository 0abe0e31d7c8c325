"""What is marked is what the next action takes: deleted, moved, duplicated, copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import WIDE, open_app, press, ready, said, settle
from tests.support.shop import FILE, make_shop
from tui.app import Memarium
from tui.screens.browse.browse import Browse
from tui.screens.browse.entry_keys import EntryKeys
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.footer import Footer
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast


async def mark_two(pilot: Pilot[None]) -> Browse:
    """Mark the two entries of a file, and put the cursor on a third."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    app = pilot.app
    assert isinstance(app, Memarium)
    assert app.workspace is not None
    entries = app.workspace.tree.snapshot.entries
    for entry in [entry for entry in entries if entry.file == FILE][:2]:
        assert browse.results.go_to(entry.id)
        browse.set_focus(browse.results)
        await press(pilot, "space")
    other = next(entry for entry in entries if entry.file != FILE and not entry.template)
    assert browse.results.go_to(other.id)
    assert len(browse.marked) == 2
    return browse


async def commit(pilot: Pilot[None]) -> str:
    """Agree to the review, and return what is told."""
    await press(pilot, "enter")
    await settle(pilot)
    return said(pilot.app.screen.query_one(Toast))


@pytest.mark.parametrize(("keys", "title", "told", "subject"), [
    (("d",), "Delete 2 entries", "Deleted 2 entries", "memory: delete 2 debugging solutions"),
    (("C",), "Duplicate 2 entries", "Duplicated 2 entries", "memory: duplicate 2 debugging solutions"),
    (("M", *"lessons", "enter"), "Move 2 entries", "Moved 2 entries", "memory: move 2 debugging solutions"),
])  # fmt: skip
async def test_a_change_takes_what_is_marked_and_nothing_else(
    tmp_path: Path, keys: tuple[str, ...], title: str, told: str, subject: str
) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await mark_two(pilot)
        marked, current = browse.marked, browse.entry
        assert current is not None
        assert current.id not in marked
        await press(pilot, *keys)
        review = app.screen
        assert isinstance(review, ReviewScreen)
        assert title in review.query_one(TitleLine).heading.plain
        assert f"✓ {told}" in await commit(pilot)
        assert app.screen is browse
        assert browse.marked == []
        assert app.workspace is not None
        there = app.workspace.tree.snapshot.by_id
        assert current.id in there
        assert all((entry_id in there) == (keys[0] == "C") for entry_id in marked)
        await press(pilot, "u")
        await press(pilot, "enter")
        await settle(pilot)
    assert git(root, "log", "--format=%s", "-2").splitlines()[-1] == subject
    assert git(root, "diff", "HEAD~2", "--stat") == ""


async def test_copy_takes_all_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied: list[tuple[str, str]] = []
    monkeypatch.setattr(EntryKeys, "copy_text", lambda self, text, what, told: copied.append((text, what)))
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await mark_two(pilot)
        titles = [entry.title for entry in browse.chosen]
        await press(pilot, "y")
    [(text, what)] = copied
    assert what == "2 entries"
    assert all(title in text for title in titles)
    assert text.count(FILE) == 2


async def test_the_footer_says_what_takes_the_marked(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        browse = await mark_two(pilot)
        footer = browse.query_one(Footer)
        assert "d delete" in said(footer)
        assert "esc unmark all" in said(footer)
        await press(pilot, "escape")
        assert "unmark all" not in said(footer)
        assert "search" in said(footer)
