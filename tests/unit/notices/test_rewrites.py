"""What rewrites of files dropped, of a tree that nobody has opened before: told from its commits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.history import rewrites
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, make_repository

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PATH = "memory-bank/progress.md"
WORDS = ("Pool size", "Cold starts", "Clock skew", "Retries", "Index rebuilds")


def bank(*names: str, say: str = "keep it as it is") -> str:
    sections = [f"## {name}\n\n{name}: {say}.\nOne more line of {name}.\n" for name in names]
    return "# Progress\n\n" + "\n".join(sections)


def lessons(*names: str, say: str = "keep it as it is") -> str:
    told = [f"<lesson>\n<title>{name}</title>\n<text>{name}: {say}</text>\n</lesson>" for name in names]
    return "\n".join(["<lessons>", *told, "</lessons>", ""])


ALL = bank(*WORDS)
NEW = bank("Plan", "Pool size", say="everything about it is new now")
MakeTree = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path) -> MakeTree:
    """Return a maker of a tree of one file with a commit for each of its texts."""

    def made(*texts: str | None, path: str = PATH) -> Path:
        make_repository(tmp_path)
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        (file.parent / "other.md").write_text("# Other\n\n## Something\n\nElse.\n")
        for number, text in enumerate(texts):
            file.unlink(missing_ok=True)
            if text is not None:
                file.write_text(text, "utf-8")
            commit_all(tmp_path, f"number {number}")
        return file.parent

    return made


def told(root: Path) -> list[str]:
    workspace = Workspace.open(root)
    try:
        return [one.message for one in workspace.notices.found(NOW) if one.code == "vanished"]
    finally:
        workspace.close()


@pytest.mark.parametrize(
    ("texts", "path", "gone"),
    [
        ([ALL, NEW], PATH, "4 entries were lost when"),
        ([ALL, NEW, NEW + "\n## More\n\nText.\n"], PATH, "4 entries were lost"),
        ([ALL, bank("Pool size", "Retries")], PATH, "3 entries were lost"),  # the others are as they were
        ([ALL, "# Progress\n"], PATH, "5 entries were lost"),
        (
            [lessons(*WORDS), lessons("Plan", say="All is new.")],
            "memories/lessons.xml",
            "5 entries were lost",
        ),
    ],
)
def test_what_a_rewrite_dropped_is_told(tree: MakeTree, texts: list[str], path: str, gone: str) -> None:
    root = tree(*texts, path=path)
    [message] = told(root)
    assert message.startswith(gone)
    assert "2025" not in message, "a day is written in the one style of the app, or not at all"
    assert message.endswith("Restore what should have stayed.")


ONE_BY_ONE = [bank(*WORDS[:number]) for number in range(5, 0, -1)]
LINKS = "# Memory\n\n## Pool\n\n{}\n\n## Clock\n\nNone yet.\n"


@pytest.mark.parametrize(
    ("texts", "path"),
    [
        (ONE_BY_ONE, PATH),
        ([bank("Pool size", "Retries") + "It is long. " * 200, bank("Pool size")], PATH),
        ([ALL, bank(*WORDS, say="everything about them is new now")], PATH),  # nothing went
        ([ALL, ALL.replace("# ", "## ")], PATH),
        ([ALL, None], PATH),
        ([ALL, None, NEW], PATH),
        ([ALL, bank("Pool size", say="everything about it is new now"), ALL], PATH),
        ([LINKS.format("None yet."), LINKS.format("- [Pool](pool.md)")], "memory/MEMORY.md"),
        (["# Pool\n\nSmall.\n", "# Clock\n\nLate, and all of it is new.\n"], ".serena/memories/pool.md"),
    ],
)
def test_what_was_deleted_or_is_there_is_not_told(tree: MakeTree, texts: list[str | None], path: str) -> None:
    assert told(tree(*texts, path=path)) == []


def test_what_moved_to_another_file_is_not_told(tree: MakeTree, tmp_path: Path) -> None:
    root = tree(ALL)
    (root / "productContext.md").write_text(bank(*WORDS[1:]))
    (root / "progress.md").write_text(NEW)
    commit_all(tmp_path)
    kind = {entry.kind for entry in Workspace.open(root).tree.entries() if entry.file == PATH}
    assert kind == {"progress"}
    assert (
        "4 entries were lost" in told(root)[0]
    )  # of another kind there: nobody knows whether they are the same
    (root / "productContext.md").unlink()
    (root / "notes").mkdir()
    (root / "notes/progress.md").write_text(bank(*WORDS[1:]))
    commit_all(tmp_path)
    assert told(root) == []


def test_they_come_back_and_are_told_no_more(tree: MakeTree) -> None:
    root = tree(ALL, NEW)
    done = call(root, "check")
    assert "memarium history --deleted lists what is gone" in done.stderr
    gone = f"{PATH}#cold-starts"
    call(root, "restore", gone, "HEAD^", status=0)
    assert gone in call(root, "list", "--json").stdout
    assert told(root) == []  # who restores one has looked at the others


def test_who_corrected_the_file_or_called_everything_seen_has_looked(tree: MakeTree) -> None:
    root = tree(ALL, NEW)
    workspace = Workspace.open(root)
    workspace.tree.ready()
    workspace.tree.seen.news()  # a first visit is no look at what was before it
    assert len(told(root)) == 1
    workspace.tree.seen.see_all()
    workspace.close()
    assert told(root) == []


def test_an_edit_with_memarium_is_a_look(tree: MakeTree) -> None:
    root = tree(ALL, NEW)
    call(root, "edit", f"{PATH}#plan", "--set", "text=It was made.", status=0)
    assert told(root) == []


def test_a_link_that_follows_a_rename_is_no_look(tree: MakeTree) -> None:
    root = tree(ALL, NEW + "\nSee [Fact](fact.md).\n", path="memory/MEMORY.md")
    (root / "fact.md").write_text("---\nname: Fact\n---\n\nIt is so.\n")
    commit_all(root.parent)
    before = told(root)
    assert "4 entries were lost" in before[0]
    call(root, "move", "memory/fact.md#fact", "memory/truth.md", "--new", status=0)
    assert "[Fact](truth.md)" in (root / "MEMORY.md").read_text("utf-8")
    assert told(root) == before


def test_only_the_last_commits_and_versions_are_looked_at(
    tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree(ALL, NEW, *(f"{NEW}\n## More\n\n{number}\n" for number in range(3)))
    assert len(told(root)) == 1
    monkeypatch.setattr(rewrites, "_VERSIONS", 3)
    assert told(root) == []
    monkeypatch.setattr(rewrites, "_VERSIONS", 8)
    monkeypatch.setattr(rewrites, "_COMMITS", 3)
    assert told(root) == []
    monkeypatch.setattr(rewrites, "_COMMITS", 9)
    monkeypatch.setattr(rewrites, "_BYTES", 100)
    assert told(root) == []
