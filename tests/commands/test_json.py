"""What a command tells as text it tells as JSON, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import call
from tests.support.git import commit_all, make_repository


@pytest.fixture
def versioned(tree: Path) -> Path:
    (tree / "broken.xml").write_text("<lessons><lesson id='B-1'><title>A & B</title></lesson></lessons>")
    make_repository(tree.parent)
    commit_all(tree.parent)
    return tree


def told(tree: Path, *words: str, status: int = 0) -> Any:
    done = call(tree, *words, "--json")
    assert done.exit_code == status, done.stderr
    return json.loads(done.stdout)


def test_check_counts(versioned: Path) -> None:
    found = told(versioned, "check", status=1)
    assert (found["files"], found["errors"], found["notes"]) == (2, 1, 0)
    assert call(versioned, "check").stderr == "2 files, 1 error, 0 notes\n"


def test_nothing_to_commit_is_an_object(versioned: Path) -> None:
    words = "Everything on disk is committed."
    assert told(versioned, "status")["note"] == words
    found = told(versioned, "commit", "--all", status=1)
    assert found == {"files": [], "written": False, "revision": None, "note": words}


def test_a_diff_names_its_file(versioned: Path) -> None:
    found = told(versioned, "move", "L-1", "broken2.xml", "--new")
    assert [one["file"] for one in found["diffs"]] == found["files"]
    assert [line for one in found["diffs"] for line in one["diff"]] == found["diff"]


def test_a_session_says_how_an_entry_changed_and_how_long_it_took(versioned: Path) -> None:
    told(versioned, "edit", "L-1", "--set", "title=Uno")
    (session,) = told(versioned, "timeline", "-n", "1")["sessions"]
    assert session["seconds"] is None or session["seconds"] >= 0
    summaries = {one["id"].partition("#")[2]: one["summary"] for one in session["entries"]}
    text = call(versioned, "timeline", "-n", "1").stdout
    assert "L-1" in summaries
    assert all(f"({words})" in text for words in summaries.values() if words)


def test_counts_end_on_a_day(versioned: Path) -> None:
    found = told(versioned, "trends")
    assert (found["last"] is None) == (found["periods"] == [])
    assert told(versioned, "diff", "L-1")["shallow"] is False
