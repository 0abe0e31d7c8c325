"""A project with several stores, XML and Markdown, opened as one tree in one repository."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.library.snapshot import TreeChanges
from index.model.errors import TreeError
from index.model.store_places import store_of
from index.search.language.query import parse
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import make_stores

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SOLUTIONS = """<debugging-solutions>
  <solution><id>DEBUG-001</id><problem>Pool exhaustion</problem><solution>Tune it</solution></solution>
</debugging-solutions>
"""
RULES = "# Rules\n\n## Tests\n\nRun make test.\n\n## Style\n\nUse ruff.\n"
PATIENCE = 60.0
"""Seconds after which a watch that tells nothing ends, and the test with it."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with stores of both formats, and files that are none of theirs."""
    root = tmp_path / "project"
    root.mkdir()
    make_repository(root)
    make_stores(root)
    for path, text in (
        ("memories/debugging/fixes.xml", SOLUTIONS),
        ("CLAUDE.md", RULES),
        ("README.md", "# Readme\n\nNo memory.\n"),
        ("src/notes.md", "# Notes\n\nNo memory.\n"),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    commit_all(root)
    return root


@pytest.fixture
def workspace(project: Path) -> Iterator[Workspace]:
    with closing(Workspace.open(project)) as opened:
        yield opened


def test_it_holds_the_files_of_the_stores_and_no_others(workspace: Workspace) -> None:
    assert set(workspace.tree.ready().records) == {
        "memories/debugging/fixes.xml",
        "CLAUDE.md",
        ".claude/memory/MEMORY.md",
        ".claude/memory/feedback_review_shape.md",
        ".serena/memories/suggested_commands.md",
        ".learnings/LEARNINGS.md",
        "memory-bank/decisionLog.md",
    }
    assert workspace.tree.name == "project"
    assert workspace.tree.reader.look().entry("CLAUDE.md#tests") is not None


def test_an_entry_is_found_by_its_id_within_its_store(workspace: Workspace) -> None:
    whole = "memories/debugging/fixes.xml#DEBUG-001"
    for name in (whole, "DEBUG-001", "debugging/fixes.xml#DEBUG-001", "fixes.xml#DEBUG-001"):
        assert workspace.tree.entry(name).id == whole


STORES = {"memories": 1, "CLAUDE.md": 2, "claude": 2, "serena": 1, "learnings": 3, "memory-bank": 2}


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_store_is_found_and_counted_alike(
    project: Path, workspace: Workspace, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMARIUM_ENGINE", engine)
    workspace.tree.load()
    workspace.search.update()
    assert dict(workspace.search.facets().stores) == STORES
    for store, count in STORES.items():
        query = parse("").toggled("store", store)
        assert workspace.search.find(parse(query, entered=True)).total == count, query
        facets = workspace.search.facets(parse(query, entered=True))
        assert dict(facets.stores) == STORES, "the others stay in sight"
        files = {path for path, number in facets.files if number}
        assert {store_of(path) for path in files} == {store}
    held = list(workspace.timeline.sessions(parse("store:learnings", entered=True)))
    stores = [{store_of(work.id.partition("#")[0]) for work in session.work} for session in held]
    assert stores
    assert all("learnings" in found for found in stores)
    assert workspace.search.find(parse("-store:learnings", entered=True)).total == sum(STORES.values()) - 3
    assert workspace.search.find(parse("store:sere", typing=True)).total == 1


def test_the_commands_take_a_store_and_tell_it(project: Path) -> None:
    told = json.loads(call(project, "list", "--store", "CLAUDE.md", "--json", status=0).stdout)
    assert {hit["store"] for hit in told["hits"]} == {"CLAUDE.md"}
    assert told["total"] == STORES["CLAUDE.md"]
    found = json.loads(call(project, "search", "store:serena", "make", "--json", status=0).stdout)
    assert [hit["store"] for hit in found["hits"]] == ["serena"]
    near = call(project, "list", "store:serana")
    assert "store:serena" in near.stderr


def test_the_status_tells_of_the_stores_alone(project: Path, workspace: Workspace) -> None:
    (project / "README.md").write_text("# Changed\n", "utf-8")
    (project / "src" / "new.md").write_text("# New\n", "utf-8")
    (project / "CLAUDE.md").write_text(RULES.replace("ruff", "ruff and mypy"), "utf-8")
    (project / ".serena/memories/style.md").write_text("# Style\n\nShort.\n", "utf-8")
    (project / ".learnings/LEARNINGS.md").unlink()
    assert [one.path for one in workspace.status.uncommitted()] == [
        ".learnings/LEARNINGS.md",
        ".serena/memories/style.md",
        "CLAUDE.md",
    ]


@pytest.mark.parametrize(
    ("name", "field", "file"),
    [
        ("DEBUG-001", "solution", "memories/debugging/fixes.xml"),
        ("LRN-20260501-001", "Status", ".learnings/LEARNINGS.md"),
        ("CLAUDE.md#style", "text", "CLAUDE.md"),
    ],
)
def test_a_save_commits_one_file_of_its_store(project: Path, name: str, field: str, file: str) -> None:
    (project / "README.md").write_text("# Changed\n", "utf-8")
    git(project, "add", "README.md")
    call(project, "edit", name, "--set", f"{field}=resolved", status=0)
    assert git(project, "show", "--format=", "--name-only", "HEAD") == file
    assert git(project, "status", "--porcelain") == "M  README.md"
    call(project, "undo", status=0)
    assert git(project, "diff", "HEAD~2", "--name-only").split() == ["README.md"]


def test_the_history_is_that_of_the_stores(project: Path, workspace: Workspace) -> None:
    (project / "src/notes.md").write_text("# Notes\n\nMore.\n", "utf-8")
    commit_all(project, "only the code")
    (project / "CLAUDE.md").write_text(RULES.replace("## Style\n\nUse ruff.\n", ""), "utf-8")
    (project / "README.md").write_text("# Gone\n", "utf-8")
    commit_all(project, "rules and readme")
    assert [one.message for one in workspace.history.log()] == ["rules and readme", "first"]
    assert [gone.entry.id for gone in workspace.history.deleted()] == ["CLAUDE.md#style"]
    assert [session.title for session in workspace.timeline.sessions()]
    [repository] = workspace.tree.repositories
    assert "README.md" not in {file for one in repository.log() for _, file in one.files}


def test_a_file_outside_of_the_stores_is_not_touched(project: Path, workspace: Workspace) -> None:
    with pytest.raises(TreeError, match="outside the tree"):
        workspace.tree.real("README.md")
    with pytest.raises(TreeError, match="outside the tree"):
        workspace.tree.real("memories/../README.md")
    done = call(project, "add", "note", "--set", "title=x", "--file", "README.md")
    assert done.exit_code != 0
    assert (project / "README.md").read_text("utf-8") == "# Readme\n\nNo memory.\n"


def test_a_link_out_of_the_stores_is_not_followed(project: Path, workspace: Workspace) -> None:
    (project / ".serena/memories/readme.md").symlink_to(project / "README.md")
    assert ".serena/memories/readme.md" not in workspace.tree.ready().records
    assert [one.code for one in workspace.tree.problems() if one.file.endswith("readme.md")] == ["outside"]


@pytest.mark.parametrize("place", ["CLAUDE.md", ".serena/memories"])
def test_a_store_that_becomes_a_link_is_not_followed(
    project: Path, workspace: Workspace, tmp_path: Path, place: str
) -> None:
    workspace.tree.load()
    elsewhere = tmp_path / "elsewhere"
    (project / place).rename(elsewhere)
    (project / place).symlink_to(elsewhere)
    workspace.tree.refresh()
    assert not [path for path in workspace.tree.ready().records if path.startswith(place)]


@pytest.mark.parametrize("path", ["CLAUDE.md", ".serena/memories/suggested_commands.md"])
def test_what_others_write_is_told_for_folders_and_for_a_file(project: Path, path: str) -> None:
    stop = threading.Event()
    timer = threading.Timer(PATIENCE, stop.set)
    timer.start()
    with closing(Workspace.open(project)) as workspace:
        workspace.tree.load()
        watch = workspace.tree.watch(stop)
        assert next(watch) == TreeChanges()
        (project / "new").write_text("# Another\n\n## One\n\nText.\n", "utf-8")
        (project / "new").replace(project / path)
        assert next(watch) == TreeChanges(changed=(path,))
    timer.cancel()


def test_what_the_user_did_stays_when_a_store_is_added(project: Path, workspace: Workspace) -> None:
    workspace.tree.bookmarks.toggle_pin("CLAUDE.md#style")
    (project / "AGENTS.md").write_text(RULES, "utf-8")
    with closing(Workspace.open(project)) as again:
        assert again.tree.bookmarks.pins() == ["CLAUDE.md#style"]
        assert "AGENTS.md#style" in {entry.id for entry in again.tree.entries()}


def test_the_session_state_of_an_xml_store_is_read_through_git(project: Path) -> None:
    state = "<session-context><phase>{}</phase><next-step>Go on</next-step></session-context>\n"
    file = project / "memories" / "session-context" / "session-state.xml"
    file.parent.mkdir()
    for number, phase in enumerate(("one", "two")):
        file.write_text(state.format(phase), "utf-8")
        commit_all(project, phase, date=f"2026-05-0{number + 1}T10:00:00+0000")
    with closing(Workspace.open(project)) as workspace:
        entry = next(one for one in workspace.tree.entries() if one.file.endswith("session-state.xml"))
        assert entry.group == "session"
        told = [session.title for session in workspace.timeline.sessions()]
    with closing(Workspace.open(project / "memories")) as alone:
        assert len(told) >= len([session.title for session in alone.timeline.sessions()]) > 0


def test_a_sync_merges_the_stores_and_no_other_file(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(project), "shared.git")
    git(project, "remote", "add", "origin", str(tmp_path / "shared.git"))
    git(project, "push", "--quiet", "--set-upstream", "origin", "main")
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "shared.git", "other")
    for root, rules in ((other, "ruff and mypy"), (project, "")):
        text = RULES.replace("ruff", rules) if rules else RULES.replace("make test", "make check")
        (root / "CLAUDE.md").write_text(text, "utf-8")
        commit_all(root, "rules")
    git(other, "push", "--quiet")
    call(project, "sync", status=0)
    merged = RULES.replace("ruff", "ruff and mypy").replace("make test", "make check")
    assert (project / "CLAUDE.md").read_text("utf-8") == merged
    git(other, "pull", "--quiet")
    for root in (other, project):
        (root / "src" / "notes.md").write_text(f"# Notes of {root.name}\n", "utf-8")
        commit_all(root, "notes")
    git(other, "push", "--quiet")
    done = call(project, "sync")
    assert "src/notes.md changed on both sides" in done.stderr
    assert "Nothing was merged" in done.stderr


@pytest.mark.parametrize(
    ("entry", "name", "place"),
    [
        ("feedback_review_shape", "shape", ".claude/memory/shape.md"),
        ("feedback_review_shape", "topics/shape.md", ".claude/memory/topics/shape.md"),
        ("feedback_review_shape", "suggested_commands", ".serena/memories/suggested_commands.md"),
        ("feedback_review_shape", "MEMORY", ".claude/memory/MEMORY.md"),
        ("feedback_review_shape", ".serena/memories/shape", ".serena/memories/shape.md"),
        ("DEBUG-001", "debugging/other", "memories/debugging/other.xml"),
        ("DEBUG-001", "suggested_commands.md", ".serena/memories/suggested_commands.md"),
    ],
)
def test_the_target_of_a_move_need_not_name_the_store(
    workspace: Workspace, entry: str, name: str, place: str
) -> None:
    assert workspace.planner.target(workspace.tree.entry(entry), name) == place


@pytest.mark.parametrize(("entry", "name"), [("feedback_review_shape", "../outside"), ("style", "new.md")])
def test_a_target_outside_of_every_store_is_refused(workspace: Workspace, entry: str, name: str) -> None:
    with pytest.raises(TreeError, match="outside the tree"):
        workspace.planner.target(workspace.tree.entry(entry), name)


def test_an_entry_moves_to_a_new_file_of_its_store_by_a_short_path(workspace: Workspace) -> None:
    entry = workspace.tree.entry("feedback_review_shape")
    plan = workspace.planner.move(entry.id, "topics/shape", NOW)
    files = {one.file: one.after is None for one in plan.changes}
    assert files == {
        ".claude/memory/topics/shape.md": False,
        entry.file: True,
        ".claude/memory/MEMORY.md": False,
    }
