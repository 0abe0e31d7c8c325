"""Drafts outlive the process that wrote them, and belong to one process while it runs."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.model.draft import Draft, Typed
from index.storage.drafts import Drafts

DRAFT = Draft("a.xml#1", "Pool", 5.0, "<a/>", {"fix": Typed("one", "two \ud800 lines\n")}, "why")
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "drafts"


def test_a_draft_is_left_when_its_session_ends(folder: Path) -> None:
    one, other = Drafts(folder), Drafts(folder)
    one.keep(replace(DRAFT, message="older"))
    one.keep(DRAFT)
    assert (one.left(), other.left(), other.find("a.xml#1")) == ([], [], None)
    one.close()
    (found,) = other.left()
    assert replace(found, token="") == DRAFT
    assert other.find("a.xml#1") == found
    assert [path.stat().st_mode & 0o777 for path in folder.glob("*.json")] == [0o600]
    assert [one.stat().st_mode & 0o777 for one in (folder.parent, folder)] == [0o700, 0o700]
    other.drop(found)
    assert list(folder.iterdir()) == []


def test_what_is_dropped_leaves_nothing(folder: Path) -> None:
    drafts = Drafts(folder)
    drafts.keep(DRAFT)
    drafts.drop(DRAFT)
    drafts.drop(DRAFT)
    assert list(folder.iterdir()) == []
    drafts.keep(DRAFT)
    assert Drafts(folder).left() == []
    drafts.drop(DRAFT)
    drafts.close()
    assert list(folder.iterdir()) == []
    assert Drafts(folder / "nowhere").left() == []


def test_a_killed_process_leaves_its_draft(folder: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from index.model.draft import Draft\nfrom index.storage.drafts import Drafts\n"
        "Drafts(Path(sys.argv[1])).keep(Draft('a', 'A', 1.0))\nprint(flush=True)\ntime.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert Drafts(folder).left() == []
        process.send_signal(signal.SIGKILL)
    assert [draft.title for draft in Drafts(folder).left()] == ["A"]


def test_each_sort_of_an_entry_is_a_draft_of_its_own(folder: Path) -> None:
    drafts, later = Drafts(folder), Drafts(folder)
    drafts.keep(DRAFT)
    drafts.keep(replace(DRAFT, sort="source", fields={"": Typed("<a/>", "<b/>")}))
    drafts.close()
    edit, source = later.find(DRAFT.entry), later.find(DRAFT.entry, "source")
    assert edit is not None
    assert source is not None
    assert (list(edit.fields), list(source.fields)) == (["fix"], [""])
    later.drop(source)
    assert later.left() == [edit]


def test_the_newest_is_found_first(folder: Path) -> None:
    for when in (2.0, 3.0, 1.0):
        drafts = Drafts(folder)
        drafts.keep(replace(DRAFT, when=when))
        drafts.close()
    assert [draft.when for draft in Drafts(folder).left()] == [3.0, 2.0, 1.0]
    newest = Drafts(folder).find(DRAFT.entry)
    assert newest is not None
    assert newest.when == 3.0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"entry": 1}', json.dumps({"entry": "a", "title": 1, "markup": "", "message": "",
     "token": "", "when": 1, "fields": {}}), json.dumps({"entry": "a", "title": "", "markup": "",
     "message": "", "token": "", "when": 1, "fields": {"x": {"base": 1, "text": ""}}})],
)  # fmt: skip
def test_a_damaged_draft_is_passed_over(folder: Path, text: str) -> None:
    drafts = Drafts(folder)
    drafts.keep(DRAFT)
    drafts.close()
    next(folder.glob("*.json")).write_text(text)
    assert Drafts(folder).left() == []


def test_a_folder_that_cannot_be_written_is_told(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file")
    with pytest.raises(OSError, match="exists"):
        Drafts(folder).keep(DRAFT)


def test_drafts_follow_entries_that_change_places(folder: Path) -> None:
    left, running, drafts = Drafts(folder), Drafts(folder), Drafts(folder)
    for title, entry in (("A", "a.xml#1"), ("B", "b.xml#1")):
        left.keep(replace(DRAFT, entry=entry, title=title))
    left.keep(replace(DRAFT, entry="a.xml#1\nc.xml#1", title="Both", sort="bulk"))
    left.keep(replace(DRAFT, entry="a.xml#1", title="A kind", sort="add"))
    left.close()
    running.keep(replace(DRAFT, entry="a.xml#1", title="Elsewhere"))
    drafts.keep(replace(DRAFT, entry="a.xml#1", title="Here"))
    drafts.follow({"a.xml#1": "b.xml#1", "b.xml#1": "a.xml#1"})
    assert {draft.title: draft.entry for draft in drafts.left()} == {
        "A": "b.xml#1", "B": "a.xml#1", "Both": "b.xml#1\nc.xml#1", "A kind": "a.xml#1",
    }  # fmt: skip
    drafts.close()
    running.close()
    found = {draft.title: draft.entry for draft in Drafts(folder).left()}
    assert (found["Here"], found["Elsewhere"]) == ("b.xml#1", "a.xml#1")
    assert len(found) == len([*folder.glob("*.json")]) == 6
