"""A text that would mislead, set in several entries at once: told, and put into code blocks on request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.formats.markdown.wrapping import fenced, indented
from index.model.plan import Misread
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tests.support.markdown import FILES, LEARNINGS, make_stores

LEARNT = ["LRN-20260501-001", "LRN-20260502-002"]
BAD = ("Before\n\n## [LRN-1] no entry", "```\nopen", "a\n\n### Metadata\n- Tags: x", "<!-- open")
LESSON = "<lessons><lesson><id>L-1</id><title>One</title><Summary>Text</Summary></lesson></lessons>\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with stores of both formats."""
    make_stores(tmp_path)
    (tmp_path / "memories").mkdir()
    (tmp_path / "memories" / "lessons.xml").write_text(LESSON)
    make_repository(tmp_path)
    commit_all(tmp_path)
    return tmp_path


@pytest.fixture
def workspace(project: Path) -> Iterator[Workspace]:
    """Open the project."""
    with closing(Workspace.open(project)) as opened:
        yield opened


def summaries(text: str, summary: str) -> str:
    """Return the learnings with this text in both summaries."""
    for old in ("The pool is per worker, not per host", "Freeze the clock in every test"):
        text = text.replace(old, summary)
    return text


@pytest.mark.parametrize("text", BAD)
@pytest.mark.parametrize("indent", [False, True])
def test_it_is_told_then_wrapped_in_each(workspace: Workspace, text: str, indent: bool) -> None:
    with pytest.raises(
        Misread, match=r"^The field Summary cannot be set in [12] of 2 entries: .* put it in a code block"
    ):
        workspace.planner.set_field(LEARNT, "Summary", text)
    plan = workspace.planner.set_field(LEARNT, "Summary", text, indent=indent)
    [change] = plan.changes
    wanted = (indented if indent else fenced)(text)
    assert (change.after or b"").decode() == summaries(LEARNINGS, wanted)
    assert plan.warning == ""


def test_entries_of_other_formats_take_the_text_as_it_is(workspace: Workspace) -> None:
    ids = ["L-1", *LEARNT]
    with pytest.raises(Misread, match="in 2 of 3 entries"):
        workspace.planner.set_field(ids, "Summary", BAD[0])
    plan = workspace.planner.set_field(ids, "Summary", BAD[0], indent=False)
    after = {change.file: (change.after or b"").decode() for change in plan.changes}
    assert after[".learnings/LEARNINGS.md"] == summaries(LEARNINGS, fenced(BAD[0]))
    assert BAD[0] in after["memories/lessons.xml"]


def test_a_value_in_quotes_misleads_nobody(workspace: Workspace, project: Path) -> None:
    second = project / ".claude/memory/feedback_other.md"
    second.write_text("---\nname: other\ndescription: x\ntype: feedback\n---\n\nText.\n")
    workspace.tree.refresh()
    ids = ["feedback_review_shape", "feedback_other"]
    plan = workspace.planner.set_field(ids, "description", "---\n# a")
    assert all(b'description: "---\\n# a"\n' in (change.after or b"") for change in plan.changes)
    assert len(plan.changes) == 2


def test_a_harmless_text_is_set_as_before(workspace: Workspace) -> None:
    plan = workspace.planner.set_field(LEARNT, "Summary", "plain\n\ntext", indent=False)
    assert (plan.changes[0].after or b"").decode() == summaries(LEARNINGS, fenced("plain\n\ntext"))


def test_the_command_sets_one_field_of_several(project: Path) -> None:
    words = ["edit", *LEARNT, "--set", f"Summary={BAD[0]}"]
    refused = call(project, *words, status=3)
    assert "in 2 of 2 entries: the text would read as something else there" in refused.stderr
    assert "--fence does so. Your text is kept in" in refused.stderr
    assert (project / ".learnings/LEARNINGS.md").read_text("utf-8") == LEARNINGS
    call(project, *words, "--fence", status=0)
    assert (project / ".learnings/LEARNINGS.md").read_text("utf-8") == summaries(LEARNINGS, fenced(BAD[0]))
    assert git(project, "log", "-1", "--format=%s") == "memory: set Summary of 2 entries"
    call(project, "undo", status=0)
    call(project, "edit", *LEARNT, "--set", "Status=done", status=0)
    text = (project / ".learnings/LEARNINGS.md").read_text("utf-8")
    assert text == LEARNINGS.replace(": pending", ": done").replace(": resolved", ": done")


def test_the_command_takes_one_field_of_several_entries(project: Path) -> None:
    done = call(project, "edit", *LEARNT, "--set", "Status=a", "--set", "Area=b", status=2)
    assert "Several entries take one field at a time" in done.stderr
    assert call(project, "edit", *LEARNT, status=2).stderr.endswith("--set FIELD=VALUE.\n")
    twice = call(project, "edit", LEARNT[0], LEARNT[0], "--set", "Status=done", status=0)
    assert twice.stdout.count("+ **Status**: done") == 1
    assert (project / ".learnings/LEARNINGS.md").read_text("utf-8") == FILES[
        ".learnings/LEARNINGS.md"
    ].replace("pending", "done")
