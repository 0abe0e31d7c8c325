"""A project with stores of its own in git, beside what Claude Code keeps of it outside of the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.storage.memory_stores import claude_memory
from tests.support.git import commit_all, make_repository

FIXES = "memories/debugging/fixes.xml"
COMMANDS = ".serena/memories/commands.md"
FIX = (
    "<debugging-solutions><solution><id>DEBUG-001</id><problem>Pool exhaustion</problem>"
    "<solution>Tune it</solution><tags>db</tags></solution></debugging-solutions>\n"
)
INDEX, RETRY, SHAPE = (
    f"~/.claude/…/memory/{name}" for name in ("MEMORY.md", "retry_budget.md", "review_shape.md")
)
TEXTS = {
    INDEX: "# Memory\n\n- [Retry](retry_budget.md) — tries\n- [Shape](review_shape.md) — reviews\n",
    RETRY: "---\nname: retry-budget\ntype: project\ntags: db\n---\n\nThree tries.\r\n",
    SHAPE: "---\nname: review-shape\ntype: feedback\n---\n\nSmall reviews.\n",
}


def make_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return a project, and the store that Claude Code keeps of it, in no git."""
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(folder / "claude"))
    monkeypatch.delenv("MEMARIUM_TREE", raising=False)
    root = folder / "project"
    for path, text in {FIXES: FIX, COMMANDS: "# Commands\n\nRun make test.\n"}.items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text)
    make_repository(root)
    commit_all(root)
    own = claude_memory(root)
    own.mkdir(parents=True)
    for path, text in TEXTS.items():
        (own / Path(path).name).write_bytes(text.encode())
    return root, own
