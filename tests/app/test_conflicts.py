"""The file changed while it was edited: nothing of either side is lost unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from index.workspace import Workspace
from tests.support.editing import edit, edit_source, swap, write
from tests.support.pilot import WIDE, kept, open_app, press, said, settle, until
from tests.support.shop import FILE, make_shop
from tui.screens.base.picker import Picker
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast
from tui.widgets.editing.edit_lines import EditFoot


async def _theirs(root: Path, old: str, new: str) -> None:
    path = root / FILE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


PLACES = {
    "of another entry": ("Every client retries", "Each client retries"),
    "of the same entry": ("<level>", "<agent>other</agent><level>"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("when", ["while it is edited", "during the review"])
async def test_someone_changed_another_place_of_the_file(tmp_path: Path, place: str, when: str) -> None:
    """Nothing is asked: what they wrote stays, and what is saved is only what was typed."""
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        if when == "while it is edited":
            await _theirs(root, *PLACES[place])
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        if when == "during the review":
            await _theirs(root, *PLACES[place])
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        told = "which stays" in said(app.screen.query_one(Toast))
        assert told == (when == "during the review")
    text = (root / FILE).read_text("utf-8")
    assert "<prevention>Mine</prevention>" in text
    assert PLACES[place][1] in text


@pytest.mark.parametrize(("answer", "stays"), [("ctrl+s", "Mine"), ("d", "Theirs")])
async def test_someone_changed_the_same_field(tmp_path: Path, answer: str, stays: str) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await write(pilot, "Mine")
        await _theirs(root, "Added connection pool monitoring and alerting", "Theirs")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Prevention changed both here and in the file" in said(app.screen.query_one(Words))
        await pilot.press("enter")
        await pilot.pause()
        assert screen.query_one(TextArea).text == "Mine"
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press(answer)
        await settle(pilot)
        assert screen.query_one(TextArea).text == stays
        assert isinstance(app.screen, ReviewScreen) == (stays == "Mine")
        assert (root / FILE).read_text("utf-8").count("Theirs") == 1


async def test_someone_changed_the_field_during_the_review(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await write(pilot, "Mine")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await _theirs(root, "Added connection pool monitoring and alerting", "Theirs")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("space")
        await pilot.pause()
        assert "Theirs" in said(app.screen.query_one("#theirs", Lines))
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is screen
        assert screen.query_one(TextArea).text == "Mine"
        await kept(pilot, screen.keeper)
    assert "Mine" not in (root / FILE).read_text("utf-8")


async def test_a_save_that_waits_says_for_what(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        await pilot.press("ctrl+s")
        await settle(pilot)
        review = app.screen
        other = Workspace.open(root)
        assert other.tree.repository is not None
        with other.tree.repository.alone():
            await pilot.press("enter")
            await until(pilot, lambda: "Waiting for another memarium" in said(review.query_one(Toast)))
        await until(pilot, lambda: isinstance(app.screen, Browse))
        other.close()
    assert "<prevention>Mine</prevention>" in (root / FILE).read_text("utf-8")


async def test_an_entry_whose_file_was_renamed(tmp_path: Path) -> None:
    """What is typed goes where the entry is by now."""
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        (root / FILE).rename(root / "renamed.xml")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)
    assert "<prevention>Mine</prevention>" in (root / "renamed.xml").read_text("utf-8")
    assert not (root / FILE).exists()


async def test_an_entry_that_was_called_otherwise_meanwhile(tmp_path: Path) -> None:
    root = tmp_path / "memory-bank"
    root.mkdir()
    file = root / "activeContext.md"
    file.write_text("# Log\n\n## Cache\n\n**Why:** old\n\nKeep an hour.\n\n## Other\n\ntext\n", "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot, "Why", "cache")
        await write(pilot, "Mine")
        file.write_text(file.read_text("utf-8").replace("## Cache", "## Caches"), "utf-8")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "escape")
        await press(pilot, "escape", "d")
        screen = await edit_source(pilot, "caches", "Caches")
        await swap(pilot, "an hour", "a day")
        file.write_text(file.read_text("utf-8").replace("## Caches", "## Caching"), "utf-8")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, QuestionScreen)
        await press(pilot, "d")
        assert "## Caching" in screen.area.text
        assert "an hour" in screen.area.text


@pytest.mark.parametrize("leaves", [True, False])
async def test_an_entry_that_is_gone(tmp_path: Path, *, leaves: bool) -> None:
    """It is asked which entry is meant; what was typed stays in the form, whatever the answer."""
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await write(pilot, "Mine")
        (root / FILE).write_text("<debugging-solutions/>\n", "utf-8")
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, Picker)
        if leaves:
            await press(pilot, "escape")
            assert app.screen is screen
            assert "no longer in its file" in said(screen.query_one(EditFoot)).replace("\n", " ")
        else:
            await press(pilot, "enter")
            assert isinstance(app.screen, QuestionScreen)
            await press(pilot, "ctrl+s")
            assert isinstance(app.screen, ReviewScreen)
        assert screen.query_one(TextArea).text == "Mine"
