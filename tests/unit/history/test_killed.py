"""A git that was killed after it had moved the branch: its index is brought up to the commit it made."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from index.git.saving.killed_save import SaveNote
from index.git.saving.locks import LOCK
from index.model.errors import HookFailed
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")
PATHS = ("memories/a.xml", "memories/né w.xml")


@pytest.fixture
def work(make_work: Callable[..., Work]) -> Work:
    work = make_work()
    work.commit("memories/a.xml", ENTRY)
    return work


def kill_after_commit(work: Work, *paths: str) -> None:
    """Make a commit of `paths` and leave index and locks as a git that was killed before it wrote them."""
    old = work.git("rev-parse", "HEAD")
    index = (work.root / ".git/index").read_bytes()
    for path in paths:
        work.commit(path, NEW)
    work.git("reset", "--soft", old)
    work.git("commit", "--quiet", "--message", "all at once")
    work.write(".git/index", index)
    work.write(".git/next-index-12.lock", index)
    note = "\0".join((f"{time.time() - 1:.3f}", old, *paths))
    work.write(f".git/{LOCK}", note.encode())


@pytest.mark.parametrize("paths", [PATHS[:1], PATHS, (*PATHS, "memories/[b]*.xml", "memories/:c.xml")])
def test_the_next_start_ends_it(work: Work, paths: tuple[str, ...]) -> None:
    kill_after_commit(work, *paths)
    assert work.git("status", "--porcelain")
    told = work.open().clear_up()
    assert told == "Removed next-index-12.lock, which a git that was killed had left behind."
    assert not work.git("status", "--porcelain")
    assert SaveNote.parse((work.root / ".git" / LOCK).read_bytes()) is None
    assert work.open().clear_up() == ""


def test_the_next_save_ends_it(work: Work) -> None:
    kill_after_commit(work, *PATHS)
    work.save("b.xml", ENTRY)
    assert not work.git("status", "--porcelain")


def test_a_new_file_that_was_only_announced(work: Work) -> None:
    work.write("memories/né w.xml", NEW)
    work.git("add", "--intent-to-add", "memories/né w.xml")
    kill_after_commit(work, *PATHS)
    work.open().clear_up()
    assert not work.git("status", "--porcelain")


def test_what_was_staged_since_stays(work: Work) -> None:
    kill_after_commit(work, *PATHS)
    other = ENTRY.replace(b"one", b"three")
    work.write("memories/a.xml", other)
    work.git("add", "memories/a.xml")
    work.open().clear_up()
    assert work.git("status", "--porcelain").splitlines() == ["M  memories/a.xml"]
    assert work.show(":memories/a.xml") == other


def test_what_was_staged_beside_it_stays(work: Work) -> None:
    kill_after_commit(work, *PATHS)
    work.write("memories/other.xml", ENTRY)
    work.git("add", "memories/other.xml")
    work.open().clear_up()
    assert work.git("status", "--porcelain").splitlines() == ["A  memories/other.xml"]


def test_a_branch_that_was_moved_elsewhere_is_left_alone(work: Work) -> None:
    work.commit("memories/a.xml", NEW)
    kill_after_commit(work, "memories/b.xml")
    work.git("update-ref", "HEAD", "HEAD~2")
    before = work.git("status", "--porcelain")
    work.open().clear_up()
    assert work.git("status", "--porcelain") == before


def test_the_first_commit(make_work: Callable[..., Work]) -> None:
    work = make_work()
    work.write("memories/a.xml", ENTRY)
    work.git("add", "--intent-to-add", "memories/a.xml")
    index = (work.root / ".git/index").read_bytes()
    work.git("add", "-A")
    work.git("commit", "--quiet", "--message", "first")
    work.write(".git/index", index)
    work.write(f".git/{LOCK}", f"{time.time():.3f}\0\0memories/a.xml".encode())
    assert work.open().clear_up() == ""
    assert not work.git("status", "--porcelain")


def test_a_save_writes_down_what_it_is_about(work: Work) -> None:
    work.hook("pre-commit", f"cp .git/{LOCK} noted")
    head = work.git("rev-parse", "HEAD")
    work.save("a.xml", NEW)
    note = SaveNote.parse((work.root / "noted").read_bytes())
    assert note is not None
    assert (note.head, note.paths) == (head, ("memories/a.xml",))
    assert 0 <= time.time() - note.since < 600


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\xff\0\0", b"12 o'clock\0head"])
def test_a_note_that_says_nothing(data: bytes) -> None:
    assert SaveNote.parse(data) is None


@pytest.mark.parametrize("path", ["a.xml", "b.xml"])
@pytest.mark.parametrize("name", ["KILL", "XFSZ"])
def test_a_git_that_the_system_kills_leaves_no_lock(work: Work, path: str, name: str) -> None:
    """As where memory runs out, or a file may not become as large."""
    work.hook("pre-commit", f"kill -s {name} $PPID")
    with pytest.raises(
        HookFailed, match=rf"^git was killed \(SIG{name}\): the edit is saved on disk, but not"
    ):
        work.save(path, NEW)
    assert not list((work.root / ".git").glob("*index*.lock"))
    (work.root / ".git/hooks/pre-commit").unlink()
    work.save("c.xml", NEW)
    assert work.status() == (" M memories/a.xml" if path == "a.xml" else "?? memories/b.xml")


def test_a_commit_that_was_made_before_git_was_killed_counts(work: Work) -> None:
    work.hook("post-commit", "kill -s KILL $PPID")
    assert work.save("b.xml", NEW).revision == work.head()
    assert not work.status()
