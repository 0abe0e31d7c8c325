"""Files that say of themselves that nobody is to change them, or that a program keeps for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.formats.registry import format_of
from index.model.plan import Plan, PlannedChange, Protected
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository

HELD, OPEN = "persona.md", "project.md"
TEXT = "---\nname: persona\ndescription: Who I am\nread_only: true\ntags: [a]\n---\n\nA helper.\n"
OTHER = "---\nname: project\ndescription: A shop\ntags: [a]\n---\n\nOne: two\n"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
WORDS = (
    "persona.md is read-only: its front matter says read_only: true, so take that line out to change it. "
    "Nothing was written."
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "notes"
    root.mkdir()
    (root / HELD).write_text(TEXT.replace("read_only: true\n", ""))
    (root / OPEN).write_text(OTHER)
    make_repository(root)
    commit_all(root)
    (root / HELD).write_text(TEXT)
    commit_all(root, "hold it")
    return root


@pytest.fixture
def opened(tree: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(tree)
    yield workspace
    workspace.close()


def restored(workspace: Workspace) -> Plan:
    *_, oldest = workspace.history.file_versions(HELD)
    return workspace.history.plan_restore_file(HELD, oldest)


@pytest.mark.parametrize(
    "plan",
    [
        lambda one: one.planner.edit("persona.md#persona", {"text": "Another."}),
        lambda one: one.planner.edit("persona.md#persona", {"read_only": "false"}),
        lambda one: one.planner.delete("persona.md#persona"),
        lambda one: one.planner.edit_markup("persona.md#persona", TEXT.replace("helper", "servant")),
        lambda one: one.planner.replace(HELD, TEXT.replace("read_only: true\n", "").encode()),
        lambda one: one.planner.rename_tag("a", "b"),
        restored,
    ],
)
def test_no_change_of_it_is_saved(opened: Workspace, tree: Path, plan: Callable[[Workspace], Plan]) -> None:
    with pytest.raises(Protected) as caught:
        opened.committer.commit(plan(opened))
    assert str(caught.value) == WORDS
    assert ((tree / HELD).read_text(), (tree / OPEN).read_text()) == (TEXT, OTHER)
    assert git(tree, "log", "--format=%s").split("\n")[0] == "hold it"


def test_what_others_change_in_it_is_committed_and_not_put_back(opened: Workspace, tree: Path) -> None:
    (tree / HELD).write_text(TEXT + "More.\n")
    (item,) = opened.status.uncommitted()
    with pytest.raises(Protected):
        opened.status.put_back(item)
    assert opened.committer.commit(opened.status.plan([item])).revision is not None


def test_a_new_one_is_saved_and_undone(opened: Workspace, tree: Path) -> None:
    change = PlannedChange("new.md", None, TEXT.encode())
    opened.committer.commit(Plan((change,), "memory: add new.md"))
    held = opened.planner.edit("project.md#project", {"read_only": "true"}, add=True)
    opened.committer.commit(held)
    with pytest.raises(Protected):
        opened.committer.commit(opened.planner.edit("project.md#project", {"description": "B"}))
    opened.committer.undo()
    assert (tree / OPEN).read_text() == OTHER, "an undo takes its own protection back"
    git(tree, "commit", "-q", "--allow-empty", "-m", "between")
    (tree / OPEN).write_text(OTHER.replace("tags", "read_only: yes\ntags"))
    commit_all(tree, "hold it, too")
    with pytest.raises(Protected):
        opened.committer.commit(opened.planner.edit("project.md#project", {"description": "B"}))


def test_an_undo_of_what_was_held_since_is_refused(opened: Workspace, tree: Path) -> None:
    log = tree / "log.md"
    log.write_text("---\nowner: ana\n---\n# Log\n\n## 2026-01-01 One\n\na\n\n## 2026-01-02 Two\n\nb\n")
    commit_all(tree, "log")
    entry = next(one for one in opened.tree.entries() if one.title == "Two")
    opened.committer.commit(opened.planner.edit(entry.id, {"text": "c"}))
    log.write_text(log.read_text().replace("owner", "read_only: true\nowner"))
    commit_all(tree, "hold it, too")
    with pytest.raises(Protected):
        opened.committer.undo()
    assert log.read_text().endswith("c\n")


def test_commands_refuse_with_the_same_sentence(tree: Path) -> None:
    for command in (
        ["edit", "persona.md#persona", "--set", "text=Another."],
        ["edit", "persona.md#persona", "--set", "text=Another.", "--dry-run"],
        ["delete", "persona.md#persona"],
        ["rename-tag", "a", "b"],
        ["restore", HELD, "HEAD^"],
    ):
        done = call(tree, *command)
        assert (done.exit_code, done.stdout) == (3, ""), command
        assert WORDS in done.stderr
    assert (tree / HELD).read_text() == TEXT


@pytest.mark.parametrize(
    ("front", "held"),
    [
        ("read_only: true", True),
        ("read_only: True  # by hand", True),
        ('read_only: "true"', True),
        ("read_only: false", False),
        ("read_only:", False),
        ("metadata:\n  read_only: true", False),
        ("name: read_only", False),
    ],
)
def test_what_says_so(front: str, held: bool) -> None:
    assert bool(format_of("a.md").protection(f"---\n{front}\n---\nread_only: true\n".encode())) is held


def test_codex_writes_its_raw_memories_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "codex/memories"
    store.mkdir(parents=True)
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex"))
    for name in ("raw_memories.md", "MEMORY.md"):
        (store / name).write_text("---\nname: notes\n---\nText.\n")
    opened = Workspace.open(store)
    raw, mine = sorted(opened.tree.entries(), key=lambda one: one.file, reverse=True)
    with pytest.raises(Protected, match="Codex writes it anew by itself"):
        opened.committer.commit(opened.planner.delete(raw.id))
    assert opened.committer.commit(opened.planner.delete(mine.id)).revision
    opened.close()
