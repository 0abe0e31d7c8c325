"""The file changed while it was edited: nothing of either side is lost unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import TextArea

from tests.app.shop import make_shop, open_app, said, settle
from tests.app.test_edit import FILE, WIDE, edit, write
from tui.screens.browse import Browse
from tui.screens.question import QuestionScreen, Words
from tui.screens.review import ReviewScreen
from tui.widgets.edit_lines import EditFoot
from tui.widgets.lines import Lines


async def _theirs(root: Path, old: str, new: str) -> None:
    path = root / FILE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


async def test_someone_changed_another_place_of_the_file(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await edit(pilot)
        await write(pilot, "Mine")
        await _theirs(root, "Every client retries", "Each client retries")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
        assert "was left alone" in said(app.screen.query_one(Words))
        await pilot.press("d")
        await pilot.pause()
        assert "Each client retries" in said(app.screen.query_one("#theirs", Lines))
        await pilot.press("m")
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
    text = (root / FILE).read_text("utf-8")
    assert "<prevention>Mine</prevention>" in text
    assert "Each client retries" in text


@pytest.mark.parametrize(("answer", "stays"), [("m", "Mine"), ("r", "Theirs")])
async def test_someone_changed_the_same_field(tmp_path: Path, answer: str, stays: str) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await write(pilot, "Mine")
        await _theirs(root, "Added connection pool monitoring and alerting", "Theirs")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Prevention is among what changed" in said(app.screen.query_one(Words))
        await pilot.press("enter")
        await pilot.pause()
        assert screen.query_one(TextArea).text == "Mine"
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press(answer)
        await settle(pilot)
        assert screen.query_one(TextArea).text == stays
        assert isinstance(app.screen, ReviewScreen) == (answer == "m")
        assert (root / FILE).read_text("utf-8").count("Theirs") == 1


async def test_someone_changed_the_file_during_the_review(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await write(pilot, "Mine")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await _theirs(root, "Every client retries", "Each client retries")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is screen
        assert screen.query_one(TextArea).text == "Mine"
    assert "Mine" not in (root / FILE).read_text("utf-8")


async def test_an_entry_that_is_gone(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await edit(pilot)
        await write(pilot, "Mine")
        (root / FILE).write_text("<debugging-solutions/>\n", "utf-8")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert app.screen is screen
        assert "no longer in its file" in said(screen.query_one(EditFoot)).replace("\n", " ")
        assert screen.query_one(TextArea).text == "Mine"
