"""A save plans again on what others have written since, and refuses only what both changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from index.model.errors import Conflict, Overlap
from index.model.plan import Plan
from index.workspace import Workspace
from tests.support.work import Work

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def lesson(key: str, title: str, text: str, tags: str = "a") -> str:
    return (
        f'<lesson id="{key}"><timestamp>2025-10-03T14:30:00Z</timestamp><title>{title}</title>'
        f"<description>{text}</description><tags>{tags}</tags></lesson>\n"
    )


def lessons(*entries: str) -> bytes:
    return f"<lessons>\n{''.join(entries)}</lessons>\n".encode()


ONE, TWO, THREE = lesson("L-1", "One", "alpha"), lesson("L-2", "Two", "beta"), lesson("L-3", "Three", "x")
BEFORE = lessons(ONE, TWO)
Make = Callable[[Workspace], Plan]
Opened = tuple[Workspace, Callable[[bytes], None]]


@pytest.fixture(params=["committed", "on disk", "no git"])
def opened(request: pytest.FixtureRequest, make_work: Callable[..., Work]) -> Opened:
    """A tree, and what another program does to its one file: in a commit, on disk alone, without git."""
    work = make_work()
    work.commit("memories/lessons.xml", BEFORE)
    if request.param == "no git":
        (work.root / ".git").rename(work.root / "was-git")

    def others(data: bytes) -> None:
        if request.param == "committed":
            work.commit("memories/lessons.xml", data)
        else:
            work.write("memories/lessons.xml", data)

    return Workspace.open(work.root / "memories"), others


def now_in(workspace: Workspace) -> str:
    return (workspace.tree.root / "lessons.xml").read_text("utf-8")


PLANS: dict[str, tuple[Make, list[str], list[str]]] = {
    "edit": (lambda w: w.planner.edit("L-1", {"title": "Mine"}), ["Mine", "Theirs", "L-3"], ["One"]),
    "add a field": (
        lambda w: w.planner.edit("L-1", {"prevention": "Mine"}, add=True),
        ["<prevention>Mine", "Theirs"],
        [],
    ),
    "add": (
        lambda w: w.planner.add("lesson", {"title": "Mine", "description": "d"}, NOW),
        ['id="L-4"', "Mine", "Theirs"],
        [],
    ),
    "delete": (lambda w: w.planner.delete("L-1"), ["Theirs", "L-3"], ["One"]),
    "duplicate": (lambda w: w.planner.duplicate("L-1", NOW), ['id="L-4"', "Theirs"], []),
    "move": (lambda w: w.planner.move("L-1", "other.xml", NOW), ["Theirs", "L-3"], ["One"]),
    "bulk": (
        lambda w: w.planner.set_field(["L-1"], "description", "mine"),
        ["mine", "Theirs"],
        ["alpha"],
    ),
    "tags": (lambda w: w.planner.rename_tag("a", "z"), ["<tags>z</tags>", "Theirs"], ["<tags>a</tags>"]),
    "raw": (
        lambda w: w.planner.edit_markup("L-1", lesson("L-1", "Mine", "alpha")),
        ["Mine", "Theirs", "L-3"],
        ["One"],
    ),
    "whole file": (
        lambda w: w.planner.replace("lessons.xml", BEFORE.replace(b"One", b"Mine")),
        ["Mine", "Theirs", "L-3"],
        ["One"],
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_change_of_other_entries_is_no_conflict(opened: Opened, name: str) -> None:
    workspace, others = opened
    make, there, gone = PLANS[name]
    plan = make(workspace)
    others(lessons(ONE, TWO.replace("beta", "Theirs"), THREE))
    saved = workspace.committer.commit(plan)
    text = now_in(workspace)
    assert all(part in text for part in there)
    assert not any(part in text for part in gone)
    assert saved.anew is not None
    assert saved.warning.endswith("which stays: edited “Two”, added “Three”.")


def test_another_field_of_the_same_entry_is_no_conflict(
    opened: Opened,
) -> None:
    workspace, others = opened
    plan = workspace.planner.edit("L-1", {"title": "Mine"})
    others(lessons(ONE.replace("alpha", "theirs"), TWO))
    workspace.committer.commit(plan)
    assert now_in(workspace) == lessons(lesson("L-1", "Mine", "theirs"), TWO).decode()


def test_tags_that_both_add_are_both_there(opened: Opened) -> None:
    workspace, others = opened
    plan = workspace.planner.edit("L-1", {"tags": "a, mine"})
    others(lessons(lesson("L-1", "One", "alpha", "a, theirs"), TWO))
    workspace.committer.commit(plan)
    assert "mine" in now_in(workspace)
    assert "theirs" in now_in(workspace)


CLASHES: dict[str, tuple[Make, str, str]] = {
    "edit": (lambda w: w.planner.edit("L-1", {"description": "mine"}), "description of “One”", "theirs"),
    "raw": (
        lambda w: w.planner.edit_markup("L-1", lesson("L-1", "One", "mine")),
        "description of “One”",
        "theirs",
    ),
    "delete": (lambda w: w.planner.delete("L-1"), "“One”, which was to be deleted", "theirs"),
    "move": (lambda w: w.planner.move("L-1", "other.xml", NOW), "“One”, which was to be deleted", "theirs"),
    "deleted": (lambda w: w.planner.edit("L-1", {"description": "mine"}), "deleted “One”", ""),
}


@pytest.mark.parametrize("name", CLASHES)
def test_what_both_changed_is_refused_by_name(opened: Opened, name: str) -> None:
    workspace, others = opened
    make, words, theirs = CLASHES[name]
    plan = make(workspace)
    data = lessons(ONE.replace("alpha", theirs), TWO) if theirs else lessons(TWO)
    others(data)
    with pytest.raises(Overlap, match=rf"Another program .*{words}.*Nothing was written\.$"):
        workspace.committer.commit(plan)
    assert now_in(workspace) == data.decode()
    assert not (workspace.tree.root / "other.xml").exists()


def test_an_edit_that_began_on_older_bytes_is_planned_on_the_new(
    opened: Opened,
) -> None:
    workspace, others = opened
    workspace.tree.load()
    others(lessons(ONE, TWO, THREE))
    plan = workspace.planner.edit("L-1", {"title": "Mine"}, base=BEFORE)
    assert plan.changes[0].before == lessons(ONE, TWO, THREE)
    with pytest.raises(Conflict, match="title of “Older”"):
        workspace.planner.edit("L-1", {"title": "Mine"}, base=BEFORE.replace(b"One", b"Older"))


def test_an_undo_waits_for_no_one(make_work: Callable[..., Work]) -> None:
    """It is planned on the bytes of now, so others' entries stay."""
    work = make_work()
    work.commit("memories/lessons.xml", BEFORE)
    workspace = Workspace.open(work.root / "memories")
    workspace.committer.commit(workspace.planner.edit("L-1", {"title": "Mine"}))
    work.commit("memories/lessons.xml", lessons(lesson("L-1", "Mine", "alpha"), TWO, THREE))
    workspace.committer.undo()
    assert now_in(workspace) == lessons(ONE, TWO, THREE).decode()
