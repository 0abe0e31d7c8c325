"""The locks of git's: removed when the git that a killed memarium had started is gone, and only then."""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from index.git.repository import Busy
from index.git.saving import killed_save, locks
from index.storage import locking
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")
LOCKS = ["index.lock", "HEAD.lock", "refs/heads/main.lock", "next-index-12.lock", "objects/maintenance.lock"]


@pytest.fixture
def work(make_work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr(locks, "PATIENCE", 0.3)
    monkeypatch.setattr(locks, "LIVING", 0.0)
    monkeypatch.setattr(locking, "STUCK", 0.3)
    work = make_work()
    work.commit("memories/a.xml", ENTRY)
    return work


def leave(work: Work, name: str, *, since: float, made: float | None = None) -> None:
    """Leave what a memarium leaves that was killed while its git held a lock; times in seconds ago."""
    now = time.time()
    work.write(f".git/{locks.LOCK}", f"{now - since:.3f}\n".encode())
    lock = work.write(f".git/{name}", b"")
    os.utime(lock, (now - (since if made is None else made),) * 2)


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_of_a_killed_git_is_removed(work: Work, name: str) -> None:
    leave(work, name, since=30)
    done = work.save("a.xml", NEW)
    assert done.revision == work.head()
    assert done.removed == (work.root / ".git" / name,)
    assert killed_save.removed_words(done.removed).startswith(
        f"Removed {name.rpartition('/')[2]}, which a git"
    )
    assert killed_save.SaveNote.parse((work.root / ".git" / locks.LOCK).read_bytes()) is None


@pytest.mark.parametrize("made", [40, -8000])
def test_a_lock_of_another_time_stays(work: Work, made: float) -> None:
    leave(work, "index.lock", since=30, made=made)
    with pytest.raises(Busy, match=r"index\.lock.*delete that file if no git command runs"):
        work.save("a.xml", NEW)
    assert (work.root / ".git/index.lock").exists()


def test_a_lock_stays_where_no_memarium_was_killed(work: Work) -> None:
    work.save("a.xml", NEW)
    work.write(".git/index.lock", b"")
    with pytest.raises(Busy):
        work.save("a.xml", ENTRY)
    assert (work.root / ".git/index.lock").exists()


@pytest.fixture
def go(work: Work) -> Iterator[int]:
    """Hooks that read the pipe `go` wait until the test writes to it."""
    os.mkfifo(work.root / "go")
    descriptor = os.open(work.root / "go", os.O_RDWR)
    yield descriptor
    os.write(descriptor, b"\n\n")
    os.close(descriptor)


def test_a_lock_stays_while_a_git_runs_there(work: Work, go: int) -> None:
    os.mkfifo(work.root / "begun")
    work.hook("pre-commit", "echo > begun; read line < go")
    command = ["git", "commit", "--quiet", "--allow-empty", "--message", "other"]
    with subprocess.Popen(command, cwd=work.root) as process:
        (work.root / "begun").read_bytes()
        leave(work, "index.lock", since=30)
        with pytest.raises(Busy):
            work.save("a.xml", NEW)
        os.write(go, b"\n")
    assert process.returncode == 0


def test_a_git_that_outlives_its_memarium_keeps_others_out(work: Work) -> None:
    """The hook's child holds what git held, until the save is over in good order."""
    checkout = work.open().checkout
    work.hook("pre-commit", f"flock -n .git/{locks.LOCK} true && echo free > free || true")
    work.save("a.xml", NEW)
    assert not (work.root / "free").exists()
    with locks.own_lock(checkout):
        assert checkout.runner.write("version").code == 0
    descriptor = os.open(work.root / ".git" / locks.LOCK, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)


def test_the_child_of_a_hook_does_not_hold_the_lock(work: Work, go: int) -> None:
    work.hook("post-commit", "(read line < go) >/dev/null 2>&1 &")
    work.save("a.xml", NEW)
    assert work.save("a.xml", ENTRY).revision == work.head()
