"""The sure facts about a change say only what is true of its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.rendering.review_facts import Facts, FileFacts, gather, in_words
from index.workspace import Workspace
from tui.screens.editing.verdicts import verdicts


def told(*files: tuple[str, int, int]) -> str:
    """Return the first verdict on files, each with its errors before and after."""
    facts = [
        FileFacts(file, [], before, after, moved=False, new=False, gone=False)
        for file, before, after in files
    ]
    return next(verdicts(Facts(facts, None, "", ""))).plain


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("a.xml", 0, 0)], "✓ the file stays well-formed"),
        ([("a.xml", 1, 0)], "✓ the file becomes well-formed"),
        ([("a.xml", 0, 1)], "! the file will not be well-formed"),
        ([(".serena/memories/a.md", 0, 0)], "✓ the file stays readable"),
        ([(".serena/memories/a.md", 0, 1)], "! the file will not be readable"),
        ([("a.xml", 0, 0), ("b.xml", 0, 0)], "✓ the files stay well-formed"),
        ([("a.xml", 0, 0), (".serena/memories/a.md", 0, 0)], "✓ the files stay readable"),
    ],
)
def test_only_xml_is_well_formed(files: list[tuple[str, int, int]], words: str) -> None:
    assert told(*files) == words


@pytest.mark.parametrize("mixed", [0, 1])
def test_nothing_else_changed_only_where_no_other_change_goes_with_it(mixed: int) -> None:
    file = FileFacts("a.xml", [], 0, 0, moved=False, new=False, gone=False)
    said = " ".join(line.plain for line in verdicts(Facts([file], None, "", "", mixed=mixed)))
    assert ("nothing else changed on disk" in said) is not mixed
    assert ("they go with it, and esc, then P shows them" in said) is bool(mixed)


def test_a_text_that_an_editor_saved_in_another_encoding(tmp_path: Path) -> None:
    text = "<lessons><lesson><title>One</title></lesson></lessons>\n"
    (tmp_path / "a.xml").write_text(text, "utf-8")
    workspace = Workspace.open(tmp_path)
    plan = workspace.planner.replace("a.xml", text.encode("utf-16"))
    assert plan.warning == "It was UTF-8 and will be UTF-16-LE: not every program reads that."
    assert in_words(next(gather(workspace, plan)).files[0]) == "only its encoding changes"
