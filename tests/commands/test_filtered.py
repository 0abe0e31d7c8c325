"""Files that go through a filter program: what git stores of them is nowhere told as if it were the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result

from index.workspace import Workspace
from tests.support import commands
from tests.support.git import commit_all, git, make_repository

ENTRY = '<lesson id="{}"><title>{}</title><fix>{}</fix></lesson>\n'
NAMED = "goes through a filter"
TURN = "tr a-zA-Z n-za-mN-ZA-M"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a plain file, and a secret and a session state that a filter turns around."""
    monkeypatch.setenv("HOME", str(tmp_path / "HOME"))
    root = tmp_path / "project"
    (root / "memories/session-context").mkdir(parents=True)
    make_repository(root)
    git(root, "config", "filter.rot.clean", f"echo ran >>'{tmp_path}/ran'; {TURN}")
    git(root, "config", "filter.rot.smudge", f"echo ran >>'{tmp_path}/ran'; {TURN}")
    (root / ".gitattributes").write_text("secret.xml filter=rot\nactive.xml filter=rot\n")
    for word in ("alpha", "beta"):
        write(root, "secret.xml", ENTRY.format("S-1", "Secret", word) + ENTRY.format("S-2", "Gone", word))
        state = f"<active-session><phase>{word}</phase></active-session>\n"
        (root / "memories/session-context/active.xml").write_text(state)
        write(root, "plain.xml", ENTRY.format("P-1", "Plain", word) + ENTRY.format("P-2", "Other", "x"))
    write(root, "secret.xml", ENTRY.format("S-1", "Secret", "beta"))
    write(root, "plain.xml", ENTRY.format("P-1", "Plain", "beta"))
    (tmp_path / "ran").unlink()
    return root


def write(root: Path, file: str, entries: str) -> None:
    (root / "memories" / file).write_text(f"<lessons>\n{entries}</lessons>\n")
    commit_all(root, f"write {file}")


def call(root: Path, *arguments: str, status: int = 0) -> Result:
    done = commands.call(root / "memories", *arguments, status=status)
    assert not (root.parent / "ran").exists()
    return done


@pytest.mark.parametrize("command", [["history"], ["history", "--deleted"], ["timeline"]])
def test_the_whole_trees_past_leaves_it_out_and_says_so(root: Path, command: list[str]) -> None:
    told = call(root, *command)
    assert "Frperg" not in told.stdout
    assert "yrffba" not in told.stdout
    assert "S-2" not in told.stdout
    assert f"Left out: it {NAMED}" in told.stderr
    assert "secret.xml" in told.stderr
    found = json.loads(call(root, *command, "--json").stdout)
    assert found["left_out"] == ["secret.xml", "session-context/active.xml"]


def test_the_others_are_told(root: Path) -> None:
    assert call(root, "history").stdout.count("1 lesson edited") == 1
    assert "P-2" in call(root, "history", "--deleted").stdout
    assert "fix alpha → beta" in call(root, "history", "P-1").stdout


@pytest.mark.parametrize("name", ["S-1", "secret.xml"])
def test_its_own_past_is_refused(root: Path, name: str) -> None:
    for command in (["history", name], ["diff", name], ["restore", name, "HEAD~1"]):
        assert NAMED in call(root, *command, status=3).stderr


def test_what_is_pending_names_it(root: Path) -> None:
    told = call(root, "status")
    sentence = "Everything on disk is committed, but for what goes through a filter and was not compared: "
    assert told.stderr == f"{sentence}secret.xml and session-context/active.xml.\n"
    found = json.loads(call(root, "status", "--json").stdout)
    assert found["left_out"]["filtered"] == ["secret.xml", "session-context/active.xml"]
    (root / "memories/plain.xml").write_text("<lessons/>\n")
    told = call(root, "status")
    assert "plain.xml" in told.stdout
    assert "Left out: what goes through a filter and was not compared: secret.xml" in told.stderr


def test_an_own_edit_of_it_is_not_undone_from_what_git_stores(root: Path) -> None:
    commands.call(root / "memories", "edit", "S-1", "--set", "title=New")
    (root.parent / "ran").unlink()
    before = (root / "memories/secret.xml").read_bytes()
    assert b"New" in before
    assert NAMED in call(root, "undo", status=3).stderr
    assert (root / "memories/secret.xml").read_bytes() == before


@pytest.mark.parametrize("on_disk", [b"beta", b"newer"])
def test_a_save_tells_of_no_other_edits_in_it(root: Path, on_disk: bytes) -> None:
    file = root / "memories/secret.xml"
    file.write_bytes(file.read_bytes().replace(b"beta", on_disk))
    told = commands.call(root / "memories", "edit", "S-1", "--set", "title=New", status=0).stderr
    assert "Saved secret.xml" in told
    assert "go along" not in told


def test_a_save_tells_of_other_edits_beside_it(root: Path) -> None:
    file = root / "memories/plain.xml"
    file.write_bytes(file.read_bytes().replace(b"beta", b"newer"))
    told = commands.call(root / "memories", "edit", "P-1", "--set", "title=New", status=0).stderr
    assert "go along" in told


def test_a_deleted_one_has_no_past_either(root: Path) -> None:
    git(root, "rm", "-q", "memories/secret.xml")
    git(root, "commit", "-qm", "gone")
    (root.parent / "ran").unlink(missing_ok=True)
    assert "S-1" not in call(root, "history", "--deleted").stdout
    assert NAMED in call(root, "history", "secret.xml", status=3).stderr


@pytest.mark.parametrize("how", ["no program", "no clean program", "unset", "clean only"])
def test_a_filter_that_changes_nothing_on_the_disk_hides_nothing(root: Path, how: str) -> None:
    """git takes a file as it is where no program is set, and stores it so where it finds nothing to clean."""
    git(root, "config", "--remove-section", "filter.rot")
    if how == "no clean program":
        git(root, "config", "filter.rot.clean", "")
    elif how == "clean only":
        git(root, "config", "filter.rot.clean", "cat")
    elif how == "unset":
        (root / ".gitattributes").write_text("*.xml -filter\n")
    for word in ("one", "two"):
        write(root, "open.xml", ENTRY.format("O-1", "Open", word))
    (root / ".gitattributes").write_text("*.xml filter=rot\n" if how != "unset" else "*.xml -filter\n")
    assert "fix one → two" in call(root, "history", "O-1").stdout
    told = call(root, "history", "-n", "2")
    assert "1 lesson edited" in told.stdout
    assert "open.xml" not in told.stderr


def test_the_screen_of_what_is_not_committed_names_it_too(root: Path) -> None:
    workspace = Workspace.open(root / "memories")
    assert workspace.status.uncommitted() == []
    assert "secret.xml" in workspace.status.left_out()
