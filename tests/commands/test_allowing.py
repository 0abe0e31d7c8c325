"""Options that let a refused change go on, and that a refusal names."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.commands import call
from tests.support.git import commit_all, git, make_hook, make_repository

TEXT = '<lessons><lesson id="L-1"><title>One</title><description>a</description></lesson></lessons>\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree whose repository is on no branch."""
    tree = tmp_path / "project/memories"
    tree.mkdir(parents=True)
    (tree / "lessons.xml").write_text(TEXT)
    make_repository(tree.parent)
    commit_all(tree.parent)
    git(tree, "switch", "-q", "--detach")
    return tree


def test_a_commit_on_no_branch(tree: Path) -> None:
    refused = call(tree, "edit", "L-1", "--set", "title=X")
    assert refused.exit_code == 3
    assert "git switch -c NAME" in refused.stderr
    assert "Nothing was written. --detached does it anyway." in refused.stderr
    assert (tree / "lessons.xml").read_text() == TEXT
    done = call(tree, "edit", "L-1", "--set", "title=X", "--detached")
    head = git(tree, "rev-parse", "--short=7", "HEAD")
    assert (done.exit_code, f"git branch NAME {head} keeps it." in done.stderr) == (0, True)
    assert call(tree, "undo").exit_code == 3
    assert call(tree, "undo", "--detached").exit_code == 0
    assert (tree / "lessons.xml").read_text() == TEXT


def test_a_repository_that_cannot_be_read(tree: Path) -> None:
    (tree.parent / ".git/config").write_text("[core\n")
    for command in (["edit", "L-1", "--set", "title=X"], ["delete", "L-1"], ["duplicate", "L-1"]):
        refused = call(tree, *command)
        assert refused.exit_code == 3
        assert "bad config line 1" in refused.stderr
        assert "Nothing was written. --unversioned does it anyway." in refused.stderr
    assert (tree / "lessons.xml").read_text() == TEXT
    done = call(tree, "edit", "L-1", "--set", "title=X", "--unversioned")
    assert (done.exit_code, "It is not versioned" in done.stderr) == (0, True)
    assert "<title>X</title>" in (tree / "lessons.xml").read_text()
    assert "--unversioned" not in call(tree, "sync").stderr, "which has no such option"


def test_a_tree_that_is_gone(tree: Path) -> None:
    git(tree, "switch", "-q", "main")
    head = git(tree, "rev-parse", "HEAD")
    (tree / "lessons.xml").unlink()
    for options in ((), ("--each",), ("--dry-run",)):
        refused = call(tree, "commit", "--all", *options)
        assert refused.exit_code == 3
        assert "The only memory file is gone" in refused.stderr
        assert refused.stderr.endswith("--deleted does it anyway.\n")
    assert git(tree, "rev-parse", "HEAD") == head
    assert call(tree, "commit", "--all", "--deleted").exit_code == 0
    assert git(tree, "ls-files") == ""


def test_a_hook_that_is_waited_for_is_named(tree: Path) -> None:
    git(tree, "switch", "-q", "main")
    make_hook(tree.parent, "pre-commit", "echo checking\nsleep 1")
    done = call(tree, "edit", "L-1", "--set", "title=X")
    assert done.exit_code == 0
    assert "Waiting for the pre-commit hook: ctrl+c stops it.\n" in done.stderr


@pytest.mark.parametrize("said", ["", "no tests", "no tests!", "see the log:"])
def test_a_hook_that_refuses_leaves_the_edit_on_disk_and_says_how_to_go_on(tree: Path, said: str) -> None:
    git(tree, "switch", "-q", "main")
    hook = make_hook(tree.parent, "pre-commit", f"echo '{said}' >&2\nexit 1")
    refused = call(tree, "edit", "L-1", "--set", "title=X")
    assert refused.exit_code == 3
    assert "the edit is saved on disk, but not committed" in refused.stderr
    before, _, end = refused.stderr.partition(" Once that is fixed, ")
    assert end == "memarium commit commits it; memarium restore FILE HEAD --force takes it back.\n"
    assert before.endswith((f"{said}.", said) if said[-1:] in "!:" else f"{said}.")
    left = "The undo leaves what is in no commit (lessons.xml): "
    undone = call(tree, "undo")
    assert undone.stderr.startswith(f"{left}memarium restore FILE HEAD --force takes that back.\n")
    assert "There is nothing to undo that was done with memarium." in undone.stderr
    assert call(tree, "restore", "lessons.xml", "HEAD", "--force").exit_code == 0
    assert left not in call(tree, "undo").stderr
    assert git(tree, "status", "--porcelain") == ""
    assert call(tree, "edit", "L-1", "--set", "title=X").exit_code == 3
    hook.unlink()
    assert call(tree, "commit", "lessons.xml").exit_code == 0
    assert "<title>X</title>" in git(tree, "show", "HEAD:memories/lessons.xml")


@pytest.mark.parametrize("arguments", [("history",), ("history", "--deleted"), ("history", "L-1")])
def test_days_are_those_of_the_users_clock(
    tree: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """Whatever the zone of the commit; JSON has the moment itself."""
    git(tree, "switch", "-q", "main")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2025-10-03T23:30:00-05:00")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2025-10-03T23:30:00-05:00")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        (tree / "lessons.xml").write_text(TEXT.replace("One", "Two"))
        git(tree, "commit", "-qam", "second")
        if "--deleted" in arguments:
            (tree / "lessons.xml").write_text("<lessons/>\n")
            git(tree, "commit", "-qam", "third")
        assert call(tree, *arguments).stdout.startswith("2025-10-04 13:30  ")
        assert '"2025-10-03T23:30:00-05:00"' in call(tree, *arguments, "--json").stdout
    finally:
        monkeypatch.undo()
        time.tzset()
