"""Why a sync is refused: one plain sentence each; and settings of a hostile repository, which run nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from index.git import runner
from index.git.remotes.remote import check_settings, fetch, find_upstream
from index.history.merge_trees import plan_merge
from index.model.errors import Refused
from tests.support.clones import (
    END,
    FILE,
    FOURTH,
    ONE,
    THIRD,
    TWO,
    edited,
    run,
    send,
    shared,
)
from tests.support.git import git
from tests.support.traps import make_trap
from tests.support.work import Work

# ── why not ───────────────────────────────────────────────────────────────────


def refusal(work: Work) -> str:
    head, status = work.git("rev-parse", "HEAD", check=False), work.status()
    with pytest.raises(Refused) as caught:
        run(work)
    assert (work.git("rev-parse", "HEAD", check=False), work.status()) == (head, status)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_no_remote_and_no_upstream(work: Work, tmp_path: Path) -> None:
    assert refusal(work).startswith("No remote is configured: run git remote add")
    work.git("remote", "add", "backup", str(tmp_path))
    assert "run git push --set-upstream backup main once" in refusal(work)
    work.git("switch", "-qc", "a")
    work.git("branch", "-q", "--set-upstream-to", "main")
    assert "does not follow a branch of a remote by its name" in refusal(work)


def test_states_in_which_nothing_is_merged(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    mine.git("switch", "-q", "--detach")
    assert "on no branch (detached HEAD)" in refusal(mine)
    mine.git("switch", "-q", "main")
    mine.write(".git/MERGE_HEAD", mine.head().encode())
    with pytest.raises(Refused, match="A merge is in progress"):
        run(mine)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("../nothing", "there is no repository at its address"),
        ("http://127.0.0.1:9/user:x@y", "the network, or the host, does not answer"),
        ("https://me:secret@host.invalid/x.git", "its host cannot be found"),
        ("git://127.0.0.1:9/x", "the network, or the host, does not answer"),
    ],
)
def test_a_remote_that_cannot_be_reached(pair: tuple[Work, Work], address: str, words: str) -> None:
    mine, _ = pair
    mine.git("remote", "set-url", "origin", address)
    said = refusal(mine)
    assert said.startswith(f"origin cannot be reached: {words}")
    assert "secret" not in said


def test_a_remote_that_does_not_answer(pair: tuple[Work, Work], monkeypatch: pytest.MonkeyPatch) -> None:
    mine, _ = pair
    monkeypatch.setattr(runner, "TIME_LIMIT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        mine.git("remote", "set-url", "origin", f"git://127.0.0.1:{server.getsockname()[1]}/x")
        assert refusal(mine).startswith("origin did not answer within ")


def test_a_git_that_is_too_old(pair: tuple[Work, Work], monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 2.38, `git merge-tree --write-tree` prints its usage."""
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    real = runner.Runner.read

    def old(self: runner.Runner, *arguments: str, stdin: bytes = b"") -> runner.GitResult:
        if "merge-tree" in arguments:
            return runner.GitResult(129, b"", b"usage: git merge-tree <base-tree> <branch1> <branch2>")
        return real(self, *arguments, stdin=stdin)

    monkeypatch.setattr(runner.Runner, "read", old)
    assert "Merging needs git 2.38 or newer" in refusal(mine)


def test_no_identity(pair: tuple[Work, Work], own_git_settings: Path) -> None:
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    own_git_settings.write_text("[user]\n useConfigOnly = true\n")
    assert refusal(mine).startswith("git does not know who you are")


@pytest.mark.parametrize("setting", [True, False])
def test_addresses_that_the_user_forbids(
    pair: tuple[Work, Work], setting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = pair
    if setting:
        mine.git("config", "protocol.file.allow", "never")
    else:
        monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "https")
    assert "your setting protocol.allow, or GIT_ALLOW_PROTOCOL, forbids" in refusal(mine)


def test_no_common_history(pair: tuple[Work, Work], make_work: Callable[..., Work]) -> None:
    mine, yours = pair
    yours.git("checkout", "-q", "--orphan", "new")
    yours.git("commit", "-qm", "a new start")
    yours.git("push", "-qf", "origin", "new:main")
    assert "no common history, so they cannot be merged: git remote -v tells" in refusal(mine)


@pytest.mark.parametrize("anew", [False, True], ids=["shortened", "and continued"])
@pytest.mark.parametrize("own", [False, True], ids=["nothing of ours", "with a commit of ours"])
def test_commits_that_were_taken_out_there_are_not_sent_back(
    pair: tuple[Work, Work], *, anew: bool, own: bool
) -> None:
    """It is said each time, whoever fetched, until one of the two ways was gone."""
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    send(yours, FILE, edited(TWO, (END, THIRD + END)))
    assert run(mine).complete
    last = mine.head()
    yours.git("reset", "-q", "--hard", "HEAD~2")
    if anew:
        yours.commit("memories/other.xml", b"<a><b>2</b></a>\n")
    yours.git("push", "-qf")
    if own:
        mine.commit(FILE, edited(ONE, TWO, (END, THIRD + END)))
    assert refusal(mine) == refusal(mine)
    assert refusal(mine) == (
        "origin/main was rewritten: 2 commits that you have are no longer there, so nothing was merged or "
        f"pushed. To drop them here too, run git rebase --onto origin/main {last[:10]}; to send them back, "
        "run git merge origin/main, then git push origin HEAD:main."
    )
    assert shared(mine) == yours.head()
    mine.git("branch", "kept")
    mine.git("reset", "-q", "--hard", "origin/main")
    assert run(mine).complete  # dropped
    mine.git("reset", "-q", "--hard", "kept")
    mine.git("merge", "-q", "--no-edit", "origin/main")
    mine.git("push", "-q", "origin", "HEAD:main")
    assert run(mine).complete
    assert run(yours).complete
    assert (yours.root / FILE).read_bytes() == (mine.root / FILE).read_bytes()


def test_dropping_it_ourselves_is_no_rewriting(pair: tuple[Work, Work]) -> None:
    """Neither a commit that was amended and pushed with force, nor one that was dropped before we had it."""
    mine, yours = pair
    mine.commit(FILE, edited(ONE))
    assert run(mine).complete
    mine.git("commit", "-q", "--amend", "-m", "better words")
    mine.git("push", "-qf")
    assert run(mine).complete
    yours.git("pull", "-q")
    send(yours, FILE, edited(ONE, TWO))
    mine.git("fetch", "-q")
    yours.git("reset", "-q", "--hard", "HEAD~1")
    yours.git("push", "-qf")
    mine.commit(FILE, edited(ONE, (END, FOURTH + END)))
    assert run(mine).complete
    assert shared(mine) == mine.head()


def test_a_shallow_clone_without_the_commit_where_the_histories_part(
    pair: tuple[Work, Work], tmp_path: Path
) -> None:
    mine, _ = pair
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}/shared.git", str(tmp_path / "cut"))
    cut = Work(tmp_path / "cut")
    cut.commit(FILE, edited(ONE))
    mine.commit(FILE, edited(TWO))
    send(mine, FILE, edited(TWO, (END, FOURTH + END)))
    cut.git("fetch", "-q", "--depth=1")
    assert refusal(cut).startswith("This clone is shallow")
    cut.git("fetch", "-q", "--unshallow")
    assert run(cut).complete
    assert (cut.root / FILE).read_bytes() == edited(ONE, TWO, (END, FOURTH + END))


# ── hostile settings ──────────────────────────────────────────────────────────


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def program(tmp_path: Path, canary: Path) -> str:
    return make_trap(tmp_path, canary, status=1)


@pytest.mark.parametrize(
    "setting",
    [
        ("remote.origin.uploadpack", "{}"),
        ("remote.origin.receivepack", "{}"),
        ("remote.origin.vcs", "ext"),
        ("remote.origin.url", "ext::{} %S"),
        ("remote.origin.pushurl", "ext::{} %S"),
        ("core.sshCommand", "{}"),
        ("core.gitProxy", "{}"),
        ("core.askPass", "{}"),
        ("core.alternateRefsCommand", "{}"),
        ("credential.helper", "!{}"),
        ("credential.https://example.com.helper", "{}"),
    ],
    ids=lambda setting: setting[0],
)
def test_settings_that_name_a_program(
    pair: tuple[Work, Work], canary: Path, program: str, setting: tuple[str, str]
) -> None:
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    mine.commit(FILE, edited(ONE))
    mine.git("config", setting[0], setting[1].format(program))
    assert "program" in refusal(mine)
    assert not canary.exists()
    if setting[0] in ("remote.origin.uploadpack", "core.alternateRefsCommand"):
        mine.write(".git/objects/info/alternates", f"{yours.root}/.git/objects\n".encode())
        mine.git("fetch", check=False)
        assert canary.exists(), "plain git would have run it"


def test_an_included_setting_and_a_rewritten_address(
    pair: tuple[Work, Work], canary: Path, program: str
) -> None:
    mine, _ = pair
    mine.write(".git/more", f'[remote "origin"]\n uploadpack = {program}\n'.encode())
    mine.git("config", "include.path", "more")
    assert "remote.origin.uploadpack" in refusal(mine)
    mine.git("config", "--unset", "include.path")
    mine.git("config", f"url.ext::{program} .insteadOf", str(mine.root.parent) + "/")
    mine.git("config", "protocol.ext.allow", "always")
    assert "its address starts a program" in refusal(mine)
    assert not canary.exists()
    mine.git("fetch", check=False)
    assert canary.exists(), "plain git would have run it"


def test_programs_for_merging_and_fetching(pair: tuple[Work, Work], canary: Path, program: str) -> None:
    """A merge driver, filters for renormalizing, fsmonitor, and the hooks that a fetch would start."""
    mine, yours = pair
    send(yours, FILE, edited(TWO, (END, FOURTH + END)))
    mine.commit(FILE, edited(ONE, (END, THIRD + END)))
    mine.write(".git/info/attributes", b"*.xml merge=evil filter=evil\n")
    for name, value in {
        "merge.evil.driver": program,
        "filter.evil.clean": program,
        "merge.renormalize": "true",
        "core.fsmonitor": program,
        "fetch.recurseSubmodules": "true",
        "remote.origin.fetch": "+refs/heads/*:refs/heads/*",
    }.items():
        mine.git("config", name, value)
    mine.hook("reference-transaction", f"test $1 = prepared && grep -q remotes && {program}\nexit 0")
    checkout = mine.open().checkout
    canary.unlink(missing_ok=True)
    upstream = find_upstream(checkout, "main")
    check_settings(checkout, "origin")
    head = mine.head()
    assert fetch(checkout, upstream)
    plan = plan_merge(checkout, head, checkout.objects.id(upstream.tracking) or "", {})
    assert (list(plan.files), plan.conflicts) == (["solutions.xml"], ())
    assert not canary.exists()
    assert mine.git("-c", "core.fsmonitor=false", "rev-parse", "main").strip() == head
    mine.git("merge", "--no-edit", upstream.tracking, check=False)
    assert canary.exists(), "plain git would have run them"


def test_a_remote_inside_the_repository(pair: tuple[Work, Work], canary: Path, program: str) -> None:
    """Its hooks would run on a push, and it came with the files."""
    mine, _ = pair
    git(mine.tree, "clone", "-q", "--bare", "..", "memories/.evil")
    mine.git("remote", "set-url", "origin", "./memories/.evil")
    with pytest.raises(Refused, match="lies in this repository itself"):
        run(mine)


def test_helpers_of_the_user_work(
    pair: tuple[Work, Work], own_git_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's own configuration names a program for ssh: it is the user's, so it runs."""
    mine, yours = pair
    send(yours, FILE, edited(TWO))
    ssh = tmp_path / "my-ssh"
    ssh.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    ssh.chmod(0o755)
    with own_git_settings.open("a") as config:
        config.write(f"[core]\n sshCommand = {ssh}\n[ssh]\n variant = simple\n")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")
    mine.git("config", "credential.helper", "store")
    mine.git("remote", "set-url", "origin", f"ssh://host{os.fspath(tmp_path)}/shared.git")
    assert run(mine).words == "Pulled 1 commit from origin/main."
