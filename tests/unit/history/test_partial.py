"""An object that is not here is not one that is not there, and what is said to bring it does."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index.git.repository import Repository
from index.history.deleted import deleted
from index.history.tree_log import tree_log
from index.history.undo import Refusal, plan_undo
from index.history.versions import versions
from index.model.errors import NotHere
from index.sessions.past_states import PastStates
from index.storage.journal import JournalRecord
from tests.support.git import git
from tests.support.partial_clones import FILE, TEXT, clone, past
from tests.support.work import Work

WORDS = ("alpha", "beta", "gamma")


def told(repository: Repository) -> list[str]:
    return [version.summary for version in versions(repository, "lessons.xml", "lessons.xml#L-1")]


def take_away(work: Work, name: str) -> str:
    """Remove an object from the repository, as a damaged disk does."""
    found = work.git("rev-parse", name)
    (work.root / ".git/objects" / found[:2] / found[2:]).unlink()
    return found


def advised(words: str, work: Work) -> None:
    """Do what a sentence advises."""
    command = re.search(r"(git fetch [\w\-& ]*?) brings", words)
    assert command is not None, words
    subprocess.run(command[1], shell=True, cwd=work.root, check=True, capture_output=True)


@pytest.mark.parametrize("left_out", ["blob:none", "blob:limit=10", "tree:0"])
@pytest.mark.parametrize("remote", ["origin", "elsewhere"])
def test_the_advice_brings_what_a_partial_clone_leaves_out(
    make_work: Callable[..., Work], left_out: str, remote: str
) -> None:
    work = clone(past(make_work), f"--filter={left_out}", f"--origin={remote}")
    work.git("config", "gc.auto", "0")
    for read in (told, lambda one: list(tree_log(one)), lambda one: list(deleted(one, []))):
        with pytest.raises(NotHere, match=f"^This clone is partial.*{remote} brings what is missing"):
            read(work.open())
    with pytest.raises(NotHere) as caught:
        told(work.open())
    advised(str(caught.value), work)
    assert told(work.open()) == ["fix beta → gamma", "fix alpha → beta", "added"]
    work.close()


def test_a_clone_that_lost_its_remote_says_that_there_is_none(make_work: Callable[..., Work]) -> None:
    work = clone(past(make_work), "--filter=blob:none")
    work.git("remote", "remove", "origin")
    with pytest.raises(
        NotHere, match=r"no remote is configured to fetch it from: git fsck names what is missing\.$"
    ):
        told(work.open())
    work.close()


@pytest.mark.parametrize("name", [f"HEAD~1:{FILE}", "HEAD~1:memories", "HEAD~1^{tree}", "HEAD~1"])
def test_the_advice_mends_a_damaged_repository(make_work: Callable[..., Work], name: str) -> None:
    origin = past(make_work)
    git(origin.root.parent, "clone", "-q", "--no-hardlinks", str(origin.root), "copy")
    work = Work(origin.root.parent / "copy")
    take_away(work, name)
    for read in (told, lambda one: list(tree_log(one)), lambda one: list(deleted(one, []))):
        with pytest.raises(NotHere, match="the repository is damaged") as caught:
            read(work.open())
    advised(str(caught.value), work)
    assert told(work.open()) == ["fix beta → gamma", "fix alpha → beta", "added"]
    work.close()


@pytest.mark.parametrize("name", [f"HEAD:{FILE}", "HEAD:memories", "HEAD^{tree}", "HEAD"])
def test_a_damaged_commit_is_not_an_empty_one(make_work: Callable[..., Work], name: str) -> None:
    work = past(make_work)
    held = work.git("rev-parse", f"HEAD:{FILE}")
    take_away(work, name)
    repository = work.open()
    if name == f"HEAD:{FILE}":
        assert repository.blob_id(repository.resolve("HEAD"), FILE) == held
        assert repository.uncommitted() == []
        return
    with pytest.raises(NotHere, match="git fsck"):
        repository.uncommitted()
    with pytest.raises(NotHere):
        repository.blob_id(repository.resolve("HEAD"), FILE)
    with pytest.raises(NotHere):
        list(tree_log(repository))


def test_what_is_not_there_is_nothing(make_work: Callable[..., Work]) -> None:
    repository = past(make_work).open()
    head = repository.resolve("HEAD")
    assert head is not None
    for path in ("none.xml", "memories/none.xml", "none/none.xml", f"{FILE}/below.xml"):
        assert repository.blob_id(head, path) == ""
    assert repository.resolve("none") is None
    assert repository.resolve("HEAD~9") is None
    assert repository.resolve("1" * 40) is None
    assert repository.listing(repository.blob_id(head, FILE)) == {}
    with pytest.raises(NotHere):
        repository.listing("1" * 40)


def test_a_session_state_that_is_not_here_is_not_none(make_work: Callable[..., Work]) -> None:
    work = make_work("origin")
    work.git("config", "uploadpack.allowFilter", "true")
    for word in WORDS:
        work.commit(
            "memories/session-context/active.xml",
            f"<active-session><phase>{word}</phase></active-session>".encode(),
        )
    partial = clone(work, "--filter=blob:none")
    repository = partial.open()
    states = PastStates(repository, [])
    states.ahead(repository.steps())
    with pytest.raises(NotHere):
        states.at("HEAD~1")
    partial.close()


def test_an_undo_where_a_shallow_clone_begins_deletes_nothing(make_work: Callable[..., Work]) -> None:
    work = clone(past(make_work), "--depth=1")
    record = JournalRecord(work.head(), ("lessons.xml",))
    plan = plan_undo(work.open(), record, lambda path: (work.tree / path).read_bytes())
    assert isinstance(plan, Refusal)
    assert "git fetch --unshallow" in plan.reason
    work.close()


def test_a_merge_of_what_is_not_here_says_so(make_work: Callable[..., Work], tmp_path: Path) -> None:
    from index.history.sync import sync

    origin = past(make_work)
    origin.git("config", "receive.denyCurrentBranch", "ignore")
    work = clone(origin, "--filter=blob:none")
    work.git("config", "gc.auto", "0")
    work.commit(FILE, TEXT.format("mine", "gamma").encode())
    origin.git("branch", "other")
    origin.commit(FILE, TEXT.format("gamma", "theirs").encode())
    with pytest.raises(NotHere) as caught:
        sync(work.open().checkout)
    advised(str(caught.value), work)
    sync(work.open().checkout)
    assert (work.root / FILE).read_bytes() == TEXT.format("mine", "theirs").encode()
    work.close()


def test_a_name_that_a_shell_would_run_is_not_advised(make_work: Callable[..., Work]) -> None:
    work = clone(past(make_work), "--filter=blob:none")
    work.git("remote", "rename", "origin", "aside")
    work.git("config", "--rename-section", "remote.aside", "remote.x; touch y #")
    with pytest.raises(NotHere, match="in it: git fetch && git fetch --refetch --no-filter brings"):
        told(work.open())
    work.close()
