"""The end of a session, planned: one change of all that was said, on trees of many words and on none."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.model.errors import UnknownEntry
from index.model.plan import CannotEdit
from index.sessions.end import AskedField, SessionAnswers
from index.workspace import Workspace

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
STATE = """\
<active-project>
  <session-date>2025-11-21</session-date>
  <project>nova</project>
  <current-status>in progress</current-status>
  <next-action>ship it</next-action>
  <blockers><blocker>the replica; it lags</blocker><blocker>heat</blocker></blockers>
  <open-decisions>
    <decision>DEC-1 Which queue?</decision>
    <decision>DEC-2 Which cache?</decision>
  </open-decisions>
  <last-updated>2025-11-21</last-updated>
</active-project>
"""
DECISIONS = """\
<pending-decisions>
  <decision id="DEC-1"><question>Which queue?</question><status>pending</status></decision>
  <decision id="DEC-2"><question>Which cache?</question><status>pending</status></decision>
  <decision id="DEC-0"><question>Which disk?</question><decision>a fast one</decision><status>decided</status></decision>
</pending-decisions>
"""  # noqa: E501
HANDOFFS = """\
<handoffs>
  <handoff id="HO-1"><project>nova</project><task-objective>a</task-objective><status>completed</status></handoff>
  <handoff id="HO-2"><project>nova</project><task-objective>b</task-objective><status>accepted</status></handoff>
  <handoff id="HO-3"><project>other</project><task-objective>c</task-objective><status>done</status></handoff>
</handoffs>
"""  # noqa: E501
FILES = {
    "session-context/active-project.xml": STATE,
    "session-context/pending-decisions.xml": DECISIONS,
    "agent-coordination/handoff-log.xml": HANDOFFS,
}


def tree(tmp_path: Path, **files: str) -> Workspace:
    root = tmp_path / "memories"
    for path, text in (files or FILES).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    root.mkdir(exist_ok=True)
    return Workspace.open(root)


def after(workspace: Workspace, answers: SessionAnswers, project: str = "") -> dict[str, str]:
    plan = workspace.session_end.plan(answers, NOW, project)
    workspace.committer.commit(plan)
    return {change.file: (change.after or b"").decode() for change in plan.changes}


def test_it_asks_in_the_words_of_the_tree(tmp_path: Path) -> None:
    found = tree(tmp_path).session_end.closing()
    assert found.project == "nova"
    assert found.asked == (
        AskedField("current-status", "in progress"),
        AskedField("last-action", ""),
        AskedField("next-action", "ship it"),
        AskedField("blockers", "the replica; it lags\nheat", listed=True),
    )
    assert [entry.title for entry in found.pending] == ["Which queue?", "Which cache?"]
    assert {entry.id.rpartition("#")[2] for entry in found.finished} == {"DEC-0", "HO-1"}


def test_the_state_is_set_by_role_or_by_name_and_its_time_as_it_is_written(tmp_path: Path) -> None:
    said = {"status": "paused", "last-action": "tests are green", "blockers": "heat", "next-action": ""}
    text = after(tree(tmp_path), SessionAnswers(said))["session-context/active-project.xml"]
    assert text == (
        STATE.replace(">in progress<", ">paused<")
        .replace("<blocker>the replica; it lags</blocker>", "")
        .replace(">ship it<", "><")
        .replace("<last-updated>2025-11-21<", "<last-updated>2025-11-22<")
        .replace("</last-updated>\n", "</last-updated>\n  <last-action>tests are green</last-action>\n")
    )


def test_the_end_alone_sets_the_time(tmp_path: Path) -> None:
    files = after(tree(tmp_path), SessionAnswers())
    assert files == {
        "session-context/active-project.xml": STATE.replace(
            "<last-updated>2025-11-21<", "<last-updated>2025-11-22<"
        )
    }


def test_decisions_are_made_and_logged_in_their_file_and_in_the_state(tmp_path: Path) -> None:
    workspace = tree(tmp_path)
    after(workspace, SessionAnswers(decided={"DEC-1": "rabbits"}, questions=("Which port?\nOne of many.",)))
    made, logged = workspace.tree.entry("DEC-1"), workspace.tree.entry("DEC-3")
    assert (made.group, made.status) == ("decision", "decided")
    assert {field.name: field.text for field in made.fields}["decision"] == "rabbits"
    assert (logged.title, logged.group) == ("Which port?", "pending")
    assert "One of many." in [field.text for field in logged.fields]
    state = workspace.tree.document("session-context/active-project.xml").source
    assert "DEC-1" not in state
    assert "<decision>DEC-3 Which port?</decision>" in state


def test_finished_work_goes_to_the_knowledge_of_its_project(tmp_path: Path) -> None:
    workspace = tree(tmp_path)
    files = after(workspace, SessionAnswers(archived=("HO-1", "DEC-0")))
    assert workspace.tree.entry("HO-1").id == "project-knowledge/nova/handoffs.xml#HO-1"
    assert workspace.tree.entry("DEC-0").id == "project-knowledge/nova/decisions.xml#DEC-0"
    assert files["project-knowledge/nova/decisions.xml"].startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<decisions>\n  <metadata>\n    <project>nova</project>'
    )
    with pytest.raises(CannotEdit, match="in the knowledge of nova already"):
        workspace.session_end.plan(SessionAnswers(archived=("HO-1",)), NOW)
    after(workspace, SessionAnswers(archived=("HO-3",)))
    assert workspace.tree.entry("HO-3").id == "project-knowledge/other/handoffs.xml#HO-3"


def test_lessons_are_recorded(tmp_path: Path) -> None:
    workspace = tree(tmp_path)
    after(workspace, SessionAnswers(lessons=("Measure first", "Measure first\n\nThen cut.")))
    one, other = workspace.tree.entry("LES-001"), workspace.tree.entry("LES-002")
    assert one.file == "project-knowledge/nova/lessons.xml"
    assert [field.text for field in one.fields if field.name in ("title", "lesson")] == ["Measure first"]
    assert {field.name: field.text for field in other.fields}["lesson"] == "Then cut."


def test_all_of_it_is_one_change(tmp_path: Path) -> None:
    plan = tree(tmp_path).session_end.plan(
        SessionAnswers({"status": "done"}, {"DEC-2": "redis"}, ("A?",), ("HO-1",), ("L",)), NOW
    )
    assert plan.message == "memory: end session of nova"
    assert len({change.file for change in plan.changes}) == len(plan.changes) == 5
    assert [entry.rpartition("#")[2] for entry in plan.entries] == [
        "DEC-2", "DEC-3", "LES-001", "HO-1", "active-project",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (SessionAnswers(decided={"DEC-1": " "}), "What was decided in"),
        (SessionAnswers(lessons=(" ",)), "needs a text in one field"),
        (SessionAnswers({"blockers/blocker[1]@x y": "a"}), "cannot"),
        (SessionAnswers({"status": "a\0"}), "does not allow"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(
    tmp_path: Path, answers: SessionAnswers, says: str
) -> None:
    with pytest.raises(CannotEdit, match=says):
        tree(tmp_path).session_end.plan(answers, NOW)


def test_an_unknown_id_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnknownEntry):
        tree(tmp_path).session_end.plan(SessionAnswers(archived=("HO-9",)), NOW)


def test_a_tree_without_a_state_still_takes_lessons(tmp_path: Path) -> None:
    workspace = tree(tmp_path, **{"agent-coordination/handoff-log.xml": HANDOFFS})
    found = workspace.session_end.closing()
    assert (bool(found.state), found.asked) == (False, ())
    with pytest.raises(CannotEdit, match="holds no session state"):
        workspace.session_end.plan(SessionAnswers({"status": "x"}), NOW)
    with pytest.raises(CannotEdit, match="nothing to write"):
        workspace.session_end.plan(SessionAnswers(), NOW)
    assert list(after(workspace, SessionAnswers(lessons=("L",)), "nova")) == [
        "project-knowledge/nova/lessons.xml"
    ]
