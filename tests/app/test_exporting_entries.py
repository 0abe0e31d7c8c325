"""Export from the app: what is marked or all that is found, to a file, and over none without being asked."""

from __future__ import annotations

import json
from pathlib import Path

from textual.pilot import Pilot

from tests.support.pilot import WIDE, open_app, press, ready, said, until
from tests.support.shop import make_shop
from tui.app import Memarium
from tui.screens.base.picker import Choices, Picker
from tui.screens.base.question import QuestionScreen, Words
from tui.screens.browse.browse import Browse
from tui.widgets.base.toast import Toast


async def browsing(pilot: Pilot[None], start: Path) -> Browse:
    app = pilot.app
    assert isinstance(app, Memarium)
    app.start = start
    await ready(pilot)
    assert isinstance(app.screen, Browse)
    app.screen.set_focus(app.screen.results)
    return app.screen


async def test_all_that_is_found_is_exported(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    target = tmp_path / "out.json"
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot, tmp_path)
        browse.ask_for("kind:solution")
        await until(pilot, lambda: browse.answered and browse.results.count)
        count = browse.results.count
        await press(pilot, "Y")
        assert isinstance(app.screen, Picker)
        await press(pilot, *"json", "enter")
        await press(pilot, *"out.json", "enter")
        await until(pilot, lambda: app.screen is browse and "Exported" in said(browse.query_one(Toast)))
        assert str(target) in said(browse.query_one(Toast)).replace("\n", "")
    found = json.loads(target.read_text("utf-8"))
    assert (found["total"], {one["kind"] for one in found["entries"]}) == (count, {"debugging-solution"})


async def test_what_is_marked_goes_to_the_file_that_is_proposed_and_over_nothing(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    target = tmp_path / "memories-2025-11-23.md"
    target.write_text("mine")
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot, tmp_path)
        await press(pilot, "g", "space", "space", "Y", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await press(pilot, "escape")
        await until(pilot, lambda: app.screen is browse)
        assert target.read_text() == "mine"
        await press(pilot, "Y")
        choices = app.screen.query_one(Choices)
        assert [item.title for item, _ in choices.found] == ["Markdown", "JSON", "CSV", "XML"]
        await pilot.click(Choices, offset=(4, 0), times=2)
        await until(pilot, lambda: "memories-2025" in str(app.screen.query_one(Choices).found))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        lines = said(app.screen.query_one(Words)).split("\n")
        row = next(n for n, line in enumerate(lines) if "o overwrite it" in line)
        await pilot.click(Words, offset=(lines[row].index("o overwrite"), row))
        await until(pilot, lambda: "Exported 2 entries" in said(browse.query_one(Toast)))
        assert len(browse.marked) == 2
    assert target.read_text("utf-8").count("- **kind:**") == 2


async def test_no_file_of_the_tree_is_written(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsing(pilot, tmp_path)
        await press(pilot, "Y", *"xml", "enter", *f"{root}/new.xml", "enter")
        await until(pilot, lambda: "is in the tree" in said(browse.query_one(Toast)))
    assert not (root / "new.xml").exists()
