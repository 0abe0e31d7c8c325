"""A store that joins another one costs nothing that the user did, though ids get longer."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from index.model.draft import Draft, Typed
from index.storage.scan import discover
from index.workspace import Workspace
from tests.support.beside import COMMANDS, FIXES, RETRY, make_project


@pytest.fixture
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    return make_project(tmp_path, monkeypatch)


def without(folder: Path) -> None:
    """Remove a folder of files."""
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def opened(project: Path) -> Workspace:
    place = discover(project)
    assert place is not None
    workspace = Workspace.open(place)
    workspace.tree.load()
    return workspace


def work(workspace: Workspace, key: str, field: str) -> str:
    """Do what leaves a trace: pin, read, ask, name a search, edit, and leave a draft; return the id."""
    tree = workspace.tree
    entry = tree.entry(key)
    tree.seen.news()
    tree.bookmarks.toggle_pin(entry.id)
    tree.bookmarks.note_read(entry.id)
    tree.bookmarks.note_query("pool")
    tree.bookmarks.name_search("mine", "pool")
    workspace.committer.commit(workspace.planner.edit(entry.id, {field: "Changed."}))
    draft = Draft(entry.id, entry.title, 1.0, fields={field: Typed("a", "b")})
    workspace.status.drafts.keep(draft)
    workspace.status.drafts.keep(replace(draft, sort="source"))
    workspace.close()
    return entry.id


def check(workspace: Workspace, entry_id: str, new: set[str]) -> None:
    """See that all traces are those of the entry with this id, and that only the files of `new` are new."""
    tree = workspace.tree
    assert tree.bookmarks.pins() == tree.bookmarks.read_lately() == [entry_id]
    assert tree.bookmarks.queries() == ["pool"]
    assert tree.bookmarks.searches() == {"mine": "pool"}
    assert {known.rpartition("#")[0] for known in tree.seen.news().ids} == new
    assert [draft.entry for draft in workspace.status.drafts.left()] == [entry_id] * 2
    saved = workspace.committer.undo()
    assert saved.files == (entry_id.rpartition("#")[0],)
    assert "Changed." not in tree.real(saved.files[0]).read_text()


@pytest.mark.parametrize(
    ("file", "key", "field"), [(FIXES, "DEBUG-001", "solution"), (COMMANDS, "commands", "text")]
)
def test_a_second_store_in_the_project(stores: tuple[Path, Path], file: str, key: str, field: str) -> None:
    project, own = stores
    without(own)
    other = FIXES if file == COMMANDS else COMMANDS
    held = (project / other).read_bytes()
    without((project / other).parent)
    if other == FIXES:
        (project / "memories").rmdir()
    with closing(opened(project)) as alone:
        assert work(alone, key, field) in (f"{file}#{key}", f"{file.removeprefix('memories/')}#{key}")
    (project / other).parent.mkdir(parents=True)
    (project / other).write_bytes(held)
    with closing(opened(project)) as both:
        check(both, f"{file}#{key}", {other})
    with closing(
        Workspace.open(project / file.partition("/memories/")[0].partition("/debugging")[0])
    ) as alone:
        assert len(alone.tree.bookmarks.pins()) == 1, "who opens it by its path has them there"


def test_a_first_store_in_the_project_beside_what_claude_code_keeps(stores: tuple[Path, Path]) -> None:
    project, _ = stores
    held = {file: (project / file).read_bytes() for file in (FIXES, COMMANDS)}
    for file in held:
        without((project / file).parent)
    (project / "memories").rmdir()
    with closing(opened(project)) as alone:
        assert work(alone, "retry_budget", "text") == "memory/retry_budget.md#retry_budget"
    (project / FIXES).parent.mkdir(parents=True)
    (project / FIXES).write_bytes(held[FIXES])
    with closing(opened(project)) as both:
        assert both.tree.entry("DEBUG-001").file == "debugging/fixes.xml"
        check(both, f"{RETRY}#retry_budget", {"debugging/fixes.xml"})
    (project / COMMANDS).parent.mkdir(parents=True)
    (project / COMMANDS).write_bytes(held[COMMANDS])
    with closing(opened(project)) as three:
        assert three.tree.entry("DEBUG-001").file == FIXES
        assert three.tree.bookmarks.pins() == [f"{RETRY}#retry_budget"]
        assert three.committer.redo().files == (RETRY,)


def test_it_is_taken_over_once(stores: tuple[Path, Path]) -> None:
    project, own = stores
    without(own)
    held = (project / COMMANDS).read_bytes()
    without((project / COMMANDS).parent)
    with closing(opened(project)) as alone:
        work(alone, "DEBUG-001", "solution")
    (project / COMMANDS).parent.mkdir(parents=True)
    (project / COMMANDS).write_bytes(held)
    with closing(opened(project)) as both:
        assert not both.tree.bookmarks.toggle_pin(f"{FIXES}#DEBUG-001")
        for draft in both.status.drafts.left():
            both.status.drafts.drop(draft)
    with closing(opened(project)) as both:
        assert both.tree.bookmarks.pins() == []
        assert both.status.drafts.left() == []


def test_a_tree_of_one_store_asks_for_nothing(stores: tuple[Path, Path]) -> None:
    project, own = stores
    without(own)
    without((project / COMMANDS).parent)
    with closing(opened(project)) as alone:
        assert not alone.tree.place.is_joined
        entry_id = work(alone, "DEBUG-001", "solution")
    with closing(opened(project)) as again:
        check(again, entry_id, set())
