"""Others write at the same time, or the process is killed: nothing is lost, nothing is torn."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from index.git.repository import Commit
from index.storage.files import read_or_none
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")
PROJECT = Path(__file__).parents[3]


def test_a_commit_between_write_and_commit_is_told(work: Work) -> None:
    """Another process commits the same path while the hook runs: ours lands on top, and the race is told."""
    work.hook(
        "pre-commit",
        "[ -e .git/once ] && exit; touch .git/once; unset GIT_INDEX_FILE GIT_DIR\n"
        "blob=$(echo '<theirs/>' | git hash-object -w --stdin)\n"
        "GIT_INDEX_FILE=.git/other git read-tree HEAD\n"
        "GIT_INDEX_FILE=.git/other git update-index --cacheinfo 100644,$blob,memories/a.xml\n"
        "tree=$(GIT_INDEX_FILE=.git/other git write-tree)\n"
        "git update-ref HEAD $(git commit-tree -m theirs -p HEAD $tree)",
    )
    commit = work.save("a.xml", NEW, "mine")
    assert (commit.revision, commit.raced) == (work.head(), True)
    assert work.git("log", "--format=%s", "-2").split() == ["mine", "theirs"]
    assert work.show("HEAD:memories/a.xml") == NEW
    assert work.status() == ""


def test_our_commit_is_found_below_anothers(work: Work) -> None:
    work.hook(
        "post-commit",
        "[ -e .git/once ] && exit; touch .git/once\n"
        "git commit -q --allow-empty -m later\n"
        "echo '<later/>' > memories/a.xml; git commit -qm theirs memories",
    )
    commit = work.save("a.xml", NEW, "mine")
    assert work.git("log", "--format=%s", "-3").split() == ["theirs", "later", "mine"]
    assert commit.revision == work.git("rev-parse", "HEAD~2")
    assert commit.raced
    assert commit.changed_by_hook  # the file on disk is not what was given


def test_parallel_saves_all_arrive(work: Work) -> None:
    """Several processes, one repository: every commit arrives with its own path alone."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom index.git.repository import Repository\n"
        "repository = Repository.find(Path(sys.argv[1]))\n"
        "for i in range(5):\n"
        "    snapshot = repository.snapshot(f'{sys.argv[2]}.xml')\n"
        "    repository.save_all([(snapshot, f'<e n=\"{i}\"/>'.encode())], f'{sys.argv[2]} {i}')\n"
        "repository.close()\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(work.tree), name], cwd=PROJECT)
        for name in ("p", "q", "r")
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    subjects = work.git("log", "--format=%s", "-15").splitlines()
    assert sorted(subjects) == sorted(f"{name} {i}" for name in "pqr" for i in range(5))
    assert work.status() == ""


def test_threads_of_one_repository_save_in_turn(work: Work) -> None:
    repository = work.open()
    made: list[Commit] = []

    def save(name: str) -> None:
        made.append(repository.save_all([(repository.snapshot(name), NEW)], f"save {name}"))

    threads = [threading.Thread(target=save, args=(f"{i}.xml",)) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {work.git("log", "-1", "--format=%s", commit.revision or "-") for commit in made} == {
        f"save {i}.xml" for i in range(5)
    }
    assert not any(commit.raced or commit.changed_by_hook for commit in made)
    assert work.status() == ""


@pytest.mark.parametrize("delay", [0.0, 0.004, 0.009, 0.015, 0.03])
def test_killed_in_the_middle(work: Work, delay: float) -> None:
    """The file is one whole version, and the next save goes through."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom index.git.repository import Repository\n"
        "repository = Repository.find(Path(sys.argv[1]))\n"
        "for i in range(1000):\n"
        "    snapshot = repository.snapshot('a.xml')\n"
        "    print(i, flush=True)\n"
        "    repository.save_all([(snapshot, b'<e>' + str(i).encode() * 9999 + b'</e>')], str(i))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(work.tree)], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for _ in range(3):
            process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(delay)
        process.send_signal(signal.SIGKILL)
    whole = [ENTRY, *(b"<e>" + str(i).encode() * 9999 + b"</e>" for i in range(1000))]
    assert read_or_none(work.tree / "a.xml") in whole
    assert work.save("a.xml", NEW).revision is not None
    assert work.show("HEAD:memories/a.xml") == NEW
    assert work.open().uncommitted() == []
    work.git("fsck", "--strict")
