"""Older versions: of files that looked like another kind, had another name, or a longer text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.formats.markdown.reading import MarkdownReading, read_markdown
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

LEVELS = (
    "AGENTS.md",
    [
        "# Log\n\n## Pool\n\nKeep it small.\n\n### Why\n\nIt is slow.\n\n## Clock\n\nText.\n",
        "## Log\n\n### Pool\n\nKeep it small.\n\n#### Why\n\nIt is slow.\n\n### Clock\n\nText.\n",
        "# Pool\n\nKeep it large.\n\n## Why\n\nIt is slow.\n\n# Clock\n\nText.\n",
        "# Log\n\n## Pool\n\nKeep it large.\n\n### Why\n\nIt is slow.\n\n## Clock\n\nMore.\n",
    ],
)
"""Sections below one title, deeper ones, and some without."""
ONE_TITLE = (
    "AGENTS.md",
    [
        "# Pool\n\nKeep it small.\n\n## Why\n\nIt is slow.\n\n## How\n\nFew.\n",
        "# Pool\n\nKeep it small.\n\n## Why\n\nIt is slow.\n\n## How\n\nFew.\n\n# Clock\n\nText.\n",
        "# Pool\n\nKeep it large.\n\n## Why\n\nIt is slow.\n\n## How\n\nFew.\n",
        "# Pool\n\nKeep it large.\n\n## Why\n\nIt is slow.\n\n## How\n\nFew.\n\n# Clock\n\nMore.\n",
    ],
)
"""A section with sections in it, which alone looks like the title of a file."""
ERRORS = (
    ".learnings/ERRORS.md",
    [
        "## [ERR-001] Pool\n\nKeep it small.\n\n### Fix\n\nNone.\n",
        "# Errors\n\n## [ERR-001] Pool\n\nKeep it small.\n\n### Fix\n\nNone.\n",
        "## [ERR-001] Pool\n\nKeep it large.\n\n### Fix\n\nNone.\n",
        "### [ERR-001] Pool\n\nKeep it large.\n\n#### Fix\n\nNone.\n\n### [ERR-002] Clock\n\nText.\n",
    ],
)
"""One entry, with a title of the file and without, which got a neighbour."""


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
    ("past", "key"),
    [
        *((INDEX, "session"), (BACK, "session"), (LEARNINGS, "LRN-1"), (BANK, "context")),
        *((LEVELS, "pool"), (ONE_TITLE, "pool"), (ERRORS, "ERR-001")),
    ],
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


@pytest.mark.parametrize(
    ("past", "told"),
    [
        (LEVELS, ["1 instruction edited", "1 instruction edited", "", "+2 instructions"]),
        (
            ONE_TITLE,
            ["+1 instruction", "1 instruction edited, −1 instruction", "+1 instruction", "+3 instructions"],
        ),
        (ERRORS, ["+1 error", "1 error edited", "", "+1 error"]),
    ],
)
def test_a_commit_that_only_changes_the_level_of_headings_takes_nothing_away(
    opened: OpenHistory, past: tuple[str, list[str]], told: list[str]
) -> None:
    workspace, _ = opened(past)
    assert [version.summary for version in workspace.history.log()] == told
    assert list(workspace.history.deleted()) == []
    workspace.close()


def test_a_deleted_section_comes_back_at_the_level_of_the_others(opened: OpenHistory) -> None:
    others = "## Log\n\n### Pool\n\nSmall.\n\n{}### Clock\n\nText.\n"
    cache = "## Cache\n\nIt is cold.\n\n### Why\n\nSlow.\n\n"
    before = f"# Log\n\n## Pool\n\nSmall.\n\n{cache}## Clock\n\nText.\n"
    workspace, _ = opened(("AGENTS.md", [before, before.replace(cache, ""), others.format("")]))
    [gone] = workspace.history.deleted()
    plan = workspace.history.plan_revive([gone])
    assert (plan.changes[0].after or b"").decode() == others.format(cache.replace("## ", "### "))
    workspace.close()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".serena/memories/pool.md", "# Pool\n\nKeep {} connections.\n\n## Why\n\nIt is slow.\n"),
        ("memory/pool.md", "---\nname: Pool\ndescription: {}\n---\n\nKeep it small.\n"),
        ("MEMORY.md", f"# Memory\n\n{LINKS}- [Pool](pool.md) — about {{}}\n"),
    ],
)
def test_each_version_of_a_file_that_is_one_entry_is_read_once(
    opened: OpenHistory, monkeypatch: pytest.MonkeyPatch, path: str, text: str
) -> None:
    texts = [text.format(number) for number in range(6)]
    workspace, _ = opened((path, texts))
    [entry] = workspace.tree.entries()
    read: list[str] = []

    def reading(source: str, place: str, rule: str = "") -> MarkdownReading:
        read.append(source)
        return read_markdown(source, place, rule)

    monkeypatch.setattr("index.formats.markdown.markdown_file.read_markdown", reading)
    listed = found(workspace, entry.id)
    assert [version.message for version in listed] == [f"version {number}" for number in (5, 4, 3, 2, 1, 0)]
    assert [read.count(one) for one in texts[:-1]] == [1] * 5  # the newest tells the rule for the others
    read.clear()
    assert len(workspace.history.blame(entry.id)) == len(entry.fields)
    assert [read.count(one) for one in texts[:-1]] == [1] * 5
    workspace.close()


@pytest.mark.parametrize("word", ["large", "```large"])
def test_a_version_with_an_error_is_told_as_broken(opened: OpenHistory, word: str) -> None:
    texts = ["# Pool\n\nsmall\n", f"# Pool\n\n{word}\n", "# Pool\n\nsmall\n", "# Pool\n\nnone\n"]
    workspace, _ = opened((".serena/memories/pool.md", texts))
    listed = found(workspace, ".serena/memories/pool.md#pool")
    assert [version.broken for version in listed] == [False, False, word.startswith("`"), False]
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


@pytest.mark.parametrize(
    ("path", "texts", "key"),
    [
        (
            "AGENTS.md",
            ["## Pool\nSmall.\n\nMore.\n\n## Last\nText.\n", "## Pool\nSmall.\n\n## Last\nText.\n"],
            "pool",
        ),
        (
            "AGENTS.md",
            ["# All\n\nText.\n\n## Pool\nSmall.\n- more\n", "# All\n\nText.\n\n## Pool\nSmall.\n"],
            "pool",
        ),
        ("AGENTS.md", ["## Pool\nSmall, or not.\n", "## Pool\nSmall\n"], "pool"),
        (
            "AGENTS.md",
            ["## A\nB.\n\n## Pool\nSmall.\n\n### Why\nSlow.\n", "## A\nB.\n\n## Pool\nSmall.\n"],
            "pool",
        ),
        ("AGENTS.md", ["Lead.\n\nMore.\n\n## Pool\nSmall.\n", "Lead.\n\n## Pool\nSmall.\n"], "AGENTS"),
        (".serena/memories/pool.md", ["# Pool\n\nSmall.\n\nMore.\n", "# Pool\n\nSmall.\n"], "pool"),
        (".serena/memories/pool.md", ["Above.\n\n# Pool\n\nSmall.\n", "# Pool\n\nSmall.\n"], "pool"),
    ],
)
def test_a_text_that_lost_its_end_is_another_version(
    opened: OpenHistory, path: str, texts: list[str], key: str
) -> None:
    workspace, revs = opened((path, texts))
    entry_id = f"{path}#{key}"
    assert [version.message for version in found(workspace, entry_id)] == ["version 1", "version 0"]
    past = workspace.history.at(entry_id, revs[0])
    assert past.markup != workspace.history.at(entry_id, revs[1]).markup
    workspace.close()


ONE = "# {} memory\n\n- [Pool](pool.md) — {}\n- [Cache](cache.md) — is cold\n- [Clock](clock.md) — is late\n"


def test_a_file_that_got_another_name_and_title_is_followed(opened: OpenHistory, tmp_path: Path) -> None:
    old, new = ".claude/agent-memory/reviewer/MEMORY.md", ".claude/agent-memory/code-reviewer/MEMORY.md"
    workspace, revs = opened((old, [ONE.format("Reviewer", "is small"), ONE.format("Reviewer", "is large")]))
    workspace.close()
    (tmp_path / old).unlink()
    put(tmp_path, new, ONE.format("Code reviewer", "is large"), "renamed")
    workspace = Workspace.open(tmp_path)
    listed = found(workspace, f"{new}#MEMORY")
    assert [version.message for version in listed] == ["renamed", "version 1", "version 0"]
    assert "is small" in workspace.history.at(f"{new}#MEMORY", revs[0]).markup
    workspace.close()


def test_the_same_content_is_the_file_of_old_however_many_were_renamed(
    opened: OpenHistory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.history.versions._CANDIDATES", 2)
    folder = tmp_path / ".serena/memories"
    workspace, revs = opened(
        (".serena/memories/z.md", ["# Pool\n\nIt is small.\n", "# Pool\n\nIt is large.\n"])
    )
    workspace.close()
    for number in range(4):
        (folder / f"a{number}.md").write_bytes(f"# Pool\n\nIt is {number}.\n".encode())
    commit_all(tmp_path, "more")
    (folder / "topic").mkdir()
    for file in folder.glob("*.md"):
        file.rename(folder / "topic" / file.name)
    commit_all(tmp_path, "renamed")
    workspace = Workspace.open(tmp_path)
    entry_id = ".serena/memories/topic/z.md#z"
    assert [version.message for version in found(workspace, entry_id)] == ["version 1", "version 0"]
    assert "small" in workspace.history.at(entry_id, revs[0]).markup
    workspace.close()


POOL_RULE = "Size the pool for each worker, and give every query a timeout of its own.\n"


@pytest.mark.parametrize(
    ("body", "versions"), [(POOL_RULE, 2), ("Another text about clocks and zones.\n", 1)]
)
def test_a_memory_that_became_another_kind_is_followed_by_its_text(
    opened: OpenHistory, body: str, versions: int
) -> None:
    head = "---\nname: pool\ndescription: Pools\ntype: {}\n---\n\n"
    path = "memory/pool.md"
    workspace, _ = opened((path, [head.format("feedback") + POOL_RULE, head.format("project") + body]))
    assert len(found(workspace, workspace.tree.entries()[0].id)) == versions
    workspace.close()
