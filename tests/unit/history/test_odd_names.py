"""Files whose names are any bytes: one spelling of them in the tree, their own name in git."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.model.path_spelling import shown, spelled, unspelled
from index.workspace import Workspace
from tests.support import commands
from tests.support.clones import END, FILE, FOURTH, ONE, edited, make_pair, run
from tests.support.work import Work

NAMES = (b"caf\xe9.xml", b"d\xe9r/in.xml", b"new\nline.xml", b"esc\x1b[31m.xml", rb"lit\xe9.xml", b'"q".xml')
LESSON = "<lessons><lesson id='L-1'><timestamp>2025-10-03</timestamp><title>{}</title></lesson></lessons>\n"


@pytest.fixture(params=NAMES, ids=ascii)
def name(request: pytest.FixtureRequest) -> str:
    return os.fsdecode(request.param)


@pytest.fixture
def odd(work: Work, name: str) -> Work:
    """A repository with a file of that name that is not committed, beside one of the same letters."""
    work.write(f"memories/{name}", LESSON.format("One").encode())
    return work


def call(work: Work, *words: str, status: int = 0) -> str:
    done = commands.call(work.tree, *words)
    assert (done.exit_code, "unexpectedly" in done.stderr) == (status, False), done.stderr
    done.stdout_bytes.decode("utf-8")
    return done.stdout


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (b"caf\xe9.xml", r"caf\xe9.xml"),
        ("café.xml".encode(), "café.xml"),
        (rb"caf\xe9.xml", r"caf\x5cxe9.xml"),
        (rb"a\b\x.xml", r"a\b\x.xml"),
        (b"\xff/\\x5c\n", "\\xff/\\x5cx5c\n"),
    ],
)
def test_every_name_has_a_spelling_of_its_own(path: bytes, text: str) -> None:
    assert spelled(os.fsdecode(path)) == text
    assert os.fsencode(unspelled(text)) == path


def test_the_commands_know_it_by_one_name(odd: Work, name: str) -> None:
    file = spelled(name)
    told = json.loads(call(odd, "status", "--json"))
    assert [(item["file"], item["entries"][0]["id"]) for item in told["uncommitted"]] == [
        (file, f"{file}#L-1")
    ]
    assert shown(file) in call(odd, "status").splitlines()[0]
    assert json.loads(call(odd, "commit", name, "--json"))["files"] == [file]
    assert odd.files_of("HEAD") == [f"memories/{name}"]
    call(odd, "edit", f"{name}#L-1", "--set", "title=Two")
    (row,) = call(odd, "search", "two").splitlines()[::2]
    assert row.endswith(shown(f"{file}#L-1"))
    assert json.loads(call(odd, "show", row.rpartition("  ")[2], "--json"))["file"] == file
    past = json.loads(call(odd, "history", "L-1", "--json"))["versions"]
    assert [version["summary"] for version in past] == ["title One → Two", "added"]
    past = json.loads(call(odd, "history", name, "--json"))
    assert (past["file"], len(past["versions"])) == (file, 2)
    sessions = json.loads(call(odd, "timeline", "--json"))["sessions"]
    assert f"{file}#L-1" in {one["id"] for session in sessions for one in session["entries"]}
    assert json.loads(call(odd, "undo", "--json"))["files"] == [file]
    assert b"One" in odd.show(f"HEAD:memories/{name}")
    call(odd, "restore", name, "HEAD~1")
    assert b"Two" in odd.show(f"HEAD:memories/{name}")
    call(odd, "delete", "L-1")
    gone = json.loads(call(odd, "history", "--deleted", "--json"))["deleted"]
    assert [one["id"] for one in gone] == [f"{file}#L-1"]
    call(odd, "status")
    assert odd.status() == ""


def test_what_was_said_of_one_file_is_said_of_no_other(odd: Work, name: str) -> None:
    other = spelled(name)  # a file whose name is the spelling of the other one's
    if other != name:
        odd.write(f"memories/{other}", LESSON.format("Other").encode())
    workspace = Workspace.open(odd.tree)
    titles = {entry.file: entry.title for entry in workspace.tree.entries() if entry.kind == "lesson"}
    expected = {other: "One"} | ({spelled(other): "Other"} if other != name else {})
    assert titles == expected
    workspace.committer.commit(workspace.planner.edit(f"{other}#L-1", {"title": "Two"}))
    assert b"Two" in (odd.tree / name).read_bytes()
    assert other == name or b"Other" in (odd.tree / other).read_bytes()


def test_others_write_it_and_are_noticed(odd: Work, name: str) -> None:
    workspace = Workspace.open(odd.tree)
    assert [entry.title for entry in workspace.tree.entries() if entry.kind == "lesson"] == ["One"]
    (odd.tree / name).write_text(LESSON.format("Three"))
    workspace.tree.refresh()
    assert [entry.title for entry in workspace.tree.entries() if entry.kind == "lesson"] == ["Three"]
    plan = workspace.planner.add("lesson", {"title": "New"}, datetime(2025, 10, 4, tzinfo=UTC))
    assert plan.changes[0].file == spelled(name)
    workspace.committer.commit(plan)
    assert b"New" in odd.show(f"HEAD:memories/{name}")


def test_line_ends_are_git_s_own_work(odd: Work, name: str) -> None:
    odd.write(".gitattributes", b"*.xml text eol=crlf\n")
    odd.git("add", "-A")
    odd.git("commit", "-qm", "all")
    odd.write(f"memories/{name}", LESSON.format("One").replace("\n", "\r\n").encode())
    odd.write("memories/a.xml", (odd.tree / "a.xml").read_bytes().replace(b"\n", b"\r\n"))
    assert Workspace.open(odd.tree).status.uncommitted() == []


def test_it_is_merged_and_its_conflict_is_named(make_work: Callable[..., Work], tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.xml")
    mine, yours = make_pair(make_work, tmp_path)
    mine.git("mv", FILE, f"memories/{name}")
    mine.git("commit", "-qm", "mv")
    mine.git("push", "-q")
    yours.git("pull", "-q")
    yours.commit(f"memories/{name}", edited((b">1<", b">3<")))
    yours.git("push", "-q")
    mine.commit(f"memories/{name}", edited((END, FOURTH + END), (b">1<", b">4<")))
    (conflict,) = run(mine).conflicts
    assert conflict.entry == r"caf\xe9.xml#1"
    mine.commit(f"memories/{name}", edited(ONE, (END, FOURTH + END)))
    assert run(mine).merged == (r"caf\xe9.xml",)
    assert mine.status() == ""


@pytest.mark.parametrize("path", ["a#b.xml", "c#/a.xml", "#.xml"])
def test_a_file_with_a_number_sign_in_its_name_is_named_by_its_path(work: Work, path: str) -> None:
    work.commit(f"memories/{path}", LESSON.format("One").encode())
    work.commit(f"memories/{path}", LESSON.format("Two").encode())
    assert "title One → Two" in call(work, "history", f"{path}#L-1")
    assert "1 lesson edited" in call(work, "history", path)
    call(work, "restore", path, "HEAD~1")
    assert (work.tree / path).read_text() == LESSON.format("One")
    call(work, "history", "a.xml#nothing.xml", status=1)
