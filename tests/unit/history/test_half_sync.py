"""A sync that was killed while git moved the files: the next one ends it, wherever it was."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.history.half_sync import HalfSync, finish, is_done, moved, put_back
from index.history.sync import sync
from index.storage.intents import Intents
from tests.support.clones import make_pair
from tests.support.work import Work

OLD, NEW = b"<a>\n<b>old</b>\n</a>\n", b"<a>\n<b>new, and longer</b>\n</a>\n"
FILES = [f"memories/{name}.xml" for name in ("changed", "gone", "ünï 'q'\n\"x\"", "deep/er/new", "mode")]
CHANGED, GONE, ODD, ADDED, MODE = FILES


@pytest.fixture(params=["lf", "crlf", "sha256"])
def behind(request: pytest.FixtureRequest, make_work: Callable[..., Work]) -> tuple[Work, HalfSync]:
    work = make_work("mine", *(["--object-format=sha256"] if request.param == "sha256" else []))
    if request.param == "crlf":
        work.git("config", "core.autocrlf", "true")
    for path in (CHANGED, GONE, ODD, MODE):
        work.write(path, OLD)
    work.write("src/staged.py", b"1\n")
    work.git("add", ".")
    work.git("commit", "-qm", "old")
    old = work.head()
    work.write(CHANGED, NEW)
    work.write(ODD, NEW)
    work.write(ADDED, NEW)
    (work.root / GONE).unlink()
    (work.root / MODE).chmod(0o755)
    work.git("add", ".")
    work.git("commit", "-qm", "new")
    target = work.head()
    work.git("reset", "-q", "--hard", old)
    work.write("src/staged.py", b"2\n")
    work.git("add", ".")
    work.write("src/staged.py", b"3\n")
    return work, HalfSync(old, target, "origin/main")


def be_at(work: Work, half: HalfSync, *, index: bool, files: list[str], torn: str = "") -> None:
    """Bring files, and the index, to what a killed git leaves of its way to the target."""
    for path in files:
        if path == GONE:
            (work.root / path).unlink()
        else:
            (work.root / path).parent.mkdir(parents=True, exist_ok=True)
            work.git("restore", f"--source={half.target}", "--", path)
    if torn == "gone":
        (work.root / CHANGED).unlink()
    elif torn:
        data = work.git("cat-file", "--filters", f"{half.target}:{CHANGED}").encode()
        (work.root / CHANGED).write_bytes(data[: int(torn)])
    if index:
        work.git("reset", "-q", half.target, "--", "memories")


def at(work: Work, commit: str) -> bool:
    """Whether the memories are as a commit has them, in the index and on disk, and no folder is left over."""
    same = not work.git("diff", commit, "--", "memories") and not work.git(
        "diff", "--cached", commit, "--", "memories"
    )
    listed = set(work.git("ls-tree", "-rz", "--name-only", commit, "memories").split("\0")) - {""}
    there = {str(path.relative_to(work.root)) for path in work.tree.rglob("*") if path.is_file()}
    return same and there == listed and (ADDED in there or not (work.tree / "deep").exists())


STATES: list[dict[str, Any]] = [
    {"index": False, "files": []},
    {"index": False, "files": FILES[:2]},
    {"index": False, "files": FILES},
    {"index": True, "files": FILES},
    {"index": False, "files": [], "torn": "gone"},
    {"index": False, "files": [GONE], "torn": "0"},
    {"index": False, "files": [ODD, ADDED], "torn": "9"},
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("forward", [True, False])
def test_it_is_ended_or_put_back(behind: tuple[Work, HalfSync], state: dict[str, Any], forward: bool) -> None:
    work, half = behind
    be_at(work, half, **state)
    checkout = work.open().checkout
    assert not is_done(checkout, half)
    ended = (finish if forward else put_back)(checkout, half)
    assert (ended.finished, ended.kept) == (forward, ())
    assert work.head() == (half.target if forward else half.old)
    assert at(work, work.head())
    assert (work.root / "src/staged.py").read_bytes() == b"3\n"
    assert work.git("diff", "--cached", "--name-only").split() == ["src/staged.py"]
    assert is_done(checkout, half) is forward
    assert not moved(checkout, half) or forward


@pytest.mark.parametrize("forward", [True, False])
def test_the_work_of_somebody_stays(behind: tuple[Work, HalfSync], forward: bool) -> None:
    work, half = behind
    be_at(work, half, index=False, files=FILES)
    work.write(CHANGED, b"<mine/>\n")
    work.write(ADDED, b"<mine/>\n")
    checkout = work.open().checkout
    assert moved(checkout, half)[CHANGED] == "other"
    ended = (finish if forward else put_back)(checkout, half)
    assert sorted(ended.kept) == sorted([CHANGED, ADDED])
    assert (work.root / CHANGED).read_bytes() == (work.root / ADDED).read_bytes() == b"<mine/>\n"
    assert work.head() == (half.target if forward else half.old)
    assert not work.git("diff", "--cached", "--", "memories")


def test_after_a_commit_the_files_go_back(behind: tuple[Work, HalfSync]) -> None:
    work, half = behind
    be_at(work, half, index=False, files=FILES, torn="5")
    work.git("commit", "-qm", "mine")
    ended = finish(work.open().checkout, half)
    assert not ended.finished
    assert at(work, work.head())


def test_a_commit_on_top_of_the_target_is_a_done_sync(behind: tuple[Work, HalfSync]) -> None:
    work, half = behind
    work.git("merge", "-q", "--ff-only", half.target)
    work.git("commit", "-qm", "mine")
    assert is_done(work.open().checkout, half)


def test_the_next_sync_ends_it(make_work: Callable[..., Work], tmp_path: Path) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    old = yours.head()
    target = mine.commit("memories/new.xml", NEW)
    mine.git("push", "-q")
    yours.git("fetch", "-q")
    intents = Intents(tmp_path / "state" / "intents")
    read, write = os.pipe()
    process = os.fork()
    if not process:
        with intents.hold("sync", HalfSync(old, target, "origin/main").about()):
            yours.write("memories/new.xml", NEW[:7])
            os.write(write, b"1")
            os.kill(os.getpid(), 9)
    os.read(read, 1)
    os.waitpid(process, 0)
    assert len(intents.left("sync")) == 1
    outcome = sync(yours.open().checkout, intents=intents)
    assert outcome.words == "The sync that was interrupted is finished. Up to date with origin/main."
    assert outcome.complete
    assert (yours.head(), yours.status()) == (target, "")
    assert not intents.left("sync")
    assert not list((tmp_path / "state" / "intents").iterdir())


def test_a_sync_leaves_no_intent(make_work: Callable[..., Work], tmp_path: Path) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    mine.commit("memories/new.xml", NEW)
    mine.git("push", "-q")
    intents = Intents(tmp_path / "state" / "intents")
    assert sync(yours.open().checkout, intents=intents).fetched == 1
    assert not list((tmp_path / "state" / "intents").iterdir())


def test_a_file_and_a_folder_of_one_name(make_work: Callable[..., Work]) -> None:
    work = make_work()
    old = work.commit("memories/a", OLD)
    work.git("rm", "-q", "memories/a")
    target = work.commit("memories/a/b.xml", NEW)
    work.git("reset", "-q", "--hard", old)
    checkout = work.open().checkout
    half = HalfSync(old, target, "origin/main")
    (work.root / "memories/a").unlink()
    assert finish(checkout, half).finished
    assert work.status() == ""
    back = HalfSync(target, old, "origin/main")
    assert finish(checkout, back).finished
    assert work.status() == ""
    assert (work.root / "memories/a").read_bytes() == OLD


def test_a_first_sync_into_an_empty_repository(make_work: Callable[..., Work]) -> None:
    work = make_work()
    target = work.commit("memories/a.xml", NEW)
    work.git("update-ref", "-d", "HEAD")
    work.git("rm", "-q", "--cached", "-r", ".")
    work.write("memories/a.xml", NEW[:4])
    half = HalfSync(None, target, "origin/main")
    assert moved(work.open().checkout, half) == {"memories/a.xml": "torn"}
    assert finish(work.open().checkout, half).finished
    assert (work.head(), work.status()) == (target, "")
