"""File systems on which SQLite has no locks, or fails otherwise: all goes on without, and says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from index.model.errors import TreeError
from index.storage.user_folders import temporary_folder
from index.workspace import Workspace
from tests.support import commands

TEXT = (
    '<lessons><lesson id="L-1"><title>One</title><date>2025-10-03</date><description>alpha</description>'
    "</lesson>"
    '<lesson id="L-2"><title>Two</title><date>2025-10-04</date><description>alpha beta</description></lesson>'
    "</lessons>\n"
)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = ("disk I/O error", "database is locked", "locking protocol", "unable to open database file")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "memories"
    tree.mkdir()
    (tree / "lessons.xml").write_text(TEXT)
    return tree


@pytest.fixture(params=["when it is opened", "when it is used"])
def fail(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that lets every database fail, as on such a file system."""

    def start(words: str) -> None:
        class Failing(sqlite3.Connection):
            def execute(self, *_: object, **__: object) -> sqlite3.Cursor:
                raise sqlite3.OperationalError(words)

            executemany = execute

        real = sqlite3.connect

        def connect(path: Path, **options: Any) -> Any:
            if request.param == "when it is opened":
                raise sqlite3.OperationalError(words)
            return real(path, factory=Failing, **options)

        monkeypatch.setattr(sqlite3, "connect", connect)

    return start


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
def test_commands_go_on_and_say_so_in_one_line(
    tree: Path, fail: Callable[[str], None], words: str, warm: bool
) -> None:
    def call(*arguments: str, status: int = 0) -> str:
        done = commands.call(tree, *arguments, status=status)
        told.append(done.stderr)
        return done.stdout

    told: list[str] = []
    if warm:
        call("search", "alpha")
    fail(words)
    told.clear()
    for _ in range(2):
        found = call("search", "alpha")
        assert (found.count("One"), found.count("Two")) == (1, 1)
        assert told[-1].count(f"cannot be used ({words}): set XDG_CACHE_HOME to a folder") == 1
        assert len(told[-1].splitlines()) == 1
    assert "Two" in call("show", "L-2")
    assert "2 entries of 1 file;" in call("index")
    assert "2 entries of 1 file;" in call("index", "--rebuild")
    call("list", "--new", status=3)  # nobody knows what was seen
    call("brief", status=1)
    call("timeline")
    call("trends")
    call("check")


def test_what_changes_is_found_and_nothing_twice(tree: Path, fail: Callable[[str], None]) -> None:
    workspace = Workspace.open(tree)
    workspace.search.update()
    workspace.close()
    fail(WORDS[0])
    workspace = Workspace.open(tree)
    told: list[str] = []
    workspace.tree.tell_waiting = told.append
    try:
        assert workspace.search.update() == 2
        assert workspace.search.update() == 0
        assert workspace.search.find("alpha").total == 2
        (tree / "lessons.xml").write_text(TEXT.replace("alpha beta", "gamma"))
        workspace.tree.refresh()
        assert workspace.search.update() == 2
        assert [workspace.search.find(word).total for word in ("alpha", "beta", "gamma")] == [1, 0, 1]
        assert len(told) == 1
    finally:
        workspace.close()


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
@pytest.mark.parametrize("places", ["cache", "cache and temporary"])
def test_a_full_disk_costs_no_search_and_no_entry(
    tree: Path, engine: str, places: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in the place of the index stands for the disk: nothing can be made there either."""
    monkeypatch.setenv("MEMARIUM_ENGINE", engine)

    def full(folder: Path) -> Path:
        for name in ("tantivy", "LOCK"):
            (folder / name).mkdir()
        (folder / "tantivy" / "LOCK").mkdir()
        return folder

    with closing(Workspace.open(tree)) as workspace:
        full(workspace.tree.folder)
        if places == "cache":
            assert workspace.search.find("alpha").total == 2
            assert workspace.search.update() == 0
            assert workspace.search.rebuild() == 2
        else:
            monkeypatch.setattr("index.search.live_index.temporary_folder", lambda: full(temporary_folder()))
            with pytest.raises(TreeError, match=r"^The search index cannot be written: is a directory\.$"):
                workspace.search.find("alpha")
        plan = workspace.planner.add("lesson", {"title": "Two", "description": "alpha beta"}, NOW)
        workspace.committer.commit(plan)
    assert (tree / "lessons.xml").read_text().count("alpha beta") == 2
