"""A sparse checkout that leaves out memories: it is named, with the command that brings them."""

from __future__ import annotations

import shlex
import subprocess
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from index.commands.cli import cli
from index.git.sparse import left_out
from index.model.errors import Refused, TreeError, UnknownEntry
from index.workspace import Workspace
from tests.support.work import Work

ONE = b'<lessons>\n<lesson id="L-1"><title>One</title></lesson>\n</lessons>\n'
TWO = b'<lessons>\n<lesson id="M-1"><title>Two</title></lesson>\n</lessons>\n'
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def hidden(work: Work, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Return a working copy that leaves out all memories; the test is in its folder."""
    work.commit("memories/lessons.xml", ONE)
    work.commit("memories/sub/more.xml", TWO)
    work.commit("src/a.txt", b"a\n")
    work.git("sparse-checkout", "set", "src")
    assert not work.tree.exists()
    monkeypatch.chdir(work.root)
    monkeypatch.delenv("MEMARIUM_TREE", raising=False)
    return work


def call(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def run_what_it_says(words: str) -> None:
    command = words.partition(": run ")[2].partition(" to have them here.")[0]
    assert command.startswith("git ")
    subprocess.run(shlex.split(command), check=True)


ARGUMENTS = [["list"], ["check"], ["search", "One"], ["show", "L-1"], ["status"], ["list", "-t", "memories"]]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_each_way_of_opening_names_the_command(hidden: Work, arguments: list[str]) -> None:
    said = call(*arguments)
    assert said.exit_code in (2, 3)
    assert "run git sparse-checkout add memories to have them here." in said.stderr
    run_what_it_says(said.stderr)
    assert call("list").exit_code == 0


def test_it_names_the_repository_from_elsewhere(hidden: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(hidden.root / "src")
    said = call("list").stderr
    assert f"git -C {hidden.root} sparse-checkout add memories" in said
    run_what_it_says(said)
    assert hidden.tree.is_dir()


def test_a_file_of_its_own_is_brought_with_its_folder(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.commit("packages/app/CLAUDE.md", b"# App\n\nAsk first.\n")
    work.commit("packages/app/main.c", b"int main;\n")
    work.commit("src/a.txt", b"a\n")
    work.git("sparse-checkout", "set", "src")
    monkeypatch.chdir(work.root)
    found = left_out(work.root / "packages" / "app" / "CLAUDE.md")
    assert found.files == ("packages/app/CLAUDE.md",)
    assert "sparse-checkout add packages/app to" in found.words


def test_files_of_the_root_are_brought_by_a_pattern(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.commit("CLAUDE.md", b"# App\n\nAsk first.\n")
    work.commit("src/a.txt", b"a\n")
    work.git("sparse-checkout", "set", "--no-cone", "/src/")
    monkeypatch.chdir(work.root)
    words = Workspace.left_out(work.root)
    run_what_it_says(words)
    assert (work.root / "CLAUDE.md").is_file()


def test_a_part_that_is_left_out_is_a_notice_and_nothing_vanished(work: Work) -> None:
    work.commit("memories/lessons.xml", ONE)
    work.commit("memories/sub/more.xml", TWO)
    with_all = Workspace.open(work.tree)
    with_all.tree.load()
    with_all.tree.seen.see_all()
    with_all.close()
    work.git("sparse-checkout", "set", "--no-cone", "/*", "!/memories/sub/")
    workspace = Workspace.open(work.tree)
    workspace.tree.load()
    [notice] = [one for one in workspace.notices.found(NOW) if one.code in {"left-out", "vanished"}]
    assert notice.code == "left-out"
    assert "sparse-checkout add memories/sub to have them here" in notice.message
    with pytest.raises(UnknownEntry, match="sparse-checkout add memories/sub"):
        workspace.tree.entry("M-1")
    workspace.close()


def test_what_git_ignores_by_a_bit_alone_is_no_sparse_checkout(work: Work) -> None:
    work.commit("memories/lessons.xml", ONE)
    work.git("update-index", "--skip-worktree", "memories/lessons.xml")
    (work.tree / "lessons.xml").unlink()
    assert left_out(work.tree).words == ""
    with pytest.raises(TreeError, match="does not exist: name the folder"):
        Workspace.open(work.root / "nothing")


def test_no_store_is_started_over_a_hidden_one(hidden: Work) -> None:
    with pytest.raises(TreeError, match="is in git already, and nothing was written"):
        Workspace.start(hidden.root, "memories", NOW)
    assert not hidden.tree.exists()


def test_of_a_hidden_file_nobody_is_told_to_commit_that_it_is_gone(hidden: Work) -> None:
    hidden.git("sparse-checkout", "set", "--no-cone", "/memories/sub/")
    workspace = Workspace.open(hidden.tree)
    plan = workspace.planner.move("M-1", "lessons.xml", NOW)
    with pytest.raises(Refused, match=r"HEAD puts it back\. Nothing"):
        workspace.committer.commit(plan)
    workspace.close()


def test_a_folder_that_is_there_without_its_files_says_so(hidden: Work) -> None:
    hidden.write("memories/notes.txt", b"mine\n")
    said = call("list", "-t", "memories")
    assert said.exit_code == 1
    assert "git sparse-checkout add memories to have them here" in said.stderr


def test_stores_names_the_command(hidden: Work) -> None:
    assert "git sparse-checkout add memories to have" in call("stores").stderr
