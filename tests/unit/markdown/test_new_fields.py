"""Fields that a Markdown memory does not have yet: where they go, and why some cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.formats.base import FieldForm
from index.formats.markdown.markdown_file import MarkdownFile
from index.model.kind_shape import KindShape
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository

SERENA, LEARNT, TOPIC = ".serena/memories/deep.md", ".learnings/LEARNINGS.md", ".claude/memory/topic.md"
DECIDED = "memory-bank/decisionLog.md"
FILES = {
    SERENA: "# Deep\n\n## Group\n\n### One\n\nText.\n\n```sh\n# a comment\n```\n",
    LEARNT: "# Learnings\n\n## [LRN-20260501-001] clock\n\n**Priority**: low\n\n### Summary\nThis.\n\n"
    "### Metadata\n- Source: log\n- Tags: a, b\n\n---\n",
    DECIDED: "# Decisions\n\n## [2026-01-01] - Use that\n\n### Decision\nThat.\n",
    TOPIC: "---\nname: a\nmetadata:\n  type: feedback\n---\n\nText.\n",
}
LRN = f"{LEARNT}#LRN-20260501-001"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    make_repository(tmp_path)
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, "utf-8")
    commit_all(tmp_path)
    return tmp_path


def edited(tree: Path, entry_id: str, field: str) -> str:
    """Return the file after a command that sets a field, and undo it."""
    call(tree, "edit", entry_id, "--set", field, status=0)
    text = (tree / entry_id.partition("#")[0]).read_text("utf-8")
    call(tree, "undo", status=0)
    assert git(tree, "diff", "HEAD~2") == ""
    return text


def test_a_command_adds_a_field_where_the_form_would(tree: Path) -> None:
    assert edited(tree, f"{SERENA}#deep", "Foo=bar") == f"{FILES[SERENA]}\n## Foo\n\nbar\n"
    low = "**Priority**: low\n"
    assert edited(tree, LRN, "Area=db") == FILES[LEARNT].replace(low, f"{low}**Area**: db\n")
    end = "feedback\n---"
    assert edited(tree, f"{TOPIC}#topic", "status=new") == FILES[TOPIC].replace(
        end, "feedback\nstatus: new\n---"
    )


@pytest.mark.parametrize(
    ("field", "before", "after"),
    [
        ("text", "# T\n", "# T\n\nNew one\n"),
        ("text", "# T", "# T\n\nNew one\n"),
        ("text", "# T\n\n## S\n\nx\n", "# T\n\nNew one\n\n## S\n\nx\n"),
        ("text", "# T\n**Why**: x\n", "# T\n\nNew one\n\n**Why**: x\n"),
        ("text", "---\nname: t\n---\n", "---\nname: t\n---\n\nNew one\n"),
        ("text", "---\r\nname: t\r\n---", "---\r\nname: t\r\n---\r\n\r\nNew one\r\n"),
        ("text", "---\n---\n", "---\n---\n\nNew one\n"),
        ("title", "x\n", "# New one\n\nx\n"),
        ("title", "## S\n\nx\n\n## S2\n\ny\n", "# New one\n\n## S\n\nx\n\n## S2\n\ny\n"),
        ("title", "---\n---\n\nx\n", "---\n---\n\n# New one\n\nx\n"),
        ("title", "---\ntype: a\n---\nx\n", "---\ntype: a\ntitle: New one\n---\nx\n"),
    ],
)
def test_a_text_and_a_title_go_on_top_as_they_are_read(field: str, before: str, after: str) -> None:
    file = MarkdownFile.parse(before.encode(), SERENA)
    entry = file.entries[0]
    form = FieldForm(KindShape(entry.kind, ()))
    assert file.put_field(entry, field, "New one", form).source == after


def test_a_text_comes_back_as_it_was() -> None:
    now, then = (MarkdownFile.parse(text, SERENA) for text in (b"# T\n", b"# T\n\nOne.\n\nTwo.\n"))
    assert now.put_field_back(now.entries[0], "text", then, then.entries[0]).source == then.source


def test_a_slip_in_a_name_adds_no_field_unless_it_is_meant(tree: Path) -> None:
    slip = call(tree, "edit", LRN, "--set", "Sumary=x", status=3)
    assert "no field Sumary. Did you mean Summary? With --force it is added." in slip.stderr
    call(tree, "edit", LRN, "--set", "Sumary=x", "--force", status=0)
    assert "**Sumary**: x\n" in (tree / LEARNT).read_text("utf-8")


@pytest.mark.parametrize(
    ("entry_id", "field", "words"),
    [
        (LRN, "root_cause=x", "No label has a sign of *_:`| in its name: call it root cause."),
        (f"{TOPIC}#topic", "@sev=1", "@sev cannot be a key of a front matter: begin it with a letter."),
        (LRN, "Metadata=- Source: x\n- Area: y", "Its lines are fields of their own: set those one by one."),
    ],
)
def test_a_name_that_cannot_be_is_told_with_one_that_can(
    tree: Path, entry_id: str, field: str, words: str
) -> None:
    told = call(tree, "edit", entry_id, "--set", field, status=3).stderr
    assert told.startswith("memarium: The field ")
    assert words.lower() in told.lower()
    assert "--fence" not in told


def test_a_section_that_begins_with_a_heading_goes_with_its_own(tmp_path: Path) -> None:
    file = MarkdownFile.parse(FILES[SERENA].encode(), SERENA)
    was = MarkdownFile.parse(b"# Deep\n\nText.\n", SERENA)
    assert file.put_field_back(file.entries[0], "Group", was, was.entries[0]).source == "# Deep\n\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("## Only\n\nText.\n", "## Only\n\n**tags:** a\n\nText.\n"),
        ("## Only\nText.\n", "## Only\n\n**tags:** a\n\nText.\n"),
        ("## [ERR-20260501-001] Only\n\nText.\n", "## [ERR-20260501-001] Only\n\nText.\n\n### tags\n\na\n"),
        ("# Title\n\n## Only\n\nText.\n", "# Title\n\n## Only\n\nText.\n\n### tags\n\na\n"),
    ],
)
def test_a_field_of_the_only_heading_is_a_label_where_a_section_would_make_it_a_title(
    text: str, after: str
) -> None:
    file = MarkdownFile.parse(text.encode(), "memory-bank/decisionLog.md")
    entry = file.entries[-1]
    edited = file.put_field(entry, "tags", "a", FieldForm(KindShape(entry.kind, ())))
    assert edited.source == after


@pytest.mark.parametrize(
    ("file", "kind", "heading"),
    [
        (LEARNT, "learning", "## [LRN-20260930-001] clock again"),
        (DECIDED, "decision", "## [2026-01-02] - Use it"),
    ],
)
def test_an_entry_is_taken_in_as_its_format_documents_it(
    tree: Path, file: str, kind: str, heading: str
) -> None:
    metadata = "### Metadata\n- Source: review\n- Tags: c, d\n"
    call(tree, "add", kind, "-", data=f"{heading}\n\n### Summary\nThat.\n\n{metadata}".encode(), status=0)
    text = (tree / file).read_text("utf-8")
    assert f"\n{heading}\n" in text
    assert metadata in text.partition(heading)[2]


def test_a_new_section_needs_a_title(tree: Path) -> None:
    told = call(tree, "add", "learning", "--set", "Area=db", status=3).stderr
    assert f"A new learning in {LEARNT} needs a title." in told
