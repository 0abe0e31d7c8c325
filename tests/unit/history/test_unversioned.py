"""Saving where git holds nothing, cannot be read, or is on no branch: said, allowed, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model.errors import OnNoBranch, Refused, Unreadable
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.workspace import Workspace
from tests.support.work import Work

FILE = "memories/lessons.xml"
TEXT = b'<lessons>\n  <lesson id="L-1"><title>One</title><description>a</description></lesson>\n</lessons>\n'


def ignored_by_folder(work: Work, _settings: Path) -> None:
    work.commit(".gitignore", b"memories/\n")


def ignored_by_name(work: Work, _settings: Path) -> None:
    work.commit("memories/.gitignore", b"*\n!.gitignore\n")
    work.git("rm", "-q", "--cached", "memories/.gitignore")
    work.git("commit", "-qm", "none")


def ignored_by_the_users_own_file(work: Work, settings: Path) -> None:
    own = settings.parent / "ignore"
    own.write_text("lessons*\nnew*\n")
    with settings.open("a") as file:
        file.write(f"[core]\n excludesFile = {own}\n")


def ignored_by_exclude(work: Work, _settings: Path) -> None:
    work.write(".git/info/exclude", b"memories\n")


@pytest.fixture(
    params=[ignored_by_folder, ignored_by_name, ignored_by_the_users_own_file, ignored_by_exclude]
)
def ignored(request: pytest.FixtureRequest, work: Work, own_git_settings: Path) -> Workspace:
    work.git("rm", "-rq", "memories")
    work.git("commit", "-qm", "gone")
    request.param(work, own_git_settings)
    work.write(FILE, TEXT)
    return Workspace.open(work.tree)


@pytest.mark.usefixtures("unversioned")
def test_a_tree_that_git_ignores(ignored: Workspace, work: Work) -> None:
    head, index = work.head(), work.git("ls-files", "-s")
    saved = ignored.committer.commit(ignored.planner.edit("L-1", {"title": "X"}))
    assert saved.note.startswith("Saved lessons.xml. It is not versioned: git ignores it (")
    assert (saved.revision, saved.unversioned) == (None, True)
    assert b"<title>X</title>" in (work.root / FILE).read_bytes()
    added = Plan((PlannedChange("new.xml", None, TEXT.replace(b"L-1", b"L-2")),), "memory: add new.xml")
    assert ignored.committer.commit(added).unversioned
    assert ignored.status.uncommitted() == []
    assert ignored.status.all_done().startswith("It is not versioned: git ignores it (")
    ignored.committer.undo()
    assert not (work.tree / "new.xml").exists()
    assert "title" in ignored.committer.undo().note
    assert (work.root / FILE).read_bytes() == TEXT
    with pytest.raises(CannotEdit, match="nothing to undo"):
        ignored.committer.undo()
    assert (work.head(), work.git("ls-files", "-s")) == (head, index)


def test_a_tree_that_git_ignores_has_versions_all_the_same(ignored: Workspace, work: Work) -> None:
    head, index, status = work.head(), work.git("ls-files", "-s"), work.status()
    ignored.status.record()
    saved = ignored.committer.commit(ignored.planner.edit("L-1", {"title": "X"}))
    assert saved.revision is not None
    added = Plan((PlannedChange("new.xml", None, TEXT.replace(b"L-1", b"L-2")),), "memory: add new.xml")
    assert ignored.committer.commit(added).revision is not None
    assert "git ignores it (" in ignored.status.kept_words()[0]
    assert [one.message.split("\n")[0] for one in ignored.history.log()] == [
        "memory: add new.xml",
        'memory: edit title of "One"',
        "memory: found lessons.xml",
    ]
    ignored.committer.undo()
    ignored.committer.undo()
    assert (work.root / FILE).read_bytes() == TEXT
    assert (work.head(), work.git("ls-files", "-s"), work.status()) == (head, index, status)


def test_where_other_files_of_the_tree_are_tracked(work: Work) -> None:
    work.commit(".gitignore", b"lessons.xml\n")
    work.write(FILE, TEXT)
    workspace = Workspace.open(work.tree)
    with pytest.raises(Refused, match=r"git ignores lessons\.xml"):
        workspace.committer.commit(workspace.planner.edit("L-1", {"title": "X"}))
    assert (work.root / FILE).read_bytes() == TEXT
    assert workspace.status.uncommitted() == []
    assert workspace.status.all_done() == (
        "Everything on disk is committed, but for what git ignores: lessons.xml."
    )


def test_a_repository_that_cannot_be_read_wants_a_word(work: Work) -> None:
    work.commit(FILE, TEXT)
    work.write(".git/config", b"[core\n")
    workspace = Workspace.open(work.tree)
    with pytest.raises(Unreadable, match=r"bad config line 1 .*\. Nothing was written\.$"):
        workspace.committer.commit(workspace.planner.edit("L-1", {"title": "X"}))
    assert (work.root / FILE).read_bytes() == TEXT
    workspace.tree.allow("unversioned")
    assert (
        "It is not versioned: git cannot read"
        in workspace.committer.commit(workspace.planner.edit("L-1", {"title": "X"})).note
    )
    assert b"<title>X</title>" in (work.root / FILE).read_bytes()
    workspace.committer.undo()
    assert (work.root / FILE).read_bytes() == TEXT


def test_no_branch_and_the_way_through(work: Work) -> None:
    work.commit(FILE, TEXT)
    work.git("worktree", "add", "-q", "--detach", "../w")
    other = Work(work.root.parent / "w")
    workspace = Workspace.open(other.tree)
    with pytest.raises(OnNoBranch):
        workspace.committer.commit(workspace.planner.edit("L-1", {"title": "X"}))
    assert (other.root / FILE).read_bytes() == TEXT
    workspace.tree.allow("detached")
    saved = workspace.committer.commit(workspace.planner.edit("L-1", {"title": "X"}))
    assert saved.revision == other.head()
    short = other.head()[:7]
    assert (
        saved.note == f"Saved lessons.xml as {short}. It is on no branch: git branch NAME {short} keeps it."
    )
    workspace.committer.undo()
    assert (other.root / FILE).read_bytes() == TEXT
    assert other.head() != saved.revision
    workspace.close()


def test_the_environment_is_named_where_it_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memories").mkdir()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "x.git"))
    workspace = Workspace.open(tmp_path / "memories")
    assert workspace.tree.repository is not None
    assert "in no git repository. GIT_DIR is set and not followed" in workspace.tree.repository.kept
