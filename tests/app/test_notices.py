"""Notices on the problems screen: dead links, strays, what is gone since the last look."""

from __future__ import annotations

from pathlib import Path

from tests.support.git import commit_all, make_repository
from tests.support.markdown import make_stores
from tests.support.pilot import WIDE, open_app, opened, press, ready, said, settle, until
from tests.support.work import Work
from tui.actions import BY_ID
from tui.screens.browse.browse import Browse
from tui.screens.history.deleted import DeletedEntries
from tui.screens.problems.problems import Problems
from tui.widgets.base.footer import Footer
from tui.widgets.base.lines import Lines
from tui.widgets.base.title_line import TitleLine
from tui.widgets.problems.problem_list import ProblemList


async def test_a_dead_line_of_an_index_leads_to_its_entry(tmp_path: Path) -> None:
    app = open_app(make_stores(tmp_path) / ".claude/memory")
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "p", Problems)
        rows = screen.query_one(ProblemList)
        await until(pilot, lambda: rows.count == 2)
        assert screen.query_one(TitleLine).note.plain == "2 warnings"
        assert [one.code for one in rows.items] == ["dead-line", "dead-link"]
        await settle(pilot)
        page = said(screen.query_one("#problem", Lines))
        assert "Dead link in the index to project_retry_budget.md" in page
        assert "Take the line out, or restore the file." in page
        await press(pilot, "r")
        assert app.screen is screen
        await press(pilot, "enter")
        assert isinstance(app.screen, Browse)
        assert app.screen.entry is not None
        assert app.screen.entry.kind == "index"


async def test_what_a_rewrite_dropped_leads_to_the_deleted_entries(tmp_path: Path) -> None:
    root = make_stores(tmp_path / "project") / "memory-bank"
    make_repository(tmp_path / "project")
    commit_all(tmp_path / "project")
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await until(pilot, lambda: app.workspace is not None and app.workspace.tree.seen.news() is not None)
        log = root / "decisionLog.md"
        log.write_text(log.read_text("utf-8").partition("## [2026-01-01")[0], "utf-8")
        commit_all(tmp_path / "project")
        await press(pilot, "ctrl+r")
        screen = await opened(pilot, "p", Problems)
        rows = screen.query_one(ProblemList)
        await until(pilot, lambda: [one.code for one in rows.items] == ["vanished"])
        await settle(pilot)
        assert "D lists what was deleted, and restores it" in said(screen.query_one("#problem", Lines))
        await press(pilot, "enter")
        assert isinstance(app.screen, DeletedEntries)
        await press(pilot, "escape")
        await press(pilot, BY_ID["seen"].keys[0])
        await until(pilot, lambda: rows.count == 0)


async def test_a_note_about_the_whole_tree_offers_no_entry_and_no_file(tmp_path: Path) -> None:
    make_repository(tmp_path)
    work = Work(tmp_path)
    for file in ("lessons.xml", "sub/more.xml"):
        work.commit(f"memories/{file}", b"<lessons>\n<lesson><title>One</title></lesson>\n</lessons>\n")
    work.git("sparse-checkout", "set", "--no-cone", "/*", "!/memories/sub/")
    app = open_app(work.tree)
    async with app.run_test(size=WIDE) as pilot:
        screen = await opened(pilot, "p", Problems)
        rows = screen.query_one(ProblemList)
        await until(pilot, lambda: [one.code for one in rows.items] == ["left-out"])
        await settle(pilot)
        assert said(screen.query_one(Footer)).split() == ["y", "copy", "esc", "back", "?", "keys"]
        await press(pilot, "enter", "E", "F")
        assert app.screen is screen
