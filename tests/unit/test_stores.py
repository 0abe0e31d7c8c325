"""The stores of memories that other tools keep, found in a project."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.commands.cli import cli
from index.model.store_places import PLACES, Scope
from index.storage.memory_stores import (
    TreeLocation,
    claude_memory,
    stores_left_out,
    stores_of,
    tree_at,
    tree_of_project,
)
from index.storage.scan import discover
from index.workspace import Workspace
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


FOLDERS = [place.path for place in PLACES if not place.path.endswith(".md") and not place.sign]
LESSON = "<lessons><lesson><id>L-1</id><title>One</title></lesson><lesson><id>L-2</id></lesson></lessons>"
LONE = [place.path for place in PLACES if place.path.endswith(".md")]


@pytest.mark.parametrize("place", FOLDERS)
def test_a_store_that_is_the_only_one_opens_by_itself(tmp_path: Path, place: str) -> None:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / place).mkdir(parents=True)
    (root / "src").mkdir()
    found = discover(root / "src")
    assert found is not None
    assert found.home == root / place
    assert found == tree_at(root / place)


@pytest.mark.parametrize("place", LONE)
def test_a_file_may_be_the_only_store(tmp_path: Path, place: str) -> None:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / place).parent.mkdir(exist_ok=True)
    (root / place).write_text("# Rules\n\n## One\n\nText.\n\n## Two\n\nText.\n")
    (root / "README.md").write_text("# No memory\n")
    found = discover(root)
    assert found == TreeLocation(root, Scope((place,))) == tree_at(root / place)
    with closing(Workspace.open(root / place)) as workspace:
        assert {entry.file for entry in workspace.tree.entries()} == {place}


def test_several_stores_are_one_tree(project: Path) -> None:
    (project / "memories").mkdir()
    (project / "CLAUDE.md").write_text("# Rules\n\n## One\n\nText.\n\n## Two\n\nText.\n")
    found = discover(project / "memories")
    assert found is not None
    assert found.root == project
    assert set(found.scope.places) == {
        "memories",
        ".serena/memories",
        ".claude/memory",
        "memory-bank",
        ".learnings",
        "CLAUDE.md",
    }
    assert discover(project) == found == tree_at(project)
    assert tree_at(project / "memories") == TreeLocation(project / "memories")


def test_a_package_is_opened_with_the_stores_of_its_repository(project: Path) -> None:
    package = project / "packages" / "app"
    package.mkdir(parents=True)
    (package / "CLAUDE.md").write_text("# App\n\n## One\n\nText.\n")
    found = discover(package)
    assert found is not None
    assert {"packages/app/CLAUDE.md", ".serena/memories"} < set(found.scope.places)
    assert "packages/app/CLAUDE.md" in {store.name for store in stores_of(package)}


def test_a_link_to_another_store_is_no_second_one(project: Path, tmp_path: Path) -> None:
    (project / "AGENTS.md").write_text("# Rules\n\n## One\n\nText.\n")
    (project / "CLAUDE.md").symlink_to("AGENTS.md")
    (tmp_path / "elsewhere").mkdir()
    (project / ".memories").symlink_to(tmp_path / "elsewhere")
    found = discover(project)
    assert found is not None
    assert "AGENTS.md" in found.scope.places
    assert not {"CLAUDE.md", ".memories"} & set(found.scope.places)


@pytest.mark.parametrize("place", ["memories", ".claude/memories", ".serena/memories"])
def test_a_lone_store_that_lies_elsewhere_is_opened_where_it_lies(tmp_path: Path, place: str) -> None:
    elsewhere = tmp_path / "notes" / "kept"
    elsewhere.mkdir(parents=True)
    (elsewhere / "lessons.xml").write_text(LESSON)
    link = tmp_path / "project" / place
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)
    found = discover(tmp_path / "project")
    assert found == TreeLocation(elsewhere)
    with closing(Workspace.open(found)) as workspace:
        workspace.committer.commit(workspace.planner.edit("L-1", {"title": "Two"}))
    assert "<title>Two</title>" in (elsewhere / "lessons.xml").read_text()


def test_a_folder_of_that_name_is_no_store_without_its_index(tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory" / "README.md").write_text("# Allocator\n")
    assert discover(tmp_path) is None
    (tmp_path / "memory" / "MEMORY.md").write_text("# Memory\n")
    found = discover(tmp_path)
    assert found is not None
    assert found.scope.places == ("memory",)


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        (".serena/memories/global", ["memory"]),
        (".claude/agent-memory/reviewer", ["memory"]),
        (".kiro/steering/team/web", ["rule"]),
    ],
)
def test_a_folder_of_a_store_is_read_as_the_store_is(tmp_path: Path, place: str, kinds: list[str]) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    (folder / "api.md").write_text("# A\n\n## One\n\ntext\n\n## Two\n\nmore\n")
    with closing(Workspace.open(folder)) as workspace:
        entries = list(workspace.tree.entries())
    assert workspace.tree.home == folder
    assert [entry.kind for entry in entries] == kinds
    assert {entry.file for entry in entries} == {f"{place}/api.md"}
    (folder / ".git").mkdir()  # git knows nothing above it
    assert tree_at(folder) == TreeLocation(folder)


@pytest.mark.parametrize(
    "place",
    ["memory", "memory-bank", ".claude/memory", ".claude/agent-memory/reviewer", ".serena/memories/a/b"],
)
def test_from_inside_of_a_store_in_no_repository_it_is_opened_whole(tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    (folder / "MEMORY.md").write_text("# Memory\n\n- [Topic](topic.md)\n")
    (folder / "topic.md").write_text("# Topic\n")
    assert discover(folder) == tree_at(folder) == TreeLocation(tmp_path, Scope((place,)))
    told = CliRunner().invoke(cli, ["stores", str(folder)])
    assert told.stdout == CliRunner().invoke(cli, ["stores", str(tmp_path)]).stdout != ""


@pytest.mark.parametrize(
    "place",
    [
        *(place.path for place in PLACES if place.path[0] == "." and not place.path.endswith(".md")),
        "docs/adr", "memory", "memory-bank", ".claude/agent-memory/reviewer",
    ],
)  # fmt: skip
def test_from_inside_of_a_store_that_is_a_repository_it_is_opened_whole(project: Path, place: str) -> None:
    folder = project / "packages" / "app" / place
    (folder / "api" / "old").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("MEMORY.md", "activeContext.md", "topic.md", "api/auth.md"):
        (folder / name).write_text("# One\n\nText.\n")
    assert discover(folder) == discover(folder / "api" / "old") == tree_at(folder) == TreeLocation(folder)


@pytest.mark.parametrize("place", ["memory", "memory-bank", "docs/adr/tool"])
def test_a_repository_of_code_that_is_called_as_a_store_is_none(project: Path, place: str) -> None:
    folder = project / place
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder)
    (folder / ".git").mkdir(parents=True)
    for name in ("MEMORY.md", "README.md", "main.py"):
        (folder / name).write_text("# One\n\nText.\n")
    assert discover(folder) == TreeLocation(folder, Scope(("MEMORY.md",)))


def test_from_inside_of_the_memories_of_codex_they_are_opened_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEX_HOME", str(tmp_path))
    folder = tmp_path / "memories"
    (folder / "rollout_summaries").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "MEMORY.md").write_text("# Task Group: one\n")
    assert discover(folder) == discover(folder / "rollout_summaries") == TreeLocation(folder)


@pytest.mark.parametrize("place", ["memory-bank/app", ".claude/memories/debug", "notes/app"])
def test_a_folder_that_may_be_anything_begins_where_it_is(tmp_path: Path, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    assert tree_at(tmp_path / place) == TreeLocation(tmp_path / place)


def test_a_folder_that_is_no_project_opens_whole(tmp_path: Path) -> None:
    (tmp_path / "MEMORY.md").write_text("# Memory\n")
    (tmp_path / "topic.md").write_text("# Topic\n")
    assert tree_at(tmp_path) == TreeLocation(tmp_path)


def test_stores_of_another_project_are_none_of_this_one(project: Path) -> None:
    inner = project / "vendor" / "other"
    (inner / ".git").mkdir(parents=True)
    assert list(stores_of(inner)) == []
    assert discover(inner) is None


KINDS = {
    ".serena/memories/suggested_commands.md": "memory",
    ".claude/memory/feedback_review_shape.md": "feedback",
    ".claude/agent-memory/reviewer/notes.md": "memory",
    "docs/adr/0001-queue.md": "decision",
    ".kiro/steering/tech.md": "rule",
    "memory-bank/decisionLog.md": "decision",
}


@pytest.mark.parametrize("path", KINDS)
def test_the_kind_is_the_same_in_the_store_alone_and_among_others(project: Path, path: str) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    if not (project / path).exists():
        (project / path).write_text("# A title\n\nSome text.\n")
    store = next(place for place in PLACES if path.startswith(f"{place.path}/"))
    for opened in (project / store.path, project):
        with closing(Workspace.open(opened)) as workspace:
            told = [(entry.id, entry.kind) for entry in workspace.tree.entries() if entry.file == path]
        assert {kind for _, kind in told} == {KINDS[path]}, opened


def test_what_claude_code_keeps_by_itself_has_its_kind(project: Path) -> None:
    own = claude_memory(project)
    own.mkdir(parents=True)
    (own / "debugging.md").write_text("# Debugging\n\nLook at the log first.\n")
    with closing(Workspace.open(own)) as workspace:
        (entry,) = workspace.tree.entries()
    assert (entry.kind, entry.file) == ("memory", "memory/debugging.md")
    assert workspace.tree.home == own


def test_what_claude_code_keeps_by_itself_is_found(project: Path) -> None:
    own = claude_memory(project)
    assert own.parent.name == str(project).replace("/", "-").replace("_", "-").replace(".", "-")
    own.mkdir(parents=True)
    assert [store.path for store in stores_of(project)][-1] == own


def test_inside_of_what_claude_code_keeps_it_is_opened_whole(project: Path) -> None:
    own = claude_memory(project)
    (own / "topics").mkdir(parents=True)
    (own / "MEMORY.md").write_text("# Memory\n\n- [Topic](topics/db.md)\n")
    assert (
        discover(own)
        == discover(own / "topics")
        == tree_at(own)
        == TreeLocation(own.parent, Scope(("memory",)))
    )


def test_they_are_listed_with_the_entries_that_a_query_finds(project: Path, tmp_path: Path) -> None:
    own = claude_memory(project)
    own.mkdir(parents=True)
    (own / "debugging.md").write_text("# Debugging\n\nLook at the log first.\n")
    shown = CliRunner().invoke(cli, ["stores", str(project)])
    assert shown.exit_code == 0
    assert [line.split("  ")[0] for line in shown.stdout.splitlines()] == [
        *("Serena", "Claude Code", "memory bank", "learnings", "Claude Code, yours")
    ]
    told = CliRunner().invoke(cli, ["stores", "--json", str(project)])
    rows = json.loads(told.stdout)["stores"]
    counts = {row["store"]: row["entries"] for row in rows}
    assert counts == {"serena": 1, "claude": 2, "memory-bank": 2, "learnings": 3, "yours": 1}
    assert rows[-1]["path"] == str(own)


def test_a_store_that_a_link_out_of_the_project_leads_to_is_told(project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "bank").mkdir(parents=True)
    (elsewhere / "notes.md").write_text("# Notes\n\n## One\n\nA text.\n")
    for link, target in (
        ("memory-bank", elsewhere / "bank"),
        (".kiro/steering", elsewhere),
        ("packages/app/GEMINI.md", elsewhere / "notes.md"),
        ("packages/app/AGENTS.md", project / "packages/app/CLAUDE.md"),
    ):
        path = project / link
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)
    (project / "packages/app/CLAUDE.md").write_text("# App\n\n## One\n\nA text.\n")
    left_out = {".kiro/steering", "memory-bank", "packages/app/GEMINI.md"}
    place = tree_of_project(project / "packages/app")
    assert place is not None
    assert set(stores_left_out(place)) == left_out
    with closing(Workspace.open(place)) as workspace:
        told = {problem.file for problem in workspace.tree.problems() if "leads out" in problem.message}
    assert told == left_out
    shown = CliRunner().invoke(cli, ["stores", str(project / "packages/app")])
    assert [line.split()[-3:-1] for line in shown.stdout.splitlines()].count(["left", "out"]) == 3
    assert shown.stderr == "Left out: a link leads out of the project there and is not followed.\n"


def test_a_store_by_itself_may_lie_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.xml").write_text(LESSON)
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "project/memories").symlink_to(tmp_path / "elsewhere")
    place = tree_of_project(tmp_path / "project")
    assert place is not None
    assert list(stores_left_out(place)) == []
    shown = CliRunner().invoke(cli, ["stores", str(tmp_path / "project")])
    assert "2 entries" in shown.stdout
    assert not shown.stderr


def test_a_project_without_stores_says_so(tmp_path: Path) -> None:
    nothing = CliRunner().invoke(cli, ["stores", str(tmp_path)])
    assert (nothing.exit_code, nothing.stdout) == (1, "")
    assert nothing.stderr == "No memory stores in this project.\n"


def test_a_repository_that_is_a_store_itself_says_so(tmp_path: Path) -> None:
    bank = tmp_path / "memory-bank"
    (bank / ".git").mkdir(parents=True)
    (bank / "activeContext.md").write_text("# Now\n\n## Next\n\nThe cache.\n", "utf-8")
    shown = CliRunner().invoke(cli, ["stores", str(bank)])
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert shown.stderr == "This folder is a store itself: memarium opens it.\n"


def test_commands_work_on_every_store(project: Path) -> None:
    done = call(project / ".learnings", "search", "per worker", status=0)
    assert "LEARNINGS.md#LRN-20260501-001" in done.stdout
    call(project / ".learnings", "edit", "LRN-20260501-001", "--set", "Status=resolved", status=0)
    assert "**Status**: resolved" in (project / ".learnings/LEARNINGS.md").read_text("utf-8")
    told = json.loads(call(project / ".learnings", "list", "--json", status=0).stdout)
    assert told["tree"] == str(project / ".learnings")
    assert {hit["file"] for hit in told["hits"]} == {".learnings/LEARNINGS.md"}
    shown = call(project / "memory-bank", "list", status=0).stdout
    assert "Partition orders by month" in shown
