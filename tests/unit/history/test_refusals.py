"""When a save cannot or should not be committed: said before anything is written, and what to do."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from index.git.repository import Busy, Refused, Repository
from index.git.saving import commit_files, locks
from index.storage import locking
from index.workspace import Workspace
from tests.support.work import ENTRY, Work, preflight

NEW = ENTRY.replace(b"one", b"two")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE", 0.1)
    monkeypatch.setattr(locks, "LIVING", 0.0)
    monkeypatch.setattr(locking, "STUCK", 0.1)


def diverge(work: Work) -> None:
    """Give `side` and `main` conflicting versions of another file."""
    work.git("switch", "-qc", "side")
    work.commit("src/main.py", b"side\n")
    work.git("switch", "-q", "main")
    work.commit("src/main.py", b"main\n")


def in_merge(work: Work) -> None:
    diverge(work)
    work.git("merge", "side", check=False)


def in_rebase(work: Work) -> None:
    diverge(work)
    work.git("rebase", "side", check=False)


def in_rebase_of_a_merge(work: Work) -> None:
    work.git("switch", "-qc", "base")
    work.commit("other", b"0")
    work.git("switch", "-q", "main")
    diverge(work)
    work.git("merge", "-q", "-s", "ours", "--no-edit", "side")
    work.git("rebase", "--rebase-merges", "base", check=False)


def in_rebase_by_patches(work: Work) -> None:
    diverge(work)
    work.git("rebase", "--apply", "side", check=False)


def in_am(work: Work) -> None:
    diverge(work)
    patch = work.git("format-patch", "-1", "--stdout", "side") + "\n"
    work.git("am", text=patch, check=False)


def in_cherry_pick(work: Work) -> None:
    diverge(work)
    work.git("cherry-pick", "side", check=False)


def in_revert(work: Work) -> None:
    work.commit("src/main.py", b"2\n")
    work.commit("src/main.py", b"3\n")
    work.git("revert", "--no-edit", "HEAD~1", check=False)


def in_bisect(work: Work) -> None:
    work.git("bisect", "start")


@pytest.mark.parametrize(
    ("begin", "busy"),
    [
        (in_merge, "merge"),
        (in_rebase, "rebase"),
        (in_rebase_of_a_merge, "rebase"),
        (in_rebase_by_patches, "rebase"),
        (in_am, "git am"),
        (in_cherry_pick, "cherry-pick"),
        (in_revert, "revert"),
        (in_bisect, "bisect"),
    ],
)
def test_in_the_middle_of_something(work: Work, begin: Callable[[Work], None], busy: str) -> None:
    """Scenario 11."""
    begin(work)
    status, head = work.status(), work.head()
    repository = work.open()
    assert repository.state().busy == busy
    with pytest.raises(Refused, match=rf"^A {busy} is in progress .* Nothing was written\.$"):
        preflight(repository, "a.xml")
    with pytest.raises(Refused, match=f"^A {busy} is in progress"):
        work.save("a.xml", NEW)
    assert (work.status(), work.head()) == (status, head)


def test_on_no_branch(work: Work) -> None:
    """Scenario 11: detached HEAD."""
    work.git("switch", "--detach", "-q", "HEAD")
    repository = work.open()
    state = repository.state()
    assert (state.branch, state.detached, state.head) == ("", True, work.head())
    with pytest.raises(Refused, match=r"on no branch .* run git switch -c NAME .* Nothing was written\.$"):
        preflight(repository, "a.xml")
    with pytest.raises(Refused, match="on no branch"):
        work.save("a.xml", NEW)
    assert work.status() == ""


def test_nobody_knows_who_commits(work: Work, own_git_settings: Path) -> None:
    """Scenario 12."""
    own_git_settings.write_text("[user]\n useConfigOnly = true\n")
    assert work.open().state().identity == ""
    for path in ("a.xml", "b.xml"):
        with pytest.raises(Refused, match=r"git config --global user\.name .* Nothing was written\.$"):
            work.save(path, NEW)
    assert work.status() == ""


@pytest.mark.parametrize("rule", ["*.xml", "/memories/b.*", "memories"])
def test_an_ignored_file(work: Work, rule: str) -> None:
    """Scenario 18: git's own reason; a file that is tracked all the same can be saved."""
    work.write(".gitignore", f"# agents\n{rule}\n".encode())
    work.commit(".gitignore", f"# agents\n{rule}\n".encode())
    index = work.git("ls-files", "-s")
    with pytest.raises(Refused) as caught:
        work.save("b.xml", NEW)
    assert str(caught.value).startswith(f"git ignores b.xml (.gitignore line 2: {rule}), so it cannot be")
    assert not (work.tree / "b.xml").exists()
    assert work.git("ls-files", "-s") == index
    assert work.save("a.xml", NEW).revision == work.head()


def test_an_exception_to_an_ignore_rule(work: Work) -> None:
    work.commit(".gitignore", b"*.xml\n!b.xml\n")
    assert work.save("b.xml", NEW).revision == work.head()


def test_a_short_lock_is_waited_for(work: Work) -> None:
    """Scenario 8."""
    lock = work.write(".git/index.lock", b"")
    seen = threading.Event()

    def release() -> None:
        seen.wait(5)
        lock.unlink()

    holder = threading.Thread(target=release)
    holder.start()
    threading.Timer(0.2, seen.set).start()
    assert work.save("a.xml", NEW).revision == work.head()
    holder.join()
    assert work.status() == ""


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_stays(work: Work, impatient: None, name: str) -> None:
    """Scenario 8: nothing written, the lock named with its age, and left alone."""
    lock = work.write(f".git/{name}", b"")
    an_hour_ago = time.time() - 3700
    os.utime(lock, (an_hour_ago, an_hour_ago))
    with pytest.raises(Busy) as caught:
        work.save("a.xml", NEW)
    assert caught.value.lock == lock
    assert caught.value.age == pytest.approx(3700, abs=5)
    assert not caught.value.written
    assert f"{lock}, made 1 h ago" in str(caught.value)
    assert str(caught.value).endswith("Nothing was written.")
    assert lock.exists()
    lock.unlink()
    assert work.status() == ""


@pytest.mark.parametrize("path", ["a.xml", "b.xml"])
@pytest.mark.parametrize("lock", ["index.lock", "refs/heads/main.lock"])
def test_a_lock_that_comes_after_the_write(
    work: Work, impatient: None, monkeypatch: pytest.MonkeyPatch, lock: str, path: str
) -> None:
    monkeypatch.setattr(commit_files, "wait_for_index", lambda _folder: work.write(f".git/{lock}", b""))
    monkeypatch.setattr("index.git.runner.WRITE_CONFIG", ("core.filesRefLockTimeout=1",))
    before, index = work.head(), work.git("ls-files", "-s")
    with pytest.raises(Busy, match=r"The edit is saved on disk, but not committed\.$") as caught:
        work.save(path, NEW)
    assert caught.value.written
    assert caught.value.lock == work.root / ".git" / lock
    assert caught.value.lock.exists()
    assert (work.tree / path).read_bytes() == NEW
    assert (work.head(), work.git("ls-files", "-s")) == (before, index)


def test_another_memarium_is_saving(work: Work, impatient: None) -> None:
    repository = work.open()
    snapshot = repository.snapshot("a.xml")
    with (
        work.open().alone(),
        pytest.raises(Busy, match=r"Another memarium has not finished saving here.* Nothing was written\.$"),
    ):
        repository.save_all([(snapshot, NEW)], "mine")
    assert work.status() == ""
    assert repository.save_all([(snapshot, NEW)], "mine").revision == work.head()


@pytest.mark.parametrize("refused", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_read_only_repository(work: Work, monkeypatch: pytest.MonkeyPatch, refused: int) -> None:
    repository = work.open()
    snapshot = repository.snapshot("a.xml")
    real = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).name == locks.LOCK:
            raise OSError(refused, os.strerror(refused))
        return real(path, flags, mode)

    def denied(*_arguments: object) -> bool:
        return False

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Refused, match=r"^The repository is read-only: .*\.git\. Nothing was written\.$"):
        repository.save_all([(snapshot, NEW)], "mine")
    monkeypatch.setattr(os, "access", denied)
    with pytest.raises(Refused, match=r"repository is read-only: .*\.git\. Nothing was written\.$"):
        preflight(repository, "a.xml")
    assert work.status() == ""


@pytest.mark.parametrize("known", [False, True])
def test_a_repository_in_the_tree(work: Work, known: bool) -> None:
    work.git("init", "-q", "memories/nested")
    work.write("memories/nested/x.xml", ENTRY)
    if known:  # as a submodule
        tip = "1" * 40
        work.git("update-index", "--add", "--cacheinfo", f"160000,{tip},memories/nested")
        work.git("commit", "-qm", "add a submodule")
    repository = work.open()
    with pytest.raises(
        Refused, match=r"^nested/x\.xml belongs to the repository .*/memories/nested: open that"
    ):
        preflight(repository, "nested/x.xml")
    with pytest.raises(Refused, match="belongs to the repository"):
        work.save("nested/x.xml", NEW)
    assert (work.tree / "nested/x.xml").read_bytes() == ENTRY
    assert repository.uncommitted() == []
    workspace = Workspace.open(work.tree)
    (key,) = (entry.id for entry in workspace.tree.entries() if entry.file == "nested/x.xml")
    with pytest.raises(Refused, match=r"belongs to the repository .*: its history is there"):
        workspace.history.versions(key)
    with pytest.raises(Refused, match="belongs to the repository"):
        workspace.history.file_versions("nested/x.xml")
    with pytest.raises(Refused, match="belongs to the repository"):
        workspace.committer.commit(workspace.planner.edit(key, {"title": "two"}), None)


def test_no_repository(tmp_path: Path) -> None:
    """Scenario 16."""
    (tmp_path / "memories").mkdir()
    assert Repository.find(tmp_path / "memories") is None
    assert Repository.find(tmp_path / "nowhere" / "deep") is None


def test_no_git(work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain").mkdir()
    for path in (str(tmp_path), ""):
        monkeypatch.setenv("PATH", path)
        assert Repository.find(tmp_path / "plain") is None
        with pytest.raises(Refused, match="git is not on the PATH"):
            Repository.find(work.tree)


def test_a_bare_repository(make_work: Callable[..., Work], work: Work) -> None:
    """Scenario 16."""
    bare = make_work("bare", "--bare")
    for folder in (bare.root, bare.tree):
        with pytest.raises(Refused, match="is bare: it holds no files"):
            Repository.find(folder)
    with pytest.raises(Refused, match="is not in the working copy"):
        Repository.find(work.root / ".git" / "hooks")


def test_a_repository_of_another_user(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenario 16: git's own switch for its tests makes every owner another."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Refused, match=r"does not trust .* git config --global --add safe\.directory"):
        Repository.find(work.tree)
    assert "safe" not in Path(os.environ["GIT_CONFIG_GLOBAL"]).read_text()


def test_a_damaged_repository(work: Work) -> None:
    work.write(".git/config", b"[core\n")
    with pytest.raises(Refused, match=r"^git cannot read the repository of .*bad config line 1"):
        Repository.find(work.tree)
    work.write("memories/sub/.git", b"gitdir: /nowhere\n")
    with pytest.raises(Refused, match=r"^git cannot read the repository of .*/nowhere"):
        Repository.find(work.tree / "sub")


def test_a_working_copy_elsewhere(work: Work, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    work.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    with pytest.raises(Refused, match="is not in the working copy of its repository"):
        Repository.find(work.tree)


def test_no_lasting_lock_between_saves(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """The own lock goes with the save, however it ends."""

    def fail(*_arguments: object) -> NoReturn:
        raise RuntimeError

    repository = work.open()
    snapshot = repository.snapshot("a.xml")
    with monkeypatch.context() as patched:
        patched.setattr(commit_files, "_commit", fail)
        with pytest.raises(RuntimeError):
            repository.save_all([(snapshot, NEW)], "mine")
    assert repository.save_all([(repository.snapshot("a.xml"), NEW)], "mine").revision == work.head()
