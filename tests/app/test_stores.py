"""A project with several stores in the app: one list, a facet of stores, and the way from one to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.git import commit_all, make_repository
from tests.support.markdown import make_stores
from tests.support.pilot import WIDE, open_app, press, ready, settle, shown, until
from tui.screens.base.picker import Picker
from tui.screens.browse.browse import Browse

RULES = "# Rules\n\n## Tests\n\nRun make test.\n\n## Style\n\nUse ruff.\n"
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
    (root / "memories" / "fixes.xml").write_text(
        "<debugging-solutions><solution><id>DEBUG-001</id><problem>Pool exhaustion</problem>"
        "<solution>Tune it</solution></solution></debugging-solutions>\n"
    )
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
        assert app.status.entries == 11
        text = shown(app)
        assert "Stores" in text
        assert "Readme" not in text
        browse = app.screen
        assert isinstance(browse, Browse)
        browse.toggle_filter("store", "CLAUDE.md")
        await settle(pilot)
        assert {row.entry.store for row in browse.results.rows} == {"CLAUDE.md"}


async def test_a_key_leads_to_a_store_elsewhere_and_back(project: Path) -> None:
    app = open_app(project)
    app.start = project
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, Picker) and "serena" in shown(app))
        await press(pilot, *"serena", "enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and "store:serena" in shown(app))
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, Picker) and "Claude Code, yours" in shown(app))
        await press(pilot, *"yours", "enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 1)
        await settle(pilot)
        assert "Debugging" in shown(app)
        await pilot.press("O")
        await until(pilot, lambda: isinstance(app.screen, Picker) and "all stores" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.status.entries == 11)
        await settle(pilot)
        await until(pilot, lambda: "store:serena" in shown(app))
        assert sum(isinstance(screen, Browse) for screen in app.screen_stack) == 1
