"""A second memory like one: a file beside it with a line of the index, or a section behind it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.formats.markdown.markdown_format import MarkdownFormat
from index.model.plan import CannotEdit
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import CLAUDE, FILES, INDEX, make_stores
from tests.support.pages import NOW

CLAUDE_FILE = ".claude/memory/feedback_review_shape.md"
SERENA_FILE = ".serena/memories/suggested_commands.md"
AGENT = ".claude/agent-memory/reviewer"
RULE = "---\napplyTo: '*.py'\n---\n\nUse ruff.\n"
ADDED = {
    f"{AGENT}/MEMORY.md": "- [Names](names.md)\n- [Tests](tests.md) — all\n",
    f"{AGENT}/names.md": "# Names\r\n\r\nShort ones.\r\n",
    f"{AGENT}/tests.md": "---\ntitle: Tests 2\npermalink: reviewer/tests\n---\nAll.",
    ".claude/rules/python.instructions.md": RULE,
    ".claude/rules/python-3.instructions.md": RULE,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with a store of each kind."""
    make_stores(tmp_path)
    for path, text in ADDED.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode())
    make_repository(tmp_path)
    commit_all(tmp_path)
    return tmp_path


@pytest.fixture
def workspace(project: Path) -> Iterator[Workspace]:
    """Open the project."""
    opened = Workspace.open(project)
    yield opened
    opened.close()


def copied(workspace: Workspace, entry_id: str) -> dict[str, str]:
    """Duplicate an entry; return the text of each file that changed."""
    plan = workspace.planner.duplicate(entry_id, NOW)
    return {change.file: (change.after or b"").decode() for change in plan.changes}


@pytest.mark.parametrize(
    ("file", "new", "swaps"),
    [
        (
            CLAUDE_FILE,
            "feedback_review_shape_2",
            {
                "name: review-shape": "name: review-shape-2",
                "2026-07-29T13:16:34.420Z": "2025-11-23T10:00:00Z",
            },
        ),
        (SERENA_FILE, "suggested_commands_2", {"# Suggested Commands": "# Suggested Commands 2"}),
        (f"{AGENT}/names.md", "names-2", {"# Names": "# Names 2"}),
        (f"{AGENT}/tests.md", "tests-2", {"reviewer/tests": "reviewer/tests-2"}),
        (".claude/rules/python.instructions.md", "python-2.instructions", {}),
        (".claude/rules/python-3.instructions.md", "python-2.instructions", {}),
    ],
)
def test_a_memory_that_is_a_file_gets_one_beside_it(
    workspace: Workspace, project: Path, file: str, new: str, swaps: dict[str, str]
) -> None:
    text = (project / file).read_bytes().decode()
    stem = file.rpartition("/")[2].removesuffix(".md")
    path = f"{file.rpartition('/')[0]}/{new}.md"
    for old, now in swaps.items():
        assert old in text
        text = text.replace(old, now)
    assert copied(workspace, f"{file}#{stem}")[path] == text


@pytest.mark.parametrize(
    ("file", "index", "before", "line"),
    [
        (
            CLAUDE_FILE,
            ".claude/memory/MEMORY.md",
            "- [Retry budget]",
            "- [review-shape-2](feedback_review_shape_2.md) — Review comments live in a skill: see #281\n",
        ),
        (f"{AGENT}/names.md", f"{AGENT}/MEMORY.md", "- [Tests]", "- [Names 2](names-2.md)\n"),
        (f"{AGENT}/tests.md", f"{AGENT}/MEMORY.md", "", "- [Tests 2](tests-2.md)\n"),
    ],
)
def test_its_index_lists_it_behind_the_first(
    workspace: Workspace, project: Path, file: str, index: str, before: str, line: str
) -> None:
    text = (project / index).read_text("utf-8")
    stem = file.rpartition("/")[2].removesuffix(".md")
    wanted = text.replace(before, line + before) if before else text + line
    assert copied(workspace, f"{file}#{stem}")[index] == wanted


def test_it_is_one_commit_that_is_undone(workspace: Workspace, project: Path) -> None:
    plan = workspace.planner.duplicate(f"{CLAUDE_FILE}#feedback_review_shape", NOW)
    workspace.committer.commit(plan)
    assert len(git(project, "show", "--format=", "--name-only", "HEAD").split()) == 2
    assert workspace.tree.entry(plan.entries[0]).title == "review-shape-2"
    workspace.committer.undo()
    assert git(project, "status", "--short") == ""
    assert not (project / ".claude/memory/feedback_review_shape_2.md").exists()
    assert (project / ".claude/memory/MEMORY.md").read_text("utf-8") == INDEX


def test_several_are_copied_at_once_and_one_twice(workspace: Workspace, project: Path) -> None:
    ids = [f"{CLAUDE_FILE}#feedback_review_shape", f"{SERENA_FILE}#suggested_commands"]
    for number in ("_2", "_3"):
        plan = workspace.planner.several(ids, lambda planner, one: planner.duplicate(one, NOW), "duplicate")
        workspace.committer.commit(plan)
        for file in (CLAUDE_FILE, SERENA_FILE):
            assert (project / file.replace(".md", f"{number}.md")).exists()
            assert (project / file).read_text("utf-8") == FILES[file]
    index = (project / ".claude/memory/MEMORY.md").read_text("utf-8")
    assert index.count("feedback_review_shape") == 3
    assert index.index("shape_3.md") < index.index("Retry budget")


def test_the_command_copies_a_file(project: Path) -> None:
    done = call(project, "duplicate", "feedback_review_shape", status=0)
    assert ".claude/memory/feedback_review_shape_2.md" in done.stdout
    assert "    2 + name: review-shape-2" in done.stdout
    assert (project / CLAUDE_FILE).read_text("utf-8") == CLAUDE


def test_the_text_below_a_title_becomes_an_entry_of_the_others(workspace: Workspace, project: Path) -> None:
    file = ".learnings/LEARNINGS.md"
    text = (project / file).read_text("utf-8")
    head = "# Learnings\n\nCorrections and insights.\n\n---\n\n"
    assert copied(workspace, f"{file}#learnings") == {file: text.replace(head, f"{head}#{head}")}


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("MEMORY.md", "- [a](a.md)\n- [b](b.md)\n", "lists the other files of its folder"),
        ("CLAUDE.md", "Ask.\n\n## One\n\nText.\n\n## Two\n\nText.\n", "the text above the other entries"),
        ("GEMINI.md", "Only a text.\n", "There can be no second GEMINI.md"),
    ],
)
def test_of_what_there_is_one_there_is_no_copy(tmp_path: Path, file: str, text: str, says: str) -> None:
    (tmp_path / file).write_text(text, "utf-8")
    workspace = Workspace.open(tmp_path)
    with pytest.raises(CannotEdit, match=says):
        workspace.planner.duplicate(f"{file}#{file.removesuffix('.md')}", NOW)
    workspace.close()


@pytest.mark.parametrize(
    ("name", "title", "other", "new", "called", "added"),
    [
        ("0001-queue", "1. Queue", "12. Twelve", "0013-queue", "13. Queue", "13. Cache it"),
        ("0001-queue", "0001 - Queue", "0012 - 12", "0013-queue", "0013 - Queue", "0013 - Cache it"),
        (
            "adr-001-queue",
            "ADR-001: Queue",
            "ADR-012: 12",
            "adr-013-queue",
            "ADR-013: Queue",
            "ADR-013: Cache it",
        ),
        ("0001-queue", "Queue", "Twelve", "0013-queue", "Queue", "Cache it"),
    ],
)
def test_one_of_a_numbered_series_gets_the_next_number(
    tmp_path: Path, name: str, title: str, other: str, new: str, called: str, added: str
) -> None:
    folder = tmp_path / "docs" / "adr"
    folder.mkdir(parents=True)
    text = f"# {title}\n\n## Status\n\nAccepted\n"
    (folder / f"{name}.md").write_text(text)
    (folder / f"{name.replace('01-', '12-')}.md").write_text(f"# {other}\n\n## Status\n\nOpen\n")
    with closing(Workspace.open(tmp_path)) as workspace:
        [entry] = [one for one in workspace.tree.entries() if one.file == f"docs/adr/{name}.md"]
        made = copied(workspace, entry.id)
        assert made == {f"docs/adr/{new}.md": text.replace(title, called)}
        [change] = workspace.planner.add("decision", {"title": "Cache it", "Status": "New"}, NOW).changes
        assert change.file == f"docs/adr/{new.rpartition('13-')[0]}13-cache-it.md"
        assert (change.after or b"").decode() == f"# {added}\n\n## Status\n\nNew\n"


def test_a_copy_at_the_end_is_behind_a_blank_line_in_a_file_of_crlf() -> None:
    text = "# A\r\n\r\n## B\r\n\r\n<details>\r\nx\r\n</details>\r\n"
    file = MarkdownFormat().open(text.encode(), "CLAUDE.md")
    [entry] = file.entries
    copy = file.doubled(entry).document
    assert copy.source == text + "\r\n" + text.removeprefix("# A\r\n\r\n")
    assert len(copy.entries) == 2
