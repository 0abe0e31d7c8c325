"""The first entry of a store that was just started, and the form of an entry that holds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.workspace import Workspace
from tests.support.garden import browsed, make_garden, open_garden
from tests.support.pilot import NOW, press, said
from tui.screens.base.picker import Picker
from tui.screens.editing.add import AddScreen
from tui.widgets.editing.edit_lines import EditFoot


async def test_the_first_key_in_a_new_store_opens_a_form(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    app = open_garden(Workspace.start(tmp_path / "shop", "memories", NOW).folder)
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await press(pilot, "a")
        assert isinstance(app.screen, Picker)
        await press(pilot, "enter")
        assert isinstance(app.screen, AddScreen)
        assert "problem" in app.screen.editor.names
        assert said(app.screen.query_one(EditFoot)).startswith("development-patterns/debugging-solutions.xml")
        await press(pilot, *"late", "ctrl+s", "enter")
    assert [path.name for path in (tmp_path / "shop" / "memories" / "development-patterns").iterdir()] == [
        "debugging-solutions.xml"
    ]


async def test_that_there_is_room_for_one_only_is_told_at_once(tmp_path: Path) -> None:
    state = "<session-context><current-status>on</current-status></session-context>"
    app = open_garden(make_garden(tmp_path, {"session-context/active-project.xml": state}))
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await press(pilot, "a", *"session context", "enter")
        assert isinstance(app.screen, AddScreen)
        assert "as a whole is one session context: edit that one" in " ".join(
            said(app.screen.query_one(EditFoot)).split()
        )


@pytest.mark.parametrize("text", ["<lessons/>", "<lessons></lessons>", "<note></note>"])
async def test_an_entry_without_fields_has_no_form(tmp_path: Path, text: str) -> None:
    app = open_garden(make_garden(tmp_path, {"empty.xml": text}))
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "enter", "e")
        assert app.screen is browse
        assert "no fields yet: X edits its source" in said(browse.toast)


async def test_an_entry_of_very_many_fields_has_no_form(tmp_path: Path) -> None:
    text = "".join(f"<part-{n}>{n}</part-{n}>" for n in range(1_001))
    app = open_garden(make_garden(tmp_path, {"many.xml": f"<notes><note>{text}</note></notes>"}))
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "enter", "e")
        assert app.screen is browse
        assert "1,001 fields, too many for a form: X edits its source" in said(browse.toast)
