"""Texts that would open a heading, close a fence or hide what follows, put in a code block on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.editing.adding import plan_add
from index.editing.record import WrittenEntry
from index.formats.markdown.wrapping import fenced, indented, misleads
from index.model.known_entries import NONE
from index.model.plan import Misread
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, make_repository
from tests.support.markdown import LEARNINGS, make_stores
from tests.support.pages import NOW

BAD = (
    "Before\n\n## [LRN-1] no entry\n\nBehind",
    "```\nopen",
    "- a\n\n---\n\nb",
    "<!-- open",
    "~~~\na\n```\n## b",
    "**Status**: done\n\n## x",
)


@pytest.mark.parametrize("text", BAD)
def test_what_misleads_is_told(text: str) -> None:
    assert misleads(text)
    assert not misleads(fenced(text))
    assert not misleads(indented(text)) or "```" in text or "<!--" in text


@pytest.mark.parametrize("text", ["plain", "a # b", "```\n## a\n```", "<!-- a -->", "| - |", "#tag", "C#"])
def test_a_plain_text_does_not_mislead(text: str) -> None:
    assert not misleads(text)


def test_a_fence_is_longer_than_those_in_it() -> None:
    assert fenced("````\na\n````") == "`````\n````\na\n````\n`````"


HARMLESS = {("Area", BAD[1]), ("Summary", BAD[2]), ("Area", BAD[3])}
"""Texts that are no structure where the field is: in the midst of a line, in a section."""


@pytest.mark.parametrize(
    ("field", "text"), [(f, text) for f in ("Summary", "Area") for text in BAD if (f, text) not in HARMLESS]
)
def test_a_refused_text_is_taken_as_a_code_block(tmp_path: Path, field: str, text: str) -> None:
    make_stores(tmp_path)
    workspace = Workspace.open(tmp_path / ".learnings")
    entry = next(one for one in workspace.tree.entries() if one.own_id == "LRN-20260501-001")
    others = [one.fields for one in workspace.tree.entries() if one.id != entry.id]
    with pytest.raises(Misread, match="put"):
        workspace.planner.edit(entry.id, {field: text})
    wrapped = workspace.planner.wrapped(entry.file, {field: text})
    [change] = workspace.planner.edit(entry.id, wrapped).changes
    assert change.after is not None
    (tmp_path / ".learnings/LEARNINGS.md").write_bytes(change.after)
    workspace.tree.refresh()
    after = workspace.tree.entry(entry.id)
    assert {one.name: one.text for one in after.fields}[field] == wrapped[field] == fenced(text)
    assert [one.fields for one in workspace.tree.entries() if one.id != entry.id] == others
    workspace.close()


def test_the_command_fences_on_request(tmp_path: Path) -> None:
    root = make_stores(tmp_path) / ".learnings"
    make_repository(tmp_path)
    commit_all(tmp_path)
    words = ["edit", "LRN-20260501-001", "--set", f"Summary={BAD[0]}"]
    refused = call(root, *words, status=3)
    assert "put it in a code block. --fence does so. Your text is kept in" in refused.stderr
    assert (root / "LEARNINGS.md").read_text("utf-8") == LEARNINGS
    call(root, *words, "--fence", status=0)
    assert f"### Summary\n{fenced(BAD[0])}\n" in (root / "LEARNINGS.md").read_text("utf-8")
    added = [
        "add",
        "learning",
        "--file",
        ".learnings/LEARNINGS.md",
        "--set",
        "title=New",
        "--set",
        f"Summary={BAD[0]}",
    ]
    call(root, *added, "--fence", status=0)
    assert (root / "LEARNINGS.md").read_text("utf-8").count(fenced(BAD[0])) == 2


def added(kind: str, file: str, texts: dict[str, str]) -> str:
    """Return what adding an entry to a new file writes into it."""
    plan = plan_add(None, file, kind, texts, entries=NONE, now=NOW)
    return (plan.changes[0].after or b"").decode()


def test_blanks_at_the_end_of_a_new_text_stay() -> None:
    texts = {"name": "Blank  ", "description": "d ", "text": "One  \ntwo   \n\n"}
    said = added("feedback", ".claude/memory/feedback_blank.md", texts)
    assert '\nname: "Blank  "\ndescription: "d "\n' in said
    assert "\nOne  \ntwo   \n" in said
    given = {"title": "tr  ", "Area": "db  ", "Details": "D  \n\nx   "}
    said = added("learning", ".learnings/LEARNINGS.md", given)
    assert "] tr\n" in said
    assert "**Area**: db\n" in said
    assert said.endswith("D  \n\nx   \n")


def test_what_comes_in_by_standard_input_is_fenced_too(tmp_path: Path) -> None:
    store = make_stores(tmp_path) / ".learnings"
    records = [
        WrittenEntry("learning", {"title": "One", "Summary": BAD[0], "Details": "a\n\nb"}),
        WrittenEntry("learning", {"title": "Two", "Summary": "plain\n\ntext"}),
    ]
    workspace = Workspace.open(store)
    with pytest.raises(Misread, match="put it in a code block"):
        workspace.planner.add_records(records, NOW)
    [change] = workspace.planner.add_records(records, NOW, fence=True).changes
    text = (change.after or b"").decode()
    assert fenced(BAD[0]) in text
    assert "\na\n\nb\n" in text
    assert "\nplain\n\ntext\n" in text
    workspace.close()
