"""The stores of memories that other tools keep, found in a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.storage.memory_stores import PLACES, claude_memory, count_files, stores_of
from index.storage.scan import discover
from tests.support.commands import call
from tests.support.markdown import make_stores


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give Claude Code a folder of its own, and name no tree."""
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    monkeypatch.delenv("MEMARIUM_TREE", raising=False)
    return tmp_path / "claude"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with a store of each tool."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    return make_stores(root)


@pytest.mark.parametrize("place", [place for place, _ in PLACES])
def test_the_store_of_a_project_opens_where_there_is_no_tree_of_its_own(tmp_path: Path, place: str) -> None:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / place).mkdir(parents=True)
    (root / "src").mkdir()
    assert discover(root / "src") == root / place


def test_a_tree_of_xml_comes_before_the_others(project: Path) -> None:
    (project / "memories").mkdir()
    assert discover(project) == project / "memories"


def test_stores_of_another_project_are_none_of_this_one(project: Path) -> None:
    inner = project / "vendor" / "other"
    (inner / ".git").mkdir(parents=True)
    assert list(stores_of(inner)) == []
    assert discover(inner) is None


def test_what_claude_code_keeps_by_itself_is_found(project: Path) -> None:
    own = claude_memory(project)
    assert own.parent.name == str(project).replace("/", "-").replace("_", "-").replace(".", "-")
    own.mkdir(parents=True)
    assert [store.path for store in stores_of(project)][-1] == own


def test_they_are_listed_with_their_files(project: Path) -> None:
    found = {
        store.path.relative_to(project).as_posix(): count_files(store.path) for store in stores_of(project)
    }
    assert found == {".serena/memories": 1, ".claude/memory": 2, "memory-bank": 1, ".learnings": 1}


def test_the_command_lists_them(project: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from index.commands.cli import cli

    done = CliRunner().invoke(cli, ["stores", str(project)])
    assert done.exit_code == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "Serena",
        "Claude",
        "memory",
        "learnings",
    ]
    assert "2 files" in done.stdout
    (tmp_path / "empty").mkdir()
    nothing = CliRunner().invoke(cli, ["stores", str(tmp_path / "empty")])
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr == "No memory stores in this project.\n"


def test_commands_work_on_every_store(project: Path) -> None:
    done = call(project / ".learnings", "search", "per worker", status=0)
    assert "LEARNINGS.md#LRN-20260501-001" in done.stdout
    call(project / ".learnings", "edit", "LRN-20260501-001", "--set", "Status=resolved", status=0)
    assert "**Status**: resolved" in (project / ".learnings/LEARNINGS.md").read_text("utf-8")
    shown = call(project / "memory-bank", "list", status=0).stdout
    assert "Partition orders by month" in shown
