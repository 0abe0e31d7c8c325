"""The files that an entry may be moved to."""

from __future__ import annotations

from pathlib import Path

from index.workspace import Workspace
from tests.support.markdown import make_stores
from tests.support.shop import FILES, SOLUTION, make_shop
from tui.screens.editing.file_choice import move_items


def test_a_memory_that_is_all_of_its_file_goes_to_a_new_one_only(tmp_path: Path) -> None:
    workspace = Workspace.open(make_stores(tmp_path) / ".claude" / "memory")
    entries = [entry for entry in workspace.tree.entries() if "feedback" in entry.file]
    assert entries
    assert move_items(workspace, entries[:1]) == []
    workspace.close()


def test_an_entry_among_others_goes_to_any_other_file(tmp_path: Path) -> None:
    workspace = Workspace.open(make_shop(tmp_path))
    entry = next(entry for entry in workspace.tree.entries() if not entry.template)
    files = [item.id for item in move_items(workspace, [entry])]
    assert len(files) == len(workspace.tree.snapshot.records) - 1
    assert entry.file not in files
    workspace.close()


def test_a_file_that_is_one_entry_is_not_offered(tmp_path: Path) -> None:
    one = "<preferences><title>Partners</title><language>German</language></preferences>"
    alone = "<notes><note><title>Alone</title><text>One of a kind that takes more.</text></note></notes>"
    workspace = Workspace.open(make_shop(tmp_path, files={**FILES, "one.xml": one, "notes.xml": alone}))
    entry = workspace.tree.entry(SOLUTION)
    files = [item.id for item in move_items(workspace, [entry])]
    assert "notes.xml" in files
    assert "one.xml" not in files
    workspace.close()
