"""A change of several files that was interrupted is asked about on the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model.plan import Plan, PlannedChange
from index.storage.user_folders import has_intents
from index.workspace import Workspace
from tests.support.git import git
from tests.support.interrupting import killed
from tests.support.pilot import open_app, until
from tests.support.shop import make_shop
from tui.app import Memarium
from tui.screens.base.question import QuestionScreen, Words
from tui.widgets.base.toast import Toast

NAMES = ["one.xml", "two.xml"]


def add_two(workspace: Workspace) -> object:
    changes = tuple(PlannedChange(name, None, f"<a><b>{name}</b></a>\n".encode()) for name in NAMES)
    return workspace.committer.commit(Plan(changes, "memory: add two"))


def toasts(app: Memarium) -> str:
    return "\n".join(line.plain for toast in app.screen.query(Toast) for line in toast.draw(200, 1))


@pytest.mark.parametrize(
    ("key", "left", "told"),
    [
        ("escape", ["one.xml"], "the next start asks again"),
        ("enter", NAMES, "Saved 2 files as"),
        ("u", [], "Took back “add two”"),
    ],
)
async def test_it_is_asked_for_on_the_start(tmp_path: Path, key: str, left: list[str], told: str) -> None:
    root = make_shop(tmp_path)
    killed(root, add_two, files=1)
    app = open_app(root)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        words = "\n".join(line.plain for line in app.screen.query_one(Words).draw(60, 20))
        assert "A change was interrupted" in words
        assert "1 of 2 files" in words
        await pilot.press(key)
        await until(pilot, lambda: told in toasts(app))
        assert [name for name in NAMES if (root / name).exists()] == left
        assert has_intents(root) is (key == "escape")
        assert (git(root, "log", "-1", "--format=%s") == "memory: add two") is (key == "enter")
