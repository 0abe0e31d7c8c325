"""Entries are followed through renames of their file, other titles, and copies made of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.workspace import Workspace
from tests.support.pages import NOW

BANK = "# Log\n\n## Retry twice\n\nThe first call wakes it up.\n\n## Cache\n\nKeep an hour.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Workspace:
    folder = tmp_path / "memory-bank"
    folder.mkdir()
    (folder / "activeContext.md").write_text(BANK, encoding="utf-8")
    (folder / "progress.md").write_text("# Progress\n\n## Done\n\nAll of it.\n", encoding="utf-8")
    workspace = Workspace.open(folder)
    workspace.tree.load()
    return workspace


def moved(tree: Workspace, old: str, new: str) -> None:
    (tree.tree.home / old).rename(tree.tree.home / new)
    tree.tree.refresh()


def titles(tree: Workspace) -> dict[str, str]:
    return {entry.title: entry.id for entry in tree.tree.entries()}


def test_a_file_that_is_renamed_takes_its_entries_along(tree: Workspace) -> None:
    was, by_now = titles(tree), tree.tree.successors.from_now()
    moved(tree, "activeContext.md", "notes.md")
    assert {title: by_now(one) for title, one in was.items()} == titles(tree)
    assert by_now(was["Cache"]).startswith("memory-bank/notes.md#")
    moved(tree, "notes.md", "activeContext.md")
    assert by_now(was["Cache"]) == was["Cache"]


def test_a_file_that_was_away_for_a_moment_is_the_same_one(tree: Workspace) -> None:
    was, by_now = titles(tree), tree.tree.successors.from_now()
    path = tree.tree.home / "activeContext.md"
    path.write_bytes(b"")
    tree.tree.refresh()
    path.write_text(BANK.replace("an hour", "a day"), encoding="utf-8")
    tree.tree.refresh()
    assert by_now(was["Cache"]) == was["Cache"]
    path.unlink()
    tree.tree.refresh()
    path.with_name("later.md").write_text(BANK, encoding="utf-8")
    tree.tree.refresh()
    assert by_now(was["Cache"]) == titles(tree)["Cache"]
    assert by_now(was["Cache"]).startswith("memory-bank/later.md#")


def test_an_entry_with_another_title(tree: Workspace) -> None:
    path, was = tree.tree.home / "activeContext.md", titles(tree)
    by_now = tree.tree.successors.from_now()
    path.write_text(BANK.replace("## Cache", "## Caches"), encoding="utf-8")
    tree.tree.refresh()
    assert by_now(was["Cache"]) == titles(tree)["Caches"] != was["Cache"]
    assert by_now(was["Done"]) == was["Done"]


def test_an_entry_that_gets_a_twin_is_still_itself(tree: Workspace) -> None:
    was, by_now = titles(tree)["Cache"], tree.tree.successors.from_now()
    tree.tree.bookmarks.toggle_pin(was)
    plan = tree.planner.duplicate(was, NOW)
    tree.tree.allow("unversioned")
    tree.committer.commit(plan)
    twins = [entry for entry in tree.tree.entries() if entry.title == "Cache"]
    first = min(twins, key=lambda entry: entry.line)
    assert len(twins) == 2
    assert by_now(was) == first.id != was
    assert tree.tree.bookmarks.pins() == [first.id]


def test_an_entry_that_is_gone_has_no_successor(tree: Workspace) -> None:
    was, by_now = titles(tree)["Cache"], tree.tree.successors.from_now()
    (tree.tree.home / "activeContext.md").write_text(BANK[: BANK.index("## Cache")], encoding="utf-8")
    (tree.tree.home / "other.md").write_text("# Other\n\n## Queue\n\nA file a day.\n", encoding="utf-8")
    tree.tree.refresh()
    assert by_now(was) == was
    assert was not in titles(tree).values()
