"""Plans that build on each other, as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.editing.planner import Planner
from index.editing.staged_tree import StagedTree
from index.model.errors import UnknownEntry
from tests.support.trees import SAMPLE

NOW = datetime(2025, 11, 22, 10, tzinfo=UTC)
PENDING = "session-context/pending-decisions.xml"


def test_every_file_is_there_once_from_what_it_is_to_what_it_will_be() -> None:
    ahead = StagedTree(SAMPLE)
    composer = Planner(ahead)
    ahead.take(composer.add("decision", {"title": "A"}, NOW))
    ahead.take(composer.add("decision", {"title": "B"}, NOW))
    ahead.take(composer.add("lesson", {"title": "L"}, NOW, project="nova"))
    ahead.take(composer.delete(f"{PENDING}#DEC-014"))
    plan = ahead.plan("memory: three steps")
    assert [change.file for change in plan.changes] == [PENDING, "project-knowledge/nova/lessons.xml"]
    assert plan.changes[0].before == SAMPLE.data(PENDING)
    assert plan.entries == (
        f"{PENDING}#DEC-014",
        f"{PENDING}#DEC-015",
        "project-knowledge/nova/lessons.xml#LES-B07",
    )
    after = SAMPLE.after(plan.changes)
    assert after.entry("DEC-015").title == "B"
    with pytest.raises(UnknownEntry):
        after.entry("DEC-014")


def test_what_comes_to_nothing_is_no_change() -> None:
    ahead = StagedTree(SAMPLE)
    added = Planner(ahead).add("decision", {"title": "A"}, NOW)
    ahead.take(added)
    ahead.take(Planner(ahead).delete(added.entries[0]))
    assert not ahead.plan("memory: nothing").changed


def test_a_file_that_goes_is_written_last() -> None:
    ahead = StagedTree(SAMPLE)
    composer = Planner(ahead)
    ahead.take(composer.move("session-context/active-project.xml#active-project", "old/state.xml", NOW))
    ahead.take(composer.add("lesson", {"title": "L"}, NOW, project="nova"))
    changes = ahead.plan("memory: move").changes
    assert [change.after is None for change in changes] == [False, False, True]
