"""One name in two spellings: composed and decomposed accents, capitals where a file system ignores them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.model.errors import Refused
from index.storage.scan import meant
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.work import Work

NFC, NFD = "caf\u00e9", "cafe\u0301"
LESSON = b'<lessons><lesson id="L-1"><title>One</title><date>2025-10-03</date></lesson></lessons>\n'
NEW = LESSON.replace(b"One", b"Two")


@pytest.mark.parametrize(
    ("held", "named"),
    [
        (f"{NFD}.xml", f"{NFC}.xml"),
        (f"{NFC}.xml", f"{NFD}.xml"),
        (f"{NFD}/{NFC}.xml", f"{NFC}/{NFD}.xml"),
        ("a.xml", "a.xml"),
    ],
)
def test_a_file_is_found_in_either_spelling(tmp_path: Path, held: str, named: str) -> None:
    (tmp_path / held).parent.mkdir(exist_ok=True)
    (tmp_path / held).write_bytes(LESSON)
    assert meant(tmp_path, named) == held


@pytest.mark.parametrize("named", ["A.xml", "b.xml", f"{NFD}.xml", "no/such.xml", "../a.xml", ""])
def test_what_is_another_name_stays(tmp_path: Path, named: str) -> None:
    (tmp_path / "a.xml").write_bytes(LESSON)
    assert meant(tmp_path, named) == named


def test_both_spellings_are_two_files_where_both_are_there(tmp_path: Path) -> None:
    for name in (NFC, NFD):
        (tmp_path / f"{name}.xml").write_bytes(LESSON)
    assert [meant(tmp_path, f"{name}.xml") for name in (NFC, NFD)] == [f"{NFC}.xml", f"{NFD}.xml"]


def test_a_file_system_that_does_not_tell_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stood in for by an answer: such a system opens a.xml for A.xml."""
    (tmp_path / "a.xml").write_bytes(LESSON)
    monkeypatch.setattr(Path, "samefile", lambda one, two: one.name.lower() == Path(two).name.lower())
    assert meant(tmp_path, "A.XML") == "a.xml"
    assert meant(tmp_path, "b.xml") == "b.xml"


@pytest.mark.parametrize(("held", "named"), [(NFC, NFD), (NFD, NFC)])
def test_commands_take_either_spelling(make_work: Callable[..., Work], held: str, named: str) -> None:
    work = make_work()
    work.commit(f"memories/{held}.xml", LESSON)

    def told(*arguments: str) -> str:
        return call(work.tree, *arguments, status=0).stdout

    assert "One" in told("show", f"{named}.xml#L-1")
    assert "created with 1 entry" in told("history", f"{named}.xml")
    assert "created with 1 entry" in told("history", named)
    told("add", "lesson", "--file", f"{named}.xml", "--set", "title=Three")
    assert os.listdir(work.tree) == [f"{held}.xml"]  # noqa: PTH208  (the names as the system has them)
    (work.tree / f"{held}.xml").write_bytes(NEW)
    told("commit", f"{named}.xml")
    assert work.status() == ""


@pytest.mark.parametrize("ignoring", ["true", "false"])
def test_a_rename_of_the_case_alone(make_work: Callable[..., Work], ignoring: str) -> None:
    """Wherever the clone was made: with core.ignoreCase git itself sees no difference."""
    work = make_work()
    work.commit("memories/lessons.xml", LESSON)
    work.git("config", "core.ignoreCase", ignoring)
    (work.tree / "lessons.xml").rename(work.tree / "Lessons.xml")
    assert work.open().uncommitted() == ["Lessons.xml", "lessons.xml"]
    commit = work.save("Lessons.xml", NEW)
    assert work.files_of(commit.revision or "") == ["memories/Lessons.xml"]
    assert work.show("HEAD:memories/Lessons.xml") == NEW
    work.save("lessons.xml", None)
    assert work.git("ls-files").split() == ["memories/Lessons.xml"]
    assert work.status() == ""


def test_the_history_follows_a_rename_of_the_case(make_work: Callable[..., Work]) -> None:
    work = make_work()
    work.commit("memories/lessons.xml", LESSON)
    work.git("config", "core.ignoreCase", "true")
    work.git("mv", "memories/lessons.xml", "memories/Lessons.xml")
    work.git("commit", "-qm", "case")
    workspace = Workspace.open(work.tree)
    try:
        found = [version.message for version in workspace.history.file_versions("Lessons.xml")]
        assert found == ["case", "by hand"]
    finally:
        workspace.close()


def test_a_file_that_git_holds_under_another_spelling(make_work: Callable[..., Work]) -> None:
    """A second link stands in for a file system that opens one file under both names."""
    work = make_work()
    work.commit("memories/lessons.xml", LESSON)
    (work.tree / "Lessons.xml").hardlink_to(work.tree / "lessons.xml")
    with pytest.raises(Refused, match=r"git mv memories/lessons\.xml memories/Lessons\.xml and git commit"):
        work.save("Lessons.xml", NEW)
    assert (work.tree / "Lessons.xml").read_bytes() == LESSON


@pytest.mark.parametrize("query", ["file:{}", "tag:{}", "project:{}", "id:{}", 'file:"{}.xml"'])
@pytest.mark.parametrize(("held", "typed"), [(NFC, NFD), (NFD, NFC), (NFD, NFC.upper())])
def test_filters_take_either_spelling(tmp_path: Path, query: str, held: str, typed: str) -> None:
    (tmp_path / f"{held}.xml").write_text(
        f"<lessons><lesson id='L-1'><title>One</title><project>{held}</project><tags>{held}</tags></lesson>"
        "<lesson id='L-2'><title>Two</title></lesson></lessons>",
        "utf-8",
    )
    workspace = Workspace.open(tmp_path)
    try:
        workspace.search.update()
        found = [hit.entry.title for hit in workspace.search.find(query.format(typed)).hits]
        assert "One" in found
    finally:
        workspace.close()
