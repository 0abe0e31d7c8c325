"""A file that git holds and the disk does not is no new file: what it holds is not deleted along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from index.model.errors import Refused
from index.model.plan import Plan
from index.workspace import Workspace
from tests.support.work import Work

HELD = b'<lessons>\n<lesson id="L-1"><title>One</title></lesson>\n</lessons>\n'
OTHER = b'<lessons>\n<lesson id="M-1"><title>Other</title></lesson>\n</lessons>\n'
NOW = datetime(2026, 1, 2, tzinfo=UTC)
FILE = "lessons.xml"

Absent = Callable[[Work], object]


def leave_out(work: Work) -> None:
    work.git("sparse-checkout", "set", "--no-cone", "/memories/other.xml")


def remove(work: Work) -> None:
    (work.tree / FILE).unlink()


@pytest.fixture(params=[leave_out, remove])
def workspace(request: pytest.FixtureRequest, work: Work) -> Workspace:
    work.commit(f"memories/{FILE}", HELD)
    work.commit("memories/other.xml", OTHER)
    request.param(work)
    assert not (work.tree / FILE).exists()
    return Workspace.open(work.tree)


def add(workspace: Workspace) -> Plan:
    return workspace.planner.add("lesson", {"title": "New"}, NOW, file=FILE)


def move(workspace: Workspace) -> Plan:
    return workspace.planner.move("M-1", FILE, NOW)


@pytest.mark.parametrize("make", [add, move])
def test_it_is_not_taken_for_a_new_one(
    workspace: Workspace, work: Work, make: Callable[[Workspace], Plan]
) -> None:
    before = work.head()
    with pytest.raises(Refused, match=r"is not on disk, but .* memarium restore lessons\.xml HEAD"):
        workspace.committer.commit(make(workspace))
    assert work.head() == before
    assert not (work.tree / FILE).exists()


def test_the_way_that_is_named_leads_on(workspace: Workspace, work: Work) -> None:
    history = workspace.history
    version = history.file_at(FILE, "HEAD")
    workspace.committer.commit(history.plan_restore_file(FILE, version))
    assert (work.tree / FILE).read_bytes() == HELD
    workspace.committer.commit(add(workspace))
    held = work.show(f"HEAD:memories/{FILE}")
    assert b"<title>One</title>" in held
    assert b"<title>New</title>" in held


def test_a_file_that_git_does_not_hold_is_made(work: Work) -> None:
    work.commit("memories/other.xml", OTHER)
    workspace = Workspace.open(work.tree)
    workspace.committer.commit(add(workspace))
    assert b"<title>New</title>" in work.show(f"HEAD:memories/{FILE}")
