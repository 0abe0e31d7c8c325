"""What Claude Code keeps of a project outside of it, in one tree with the project's own stores."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.library.snapshot import TreeChanges
from index.model.errors import TreeError
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.rendering.entry_documents import write_document
from index.rendering.json_shapes import versions_shape
from index.rendering.review_facts import gather
from index.storage.intents import Intents
from index.storage.memory_stores import TreeLocation, tree_at
from index.storage.scan import discover, scan, sizes
from index.storage.user_folders import intents_folder, versions_folder
from index.workspace import Workspace
from tests.support.beside import COMMANDS, FIXES, INDEX, RETRY, SHAPE, TEXTS, make_project
from tests.support.git import commit_all, git, make_repository
from tests.support.interrupting import killed

BRIEF = "~/.claude/…/memory/brief.md"
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PATIENCE = 60.0
"""Seconds after which a watch that tells nothing ends, and the test with it."""


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    return make_project(tmp_path, monkeypatch)


@pytest.fixture
def project(stores: tuple[Path, Path]) -> Path:
    return stores[0]


@pytest.fixture
def own(stores: tuple[Path, Path]) -> Path:
    return stores[1]


@pytest.fixture
def opened(project: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(project)
    yield workspace
    workspace.close()


def kept_log() -> list[str]:
    """Return the versions that memarium keeps, newest first, as plain git tells them."""
    (place,) = versions_folder().glob("*.git")
    return git(place, "log", "--format=%s").splitlines()


def kept_files() -> list[str]:
    (place,) = versions_folder().glob("*.git")
    return git(place, "ls-tree", "-r", "--name-only", "HEAD").splitlines()


def edit(workspace: Workspace, key: str, name: str, text: str) -> str | None:
    return workspace.committer.commit(workspace.planner.edit(key, {name: text})).revision


# ── which files it holds ──────────────────────────────────────────────────────


def test_all_stores_are_one_tree(opened: Workspace, project: Path, own: Path) -> None:
    assert opened.tree.place == discover(project) == tree_at(project)
    stores = {entry.file: entry.store for entry in opened.tree.entries()}
    assert stores == {FIXES: "memories", COMMANDS: "serena"} | dict.fromkeys(TEXTS, "yours")
    assert opened.tree.real(RETRY) == own / "retry_budget.md"
    assert opened.tree.place.path_of(own / "retry_budget.md") == RETRY
    place = opened.tree.place
    assert set(sizes(*place)) == {file.path for file in scan(*place)[0]} == set(stores)


def test_its_kinds_are_those_of_the_store_alone(opened: Workspace, own: Path) -> None:
    with closing(Workspace.open(own)) as alone:
        kinds = {Path(entry.file).name: entry.kind for entry in alone.tree.entries()}
    told = {Path(entry.file).name: entry.kind for entry in opened.tree.entries() if entry.store == "yours"}
    assert told == kinds


@pytest.mark.parametrize("left", [(FIXES,), (COMMANDS,), (FIXES, COMMANDS)])
def test_the_entries_of_the_project_keep_their_ids(project: Path, own: Path, left: tuple[str, ...]) -> None:
    for path in {FIXES, COMMANDS}.difference(left):
        (project / path).unlink()
        (project / path).parent.rmdir()
    if FIXES not in left:
        (project / "memories").rmdir()
    with_own = discover(project)
    for file in own.iterdir():
        file.unlink()
    own.rmdir()
    without = discover(project)
    assert with_own is not None
    assert without is not None
    assert with_own.beside is not None
    assert with_own._replace(beside=None) == without
    assert with_own.home == without.home


def test_a_store_of_the_project_opens_by_itself(project: Path, own: Path) -> None:
    assert tree_at(project / "memories") == TreeLocation(project / "memories")
    assert discover(own) == tree_at(own)
    assert tree_at(own).beside is None


def test_a_link_from_the_project_to_it_is_no_second_store(project: Path, own: Path) -> None:
    (project / ".claude").mkdir()
    (project / ".claude/memory").symlink_to(own)
    with closing(Workspace.open(project)) as workspace:
        assert len(workspace.tree.entries()) == 2 + len(TEXTS)


def test_links_do_not_lead_from_one_store_into_the_other(opened: Workspace, project: Path, own: Path) -> None:
    (own / "out.md").symlink_to(project / COMMANDS)
    (project / ".serena/memories/out.md").symlink_to(own / "retry_budget.md")
    files, notes = scan(*opened.tree.place)
    assert {file.path for file in files} == {FIXES, COMMANDS, *TEXTS}
    assert {(note.file, note.code) for note in notes} == {
        ("~/.claude/…/memory/out.md", "outside"),
        (".serena/memories/out.md", "outside"),
    }


@pytest.mark.parametrize("form", ["{}", "{.name}", "~", "{.stem}", "real"])
def test_an_entry_and_a_file_are_named_in_many_ways(opened: Workspace, own: Path, form: str) -> None:
    """A shell writes out the home folder, and an agent knows the real place."""
    path = Path(RETRY)
    named = {"~": str(path.expanduser()), "real": str(own / path.name)}.get(form, form.format(path))
    key = named if form == "{.stem}" else f"{named}#retry_budget"
    assert opened.tree.entry(key).file == RETRY
    assert form == "{.stem}" or opened.tree.named(named) == RETRY


def test_a_new_file_is_seen_while_it_is_watched(opened: Workspace, own: Path) -> None:
    stop = threading.Event()
    timer = threading.Timer(PATIENCE, stop.set)
    timer.start()
    try:
        opened.tree.load()
        watch = opened.tree.watch(stop)
        assert next(watch) == TreeChanges()
        (own / "new.md").write_text("# New\n\nText.\n")
        assert next(one for one in watch if one) == TreeChanges(added=("~/.claude/…/memory/new.md",))
    finally:
        timer.cancel()
        stop.set()


def test_its_links_are_checked_and_followed(opened: Workspace, own: Path) -> None:
    assert {one.code for one in opened.notices.found(NOW)}.isdisjoint({"dead-line", "dead-link", "unlinked"})
    index = opened.tree.entry("MEMORY")
    assert "retry_budget.md" in opened.tree.destinations.of(index)
    (own / "retry_budget.md").unlink()
    opened.tree.refresh()
    dead = [one for one in opened.notices.found(NOW) if one.code == "dead-line"]
    assert [one.file for one in dead] == [INDEX]


# ── changes ───────────────────────────────────────────────────────────────────


def test_each_change_is_a_commit_of_its_own_repository(opened: Workspace, project: Path, own: Path) -> None:
    before = (own / "retry_budget.md").read_bytes()
    edit(opened, "retry_budget", "text", "Four tries.")
    edit(opened, "DEBUG-001", "solution", "Tune it well")
    assert (own / "retry_budget.md").read_bytes() == before.replace(b"Three", b"Four")
    assert kept_log() == ['memory: edit text of "retry-budget"', f"memory: found {RETRY}"]
    assert kept_files() == ["memory/retry_budget.md"]
    assert git(project, "log", "--format=%s").splitlines() == [
        'memory: edit solution of "Pool exhaustion"',
        "first",
    ]
    assert git(project, "status", "--porcelain") == ""
    opened.committer.undo()
    assert (own / "retry_budget.md").read_bytes() != before
    opened.committer.undo()
    assert (own / "retry_budget.md").read_bytes() == before
    opened.committer.redo()
    assert (own / "retry_budget.md").read_bytes() == before.replace(b"Three", b"Four")
    assert len(kept_log()) == 4
    assert len(git(project, "log", "--format=%s").splitlines()) == 3


def test_new_and_deleted_entries_take_their_index_along(opened: Workspace, project: Path, own: Path) -> None:
    opened.committer.commit(opened.planner.delete("retry_budget"))
    assert sorted(path.name for path in own.iterdir()) == ["MEMORY.md", "review_shape.md"]
    assert "retry" not in (own / "MEMORY.md").read_text()
    added = opened.planner.add("feedback", {"name": "brief", "text": "Be brief."}, NOW, file=BRIEF)
    opened.committer.commit(added)
    assert "Be brief." in (own / "brief.md").read_text()
    assert git(project, "status", "--porcelain") == ""
    assert not (project / "~").exists()


def test_a_change_in_both_is_refused_and_nothing_is_written(opened: Workspace, own: Path) -> None:
    before = (own / "retry_budget.md").read_bytes()
    both = opened.planner.rename_tag("db", "database")
    assert {change.file for change in both.changes} == {FIXES, RETRY}
    with pytest.raises(CannotEdit, match="two places"):
        opened.committer.commit(both)
    *_, facts = gather(opened, both)
    assert "two places" in facts.unversioned
    assert (own / "retry_budget.md").read_bytes() == before
    opened.committer.commit(opened.planner.rename_tag("db", "database", only=[f"{RETRY}#retry_budget"]))
    assert b"database" in (own / "retry_budget.md").read_bytes()


def test_uncommitted_files_of_both_are_listed_and_not_committed_as_one(
    opened: Workspace, project: Path, own: Path
) -> None:
    (project / COMMANDS).write_text("# Commands\n\nRun make bench.\n")
    assert [item.path for item in opened.status.uncommitted()] == [COMMANDS, INDEX, RETRY, SHAPE]
    assert opened.status.count() == 4
    with pytest.raises(CannotEdit, match="two places"):
        opened.status.plan(opened.status.uncommitted())
    opened.status.record()
    assert [item.path for item in opened.status.uncommitted()] == [COMMANDS]
    assert kept_log() == ["memory: found 3 files"]
    (item,) = opened.status.uncommitted()
    opened.committer.commit(opened.status.plan([item]))
    assert opened.status.uncommitted() == []
    (own / "retry_budget.md").write_text("gone\n")
    opened.tree.refresh()
    (item,) = opened.status.uncommitted()
    opened.status.put_back(item)
    assert (own / "retry_budget.md").read_bytes() == TEXTS[RETRY].encode()


def test_a_store_in_a_git_of_its_own_is_saved_there(project: Path, own: Path) -> None:
    make_repository(own)
    commit_all(own)
    with closing(Workspace.open(project)) as workspace:
        edit(workspace, "retry_budget", "text", "Four tries.")
        assert versions_shape(workspace.tree)["beside"]["by"] == "git"
        assert not versions_folder().exists()
        assert workspace.status.record() is None
    assert git(own, "log", "--format=%s").splitlines() == ['memory: edit text of "retry-budget"', "first"]
    assert git(own, "status", "--porcelain") == ""


def test_who_keeps_which_versions_is_said(opened: Workspace, project: Path) -> None:
    told = versions_shape(opened.tree)
    assert (told["by"], told["beside"]["by"]) == ("git", "memarium")
    why, where = opened.status.kept_words()
    assert why == (
        "memarium keeps the versions of ~/.claude/…/memory itself, because it is in no git repository."
    )
    assert "/memarium/versions/" in where
    state = opened.tree.state()
    assert state is not None
    assert (state.branch, state.kept, state.dirty) == ("main", False, True)
    edit(opened, "retry_budget", "text", "Four tries.")
    after = opened.tree.state()
    assert after is not None
    assert after.head != state.head


def test_an_export_into_it_is_refused(opened: Workspace, own: Path) -> None:
    with pytest.raises(TreeError, match="in the tree"):
        write_document(own / "export.md", ["text"], opened.tree)
    write_document(own / "export.txt", ["text"], opened.tree)


# ── what was interrupted ──────────────────────────────────────────────────────


@pytest.mark.parametrize("written", [0, 1])
@pytest.mark.parametrize("back", [True, False])
def test_a_change_that_was_killed_is_ended_there(
    project: Path, own: Path, written: int, *, back: bool
) -> None:
    before = {path.name: path.read_bytes() for path in own.iterdir()}
    killed(project, lambda one: one.committer.commit(one.planner.delete("retry_budget")), files=written)
    with closing(Workspace.open(project)) as workspace:
        left = workspace.interrupted.left()
        assert [(len(half.paths), half.written) for half in left] == [(2, written)]
        for half in left:
            (workspace.interrupted.take_back if back else workspace.interrupted.finish)(half)
        after = {path.name: path.read_bytes() for path in own.iterdir()}
        assert after == before or (not back and "retry_budget.md" not in after)
        assert workspace.interrupted.left() == []
    assert git(project, "status", "--porcelain") == ""


def test_what_was_noted_of_it_leads_nowhere_without_it(project: Path, own: Path) -> None:
    """A note on a new file of a store that is gone since is not finished in the project."""
    (project / COMMANDS).unlink()
    (project / ".serena/memories").rmdir()
    files = [["~/.claude/…/memory/a.md", None, 0], ["~/.claude/…/memory/b.md", None, 0]]
    about = {"head": None, "files": files, "message": "add", "entries": [], "sort": "edit", "takes": ""}
    held = Intents(intents_folder(project / "memories")).hold("change", about, [b"# A\n"])
    held.__enter__()
    for file in own.iterdir():
        file.unlink()
    own.rmdir()
    with closing(Workspace.open(project / "memories")) as workspace:
        for half in workspace.interrupted.left():
            workspace.interrupted.finish(half)
        change = Plan((PlannedChange(RETRY, None, b"# A\n"),), "add", ())
        with pytest.raises(TreeError, match="outside the tree"):
            workspace.committer.commit(change)
    assert not (project / "memories/~").exists()
