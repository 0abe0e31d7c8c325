"""Two clones of one bare repository, for the tests of sync."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.history.sync import Choose, sync
from index.model.merge_outcomes import Outcome
from tests.support.git import git
from tests.support.work import Work

FILE = "memories/solutions.xml"
BASE = b"""<solutions>
  <solution id="1">
    <fix>one</fix>
    <level>1</level>
    <tags>a, b</tags>
  </solution>
  <solution id="2">
    <fix>two</fix>
    <level>2</level>
    <tags>b</tags>
  </solution>
</solutions>
"""
THIRD = b'  <solution id="3">\n    <fix>three</fix>\n  </solution>\n'
FOURTH = b'  <solution id="4">\n    <fix>four</fix>\n  </solution>\n'


def edited(*pairs: tuple[bytes, bytes], data: bytes = BASE) -> bytes:
    for old, new in pairs:
        assert data.count(old) == 1, old
        data = data.replace(old, new)
    return data


ONE, TWO = (b">one<", b">ONE<"), (b">two<", b">TWO<")
END = b"</solutions>\n"


def make_pair(make_work: Callable[..., Work], tmp_path: Path) -> tuple[Work, Work]:
    """Two clones of one bare repository; the second has everything the first has."""
    git(tmp_path, "init", "-q", "--bare", str(tmp_path / "shared.git"))
    mine = make_work("mine")
    mine.git("remote", "add", "origin", str(tmp_path / "shared.git"))
    mine.commit("src/main.py", b"print(1)\n")
    mine.commit("memories/other.xml", b"<a><b>1</b></a>\n")
    mine.commit(FILE, BASE)
    mine.git("push", "-q", "--set-upstream", "origin", "main")
    git(tmp_path, "clone", "-q", str(tmp_path / "shared.git"), str(tmp_path / "yours"))
    return mine, Work(tmp_path / "yours")


def run(work: Work, choose: Choose | None = None) -> Outcome:
    return sync(work.open().checkout, choose)


def shared(work: Work) -> str:
    return work.git("ls-remote", "origin", "refs/heads/main").split("\t")[0]


def send(work: Work, path: str, data: bytes) -> str:
    """Commit in another clone, and push."""
    commit = work.commit(path, data, "theirs")
    work.git("push", "-q")
    return commit
