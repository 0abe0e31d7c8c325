"""The history of a tree whose stores are in two repositories: one log, one list of what is gone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.model.errors import Refused
from index.storage.user_folders import versions_folder
from index.workspace import Workspace
from tests.support.beside import COMMANDS, FIXES, RETRY, SHAPE, make_project
from tests.support.git import commit_all, git

FIX = "DEBUG-001"
TRIES = f"{RETRY}#retry_budget"


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    return make_project(tmp_path, monkeypatch)


@pytest.fixture
def opened(stores: tuple[Path, Path]) -> Iterator[Workspace]:
    """The tree with two versions of an entry in each repository."""
    workspace = Workspace.open(stores[0])
    workspace.status.record()
    edit(workspace, TRIES, "text", "Four tries.")
    edit(workspace, FIX, "solution", "Tune it well")
    yield workspace
    workspace.close()


def edit(workspace: Workspace, key: str, name: str, text: str) -> None:
    workspace.committer.commit(workspace.planner.edit(key, {name: text}))


def test_versions_and_blame_are_of_the_repository_of_the_file(opened: Workspace) -> None:
    versions = list(opened.history.versions(TRIES))
    assert [one.author for one in versions] == ["Ana Kovač", "memarium"]
    assert {one.path for one in versions} == {RETRY}
    assert opened.history.blame(TRIES)["text"].author == "Ana Kovač"
    assert [one.message for one in opened.history.versions(FIX)] == [
        'memory: edit solution of "Pool exhaustion"',
        "first",
    ]
    assert opened.history.blame(FIX)["solution"].author == "Ana Kovač"


def test_changes_in_no_version_come_first(opened: Workspace, stores: tuple[Path, Path]) -> None:
    file = stores[1] / "retry_budget.md"
    file.write_bytes(file.read_bytes().replace(b"Four", b"Five"))
    opened.tree.refresh()
    assert [one.rev is None for one in opened.history.versions(TRIES)] == [True, False, False]
    assert [one.rev is None for one in opened.history.file_versions(RETRY)] == [True, False, False]
    assert opened.history.is_uncommitted(RETRY)
    assert not opened.history.is_uncommitted(FIXES)


@pytest.mark.parametrize(("entry", "file", "was"), [(TRIES, RETRY, "Three"), (FIX, FIXES, "Tune it<")])
def test_a_version_is_compared_and_restored(opened: Workspace, entry: str, file: str, was: str) -> None:
    *_, first = opened.history.versions(entry)
    assert was in opened.history.at(entry, first.rev or "").document.source
    assert was.encode() in opened.history.file_text(opened.history.file_at(file, first.rev or ""), file)
    assert opened.committer.commit(opened.history.plan_restore(entry, first)).revision is not None
    assert was.encode() in opened.tree.real(file).read_bytes()
    newest, *_ = opened.history.file_versions(file)
    _, second, *_ = opened.history.file_versions(file)
    opened.committer.commit(opened.history.plan_restore_file(file, second))
    assert was.encode() not in opened.tree.real(file).read_bytes()
    assert newest.rev != second.rev


def test_a_file_is_found_by_its_name_and_by_its_place(opened: Workspace, stores: tuple[Path, Path]) -> None:
    assert opened.history.file("retry_budget") == RETRY
    assert opened.history.file(str(stores[1] / "retry_budget.md")) == RETRY
    assert opened.history.file(RETRY) == RETRY
    assert opened.history.file(COMMANDS) == COMMANDS


def test_the_log_tells_of_both_newest_first(opened: Workspace) -> None:
    told = list(opened.history.log())
    assert [one.when for one in told] == sorted((one.when for one in told), reverse=True)
    assert sorted(one.message.partition("\n")[0] for one in told) == [
        "first",
        'memory: edit solution of "Pool exhaustion"',
        'memory: edit text of "retry-budget"',
        "memory: found 3 files",
    ]
    assert len(list(opened.history.log(2))) == 2
    commits = [one for repository in opened.tree.repositories for one in repository.log()]
    assert len(commits) == 4
    assert {path for one in commits for _, path in one.files} >= {RETRY, SHAPE, FIXES, COMMANDS}


def test_what_is_gone_of_both_is_found_and_comes_back(opened: Workspace, stores: tuple[Path, Path]) -> None:
    project, own = stores
    opened.committer.commit(opened.planner.delete(TRIES))
    (project / COMMANDS).unlink()
    commit_all(project, "drop")
    opened.tree.refresh()
    gone = {one.path: one for one in opened.history.deleted()}
    assert set(gone) == {RETRY, COMMANDS}
    hits = opened.search.find("is:deleted").hits
    assert {hit.entry.file for hit in hits} == {RETRY, COMMANDS}
    assert "Four tries" in opened.history.source_of_deleted(gone[RETRY])
    assert next(opened.history.versions(TRIES)).deleted
    for path in (RETRY, COMMANDS):
        opened.committer.commit(opened.history.plan_revive([gone[path]]))
    assert b"Four tries" in (own / "retry_budget.md").read_bytes()
    assert (project / COMMANDS).exists()
    assert list(opened.history.deleted()) == []


def test_the_timeline_tells_of_both(opened: Workspace) -> None:
    told = [work for session in opened.timeline.sessions() for work in session.work]
    assert {TRIES, f"{FIXES}#{FIX}"} <= {work.id for work in told}
    (session, *_) = opened.timeline.sessions("store:yours")
    (edited,) = [work for work in session.work if work.id == TRIES]
    step = next(step for step in session.commits if step.rev == edited.rev)
    then = opened.timeline.then(TRIES, step)
    assert then is not None
    assert "Four tries" in then.markup
    before = opened.timeline.then(TRIES, step, before=True)
    assert before is not None
    assert "Three tries" in before.markup


def test_a_session_with_work_in_the_other_store_alone_has_the_state_of_its_time(
    stores: tuple[Path, Path],
) -> None:
    project, own = stores
    state = "<current-session><phase>{}</phase><next-step>Go on</next-step></current-session>\n"
    file = project / "memories/session/current-session.xml"
    file.parent.mkdir()
    for phase, day in (("Design", "2026-03-01"), ("Build", "2026-03-09")):
        file.write_text(state.format(phase))
        commit_all(project, phase, date=f"{day}T12:00:00+00:00")
    written = datetime(2026, 3, 5, 12, tzinfo=UTC).timestamp()
    workspace = Workspace.open(project)
    for path in own.iterdir():
        os.utime(path, (written - 86400, written - 86400))
    workspace.status.record()
    (own / "retry_budget.md").write_text("---\nname: retry-budget\ntype: project\n---\n\nSix tries.\n")
    os.utime(own / "retry_budget.md", (written, written))
    workspace.tree.refresh()
    workspace.status.record()
    phases = {
        session.end.when.date().isoformat(): session.after.phase for session in workspace.timeline.sessions()
    }
    assert phases["2026-03-05"] == "Design"
    assert phases["2026-03-09"] == "Build"
    workspace.close()


def test_a_sync_leaves_it_out(stores: tuple[Path, Path], tmp_path: Path) -> None:
    project, own = stores
    git(tmp_path, "init", "--quiet", "--bare", "there.git")
    git(project, "remote", "add", "origin", str(tmp_path / "there.git"))
    git(project, "push", "--quiet", "--set-upstream", "origin", "main")
    workspace = Workspace.open(project)
    workspace.status.record()
    edit(workspace, TRIES, "text", "Four tries.")
    edit(workspace, FIX, "solution", "Tune it well")
    assert "Pushed 1 commit" in workspace.history.sync().words
    sent = git(tmp_path / "there.git", "ls-tree", "-r", "--name-only", "main").splitlines()
    assert sorted(sent) == sorted([FIXES, COMMANDS])
    assert b"Four tries" in (own / "retry_budget.md").read_bytes()
    workspace.close()


def test_without_a_repository_for_the_project_each_is_kept_apart(stores: tuple[Path, Path]) -> None:
    project, _ = stores
    git(project, "config", "core.bare", "false")
    (project / ".git").rename(project.parent / "away.git")
    (project / "one").mkdir()
    workspace = Workspace.open(project)
    workspace.status.record()
    assert len(list(versions_folder().glob("*.git"))) == 2
    edit(workspace, TRIES, "text", "Four tries.")
    edit(workspace, FIX, "solution", "Tune it well")
    assert len(list(workspace.history.versions(TRIES))) == len(list(workspace.history.versions(FIX))) == 2
    with pytest.raises(Refused, match="nothing to sync"):
        workspace.history.sync()
    workspace.close()
