"""Saving where HEAD moved on and the disk stayed: no commit of others is taken back without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.model.plan import CannotEdit, Plan
from index.rendering.review_facts import going_along
from index.workspace import Workspace
from tests.support.git import git
from tests.support.work import Work

FILE = "memories/lessons.xml"


def lessons(one: str, two: str, end: str = "\n") -> bytes:
    text = (
        f'<lessons>\n  <lesson id="L-1"><title>One</title><description>{one}</description></lesson>\n'
        f'  <lesson id="L-2"><title>Two</title><description>{two}</description></lesson>\n</lessons>\n'
    )
    return text.replace("\n", end).encode()


OLD = lessons("a", "b")
NEW = lessons("a", "of others")


@pytest.fixture
def work(work: Work) -> Work:
    """Return a repository whose disk holds `OLD`, as HEAD does."""
    work.git("rm", "-q", "memories/a.xml")
    work.commit(FILE, OLD, "old")
    return work


def edit(work: Work) -> Plan:
    workspace = Workspace.open(work.tree)
    return workspace.committer.check(workspace.planner.edit("L-1", {"description": "mine"}))


def in_another_worktree(work: Work) -> None:
    other = work.root.parent / "other"
    work.git("worktree", "add", "-q", "--force", str(other), "main")
    (other / FILE).write_bytes(NEW)
    git(other, "commit", "-qam", "of others")


def by_a_push(work: Work) -> None:
    other = work.root.parent / "clone"
    work.git("config", "receive.denyCurrentBranch", "ignore")
    work.git("clone", "-q", ".", str(other))
    (other / FILE).write_bytes(NEW)
    git(other, "commit", "-qam", "of others")
    git(other, "push", "-q", "origin", "main")


def by_update_ref(work: Work) -> None:
    work.commit(FILE, NEW, "of others")
    moved = work.head()
    work.git("reset", "-q", "--hard", "HEAD~1")
    work.git("update-ref", "refs/heads/main", moved)


def with_line_ends_of_the_disk(work: Work) -> None:
    work.git("config", "core.autocrlf", "true")
    work.commit(FILE, NEW, "of others")
    work.write(FILE, lessons("a", "b", "\r\n"))


def with_code_in_between(work: Work) -> None:
    work.commit(FILE, NEW, "of others")
    work.commit("src/main.py", b"print(2)\n", "code")
    work.write(FILE, OLD)


MOVES = [in_another_worktree, by_a_push, by_update_ref, with_line_ends_of_the_disk, with_code_in_between]


@pytest.mark.parametrize("move", MOVES)
def test_a_commit_of_others_is_not_taken_back(work: Work, move: Callable[[Work], None]) -> None:
    move(work)
    head, disk = work.head(), (work.root / FILE).read_bytes()
    of_others = work.git("log", "-1", "--format=%h", "--abbrev=7", "--", FILE)
    with pytest.raises(CannotEdit) as caught:
        edit(work)
    assert str(caught.value) == (
        f"lessons.xml is on disk as it was before {of_others}, which this would take back: memarium restore "
        "lessons.xml HEAD --force brings it up to date, memarium commit lessons.xml takes it back on "
        "purpose. Nothing was written."
    )
    assert (work.head(), (work.root / FILE).read_bytes()) == (head, disk)


def test_an_undo_takes_back_its_own_change_alone(work: Work) -> None:
    workspace = Workspace.open(work.tree)
    workspace.committer.commit(workspace.planner.edit("L-1", {"description": "mine"}))
    disk = (work.root / FILE).read_bytes()
    work.commit(FILE, lessons("mine", "of others"), "of others")
    work.write(FILE, disk)
    head = work.head()
    with pytest.raises(CannotEdit, match="on disk as it was before"):
        workspace.committer.undo()
    assert (work.head(), (work.root / FILE).read_bytes()) == (head, disk)


def test_the_commits_are_counted(work: Work) -> None:
    work.commit(FILE, NEW, "of others")
    work.commit(FILE, lessons("a", "again"), "of others")
    work.write(FILE, OLD)
    last = work.head()[:7]
    with pytest.raises(CannotEdit, match=rf"before {last} and 1 commit before it, which"):
        edit(work)


def test_a_file_that_the_last_commit_deleted_does_not_come_back(work: Work) -> None:
    work.git("rm", "-q", "--cached", FILE)
    work.git("commit", "-qm", "gone")
    with pytest.raises(CannotEdit, match=r"take back: delete it, or memarium commit lessons\.xml takes"):
        edit(work)


def test_up_to_date_again_it_is_edited(work: Work) -> None:
    by_update_ref(work)
    work.git("checkout", "HEAD", "--", FILE)
    plan = edit(work)
    assert Workspace.open(work.tree).committer.commit(plan).revision == work.head()
    assert work.show(f"HEAD:{FILE}") == lessons("mine", "of others")


def test_an_edit_that_is_not_committed_is_told_and_goes_along(work: Work) -> None:
    work.write(FILE, NEW)
    plan = edit(work)
    workspace = Workspace.open(work.tree)
    told = "lessons.xml also has edits that are not committed: “Two”; they go along."
    assert going_along(workspace, plan) == told
    workspace.committer.commit(plan)
    assert work.show(f"HEAD:{FILE}") == lessons("mine", "of others")


def test_what_git_would_write_anew_is_no_edit(work: Work) -> None:
    work.commit(".gitattributes", b"*.xml ident\n")
    work.commit(FILE, OLD + b"<!-- $Id: 0123456789012345678901234567890123456789 $ -->\n")
    assert b"$Id$" in work.show(f"HEAD:{FILE}")
    assert going_along(Workspace.open(work.tree), edit(work)) == ""


def test_an_older_entry_beside_a_new_edit_is_told(work: Work) -> None:
    work.commit(FILE, NEW, "of others")
    work.write(FILE, OLD.replace(b"One", b"First"))
    told = "lessons.xml also has edits that are not committed: “First” and “Two”; they go along."
    assert going_along(Workspace.open(work.tree), edit(work)) == told


def test_nothing_goes_along_with_a_file_that_is_as_committed_or_new(work: Work) -> None:
    plan = edit(work)
    assert going_along(Workspace.open(work.tree), plan) == ""
    work.git("rm", "-q", "--cached", FILE)
    work.git("commit", "-q", "--amend", "--allow-empty", "-m", "never")
    assert going_along(Workspace.open(work.tree), plan) == ""


def test_a_file_that_comes_back_whole_takes_nothing_along(work: Work) -> None:
    by_update_ref(work)
    workspace = Workspace.open(work.tree)
    workspace.tree.allowed.add("force")
    version = next(one for one in workspace.history.file_versions("lessons.xml") if one.rev)
    plan = workspace.committer.check(workspace.history.plan_restore_file("lessons.xml", version))
    assert going_along(workspace, plan) == ""
    workspace.committer.put_back(plan.changes[0])
    assert (work.root / FILE).read_bytes() == NEW
