"""Commands that are asked to end: git ends with them, the state is told, the status is that of the signal."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.commands import exit_status
from tests.support.git import commit_all, git, make_hook, make_repository

PATIENCE = 60.0
LESSON = "<lessons><lesson id='L-1'><title>One</title></lesson></lessons>"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "memories").mkdir(parents=True)
    make_repository(root)
    (root / "memories/lessons.xml").write_text(LESSON)
    commit_all(root)
    return root / "memories"


def begin(tree: Path, *words: str) -> subprocess.Popen[str]:
    # Where the tests run in the background or by nohup, an interrupt or a hangup is ignored.
    hearing = "import signal as s; s.signal(s.SIGINT, s.default_int_handler); s.signal(s.SIGHUP, s.SIG_DFL)"
    return subprocess.Popen(
        [sys.executable, "-c", f"{hearing}\nfrom tui.__main__ import main\nmain()", *words, "-t", str(tree)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def make_slow_hook(tree: Path, name: str, more: str = "") -> Path:
    """Make a hook that takes longer than any test; return the file in which its number is, once it runs."""
    begun = tree.parent.parent / "begun"
    make_hook(tree, name, f"{more}\necho $$ > {begun}.new; mv {begun}.new {begun}; sleep 600; sleep 600")
    return begun


def wait_for(file: Path) -> int:
    end = time.monotonic() + PATIENCE
    while not file.exists():
        assert time.monotonic() < end, "the hook was never run"
        time.sleep(0.02)
    return int(file.read_text())


def is_running(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_hook_ends_with_it(tree: Path, number: signal.Signals) -> None:
    deaf = "trap '' TERM" if number == signal.SIGTERM else ""
    begun = make_slow_hook(tree, "pre-commit", deaf)
    before = git(tree, "rev-parse", "HEAD")
    running = begin(tree, "edit", "L-1", "--set", "title=Two")
    hook = wait_for(begun)
    running.send_signal(number)
    _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 128 + number
    assert "The pre-commit hook was stopped: the edit is saved on disk, but not committed. " in said
    assert " memarium commit commits it; memarium restore " in said
    assert not is_running(hook)
    assert git(tree, "rev-parse", "HEAD") == before
    assert git(tree, "status", "--porcelain") == " M memories/lessons.xml"
    assert not (tree.parent / ".git/index.lock").exists()


def test_a_push_that_is_ended_says_what_waits(tree: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "shared.git")
    git(tree, "remote", "add", "origin", str(tmp_path / "shared.git"))
    git(tree, "push", "--quiet", "--set-upstream", "origin", "main")
    begun = make_slow_hook(tree, "pre-push")
    commit_all(tree.parent, "second")
    running = begin(tree, "sync")
    hook = wait_for(begun)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 128 + signal.SIGTERM
    assert "The pre-push hook was stopped. 1 commit waits here." in said
    assert not is_running(hook)


def test_a_fetch_that_is_ended_changes_nothing(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, connect = tmp_path / "begun", tmp_path / "connect"
    connect.write_text(f"#!/bin/sh\necho $$ > {begun}.new; mv {begun}.new {begun}; sleep 600\n")
    connect.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(connect))
    git(tree, "remote", "add", "origin", "ssh://example.invalid/x.git")
    git(tree, "config", "branch.main.remote", "origin")
    git(tree, "config", "branch.main.merge", "refs/heads/main")
    running = begin(tree, "sync")
    connecting = wait_for(begun)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=PATIENCE)
    assert (running.returncode, said) == (
        130,
        "memarium: The sync was stopped. Nothing was merged or pushed.\n",
    )
    assert not is_running(connecting)


@pytest.mark.parametrize(("status", "ends"), [(0, 0), (1, 143), (3, 143), (130, 143)])
def test_what_was_done_nevertheless_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, status: int, ends: int
) -> None:
    monkeypatch.setattr(exit_status, "_asked", [signal.SIGTERM, signal.SIGINT])
    assert exit_status.ended_with(status) == ends


def test_a_signal_that_is_ignored_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        exit_status.hear_signals()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) != ours[signal.SIGTERM]
    finally:
        for number, how in ours.items():
            signal.signal(number, how)
