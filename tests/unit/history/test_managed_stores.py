"""Stores whose repository another program manages: saved to, and never committed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.storage.memory_stores import manager_of
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository

TEXT = "# Task Group: api\nscope: retries\n\n## Task 1\nThree tries.\n"


@pytest.fixture
def codex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = tmp_path / "codex/memories"
    store.mkdir(parents=True)
    (store / "MEMORY.md").write_text(TEXT)
    make_repository(store)
    commit_all(store)
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex"))
    return store


@pytest.fixture
def letta(tmp_path: Path) -> Path:
    store = tmp_path / "agent"
    (store / "system").mkdir(parents=True)
    (store / ".letta").mkdir()
    (store / ".letta/config.json").write_text("{}")
    (store / "system/persona.md").write_text("---\ndescription: Who I am\n---\nA helper.\n")
    make_repository(store)
    commit_all(store)
    return store


@pytest.mark.parametrize("program", ["codex", "letta"])
def test_it_is_saved_to_and_not_committed_to(request: pytest.FixtureRequest, program: str) -> None:
    store: Path = request.getfixturevalue(program)
    file = next(path.relative_to(store).as_posix() for path in store.rglob("*.md"))
    head, index = git(store, "rev-parse", "HEAD"), git(store, "ls-files", "-s")
    workspace = Workspace.open(store)
    workspace.status.record()
    entry = workspace.tree.entries()[0]
    name = entry.fields[-1].name
    saved = workspace.committer.commit(workspace.planner.edit(entry.id, {name: "Said anew."}))
    assert saved.revision is not None
    assert "Said anew." in (store / file).read_text()
    assert (git(store, "rev-parse", "HEAD"), git(store, "ls-files", "-s")) == (head, index)
    assert git(store, "status", "--porcelain") == f" M {file}"
    why = workspace.status.kept_words()[0]
    assert f"because {program.capitalize()} commits to its repository itself, " in why
    workspace.committer.undo()
    assert git(store, "status", "--porcelain") == ""
    workspace.close()


def test_a_folder_of_it_is_managed_too(codex: Path, letta: Path) -> None:
    (codex / "skills").mkdir()
    assert manager_of(codex / "skills").startswith("Codex")
    assert manager_of(letta / "system").startswith("Letta")


def test_a_project_of_somebody_who_uses_it_is_not(codex: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".letta").mkdir(parents=True)
    (project / ".letta/settings.json").write_text("{}")
    assert manager_of(project) == manager_of(codex.parent) == ""
