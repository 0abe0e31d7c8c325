"""A project with several stores in the app: one list, a facet of stores, and the way from one to another."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import make_stores
from tests.support.pilot import WIDE, open_app, press, ready, settle, shown, until
from tui.app import Memarium
from tui.screens.base.picker import Picker
from tui.screens.browse.browse import Browse
from tui.screens.editing.edit import EditScreen

RULES = "# Rules\n\n## Tests\n\nRun make test.\n\n## Style\n\nUse ruff.\n"
FIXES = (
    "<debugging-solutions><solution><id>DEBUG-001</id><problem>Pool exhaustion</problem>"
    "<solution>Tune it</solution></solution></debugging-solutions>\n"
)
OWN = "# Debugging\n\nLook at the log first.\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with stores of both formats, beside what Claude Code keeps of it elsewhere."""
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    from index.storage.memory_stores import claude_memory

    root = tmp_path / "project"
    root.mkdir()
    make_repository(root)
    make_stores(root)
    (root / "memories").mkdir()
    (root / "memories" / "fixes.xml").write_text(FIXES)
    (root / "CLAUDE.md").write_text(RULES)
    (root / "README.md").write_text("# Readme\n\nNo memory.\n")
    commit_all(root)
    own = claude_memory(root)
    own.mkdir(parents=True)
    (own / "debugging.md").write_text(OWN)
    return root


async def test_a_store_is_chosen_in_the_sidebar(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert app.status.tree == "project"
        assert app.status.entries == 12
        text = shown(app)
        assert "Stores" in text
        assert "Readme" not in text
        browse = app.screen
        assert isinstance(browse, Browse)
        browse.toggle_filter("store", "CLAUDE.md")
        await settle(pilot)
        assert {row.entry.store for row in browse.results.rows} == {"CLAUDE.md"}


def is_narrowed(app: Memarium, text: str) -> bool:
    return isinstance(app.screen, Browse) and text in shown(app)


async def test_a_key_narrows_to_one_store(project: Path) -> None:
    app = open_app(project)
    app.start = project
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        for store, text in (("serena", "store:serena"), ("yours", "store:yours")):
            await pilot.press("O")
            await until(pilot, lambda: isinstance(app.screen, Picker) and "Claude Code, yours" in shown(app))
            await press(pilot, *store, "enter")
            await until(pilot, partial(is_narrowed, app, text))
        await settle(pilot)
        assert "Debugging" in shown(app)


async def test_a_key_leads_from_one_store_to_all(project: Path) -> None:
    from index.storage.memory_stores import claude_memory

    own = claude_memory(project)
    (own / "MEMORY.md").write_text("# Memory\n\n- [Debugging](debugging.md) — the log\n")
    app = open_app(own)
    app.start = project
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert app.status.entries == 2
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, Picker) and "all stores" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 13)
        await settle(pilot)
        assert sum(isinstance(screen, Browse) for screen in app.screen_stack) == 1
        assert app.status.branch == "main"


async def test_an_edit_beside_the_project_says_where_its_version_is_kept(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        app.search_for("store:yours")
        await until(pilot, lambda: "Look at the log first" in shown(app))
        await settle(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EditScreen))
        await settle(pilot)
        await press(pilot, *"So: ", "ctrl+s")
        await until(pilot, lambda: "the versions kept by memarium" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        await until(pilot, lambda: "Saved" in shown(app))
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "log", "--format=%s") == "first"


async def test_a_store_that_comes_while_the_app_runs_is_told_and_opened(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "memories").mkdir(parents=True)
    make_repository(root)
    (root / "memories" / "fixes.xml").write_text(FIXES)
    commit_all(root)
    app = open_app(root / "memories")
    app.start = root
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert app.workspace is not None
        app.workspace.tree.bookmarks.toggle_pin("fixes.xml#DEBUG-001")
        (root / ".serena/memories").mkdir(parents=True)
        (root / ".serena/memories/commands.md").write_text(OWN)
        await until(pilot, lambda: "serena is a new store of this project" in shown(app))
        await pilot.press("f5")
        await until(pilot, lambda: app.status.entries == 2)
        assert app.status.tree == "project"
        await settle(pilot)
        assert app.workspace.tree.bookmarks.pins() == ["memories/fixes.xml#DEBUG-001"]
