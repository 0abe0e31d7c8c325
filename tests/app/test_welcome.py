"""What there is where no tree is."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from index.workspace import Workspace
from tests.support.garden import NOW, make_garden
from tests.support.git import commit_all, git, make_repository
from tests.support.pilot import Compare, said, still, until
from tui.app import Memarium
from tui.screens.base.ask_folder import AskFolder, FolderBox, FolderFoot, complete_folder
from tui.screens.base.picker import Picker
from tui.screens.base.welcome import Welcome, WelcomeMenu
from tui.screens.browse.browse import Browse
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast


def open_welcome(folder: Path) -> Memarium:
    """Return the app in a folder without a tree."""
    return Memarium(None, start=folder, now=lambda: NOW, settings_file=folder / "app.json")


async def test_it_says_what_was_looked_for_and_what_to_do(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        choice = app.screen.query_one(WelcomeMenu)
        text = "\n".join(choice.render_line(y).text for y in range(choice.size.height))
        for part in (
            "No memories here yet",
            ".serena/memories/",
            "CLAUDE.md",
            "d   open the demo",
            "memarium PATH",
        ):
            assert part in text
        assert "none of:\n" not in " ".join(text.split(" ")).replace(" \n", "\n")


async def test_n_starts_a_tree_here(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Picker))
        await pilot.press(*"serena", "enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        assert (tmp_path / ".serena/memories/project_overview.md").is_file()
        await until(pilot, lambda: app.status.entries == 4)


@pytest.mark.parametrize("place", [".serena/memories/a.md", "CLAUDE.md", "memories/a.xml", "docs/adr/1-a.md"])
async def test_memories_that_somebody_else_makes_are_opened(tmp_path: Path, place: str) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("f5")
        await until(pilot, lambda: "There are no memories here yet" in said(app.screen.query_one(Toast)))
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        text = "<note><text>Ask first.</text></note>" if place.endswith("xml") else "# A\n\nAsk first.\n"
        (tmp_path / place).write_text(text)
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 1)


async def test_they_wait_until_a_question_is_answered(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        welcome = app.screen
        await pilot.press("o")
        (tmp_path / "CLAUDE.md").write_text("# A\n\nAsk first.\n")
        assert isinstance(welcome, Welcome)
        welcome.show(Workspace.around(tmp_path))
        await still(pilot)
        assert isinstance(app.screen, AskFolder)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 1)


async def test_o_asks_for_a_folder_and_opens_it(tmp_path: Path) -> None:
    root = make_garden(tmp_path)
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("down", "enter")
        assert isinstance(app.screen, AskFolder)
        app.screen.query_one(Input).value = str(root)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 14)
    again = open_welcome(tmp_path)
    async with again.run_test(size=(120, 36)) as pilot:
        await pilot.press("o")
        assert again.screen.query_one(Input).value == str(root)


async def test_the_path_is_selected_and_typing_replaces_it(tmp_path: Path) -> None:
    root = make_garden(tmp_path)
    app = open_welcome(tmp_path)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("o", *str(root), "enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 14)


async def test_a_project_means_the_memories_it_keeps(tmp_path: Path) -> None:
    root = make_garden(tmp_path)
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("o")
        app.screen.query_one(Input).value = str(root.parent)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 14)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20)], ids=str)
async def test_a_folder_that_is_not_there_is_told_where_it_was_typed(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=size) as pilot:
        await pilot.press("o")
        box = app.screen.query_one(FolderBox)
        box.value = str(tmp_path / "nowhere")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, AskFolder)
        foot = app.screen.query_one(FolderFoot)
        assert "nowhere does not exist" in " ".join(said(foot).split()).replace("/ ", "/")
        region = app.screen.query_one("#box").region
        assert region.x >= 0
        assert region.right <= size[0]
        assert region.bottom <= size[1]
        assert box.region.width >= 40
        await pilot.press("x")
        await pilot.pause()
        assert "does not exist" not in said(foot)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query_one(WelcomeMenu).has_focus


@pytest.mark.parametrize("typed", ["~nobody-of-that-name/x", "/root\0/x", "/dev/null", "/dev/null/x"])
async def test_an_answer_that_is_no_path_is_one_sentence(tmp_path: Path, typed: str) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("o")
        app.screen.query_one(FolderBox).value = typed
        await pilot.press("enter")
        await pilot.pause()
        assert "▲" in said(app.screen.query_one(FolderFoot))


async def test_tab_completes_the_name_of_a_folder(tmp_path: Path) -> None:
    root = make_garden(tmp_path)
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("o")
        box = app.screen.query_one(FolderBox)
        box.clear()
        for letter in f"{root.parent}/mem":
            await pilot.press(letter)
        await still(pilot)  # the proposal is on the screen
        await pilot.press("tab")
        assert box.value == f"{root}/"
        assert box.has_focus


def test_what_is_proposed(tmp_path: Path) -> None:
    for name in ("memories", "memos", ".memories", "über"):
        (tmp_path / name).mkdir()
    (tmp_path / "mem.xml").touch()
    for typed, proposed in {
        "m": "memories/", "mem": "memories/", "memo": "memories/", "memos": "memos/", "ü": "über/",
        ".": ".memories/", "": "memories/", "x": None, "nowhere/m": None, "memories": "memories/",
    }.items():  # fmt: skip
        found = complete_folder(f"{tmp_path}/{typed}")
        assert found == (None if proposed is None else f"{tmp_path}/{proposed}"), typed
    assert complete_folder("~nobody-of-that-name/x") is None
    assert complete_folder("\0/") is None


def test_looks_when_asked_for_a_folder(
    tmp_path: Path, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")

    async def run(pilot: Pilot[None]) -> None:
        await pilot.press("o", *"/nowhere/memories", "enter")

    app = Memarium(None, start=Path("/"), now=lambda: NOW, settings_file=tmp_path / "app.json")
    assert snap_compare(app, terminal_size=(80, 24), run_before=run)


async def test_d_opens_the_demo(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Browse) and (app.status.entries or 0) > 80, 60)


async def test_the_help_begins_with_what_can_be_done_here_and_tells_of_nothing_else(tmp_path: Path) -> None:
    app = open_welcome(tmp_path)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: app.screen.query("#box"))
        help_lines = said(app.screen.query_one("#box", Lines)).splitlines()
        assert [line.split()[0] for line in help_lines[2:6]] == ["Menu", "d", "o", "n"]
        text = "\n".join(help_lines)
        assert "In the search" not in text
        assert "mark all read" not in text
        assert "pane" not in text
        assert "esc" not in "\n".join(help_lines[2:])


async def test_memories_that_a_sparse_checkout_hides_are_named(tmp_path: Path) -> None:
    make_repository(tmp_path)
    (tmp_path / "memories").mkdir()
    (tmp_path / "memories/a.xml").write_text("<note><text>Ask first.</text></note>")
    commit_all(tmp_path)
    git(tmp_path, "sparse-checkout", "set", "--no-cone", "/src/")
    app = open_welcome(tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        choice = app.screen.query_one(WelcomeMenu)
        await until(pilot, lambda: choice.hidden != "")
        text = " ".join(choice.render_line(y).text.strip() for y in range(choice.size.height))
        assert "No memories on the disk here" in text
        assert f"run git -C {tmp_path} sparse-checkout add memories" in choice.hidden
        git(tmp_path, "sparse-checkout", "add", "memories")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 1)
