"""Changes that no commit holds are undone all the same, by whichever memarium comes next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.model.errors import Unreadable
from index.model.plan import CannotEdit
from index.storage.user_folders import state_folder
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository
from tests.support.home import Home

NAMES = ("a.xml", "b.xml")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "memories"
    root.mkdir()
    for name in NAMES:
        lesson = f'<lesson id="L-{name[0]}"><title>One</title><tags>old</tags></lesson>'
        (root / name).write_text(f"<lessons>\n  {lesson}\n</lessons>\n")
    return root


def contents(tree: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in tree.glob("*.xml")}


def edit(tree: Path, title: str) -> Workspace:
    workspace = Workspace.open(tree)
    workspace.tree.allow("unversioned")
    workspace.committer.commit(workspace.planner.edit("L-a", {"title": title}))
    return workspace


@pytest.mark.usefixtures("unversioned")
def test_in_the_next_session(tree: Path) -> None:
    before = contents(tree)
    edit(tree, "Two").close()
    workspace = Workspace.open(tree)
    workspace.committer.commit(workspace.planner.rename_tag("old", "new"))
    workspace.committer.commit(workspace.planner.move("L-a", "c.xml", NOW))
    workspace.close()
    later = Workspace.open(tree)
    assert later.committer.undo().note.startswith('Undid: move lesson "Two"')
    later.close()
    later = Workspace.open(tree)
    later.committer.undo()
    assert 'edit title of "One"' in later.committer.undo().note
    assert contents(tree) == before
    with pytest.raises(CannotEdit, match="nothing to undo"):
        later.committer.undo()


@pytest.mark.usefixtures("unversioned")
def test_one_that_was_changed_since_stays(tree: Path) -> None:
    edit(tree, "Two").close()
    text = (tree / "a.xml").read_text().replace("Two", "Three")
    (tree / "a.xml").write_text(text)
    with pytest.raises(CannotEdit, match=r"a\.xml was changed after that edit"):
        Workspace.open(tree).committer.undo()
    assert (tree / "a.xml").read_text() == text


@pytest.mark.usefixtures("unversioned")
def test_without_a_place_to_keep_it_in_its_session(tree: Path, home: Home) -> None:
    home.spoil(home.state)
    before = contents(tree)
    workspace = edit(tree, "Two")
    workspace.committer.undo()
    assert contents(tree) == before


@pytest.mark.usefixtures("unversioned")
def test_one_of_which_the_copy_is_damaged_is_forgotten(tree: Path) -> None:
    edit(tree, "Two").close()
    for kept in (state_folder(tree) / "unversioned").glob("*.bytes"):
        kept.write_bytes(b"")
    with pytest.raises(CannotEdit, match="nothing to undo"):
        Workspace.open(tree).committer.undo()


def broken(tree: Path) -> bytes:
    """Make a repository of a tree that git cannot read; return its settings from before."""
    make_repository(tree)
    commit_all(tree)
    config = (tree / ".git/config").read_bytes()
    (tree / ".git/config").write_text("[core\n")
    return config


def test_where_git_cannot_read_the_repository(tree: Path) -> None:
    broken(tree)
    before = contents(tree)
    edit(tree, "Two").close()
    workspace = Workspace.open(tree)
    with pytest.raises(Unreadable, match=r"Nothing was written\.$"):
        workspace.committer.undo()
    workspace.tree.allow("unversioned")
    workspace.committer.undo()
    assert contents(tree) == before


def test_where_git_can_read_it_by_now(tree: Path) -> None:
    config, before = broken(tree), contents(tree)
    edit(tree, "Two").close()
    (tree / ".git/config").write_bytes(config)
    workspace = Workspace.open(tree)
    workspace.committer.undo()
    assert contents(tree) == before
    assert not git(tree, "status", "--porcelain")


def test_a_later_commit_is_undone_first_and_alone(tree: Path) -> None:
    config = broken(tree)
    edit(tree, "Two").close()
    (tree / ".git/config").write_bytes(config)
    edited = contents(tree)
    workspace = Workspace.open(tree)
    workspace.committer.commit(workspace.planner.edit("L-b", {"title": "Other"}))
    workspace.committer.undo()
    assert contents(tree) == edited
    with pytest.raises(CannotEdit, match="nothing to undo"):
        workspace.committer.undo()


def test_one_that_git_has_overtaken_is_in_nobodys_way(tree: Path) -> None:
    config = broken(tree)
    edit(tree, "Two").close()
    (tree / ".git/config").write_bytes(config)
    (tree / "a.xml").write_text((tree / "a.xml").read_text().replace("Two", "Three"))
    commit_all(tree, "by hand")
    with pytest.raises(CannotEdit, match="nothing to undo"):
        Workspace.open(tree).committer.undo()
