"""A format that the house has never seen: read, searched, edited, committed, followed, merged, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.formats.registry import registered
from index.model.plan import CannotEdit, Plan
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tests.support.toy_format import MemoFormat

NOW = datetime(2025, 11, 23, 10, tzinfo=UTC)
FILE = "notes/lessons.memo"
TEXT = """lesson: L-1 | title: Pool runs dry | text: raise the limit | tags: db, pool
# what is no pair is no entry
lesson: L-2 | title: Caches go stale | text: give them a ttl | tags: cache
decision: D-1 | title: Use one queue | status: accepted
"""
POOL = f"{FILE}#L-1"


@pytest.fixture(autouse=True)
def _toy() -> Iterator[None]:
    with registered(MemoFormat()):
        yield


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "memories"
    make_repository(tmp_path)
    write(root, TEXT)
    commit_all(tmp_path)
    return root


def write(root: Path, text: str) -> None:
    file = root / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def saved(workspace: Workspace, plan: Plan) -> str:
    """Commit a plan; return the text of the file."""
    workspace.committer.commit(plan)
    workspace.tree.refresh()
    return (workspace.tree.root / FILE).read_text("utf-8")


def test_it_is_opened_and_searched(tree: Path) -> None:
    workspace = Workspace.open(tree)
    found = {entry.id.rpartition("#")[2]: entry for entry in workspace.tree.entries()}
    assert set(found) == {"L-1", "L-2", "D-1"}
    pool = found["L-1"]
    assert (pool.kind, pool.title, pool.tags, pool.line) == ("lesson", "Pool runs dry", ("db", "pool"), 1)
    workspace.search.update()
    assert [hit.entry.id for hit in workspace.search.find("stale").hits] == [f"{FILE}#L-2"]
    assert workspace.tree.markup(POOL) == TEXT.split("\n", maxsplit=1)[0]
    workspace.close()


def test_a_field_is_set_added_refused_and_taken_back(tree: Path) -> None:
    workspace = Workspace.open(tree)
    text = saved(workspace, workspace.planner.edit(POOL, {"text": "raise it twice"}))
    assert text == TEXT.replace("raise the limit", "raise it twice")
    text = saved(workspace, workspace.planner.edit(POOL, {"status": "done"}, add=True))
    assert text.startswith(
        f"{TEXT.split(chr(10), maxsplit=1)[0].replace('the limit', 'it twice')} | status: done\n"
    )
    with pytest.raises(CannotEdit, match="a line holds no"):
        workspace.planner.edit(POOL, {"text": "a | b"})
    with pytest.raises(CannotEdit, match="has no field nope"):
        workspace.planner.edit(POOL, {"nope": "x"})
    assert git(tree, "log", "-1", "--format=%s") == 'memory: edit status of "Pool runs dry"'
    workspace.committer.undo()
    workspace.committer.undo()
    assert (tree / FILE).read_text("utf-8") == TEXT
    workspace.close()


def test_entries_are_added_doubled_moved_and_deleted(tree: Path) -> None:
    workspace = Workspace.open(tree)
    planner = workspace.planner
    text = saved(workspace, planner.add("lesson", {"title": "Ask first", "text": "then act"}, NOW))
    assert text == TEXT + "lesson: L-3 | title: Ask first | text: then act\n"
    text = saved(workspace, planner.duplicate(POOL, NOW))
    assert text.split("\n")[1] == TEXT.split("\n", maxsplit=1)[0].replace("L-1", "L-4")
    text = saved(workspace, planner.delete(f"{FILE}#L-4"))
    assert text == TEXT + "lesson: L-3 | title: Ask first | text: then act\n"
    text = saved(workspace, planner.move(POOL, "notes/other.memo", NOW))
    assert "L-1" not in text
    assert (tree / "notes/other.memo").read_text("utf-8") == TEXT.split("\n", maxsplit=1)[0] + "\n"
    workspace.close()


def test_many_are_changed_at_once_and_one_as_a_text(tree: Path) -> None:
    workspace = Workspace.open(tree)
    planner = workspace.planner
    text = saved(workspace, planner.set_field([POOL, f"{FILE}#L-2"], "text", "see the wiki"))
    assert text.count("see the wiki") == 2
    text = saved(workspace, planner.rename_tag("db", "database"))
    assert "tags: database, pool" in text
    line = planner.markup(POOL).text
    text = saved(workspace, planner.edit_markup(POOL, line.replace("Pool", "The pool")))
    assert text.startswith("lesson: L-1 | title: The pool runs dry")
    with pytest.raises(CannotEdit, match="one line of pairs"):
        planner.edit_markup(POOL, "nothing")
    workspace.close()


def test_what_was_written_as_xml_comes_in_as_its_fields(tree: Path) -> None:
    workspace = Workspace.open(tree)
    markup = "<lesson><title>Log it</title><text>always</text></lesson>"
    text = saved(workspace, workspace.planner.add_markup("lesson", markup, NOW, file=FILE))
    assert text == TEXT + "lesson: L-3 | title: Log it | text: always\n"
    workspace.close()


def test_its_history_is_told_and_what_is_gone_comes_back(tree: Path) -> None:
    workspace = Workspace.open(tree)
    saved(workspace, workspace.planner.edit(POOL, {"text": "raise it twice", "title": "Pool dries up"}))
    first = list(workspace.history.versions(POOL))[-1]
    assert [one.message for one in workspace.history.versions(POOL)] == [
        'memory: edit 2 fields of "Pool runs dry"',
        "first",
    ]
    text = saved(workspace, workspace.history.plan_restore(POOL, first, "title"))
    assert text == TEXT.replace("raise the limit", "raise it twice")
    text = saved(workspace, workspace.history.plan_restore(POOL, first))
    assert text == TEXT
    saved(workspace, workspace.planner.delete(f"{FILE}#L-2"))
    (gone,) = workspace.history.deleted()
    assert saved(workspace, workspace.history.plan_revive([gone])) == TEXT
    assert workspace.history.blame(POOL)["title"].message.startswith("memory: restore")
    workspace.close()


def test_what_is_not_committed_is_told_by_entry(tree: Path) -> None:
    workspace = Workspace.open(tree)
    write(tree, TEXT.replace("raise the limit", "raise it").replace("decision: D-1", "decision: D-2"))
    (item,) = workspace.status.uncommitted()
    assert {(change.entry.title, change.how) for change in item.entries} == {
        ("Pool runs dry", "edited"),
        ("Use one queue", "edited"),
    }
    workspace.close()


def test_an_undo_leaves_what_others_changed_since(tree: Path) -> None:
    workspace = Workspace.open(tree)
    text = saved(workspace, workspace.planner.edit(POOL, {"text": "raise it twice"}))
    write(tree, text.replace("give them a ttl", "drop them"))
    workspace.committer.undo()
    assert (tree / FILE).read_text("utf-8") == TEXT.replace("give them a ttl", "drop them")
    workspace.close()


@pytest.fixture
def clone(tree: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second clone of the tree's repository, which has a shared one above it."""
    folder = tmp_path_factory.mktemp("clones")
    git(tmp_path, "init", "-q", "--bare", str(folder / "shared.git"))
    git(tmp_path, "remote", "add", "origin", str(folder / "shared.git"))
    git(tmp_path, "push", "-q", "--set-upstream", "origin", "main")
    git(tmp_path, "clone", "-q", str(folder / "shared.git"), str(folder / "yours"))
    return folder / "yours"


def both(tree: Path, clone: Path, ours: str, theirs: str) -> None:
    """Commit a text on each side, and push theirs."""
    write(clone / "memories", theirs)
    commit_all(clone, "theirs")
    git(clone, "push", "-q")
    write(tree, ours)
    commit_all(tree.parent, "ours")


def test_two_clones_are_merged(tree: Path, clone: Path) -> None:
    theirs = TEXT.replace("Use one queue", "Use two queues")
    both(tree, clone, TEXT.replace("raise the limit", "raise it"), theirs)
    call(tree, "sync", status=0)
    assert (tree / FILE).read_text("utf-8") == theirs.replace("raise the limit", "raise it")


def test_a_text_that_both_changed_is_asked_for(tree: Path, clone: Path) -> None:
    ours, theirs = (TEXT.replace("raise the limit", words) for words in ("raise it", "leave it"))
    both(tree, clone, ours, theirs)
    assert "nothing was merged" in call(tree, "sync").stderr
    assert (tree / FILE).read_text("utf-8") == ours
    call(tree, "sync", "--prefer", "theirs", status=0)
    assert (tree / FILE).read_text("utf-8") == theirs


def test_an_entry_goes_over_to_a_file_of_another_format_and_back(tree: Path) -> None:
    workspace = Workspace.open(tree)
    saved(workspace, workspace.planner.move(POOL, "notes/lessons.xml", NOW))
    text = (tree / "notes/lessons.xml").read_text("utf-8")
    assert "<text>raise the limit</text>" in text
    back = workspace.planner.move("notes/lessons.xml#L-1", FILE, NOW)
    assert sorted(saved(workspace, back).splitlines()) == sorted(TEXT.splitlines())
    workspace.close()


def test_the_commands_know_it(tree: Path) -> None:
    assert "Pool runs dry" in call(tree, "search", "limit", status=0).stdout
    assert "raise the limit" in call(tree, "show", "L-1", status=0).stdout
    call(tree, "edit", "L-1", "--set", "title=Pool dries up", status=0)
    assert "title: Pool dries up |" in (tree / FILE).read_text("utf-8")
    told = call(tree, "history", "L-1", status=0).stdout
    assert "first" in told
    assert "edit title" in told
    call(tree, "restore", "L-1", "HEAD~1", "--field", "title", status=0)
    assert "title: Pool runs dry |" in (tree / FILE).read_text("utf-8")
    call(tree, "add", "lesson", "--set", "title=Ask first", "--file", FILE, status=0)
    assert (tree / FILE).read_text("utf-8").endswith("lesson: L-3 | title: Ask first\n")
    call(tree, "delete", "L-2", status=0)
    assert "L-2" not in (tree / FILE).read_text("utf-8")
    call(tree, "undo", status=0)
    assert "L-2" in (tree / FILE).read_text("utf-8")
    write(tree, (tree / FILE).read_text("utf-8").replace("give them a ttl", "drop them"))
    assert "Caches go stale" in call(tree, "status").stdout
