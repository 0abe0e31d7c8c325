"""What a command has committed is done and told as done, though its account of it cannot be printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import shell

STATE = (
    "<session-state><metadata><session-start>2025-10-03T14:30:00Z</session-start>"
    "<current-project>p</current-project></metadata><current-state><phase>é</phase></current-state>"
    "</session-state>\n"
)
LESSONS = (
    "<lessons><lesson id='L-1'><timestamp>2025-10-03</timestamp><title>{}</title><tags><tag>red</tag></tags>"
    "</lesson><lesson id='L-2'><title>Two</title></lesson></lessons>\n"
)


@pytest.fixture
def versioned(tree: Path) -> Path:
    """A tree with a past, a broken file, and an edit that memarium has committed."""
    (tree / "session.xml").write_text(STATE, "utf-8")
    (tree / "broken.xml").write_text("<lessons><lesson id='B-1'><title>A & é</title></lesson></lessons>\n")
    (tree.parent / "later.xml").write_text(LESSONS.format("Uné"), "utf-8")
    lines = [
        "git init -qb main . && git config user.name T && git config user.email t@t.t",
        "git add memories && git commit -qm é && mv later.xml memories/lessons.xml && $M commit --all",
    ]
    done = shell(tree, " && ".join(lines))
    assert done.returncode == 0, done.stderr
    return tree


@pytest.mark.parametrize("streams", [">/dev/full", ">&-", ">/dev/full 2>/dev/full"])
def test_any_stream(versioned: Path, streams: str) -> None:
    _check(versioned, "undo", streams, told=False)


@pytest.mark.parametrize(
    "words",
    [
        "session end --yes --set phase=fin",
        "add lesson --set title=é",
        "rename-tag red blue",
        "repair broken.xml",
        "restore L-1 HEAD~1",
        "undo --json",
        "move L-1 other.xml --new",
        "duplicate L-1 --json",
        "delete L-1",
        "commit lessons.xml --json",
        "edit L-2 --set title=é",
    ],
)
def test_a_full_disk_under_standard_output(versioned: Path, words: str) -> None:
    _check(versioned, words, ">/dev/full", told=True)


def test_what_is_sent_is_sent(versioned: Path) -> None:
    lines = [
        'git clone -q --bare . "$PWD.git" && git remote add origin "$PWD.git" && git push -qu origin main',
        "$M edit L-2 --set title=é && $M sync --json >/dev/full",
    ]
    done = shell(versioned, " && ".join(lines))
    assert done.returncode == 0, done.stderr
    assert done.stderr.endswith(b"It is saved. The results cannot be printed: no space left on device.\n")
    heads = shell(versioned, "git rev-parse HEAD; git ls-remote origin refs/heads/main").stdout.split()
    assert heads[0] == heads[1]


def _check(tree: Path, words: str, streams: str, *, told: bool) -> None:
    if words.startswith("commit"):
        (tree / "lessons.xml").write_text(LESSONS.format("Deux"), "utf-8")
    before = shell(tree, "git rev-parse HEAD").stdout
    done = shell(tree, f"$M {words} {streams}", PYTHONIOENCODING="ascii:strict")
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert (b"It is saved." in done.stderr) or not told
    after = shell(tree, "git rev-parse HEAD; git status --porcelain -uno memories").stdout
    assert after.count(b"\n") == 1
    assert after != before
