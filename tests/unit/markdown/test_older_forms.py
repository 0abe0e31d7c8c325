"""Versions from when a file had its memories in another form: read by the form that it has now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.history.versions import Version
from index.model.plan import CannotEdit
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository

LINKS = "".join(f"- [Note {n}](note_{n}.md) — about {n}\n" for n in range(6))
SESSION = "## Session\nKeep the pool {}.\n"
INDEX = (
    "MEMORY.md",
    [
        f"# Memory\n\n{LINKS}\n{SESSION.format('small')}",
        f"# Memory\n\n{LINKS}\n{SESSION.format('small')}\n",
        f"# Memory\n\n{LINKS}\n{SESSION.format('large')}",
        f"# Memory\n\n- plain\n- words\n- alone\n\n{SESSION.format('large')}",
    ],
)
"""An index of links that became sections."""
BACK = "MEMORY.md", [INDEX[1][3].replace("large", "small"), INDEX[1][0], INDEX[1][2], INDEX[1][3]]
"""One that was an index in between."""
LEARNINGS = (
    "notes/learned.md",
    [
        "# Learned\n\n## [LRN-1] Pool\n\nKeep it small.\n",
        "# Learned\n\n## [LRN-1] Pool\n\nKeep it small.\n\n## Other\n\nText.\n\n## More\n\nText.\n",
        "# Learned\n\n## [LRN-1] Pool\n\nKeep it large.\n",
        "# Learned\n\n## [LRN-1] Pool\n\nKeep it large.\n\n## [LRN-2] Cache\n\nIt is cold.\n",
    ],
)
"""A file in a place that nobody knows, which got a second learning and a third."""
BANK = (
    "memories.md",
    [
        "## Context\n\nKeep it small.\n",
        "## Context\n\nKeep it small.\n\n## Plan\n\nText.\n",
        "## Context\n\nKeep it large.\n\n## Plan\n\nText.\n",
        "## Context\n\nKeep it large.\n\n## 2026-01-01 Plan\n\nText.\n\n## 2026-01-02 Other\n\nText.\n",
    ],
)
"""Sections without dates, which got some."""


def put(root: Path, path: str, text: str, message: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode())
    commit_all(root, message)


OpenHistory = Callable[[tuple[str, list[str]]], tuple[Workspace, list[str]]]


@pytest.fixture
def opened(tmp_path: Path) -> OpenHistory:
    def made(past: tuple[str, list[str]]) -> tuple[Workspace, list[str]]:
        make_repository(tmp_path)
        path, texts = past
        for number, text in enumerate(texts):
            put(tmp_path, path, text, f"version {number}")
        revs = git(tmp_path, "rev-list", "--reverse", "HEAD").split()
        return Workspace.open(tmp_path), revs

    return made


def found(workspace: Workspace, entry_id: str) -> list[Version]:
    return list(workspace.history.versions(entry_id))


@pytest.mark.parametrize(
    ("past", "key"), [(INDEX, "session"), (BACK, "session"), (LEARNINGS, "LRN-1"), (BANK, "context")]
)
def test_every_version_that_is_listed_is_shown_compared_and_restored(
    opened: OpenHistory, past: tuple[str, list[str]], key: str
) -> None:
    workspace, revs = opened(past)
    entry_id = f"{past[0]}#{key}"
    now = workspace.tree.entry(entry_id)
    listed = found(workspace, entry_id)
    assert [version.message for version in listed] == ["version 2", "version 0"]
    assert (listed[0].first, listed[1].first) == (False, True)
    for rev, word in zip(revs, ("small", "small", "large", "large"), strict=True):
        then = workspace.history.at(entry_id, rev)
        assert [f"{word}." in field.text for field in then.entry.fields if field.name == "text"] == [True]
        assert (then.entry.id, then.entry.title) == (now.id, now.title)
    for plan in (
        workspace.history.plan_restore(entry_id, listed[1]),
        workspace.history.plan_past(entry_id, workspace.history.at(entry_id, revs[0]), revs[0]),
    ):
        assert plan.changes[0].after == past[1][3].replace("large", "small").encode()
    origins = workspace.history.blame(entry_id)
    assert origins["text"].message == "version 2"
    workspace.close()


def test_an_entry_that_came_later_was_not_there(opened: OpenHistory) -> None:
    workspace, revs = opened(LEARNINGS)
    assert [version.message for version in found(workspace, "notes/learned.md#LRN-2")] == ["version 3"]
    with pytest.raises(CannotEdit, match="was not there"):
        workspace.history.at("notes/learned.md#LRN-2", revs[2])
    workspace.close()


def test_a_section_that_moved_into_a_file_of_its_own_is_followed_into_the_other_form(
    opened: OpenHistory, tmp_path: Path
) -> None:
    workspace, revs = opened(
        ("memory/MEMORY.md", ["# Memory\n\n## Pool\nSmall.\n\n## Pool size\nKeep it small.\n"])
    )
    workspace.close()
    (tmp_path / "memory/pool-size.md").write_bytes(b"## Pool size\nKeep it small.\n")
    put(tmp_path, "memory/MEMORY.md", "- [Pool size](pool-size.md)\n", "apart")
    put(tmp_path, "memory/pool-size.md", "## Pool size\nKeep it large.\n", "edited")
    workspace = Workspace.open(tmp_path)
    listed = found(workspace, "memory/pool-size.md#pool-size")
    assert [version.message for version in listed][-1] == "version 0"
    assert "small" in workspace.history.at("memory/pool-size.md#pool-size", revs[0]).markup
    workspace.close()
