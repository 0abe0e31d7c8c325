"""Ending a session in the app: asked in one form, reviewed and saved as one commit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.support.git import git
from tests.support.pilot import (
    NARROW,
    SMALL,
    WIDE,
    Compare,
    kept,
    leave_behind,
    open_app,
    press,
    ready,
    said,
    settle,
    shown,
)
from tests.support.shop import FILES, make_shop
from tui.screens.base.question import QuestionScreen
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.screens.sessions.end_session import EndSession, answers_of
from tui.widgets.base.choices import ChoiceLine
from tui.widgets.base.lines import Lines
from tui.widgets.base.toast import Toast
from tui.widgets.editing.edit_lines import EditFoot
from tui.widgets.editing.field_editor import FieldEditor
from tui.widgets.editing.other_fields import Others

STATE = """\
<active-project>
  <project>shop-api</project>
  <title>Cursor pagination</title>
  <status>in progress</status>
  <next-step>build the index</next-step>
  <blockers><blocker>the replica lags</blocker></blockers>
  <last-updated>2025-11-21T17:42:00Z</last-updated>
</active-project>
"""
DECISIONS = """\
<pending-decisions>
  <decision id="DEC-1"><title>Delete exports after 30 days?</title><status>pending</status></decision>
  <decision id="DEC-2"><title>Outbox table</title><decision>Yes</decision><status>accepted</status></decision>
</pending-decisions>
"""
PENDING = "session-context/pending-decisions.xml"
KNOWLEDGE = "project-knowledge/shop-api"
ACTIVE = "session-context/active-project.xml"
TREE = FILES | {ACTIVE: STATE, PENDING: DECISIONS}


async def opened(pilot: Pilot[None]) -> EndSession:
    """Open the form."""
    await ready(pilot)
    await press(pilot, "W")
    assert isinstance(pilot.app.screen, EndSession)
    return pilot.app.screen


def test_what_was_said_is_told_apart_by_the_names_of_the_fields() -> None:
    said_ = {"session-state/lesson": "a", "decide:x#1": " ", "archive:x#2": "archive", "archive:x#3": "leave"}
    answers = answers_of(said_ | {"new decisions": "- one\n\n- two", "lesson": "L\n\nb "})
    assert (answers.texts, answers.decided, answers.archived) == ({"lesson": "a"}, {}, ("x#2",))
    assert (answers.questions, answers.lessons) == (("one", "two"), ("L\n\nb",))


async def test_no_field_is_added_to_the_form(tmp_path: Path) -> None:
    async with open_app(make_shop(tmp_path, files=TREE)).run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        await press(pilot, "ctrl+n")
        assert not form.unsaved
        await press(pilot, "f1")
        assert "add a field" not in said(pilot.app.screen.query_one(Lines))


async def test_all_of_it_is_one_reviewed_commit(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files=TREE)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        assert form.editor.current == "session-state/status"
        await press(pilot, *", green", "tab", *"Merged", "tab", "tab", "enter", *"heat", "tab")
        await press(pilot, *"Yes", "tab", *"Partition?", "tab", "right", "tab", *"Measure", "ctrl+s")
        review = app.screen
        assert isinstance(review, ReviewScreen)
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)
        assert "Ended the session" in " ".join(said(app.screen.query_one(Toast)).split())
    assert git(root, "log", "-1", "--format=%s") == "memory: end session of shop-api"
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "show", "--name-only", "--format=", "HEAD").split() == [
        f"memories/{file}"
        for file in (f"{KNOWLEDGE}/decisions.xml", f"{KNOWLEDGE}/lessons.xml", ACTIVE, PENDING)
    ]  # fmt: skip
    state = (root / ACTIVE).read_text("utf-8")
    assert "<status>in progress, green</status>" in state
    assert "<last-action>Merged</last-action>" in state
    assert "<blocker>heat</blocker>" in state
    assert "<last-updated>2025-11-23T10:00:00Z</last-updated>" in state
    pending = (root / PENDING).read_text("utf-8")
    assert "<decision>Yes</decision>" in pending
    assert "<title>Partition?</title>" in pending
    assert "DEC-2" not in pending


async def test_undo_takes_all_of_it_back(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files=TREE)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await press(pilot, "shift+tab", *"Measure", "ctrl+s", "enter", "u")
        await settle(pilot)
    assert (root / ACTIVE).read_text("utf-8") == STATE
    assert not (root / "project-knowledge/shop-api/lessons.xml").exists()


async def test_a_session_ends_with_nothing_more_to_say(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, files=TREE))
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "escape", "escape")
        assert isinstance(app.screen, Browse)


async def test_leaving_asks_when_something_was_typed(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, files=TREE))
    async with app.run_test(size=NARROW) as pilot:
        form = await opened(pilot)
        await press(pilot, "x", "escape")
        assert isinstance(app.screen, QuestionScreen)
        assert "Session state · Status has changed: 1 line." in shown(app)
        await press(pilot, "enter")
        assert app.screen is form
        assert form.draft.text("session-state/status") == "in progressx"


async def test_a_refusal_keeps_what_was_typed(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files=TREE)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        (root / PENDING).write_text(DECISIONS.replace("DEC-1", "DEC-9"), "utf-8")
        await press(pilot, "tab", "tab", "tab", "tab", *"Yes", "ctrl+s")
        assert app.screen is form
        assert "▲ " in said(form.query_one(EditFoot))
        assert form.draft.changes() == {f"decide:{PENDING}#DEC-1": "Yes"}


async def test_another_field_that_changes_under_the_review_stays_so(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files=TREE)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await opened(pilot)
        await press(pilot, *", green", "ctrl+s")
        theirs = STATE.replace("build the index", "drink tea")
        (root / ACTIVE).write_text(theirs, "utf-8")
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)
    text = (root / ACTIVE).read_text("utf-8")
    assert "drink tea" in text
    assert "in progress, green" in text


async def test_what_was_typed_outlives_a_crash(tmp_path: Path) -> None:
    root = make_shop(tmp_path, files=TREE)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        await press(pilot, *", green", "shift+tab", *"Measure")
        await kept(pilot, form.keeper)
    leave_behind(app)
    again = open_app(root)
    async with again.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "P", "enter")
        assert isinstance(again.screen, QuestionScreen)
        await press(pilot, "enter")
        assert isinstance(again.screen, EndSession)
        assert again.screen.draft.changes() == {
            "session-state/status": "in progress, green",
            "lesson": "Measure",
        }
        await press(pilot, "ctrl+s", "enter")
    assert "in progress, green" in (root / ACTIVE).read_text("utf-8")


async def test_the_mouse_opens_a_field_and_chooses(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path, files=TREE))
    async with app.run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        below = form.query_one("#below", Others)
        row = next(y for y, line in enumerate(said(below).split("\n")) if line.startswith("DEC-2"))
        form.editor.scroll_to(y=row, animate=False)
        await settle(pilot)
        await pilot.click(below, offset=(3, row))
        await settle(pilot)
        assert form.editor.current == f"archive:{PENDING}#DEC-2"
        await pilot.click(form.query_one(ChoiceLine), offset=(14, 0))
        await settle(pilot)
        assert form.draft.changes() == {f"archive:{PENDING}#DEC-2": "archive"}


async def test_a_tree_without_a_session_state_still_takes_a_lesson(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        assert "No session state in this tree" in said(form.query_one("#above", Others))
        await press(pilot, "shift+tab", *"Measure", "ctrl+s", "enter")
        assert isinstance(app.screen, Browse)
    assert "<lesson>Measure</lesson>" in (root / "project-knowledge/billing/lessons.xml").read_text("utf-8")


async def test_of_many_decisions_the_newest_are_asked_for(tmp_path: Path) -> None:
    one = "<decision id='DEC-{0}'><title>Question {0}</title><status>{1}</status></decision>"
    many = "".join(one.format(n, "pending" if n < 40 else "accepted") for n in range(60))
    decisions = f"<pending-decisions>{many}</pending-decisions>"
    app = open_app(make_shop(tmp_path, files=TREE | {PENDING: decisions}))
    async with app.run_test(size=WIDE) as pilot:
        form = await opened(pilot)
        names = [field.name.partition(":")[0] for field in form.draft.fields]
        assert (names.count("decide"), names.count("archive"), names[-1]) == (12, 8, "lesson")
        below = said(form.query_one("#below", Others))
        assert "Pending decisions, the newest 12 of 40" in below
        assert "Archive finished work, 8 of 20" in below


def _steps(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def run(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await press(pilot, *keys)
        if isinstance(pilot.app.screen, EndSession):
            pilot.app.screen.query_one(FieldEditor).refresh()
        await settle(pilot)

    return run


@pytest.mark.parametrize(
    ("keys", "size"),
    [(", green", WIDE), (("shift+tab", "shift+tab", "right"), NARROW), (", green", SMALL)],
    ids=["state-120x36", "archive-80x24", "state-60x20"],
)
def test_looks(snap_compare: Compare, tmp_path: Path, keys: tuple[str, ...], size: tuple[int, int]) -> None:
    app: App[None] = open_app(make_shop(tmp_path, files=TREE))
    assert snap_compare(app, terminal_size=size, run_before=_steps(*keys))
