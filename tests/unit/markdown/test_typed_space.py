"""White space that is typed for a Markdown field is white space that is read, or is asked or told about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from index.formats.markdown.wrapping import fenced
from index.model.plan import CannotEdit, Misread, Plan
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.markdown import make_stores
from tests.support.pages import NOW

FILE = ".learnings/LEARNINGS.md"
TEXT = """# Learnings

## [LRN-20260501-001] pool

**Logged**: 2026-05-01T10:00:00Z
**Code:** plain
- **Item:** listed
- **Empty:**

### Summary
Short words.

### Details

Long words.

---

## [LRN-20260502-001] clock

**Logged**: 2026-05-02T10:00:00Z

### Summary
Short words.
"""
FIRST, SECOND = "LRN-20260501-001", "LRN-20260502-001"
LABELS = ("Code", "Item", "Empty")
DEEP = (
    "    if y:\n        stay()",
    "\tall:\n\t\techo",
    "   +--+\n   |  |\n   +--+",
    "\nfirst\nsecond",
    "  - a\n  - b",
    "a\nends in blanks ",
    "  a\n\n  b",
    "a\n\n\tb",
)
WARNING = "Markdown keeps no blanks around {}: they are left out."


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return the workspace of one Markdown file."""
    path = tmp_path / FILE
    path.parent.mkdir()
    path.write_text(TEXT)
    workspace = Workspace.open(path.parent)
    yield workspace
    workspace.close()


def read_after(plan: Plan, workspace: Workspace, own_id: str) -> Mapping[str, str]:
    """Return the fields of an entry as the file has them after a plan."""
    [change] = plan.changes
    workspace.tree.real(change.file).write_bytes(change.after or b"")
    workspace.tree.refresh()
    entry = next(one for one in workspace.tree.entries() if own_id in (one.own_id, one.title))
    return {field.name: field.text for field in entry.fields}


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("text", DEEP)
def test_depth_that_a_label_would_lose_is_asked_about(workspace: Workspace, name: str, text: str) -> None:
    with pytest.raises(Misread, match=r"put .* in a code block"):
        workspace.planner.edit(FIRST, {name: text})
    wrapped = workspace.planner.wrapped(FILE, {name: text})
    assert wrapped == {name: fenced(text)}
    assert text in wrapped[name]
    plan = workspace.planner.edit(FIRST, wrapped)
    assert read_after(plan, workspace, FIRST)[name] == fenced(text)
    assert plan.warning == ""


@pytest.mark.parametrize("text", DEEP)
def test_a_label_that_others_have_is_added_as_deep(workspace: Workspace, text: str) -> None:
    wrapped = workspace.planner.wrapped(FILE, {"Code": text})
    plan = workspace.planner.edit(SECOND, wrapped, add=True)
    assert read_after(plan, workspace, SECOND)["Code"] == fenced(text)


@pytest.mark.parametrize("name", ["Code", "Item", "Summary", "Other"])
@pytest.mark.parametrize("text", DEEP)
def test_a_new_entry_has_the_depth_that_was_typed(workspace: Workspace, name: str, text: str) -> None:
    texts = {"title": "New", "Details": "Long.", name: text}
    try:
        plan = workspace.planner.add("learning", texts, NOW, file=FILE)
    except Misread:
        texts |= {name: fenced(text)}
        plan = workspace.planner.add("learning", texts, NOW, file=FILE)
    assert read_after(plan, workspace, "New")[name] == texts[name]


@pytest.mark.parametrize("text", DEEP)
def test_a_section_holds_all_but_a_blank_line_before_it(workspace: Workspace, text: str) -> None:
    if text.startswith("\n"):
        with pytest.raises(Misread, match="put it in a code block"):
            workspace.planner.edit(FIRST, {"Summary": text})
        text = fenced(text)
    plan = workspace.planner.edit(FIRST, {"Summary": text})
    assert read_after(plan, workspace, FIRST)["Summary"] == text


def test_depth_goes_into_a_code_block_beside_a_text_that_misleads(workspace: Workspace) -> None:
    texts = {"Code": DEEP[0], "Summary": "a\n## b", "Details": "two\nlines"}
    wrapped = workspace.planner.wrapped(FILE, texts)
    fields = read_after(workspace.planner.edit(FIRST, wrapped), workspace, FIRST)
    assert [fields[name] for name in texts] == [fenced(DEEP[0]), fenced("a\n## b"), "two\nlines"]


@pytest.mark.parametrize("name", ["title", *LABELS])
@pytest.mark.parametrize("text", [" one ", "\tone", "one  "])
def test_blanks_around_one_line_are_left_out_and_told(workspace: Workspace, name: str, text: str) -> None:
    plan = workspace.planner.edit(FIRST, {name: text})
    assert plan.warning == WARNING.format(name)
    assert read_after(plan, workspace, "one" if name == "title" else FIRST)[name] == "one"


def test_they_are_told_of_several_and_of_new_entries_too(workspace: Workspace) -> None:
    assert workspace.planner.edit(FIRST, {"Summary": " one "}).warning == ""
    plan = workspace.planner.set_field([FIRST, SECOND], "Code", " one ")
    assert plan.warning == WARNING.format("Code")
    texts = {"title": " New", "Code": "one ", "Summary": "Short."}
    plan = workspace.planner.add("learning", texts, NOW, file=FILE)
    assert plan.warning == WARNING.format("title and Code")
    for text in ("one", "one\n"):
        assert workspace.planner.edit(FIRST, {"Code": text}).warning == ""


def test_a_title_of_several_lines_is_refused(workspace: Workspace) -> None:
    with pytest.raises(CannotEdit, match="one line"):
        workspace.planner.edit(FIRST, {"title": DEEP[0]})


def test_the_command_asks_for_the_fence_and_tells_of_blanks(tmp_path: Path) -> None:
    root = make_stores(tmp_path) / ".learnings"
    words = ["edit", "LRN-20260501-001", "--dry-run", "--set"]
    refused = call(root, *words, f"Priority={DEEP[0]}", status=3)
    assert "put it in a code block. --fence does so." in " ".join(refused.stderr.split())
    fences = call(root, *words, f"Priority={DEEP[0]}", "--fence", status=0)
    assert "+     if y:\n" in fences.stdout
    assert "+         stay()\n" in fences.stdout
    told = call(root, *words, "Priority= low ", status=0)
    assert WARNING.format("Priority") in told.stderr
