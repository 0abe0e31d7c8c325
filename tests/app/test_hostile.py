"""A repository whose own settings name a program for everything: looking at it starts none of them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.model.errors import NotHere
from index.workspace import Workspace
from tests.support.git import git
from tests.support.pilot import open_app, press, ready, settle, until
from tests.support.shop import FILE, FILES, LATER, SOLUTION
from tests.support.shop_past import AGENT, BILLING, commit, make_past
from tests.support.traps import HOOKS, make_trap, trap_settings
from tui.app import Memarium
from tui.screens.history.deleted import DeletedEntries
from tui.screens.history.file_history import FileHistory
from tui.screens.history.history import History
from tui.screens.problems.problems import Problems
from tui.screens.sessions.timeline import Timeline
from tui.screens.status.status import StatusScreen
from tui.widgets.status.status_list import StatusList

FILTERED = "client-context/approval-history.xml"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def root(tmp_path: Path, canary: Path) -> Path:
    """A tree with a past, changes of every sort that are not committed, and a trap in every setting."""
    tree = make_past(tmp_path)
    shop = tree.parent
    commit(tree, FILTERED, FILES[FILTERED], "memory: a template", "2025-10-05T09:00:00Z", AGENT)
    (shop / ".gitattributes").write_text(
        f"*.xml diff=evil merge=evil text=auto\n{tree.name}/{FILTERED} filter=evil\n"
    )
    git(shop, "add", ".gitattributes")
    git(shop, "commit", "--quiet", "--message=attributes", date=LATER)
    plant(shop, make_trap(tmp_path, canary))
    text = (tree / FILE).read_text("utf-8")
    (tree / FILE).write_text(text.replace("<level>4", "<level>5"), "utf-8", newline="\r\n")
    (tree / FILTERED).write_text("<approval-history/>\n", "utf-8")
    (tree / "new.xml").write_text("<lessons><lesson><title>New</title><date>2025</date></lesson></lessons>\n")
    (tree / BILLING).unlink()
    canary.unlink(missing_ok=True)
    return tree


def plant(shop: Path, program: str) -> None:
    """Set the traps."""
    included = shop / ".git" / "included"
    included.write_text(f'[core]\n sshCommand = {program}\n[diff "evil"]\n command = {program}\n')
    settings = {
        **trap_settings(program, shop / "hooks"),
        "include.path": "included",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "evil",
        "remote.evil.url": f"ext::{program} %S",
        "remote.evil.promisor": "true",
        "remote.evil.uploadpack": program,
    }
    missing = git(shop, "rev-parse", f"HEAD~3:memories/{FILE}")
    for name, value in settings.items():
        git(shop, "config", name, value)
    for name in HOOKS:
        for folder in (shop / ".git" / "hooks", shop / "hooks"):
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(Path(program).read_text())
            (folder / name).chmod(0o755)
    for folder in (shop, shop / "memories"):
        (folder / "git").write_text(Path(program).read_text())
        (folder / "git").chmod(0o755)
    (shop / ".git/objects" / missing[:2] / missing[2:]).unlink()


def untouched(canary: Path) -> None:
    assert not canary.exists(), canary.read_text()


@pytest.mark.parametrize(
    "command", [("status",), ("diff",), ("log", "-p"), ("cat-file", "blob", "HEAD~3:./" + FILE)]
)
def test_the_trap_works(root: Path, canary: Path, command: tuple[str, ...]) -> None:
    """Plain git does run programs here, or the tests below would prove nothing."""
    git(root, *command, check=False)
    assert canary.exists()


async def test_opening_and_looking_at_everything_runs_nothing(
    root: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        untouched(canary)
        app.show_entry(SOLUTION)
        await settle(pilot)
        await press(pilot, "x", "x", "B", "B", "down", "up", "enter")
        untouched(canary)
        await opened(pilot, "H", History, "down", "down", "x", "vertical_line", "space", "up")
        await opened(pilot, "F", FileHistory, "down", "down", "x")
        await opened(pilot, "t", Timeline, "down", "enter")
        await opened(pilot, "D", DeletedEntries, "down")
        await opened(pilot, "p", Problems, "down")
        screen = await opened(pilot, "P", StatusScreen, leave=False)
        assert isinstance(screen, StatusScreen)
        await until(pilot, lambda: screen.query_one("#changes", StatusList).count >= 3)
        await press(pilot, "down", "x", "x", "down", "V", "escape", "G")
        untouched(canary)
        await press(pilot, "escape", "f5")
        untouched(canary)
    untouched(canary)


async def opened(
    pilot: Pilot[None], key: str, screen: type[object], *keys: str, leave: bool = True
) -> object:
    """Open a screen with its key, press more keys there, and go back."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await press(pilot, key)
    front = app.screen
    assert isinstance(front, screen)
    await press(pilot, *keys)
    while leave and len(app.screen_stack) > 1:
        app.pop_screen()
        await settle(pilot)
    return front


def test_the_library_runs_nothing(root: Path, canary: Path) -> None:
    workspace = Workspace.open(root)
    workspace.tree.load()
    state = workspace.tree.state()
    assert state is not None
    assert state.dirty
    entry_history = workspace.history
    for read in (
        lambda: list(entry_history.versions(SOLUTION)),
        lambda: entry_history.blame(SOLUTION),
        lambda: list(entry_history.log()),
        lambda: list(entry_history.deleted()),
    ):
        with suppress(NotHere):  # objects that git would fetch with a program of the repository's choice
            read()
    pending = {item.path: item.how for item in workspace.status.uncommitted()}
    assert pending == {FILE: "changed", "new.xml": "new", BILLING: "deleted"}, (
        "what a filter hides is left out"
    )
    plan = workspace.status.plan(workspace.status.uncommitted())
    assert len(plan.changes) == 3
    workspace.close()
    untouched(canary)
