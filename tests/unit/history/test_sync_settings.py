"""Sync sends where `git push` would, and what was deleted there is not brought back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.model.errors import Refused
from tests.support.clones import FILE, ONE, TWO, edited, make_pair, run, send
from tests.support.git import git
from tests.support.work import Work


@pytest.fixture
def pair(make_work: Callable[..., Work], tmp_path: Path) -> tuple[Work, Work]:
    """Two clones of one repository; the first knows another one, `fork`, that is still empty."""
    mine, yours = make_pair(make_work, tmp_path)
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "fork.git"))
    mine.git("remote", "add", "fork", str(tmp_path / "fork.git"))
    return mine, yours


def refusal(work: Work) -> str:
    with pytest.raises(Refused) as caught:
        run(work)
    return str(caught.value)


def there(work: Work, remote: str) -> dict[str, str]:
    lines = work.git("ls-remote", "--heads", remote).splitlines()
    return {ref: commit for commit, ref in (line.split("\t") for line in lines)}


def planned(work: Work) -> tuple[str, str]:
    """Return where plain `git push` would send to: the last part of the address, and the ref."""
    lines = work.git("push", "--dry-run", "--porcelain").splitlines()
    return lines[0].rpartition("/")[2].removesuffix(".git"), lines[1].split("\t")[1].partition(":")[2]


@pytest.mark.parametrize(
    "settings",
    [
        {"remote.pushDefault": "fork"},
        {"branch.main.pushRemote": "fork"},
        {"branch.main.pushRemote": "fork", "remote.pushDefault": "origin"},
        {"remote.pushDefault": "fork", "push.default": "current"},
        {"remote.pushDefault": "fork", "remote.fork.push": "refs/heads/main:refs/heads/kept"},
        {"remote.origin.push": "refs/heads/*:refs/heads/backup/*"},
        {"remote.origin.push": "main:notes"},
        {"remote.origin.push": "HEAD"},
        {"push.default": "upstream"},
        {"push.default": "current"},
        {"push.default": "matching"},
        {"remote.origin.pushurl": "{fork}"},
        {"url.{fork}.pushInsteadOf": "{origin}"},
    ],
    ids=str,
)
def test_it_goes_where_git_push_would_send_it(
    pair: tuple[Work, Work], settings: dict[str, str], tmp_path: Path
) -> None:
    mine, _ = pair
    places = {"fork": str(tmp_path / "fork.git"), "origin": str(tmp_path / "shared.git")}
    for name, value in settings.items():
        mine.git("config", name.format(**places), value.format(**places))
    head = mine.commit(FILE, edited(ONE))
    place, ref = planned(mine)
    ref = ref if ref.startswith("refs/") else f"refs/heads/{ref}"
    outcome = run(mine)
    assert outcome.complete
    assert there(mine, places["fork" if place == "fork" else "origin"])[ref] == head
    other = there(mine, places["origin" if place == "fork" else "fork"])
    assert head not in other.values()
    assert run(mine).words == "Up to date with origin/main."


def test_it_is_said_where_it_went(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    mine.git("config", "remote.pushDefault", "fork")
    mine.commit(FILE, edited(ONE))
    assert run(mine).words == "Pushed 4 commits to fork/main."
    send(yours, FILE, edited(TWO))
    assert run(mine).words.endswith("; pushed 2 commits to fork/main.")  # theirs, and the merge
    mine.commit(FILE, edited(ONE, TWO, (b">a, b<", b">c<")))
    assert run(mine).words == "Pushed 1 commit to fork/main."


def test_another_name_there(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.git("switch", "-qc", "notes", "--track", "origin/main")
    head = mine.commit(FILE, edited(ONE))
    assert "git config push.default upstream" in refusal(mine)
    mine.git("config", "push.default", "upstream")
    assert run(mine).words == "Pushed 1 commit to origin/main."
    assert there(mine, "origin") == {"refs/heads/main": head}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"push.default": "nothing"}, "push.default is nothing"),
        ({"push.default": "upstream", "remote.pushDefault": "fork"}, "push.default is upstream"),
        ({"remote.origin.push": "refs/tags/*:refs/tags/*"}, "remote.origin.push sends something else"),
        ({"remote.fork.mirror": "true", "remote.pushDefault": "fork"}, "remote.fork.mirror sends something"),
        ({"remote.pushDefault": "nowhere"}, "remote.pushDefault names nowhere"),
        ({"branch.main.pushRemote": "../fork.git"}, "branch.main.pushRemote names ../fork.git"),
    ],
    ids=str,
)
def test_settings_that_send_nothing(pair: tuple[Work, Work], settings: dict[str, str], words: str) -> None:
    mine, _ = pair
    for name, value in settings.items():
        mine.git("config", name, value)
    mine.commit(FILE, edited(ONE))
    before = there(mine, "origin")
    said = refusal(mine)
    assert said.startswith(words)
    assert said.endswith(".")
    assert (there(mine, "origin"), there(mine, "fork")) == (before, {})


def test_a_fork_with_commits_of_its_own(pair: tuple[Work, Work], tmp_path: Path) -> None:
    mine, yours = pair
    mine.git("config", "remote.pushDefault", "fork")
    mine.commit(FILE, edited(ONE))
    run(mine)
    yours.git("pull", "-q", str(tmp_path / "fork.git"), "main")
    yours.commit(FILE, edited(ONE, TWO))
    yours.git("push", "-q", str(tmp_path / "fork.git"), "main")
    mine.commit("memories/new.xml", b"<a><b>1</b></a>\n")
    outcome = run(mine)
    assert (outcome.complete, outcome.pushed) == (False, 0)
    assert outcome.words.startswith("fork rejected the push")


@pytest.mark.parametrize("single", [False, True], ids=["clone", "single branch"])
def test_a_branch_that_was_deleted_there(pair: tuple[Work, Work], tmp_path: Path, single: bool) -> None:
    mine, yours = pair
    mine.git("push", "-q", "origin", "main:notes")
    address = str(tmp_path / "shared.git")
    options = ["--single-branch", "-b", "main"] if single else []
    git(tmp_path, "clone", "-q", *options, address, str(tmp_path / "third"))
    third = Work(tmp_path / "third")
    if single:
        third.git("switch", "-qc", "notes")
        third.git("config", "branch.notes.remote", "origin")
        third.git("config", "branch.notes.merge", "refs/heads/notes")
    else:
        third.git("switch", "-q", "notes")
    third.commit(FILE, edited(ONE))
    assert run(third).words == "Pushed 1 commit to origin/notes."
    yours.git("push", "-q", "origin", ":notes")
    head = third.commit(FILE, edited(ONE, TWO))
    assert refusal(third) == (
        "origin/notes is gone: it was deleted there, or never pushed; "
        "git push --set-upstream origin notes brings it back."
    )
    assert "refs/heads/notes" not in there(third, "origin")
    third.git("push", "-q", "--set-upstream", "origin", "notes")
    assert there(third, "origin")["refs/heads/notes"] == head
    assert run(third).complete


@pytest.mark.parametrize("kind", ["address", "this repository", "a tag"])
def test_a_branch_that_follows_something_odd(pair: tuple[Work, Work], tmp_path: Path, kind: str) -> None:
    mine, _ = pair
    name, value = {
        "address": ("branch.main.remote", str(tmp_path / "shared.git")),
        "this repository": ("branch.main.remote", "."),
        "a tag": ("branch.main.merge", "refs/tags/v1"),
    }[kind]
    mine.git("config", name, value)
    mine.commit(FILE, edited(ONE))
    assert refusal(mine).startswith("The branch main ")


def tags_there(work: Work) -> list[str]:
    return [line.split("\t")[1] for line in work.git("ls-remote", "--tags", "--refs", "origin").splitlines()]


@pytest.mark.parametrize("follow", ["true", "false"])
def test_tags_go_along_as_with_git_push(pair: tuple[Work, Work], follow: str) -> None:
    mine, _ = pair
    mine.git("config", "push.followTags", follow)
    mine.git("tag", "light")
    mine.git("tag", "--annotate", "--message=one", "v1")
    mine.commit(FILE, edited(ONE))
    planned_tags = [
        line for line in mine.git("push", "-n", "--porcelain").splitlines() if "refs/tags" in line
    ]
    words = run(mine).words
    assert len(tags_there(mine)) == len(planned_tags) == (follow == "true")
    along = " Pushed the tag v1 too, for push.followTags is set." if follow == "true" else ""
    assert words == f"Pushed 1 commit to origin/main.{along}"


def test_a_tag_of_a_commit_that_is_there_goes_along(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.git("config", "push.followTags", "true")
    assert run(mine).words == "Up to date with origin/main."
    mine.git("tag", "--annotate", "--message=one", "v1")
    mine.git("tag", "--annotate", "--message=two", "v2")
    words = run(mine).words
    assert words == "Up to date with origin/main. Pushed the tags v1 and v2 too, for push.followTags is set."
    assert run(mine).words == "Up to date with origin/main."


def test_a_tag_that_is_refused_keeps_no_commit_back(pair: tuple[Work, Work], tmp_path: Path) -> None:
    mine, _ = pair
    hook = tmp_path / "shared.git/hooks/update"
    hook.write_text("#!/bin/sh\ncase $1 in refs/tags/*) exit 1;; esac\n")
    hook.chmod(0o755)
    mine.git("config", "push.followTags", "true")
    mine.git("tag", "--annotate", "--message=one", "v1")
    head = mine.commit(FILE, edited(ONE))
    outcome = run(mine)
    assert (outcome.complete, outcome.words) == (True, "Pushed 1 commit to origin/main.")
    assert there(mine, "origin") == {"refs/heads/main": head}


@pytest.fixture
def with_submodule(pair: tuple[Work, Work], tmp_path: Path) -> Work:
    """Return a working copy whose submodule has a commit that no remote has."""
    mine, _ = pair
    git(tmp_path, "init", "-q", "--bare", "part.git")
    mine.git("clone", "-q", str(tmp_path / "part.git"), "part")
    git(mine.root / "part", "commit", "-q", "--allow-empty", "-m", "one")
    git(mine.root / "part", "push", "-q", "origin", "HEAD")
    mine.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(tmp_path / "part.git"), "part")
    mine.git("commit", "-q", "-m", "part")
    mine.git("push", "-q")
    git(mine.root / "part", "commit", "-q", "--allow-empty", "-m", "two")
    mine.git("add", "part")
    mine.git("commit", "-q", "-m", "bump")
    return mine


@pytest.mark.parametrize(
    "settings",
    [
        {"push.recurseSubmodules": "check"},
        {"push.recurseSubmodules": "on-demand"},
        {"submodule.recurse": "1"},
    ],
    ids=str,
)
def test_what_submodules_have_is_pushed_first(with_submodule: Work, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        with_submodule.git("config", name, value)
    outcome = run(with_submodule)
    assert not outcome.complete
    assert "run git push --recurse-submodules=on-demand, then sync. 1 commit waits here." in outcome.words
    git(with_submodule.root / "part", "push", "-q", "origin", "HEAD")
    assert run(with_submodule).words == "Pushed 1 commit to origin/main."


@pytest.mark.parametrize("value", ["", "no", "false"])
def test_submodules_are_let_be_where_git_lets_them(with_submodule: Work, value: str) -> None:
    if value:
        with_submodule.git("config", "push.recurseSubmodules", value)
    assert run(with_submodule).words == "Pushed 1 commit to origin/main."


def test_a_setting_by_which_no_branch_is_pushed(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.git("config", "push.recurseSubmodules", "only")
    assert "push.recurseSubmodules is only" in refusal(mine)
