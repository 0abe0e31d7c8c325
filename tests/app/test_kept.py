"""A store in no git in the app: what others write is a version, and the status line says who keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editing import outcome
from tests.support.git import git
from tests.support.markdown import CLAUDE
from tests.support.pilot import (
    NARROW,
    SMALL,
    WIDE,
    open_app,
    opened,
    press,
    ready,
    said,
    settle,
    shown,
    until,
)
from tui.actions import key
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.history import History
from tui.screens.status.status import StatusScreen
from tui.widgets.base.lines import Lines
from tui.widgets.base.status_line import StatusLine
from tui.widgets.base.toast import Toast

HELD = "---\nname: persona\nread_only: true\n---\n\nA helper.\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / ".claude/projects/x/memory"
    folder.mkdir(parents=True)
    (folder / "feedback_review_shape.md").write_text(CLAUDE)
    return folder


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_what_others_write_is_a_version_at_once(store: Path) -> None:
    app = open_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert app.workspace is not None
        repository = app.workspace.tree.repository
        assert repository is not None
        assert "versions kept by memarium ✓" in said(app.screen.query_one(StatusLine))
        before = app.generation
        (store / "feedback_review_shape.md").write_text(CLAUDE.replace("twenty", "thirty"))

        def log() -> list[str]:
            return git(repository.place, "log", "--format=%s").splitlines()

        await until(pilot, lambda: len(log()) == 2 and app.generation > before)
        assert log()[0] == "memory: found a change of memory/feedback_review_shape.md"
        await settle(pilot)
        await opened(pilot, key("history"), History)
        await until(pilot, lambda: "found a change of" in shown(app))
        await press(pilot, "escape")
        screen_of_status = await opened(pilot, key("status"), StatusScreen)
        told = " ".join(said(screen_of_status.query_one("#nothing", Lines)).split())
        assert "Everything is in a version" in told
        assert "keeps the versions of this store itself, because the tree is in no git repository" in told
        await press(pilot, "escape", key("sync"))
        await until(pilot, lambda: isinstance(app.screen, QuestionScreen))
        await press(pilot, "enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))
    assert names(store) == ["feedback_review_shape.md"]


@pytest.mark.parametrize(
    ("size", "folder", "words"),
    [
        (NARROW, "x", "  versions kept by memarium ✓  "),
        (NARROW, "-home-ana-work-a-project-of-some", "  versions kept ✓  "),
        (NARROW, "-home-ana-work-a-project-of-some-years-b", "  kept ✓  "),
        (SMALL, "x", "x  "),
    ],
)
async def test_a_narrow_line_says_it_in_fewer_words(
    store: Path, size: tuple[int, int], folder: str, words: str
) -> None:
    app = open_app(store.parent.rename(store.parent.with_name(folder)) / "memory")
    async with app.run_test(size=size) as pilot:
        await ready(pilot)
        assert words in said(app.screen.query_one(StatusLine))


async def test_a_review_does_not_speak_of_a_push_that_never_comes(store: Path) -> None:
    app = open_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, key("delete"))
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await settle(pilot)
        assert isinstance(app.screen, ReviewScreen)
        told = outcome(app.screen)
        assert told.startswith("to the versions kept by memarium as ")
        assert told.endswith(" · 1 file")


async def test_a_file_that_is_read_only_opens_no_form(store: Path) -> None:
    (store / "feedback_review_shape.md").write_text(HELD)
    app = open_app(store)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for action in ("edit", "edit_source", "delete"):
            await press(pilot, key(action))
            await until(pilot, lambda: "is read-only: its front matter" in said(app.screen.query_one(Toast)))
            await until(pilot, lambda: isinstance(app.screen, Browse))
            assert not isinstance(app.screen, EditScreen)
            await press(pilot, "escape")
    assert (store / "feedback_review_shape.md").read_text() == HELD


@pytest.mark.parametrize("name", [".claude/agent-memory", "shop/memories"])
async def test_a_narrow_line_names_the_store_or_the_project(tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    root.mkdir(parents=True)
    (root / "pool.md").write_text("# Pool\n\nIt is 20.\n", "utf-8")
    app = open_app(root)
    async with app.run_test(size=SMALL) as pilot:
        await ready(pilot)
        words = name.removesuffix("/memories")
        assert said(app.screen.query_one(StatusLine)).split() == ["memarium", words, "1", "entry"]
