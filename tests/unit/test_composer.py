"""What a form for a new entry begins with, and an entry's markup as it is edited."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.model.errors import Conflict
from index.workspace import Workspace

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
LESSONS = """<lessons>\r
\t<lesson id="L-1">\r
\t\t<title>Measure &amp; cut</title>\r
\t\t<project>billing</project>\r
\t\t<date>2025-11-12</date>\r
\t</lesson>\r
\t<lesson id="L-2"><title>Second</title><date>2025-11-13</date></lesson>\r
</lessons>\r
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a tree of one file with Windows line ends."""
    (tmp_path / "project-knowledge/billing").mkdir(parents=True)
    (tmp_path / "project-knowledge/billing/lessons.xml").write_bytes(LESSONS.encode())
    return Workspace.open(tmp_path)


def test_a_blank_has_the_usual_fields_and_what_is_known(workspace: Workspace) -> None:
    blank = workspace.planner.blank("lesson", NOW, project="billing")
    assert (blank.file, blank.group) == ("project-knowledge/billing/lessons.xml", "knowledge")
    assert blank.texts == {"@id": "", "title": "", "project": "billing", "date": "2025-11-23"}


def test_a_blank_of_another_project_goes_into_a_file_of_its_own(workspace: Workspace) -> None:
    blank = workspace.planner.blank("lesson", NOW, project="gateway")
    assert blank.file == "project-knowledge/gateway/lessons.xml"


def test_a_kind_nobody_has_described_is_offered_a_general_form(workspace: Workspace) -> None:
    blank = workspace.planner.blank("recipe", NOW)
    assert blank.file == "recipes.xml"
    assert blank.texts["timestamp"] == "2025-11-23T10:00:00Z"
    assert "title" in blank.texts


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("debugging-solution", "solution"),
        ("api-pattern", "pattern"),
        ("decision", "decision"),
        ("recipe", "pattern"),
        ("xyz", "other"),
    ],
)
def test_the_first_entry_of_a_kind_is_of_its_group(workspace: Workspace, kind: str, group: str) -> None:
    assert workspace.planner.blank(kind, NOW).group == group


def test_markup_keeps_its_columns_and_comes_back_as_it_was(workspace: Workspace) -> None:
    first, second = (workspace.planner.markup(f"project-knowledge/billing/lessons.xml#L-{n}") for n in "12")
    assert first.line == 2
    assert first.text.startswith('\t<lesson id="L-1">\n\t\t<title>Measure &amp; cut</title>')
    assert second.text.startswith('\t<lesson id="L-2">')
    for markup in (first, second):
        plan = workspace.planner.edit_markup(markup.entry.id, markup.text, markup.data)
        assert not plan.changed
    changed = workspace.planner.edit_markup(first.entry.id, first.text.replace("cut", "saw"), first.data)
    (change,) = changed.changes
    assert change.after == LESSONS.replace("cut", "saw").encode()


def test_markup_of_an_entry_that_another_program_changed_is_a_conflict(workspace: Workspace) -> None:
    markup = workspace.planner.markup("L-1")
    older, text = markup.data.replace(b"cut", b"hew"), markup.text.replace("cut", "saw")
    with pytest.raises(Conflict, match="Another program changed"):
        workspace.planner.edit_markup(markup.entry.id, text, older)
