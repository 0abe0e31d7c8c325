"""A change of several files that was interrupted is asked about on the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model.plan import Plan, PlannedChange
from index.storage.user_folders import has_intents
from index.workspace import Workspace
from tests.support.git import git
from tests.support.interrupting import killed
from tests.support.pilot import open_app, said, settle, until
from tests.support.shop import FILES, SOLUTION, make_shop
from tui.app import Memarium
from tui.screens.base.question import QuestionScreen, Words
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast

NAMES = ["one.xml", "two.xml"]


def add_two(workspace: Workspace) -> object:
    changes = tuple(PlannedChange(name, None, f"<a><b>{name}</b></a>\n".encode()) for name in NAMES)
    return workspace.committer.commit(Plan(changes, "memory: add two"))


def toasts(app: Memarium) -> str:
    return "\n".join(line.plain for toast in app.screen.query(Toast) for line in toast.draw(200, 1))


def question(app: Memarium) -> str:
    """Return the question that is asked, once it is drawn."""
    found = app.screen.query(Words) if isinstance(app.screen, QuestionScreen) else ()
    return "\n".join(line.plain for words in found for line in words.draw(60, 20))


@pytest.mark.parametrize(
    ("key", "left", "told"),
    [
        ("escape", ["one.xml"], "the next start ask again"),
        ("enter", NAMES, "Saved 2 files as"),
        ("u", [], "Took back “add two”"),
    ],
)
async def test_it_is_asked_for_on_the_start(tmp_path: Path, key: str, left: list[str], told: str) -> None:
    root = make_shop(tmp_path)
    killed(root, add_two, files=1)
    app = open_app(root)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "1 of 2 files" in question(app))
        assert "A change was interrupted" in question(app)
        assert "\n\none.xml\ntwo.xml\n" in question(app), "the files are a list of their own"
        await pilot.press(key)
        await until(pilot, lambda: told in toasts(app))
        assert [name for name in NAMES if (root / name).exists()] == left
        assert has_intents(root) is (key == "escape")
        assert (git(root, "log", "-1", "--format=%s") == "memory: add two") is (key == "enter")


def change_all(workspace: Workspace) -> object:
    contents = {name: (workspace.tree.root / name).read_bytes() for name in FILES}
    changes = tuple(PlannedChange(name, data, data + b"<!-- -->\n") for name, data in contents.items())
    return workspace.committer.commit(Plan(changes, "memory: change all"))


@pytest.mark.parametrize("keys", ["d", "P", "u"])
async def test_it_is_asked_for_again_where_it_is_in_the_way(tmp_path: Path, keys: str) -> None:
    root = make_shop(tmp_path)
    workspace = Workspace.open(root)
    workspace.committer.commit(workspace.planner.edit(SOLUTION, {"level": "5"}))
    workspace.close()
    killed(root, change_all, files=2)
    app = open_app(root)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "2 of 5 files" in question(app))
        await pilot.press("escape")
        await until(pilot, lambda: "Status (P) and the next start ask again" in toasts(app))
        await settle(pilot)
        await pilot.press(keys)
        await until(pilot, lambda: "2 of 5 files" in question(app))
        assert (
            git(root, "log", "-1", "--format=%s")
            == 'memory: edit level of "Database connection pool exhaustion under load"'
        )
        if keys == "P":
            nothing = app.screen_stack[-2].query_one("#nothing", Lines)
            await until(
                pilot, lambda: "what was interrupted: “change all”" in " ".join(said(nothing).split())
            )
            assert "Everything else is committed" in said(nothing)
        await pilot.press("enter")
        await until(pilot, lambda: "Saved 5 files as" in toasts(app))
        assert git(root, "log", "-1", "--format=%s") == "memory: change all"
        assert not has_intents(root)
        await settle(pilot)
        await pilot.press(keys)
        await settle(pilot)
        assert not question(app)


async def test_one_of_a_store_is_told_in_the_project(tmp_path: Path) -> None:
    store = tmp_path / "project" / "memories"
    store.mkdir(parents=True)
    (store.parent / "CLAUDE.md").write_text("# Rules\n")
    git(store.parent, "init", "-q")
    killed(store, add_two, files=1)
    app = open_app(store.parent)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: f"“add two” was interrupted in {store}, which holds files" in toasts(app))
        assert not isinstance(app.screen, QuestionScreen)
