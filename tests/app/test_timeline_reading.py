"""Reading the sessions: while one pages, while the tree changes, and while a large commit is looked into."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.git.repository import Repository
from tests.support.git import git
from tests.support.pilot import NARROW, WIDE, open_app, press, ready, said, settle, shown, still, until
from tests.support.shop import make_shop
from tests.support.shop_sessions import make_diary
from tests.support.timeline import AT, drawn, note, session, timeline, titles
from tui.data import session_rows
from tui.data.day_counts import counts
from tui.data.tree_workers import Indexed
from tui.screens.browse.browse import Browse
from tui.screens.sessions.timeline import Timeline
from tui.widgets.history.compare_view import CompareView
from tui.widgets.sessions.brief_card import BriefCard
from tui.widgets.sessions.calendar import Calendar
from tui.widgets.sessions.session_list import SessionList
from tui.widgets.sessions.story import Story


async def test_a_session_of_thousands_of_files_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaving the timeline ends the look into its commits; coming back begins it again."""
    asked: list[str] = []
    content = Repository.content

    def slow(repository: Repository, blob: str, path: str) -> bytes | None:
        asked.append(blob)
        time.sleep(0.05)
        return content(repository, blob, path)

    files = {f"notes/{n:03}.xml": f"<notes><note id='{n}'><text>x</text></note></notes>" for n in range(400)}
    root = make_shop(tmp_path, files=files, together=True)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        monkeypatch.setattr(Repository, "content", slow)
        await pilot.press("t")
        await until(pilot, lambda: len(asked) > 3)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Browse)
        count = len(asked)
        assert count < 200
        await pilot.press("t")
        await until(pilot, lambda: len(asked) > count)
        monkeypatch.setattr(Repository, "content", content)
        screen = app.screen
        assert isinstance(screen, Timeline)
        await until(pilot, lambda: screen.query_one(SessionList).sessions[0].whole)
        assert len(screen.query_one(SessionList).sessions[0].work) == 400


async def test_the_index_that_grows_does_not_begin_the_timeline_anew(tmp_path: Path) -> None:
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        number = screen._number
        app.post_message(Indexed())
        await settle(pilot)
        assert screen._number == number
        await press(pilot, "slash", *"pool")
        number = screen._number
        app.status = app.status._replace(task="indexing", done=1, to_do=2)
        app.post_message(Indexed())
        await settle(pilot)
        assert screen._number == number
        app.status = app.status._replace(task="")
        app.post_message(Indexed())
        await settle(pilot)
        assert screen._number == number + 1


async def test_a_commit_made_elsewhere_shows(tmp_path: Path) -> None:
    root = make_diary(tmp_path)
    (root / "new.xml").write_text("<x><id>1</id></x>", "utf-8")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        git(root, "add", ".")
        author = ("-c", "user.name=Bo", "-c", "user.email=bo@example.com")
        git(root, *author, "commit", "--quiet", "--message=by hand", date="2025-11-22T12:00:00Z")
        head = git(root, "rev-parse", "HEAD")
        shown = screen.query_one(SessionList)
        await until(pilot, lambda: head in {step.rev for one in shown.sessions for step in one.commits})


async def test_more_sessions_leave_what_is_in_view_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_rows: list[int] = []
    row = SessionList.row

    def noted(rows: SessionList, index: int, *rest: Any) -> object:
        drawn_rows.append(index)
        return row(rows, index, *rest)

    monkeypatch.setattr(SessionList, "row", noted)
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        rows, calendar = screen.query_one(SessionList), screen.query_one(Calendar)
        some = [session(number, works=0) for number in range(400)]
        for number, one in enumerate(some):
            some[number] = replace(one, whole=True)
        screen._show(some[:200], counts(some[:200]), done=False)
        rows.cursor = 190
        day = some[190].end.when.date()
        await until(pilot, lambda: calendar.day == day)
        await settle(pilot)
        first = calendar._first
        assert first <= day
        drawn_rows.clear()
        screen._show([replace(one) for one in some], counts(some), done=False)
        await settle(pilot)
        assert (rows.count, rows.cursor, rows.extent.total) == (400, 190, 800)
        assert (calendar._first, calendar.day) == (first, day)
        assert not drawn_rows
        some[190] = replace(some[190], title="Renamed")
        screen._show(some, counts(some), done=True)
        await settle(pilot)
        assert 190 in drawn_rows
        assert "Renamed" in drawn(screen, 190)[0]


async def test_the_newest_sessions_are_there_before_git_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_rows, "FIRST", 3)
    app = open_app(make_diary(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        assert app.workspace is not None
        workspace = app.workspace
        await until(pilot, lambda: len(workspace.timeline.newest()) == 3)
        going_on = threading.Event()
        steps = Repository.steps

        def slow(repository: Repository, *rest: Any) -> object:
            going_on.wait(10)
            return steps(repository, *rest)

        monkeypatch.setattr(Repository, "steps", slow)
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, Timeline) and len(titles(app.screen)) == 3)
        assert isinstance(app.screen, Timeline)
        assert "reading" in note(app.screen)
        going_on.set()
        await settle(pilot)
        assert "reading" not in note(app.screen)
        assert len(titles(app.screen)) == 5


@pytest.mark.usefixtures("unforeseen")
async def test_what_cannot_be_read_ahead_is_said_by_the_timeline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(repository: Repository, *rest: object) -> object:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Repository, "steps", broken)
    root = make_diary(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        await until(pilot, lambda: "a fault of ours" in said(screen.toast))
        (root / "late.xml").write_text("<notes><note><title>Late</title></note></notes>", "utf-8")
        workspace = app.workspace
        assert workspace is not None
        await until(pilot, lambda: "late.xml" in workspace.tree.snapshot.records)  # watched all the same


async def test_the_heads_of_a_comparison_with_now_are_whole(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=NARROW) as pilot:
        await timeline(pilot)
        await press(pilot, "right", "down", "equals_sign")
        compared = pilot.app.screen.query_one(CompareView)
        await until(pilot, lambda: "as it is now" in said(compared))
        head = said(compared).splitlines()[0]
        assert head.strip().startswith("before 20 Nov 2025,")
        assert "…" not in head


async def test_no_way_to_the_sessions_is_offered_where_none_matches(tmp_path: Path) -> None:
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        await timeline(pilot)
        await press(pilot, "slash")
        assert "to the sessions" in shown(pilot.app)
        await press(pilot, *"zzzz")
        await until(pilot, lambda: "No session matches" in shown(pilot.app))
        assert "to the sessions" not in shown(pilot.app)


async def test_a_story_begins_at_its_top_when_more_of_it_is_known(tmp_path: Path) -> None:
    whole = session(0, works=60)
    async with open_app(make_diary(tmp_path)).run_test(size=WIDE) as pilot:
        story = (await timeline(pilot)).query_one(Story)
        story.fill(replace(whole, work=()), AT)
        assert story.spot is not None
        story.fill(whole, AT)
        assert story.top == 0
        await press(pilot, "tab", "tab", "down")
        second = story.spot
        story.fill(replace(whole, work=whole.work[1:]), AT)
        assert story.spot == second


async def test_a_card_that_is_too_long_says_how_much_is_below(tmp_path: Path) -> None:
    root = make_diary(tmp_path)
    state = next(root.rglob("active-project.xml"))
    state.write_text(state.read_text("utf-8").replace("Build the index", "Build the index " * 20), "utf-8")
    decisions = "".join(f"<decision><title>D {n}</title><status>open</status></decision>" for n in range(4))
    (root / "more.xml").write_text(f"<pending-decisions>{decisions}</pending-decisions>", "utf-8")
    async with open_app(root).run_test(size=WIDE) as pilot:
        screen = await timeline(pilot)
        card = screen.query(BriefCard).last()
        rest = card.count - card.room
        assert rest == 1
        assert "↓ 1 more line" in shown(pilot.app)
        card.scroll_lines(rest)
        await still(pilot)
        assert "more line" not in "\n".join(shown(pilot.app).splitlines()[: card.region.bottom])
