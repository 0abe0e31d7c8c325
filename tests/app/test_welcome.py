"""What there is where no tree is."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from tests.app.garden import NOW, make_garden
from tests.app.shop import until
from tui.app import Memarium
from tui.screens.browse import Browse
from tui.screens.welcome import AskFolder, Choice, Welcome


def open_welcome(folder: Path) -> Memarium:
    """Return the app in a folder without a tree."""
    return Memarium(None, start=folder, now=lambda: NOW, settings_file=folder / "app.json")


async def test_it_says_what_was_looked_for_and_what_to_do(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        choice = app.screen.query_one(Choice)
        text = "\n".join(choice.render_line(y).text for y in range(choice.size.height))
        for part in ("No memories here yet", ".claude/memories/", "d   open the demo", "memarium PATH"):
            assert part in text


async def test_n_starts_a_tree_here(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        assert (tmp_path / "memories").is_dir()
        await until(pilot, lambda: app.status.entries == 0)


async def test_o_asks_for_a_folder_and_opens_it(tmp_path: Path) -> None:
    root = make_garden(tmp_path)
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("down", "enter")
        assert isinstance(app.screen, AskFolder)
        app.screen.query_one(Input).value = str(root)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 14)


async def test_a_folder_that_is_not_there_is_told_and_the_welcome_stays(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("o")
        app.screen.query_one(Input).value = str(tmp_path / "nowhere")
        await pilot.press("enter")
        await pilot.pause()
        welcome = app.screen
        assert isinstance(welcome, Welcome)
        assert welcome.toast.display
        assert "nowhere" in welcome.toast.render_line(0).text


async def test_d_opens_the_demo(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Browse) and (app.status.entries or 0) > 80, 60)
