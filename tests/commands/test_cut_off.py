"""The commands that look back in a clone that leaves something out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from index.model.commits import BEGINS, SHALLOW
from tests.support import commands
from tests.support.git import commit_all, git, make_repository

ENTRY = '<lesson id="{}"><title>{}</title><fix>{}</fix></lesson>\n'


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which L-1 is edited twice, L-2 deleted, and N-1 added in a file of its own."""
    monkeypatch.setenv("HOME", str(tmp_path / "HOME"))
    root = tmp_path / "origin"
    (root / "memories").mkdir(parents=True)
    make_repository(root)
    two = ENTRY.format("L-2", "Two", "two")
    for number, word in enumerate(("one", "two", "three")):
        write(root, "lessons.xml", ENTRY.format("L-1", "One", word) + two, number)
    write(root, "lessons.xml", ENTRY.format("L-1", "One", "three"), 3)
    write(root, "new.xml", ENTRY.format("N-1", "New", "new"), 4)
    return root


def write(root: Path, file: str, entries: str, day: int) -> None:
    (root / "memories" / file).write_text(f"<lessons>\n{entries}</lessons>\n")
    commit_all(root, f"number {day}")


def clone(origin: Path, *options: str) -> Path:
    git(origin.parent, "clone", "-q", *options, origin.as_uri(), "clone")
    return origin.parent / "clone"


def call(root: Path, *arguments: str, status: int = 0) -> Result:
    return commands.call(root / "memories", *arguments, status=status)


@pytest.mark.parametrize(
    ("depth", "name", "versions", "ends"),
    [
        (2, "L-1", [BEGINS], True),
        (3, "L-1", [BEGINS], True),
        (4, "L-1", ["fix two → three", BEGINS], True),
        (5, "L-1", ["fix two → three", "fix one → two", "added"], False),
        (2, "N-1", ["added"], False),
        (1, "N-1", [BEGINS], True),
        (3, "L-2", ["deleted", BEGINS], True),
        (2, "lessons.xml", [BEGINS], True),
        (4, "lessons.xml", ["−1 lesson", "1 lesson edited", BEGINS], True),
        (2, "new.xml", ["created with 1 entry"], False),
    ],
)
def test_the_history_ends_where_a_shallow_clone_begins(
    origin: Path, depth: int, name: str, versions: list[str], ends: bool
) -> None:
    root = clone(origin, f"--depth={depth}")
    done = call(root, "history", name)
    assert [line.strip() for line in done.stdout.split("\n")[1::2]] == versions
    assert (SHALLOW in done.stderr) == ends
    told = json.loads(call(root, "history", name, "--json").stdout)["versions"]
    assert [one["shallow"] for one in told] == [False] * (len(versions) - 1) + [ends]


def test_what_the_first_commit_of_a_shallow_clone_did_is_not_made_up(origin: Path) -> None:
    root = clone(origin, "--depth=4")
    whole = call(root, "history")
    assert whole.stdout.split("\n")[1::2][-1].strip() == BEGINS
    assert SHALLOW in whole.stderr
    assert SHALLOW not in call(root, "history", "-n", "1").stderr
    assert SHALLOW in call(root, "history", "--deleted").stderr
    assert SHALLOW in call(root, "timeline").stderr
    git(root, "reset", "-q", "--hard", "HEAD~3")
    for name in ("L-1", "lessons.xml"):
        last = call(root, "diff", name, status=1)
        assert (last.stdout, SHALLOW in last.stderr) == ("", True)


def test_what_is_fetched_later_is_told(origin: Path) -> None:
    root = clone(origin, "--depth=4")
    added = "+ lesson                 One"
    assert added not in call(root, "timeline").stdout
    git(root, "fetch", "-q", "--unshallow")
    told = call(root, "timeline")
    assert added in told.stdout
    assert SHALLOW not in told.stderr
    assert call(root, "history", "L-1").stdout.count("\n") == 6


@pytest.mark.parametrize("name", ["L-1", "lessons.xml"])
def test_a_revision_before_the_clone_is_told_as_such(origin: Path, name: str) -> None:
    whole = call(origin, "diff", name, "HEAD~9", status=3)
    assert whole.stderr == "memarium: There is no revision HEAD~9 in this repository.\n"
    told = call(clone(origin, "--depth=3"), "restore", name, "HEAD~4", status=3)
    assert "no revision HEAD~4 in this shallow clone: git fetch --unshallow gets the rest." in told.stderr
