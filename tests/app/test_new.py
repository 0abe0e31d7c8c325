"""What is new since the user last looked: marks in the rows, `is:new`, and the key that clears them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.garden import POOL, browsed, open_garden
from tests.support.pilot import said, until
from tui.app import Memarium
from tui.screens.browse.browse import Browse
from tui.widgets.base.status_line import StatusLine

SOLUTIONS = "development-patterns/debugging-solutions.xml"
DECISIONS = "session-context/decisions.xml"
ADDED = """<decision>
  <date>2025-11-22</date>
  <project>gateway</project>
  <title>Sign webhooks with two keys while one is rotated</title>
  <status>accepted</status>
  <rationale>Partners change theirs within a week.</rationale>
</decision>
</decisions>
"""


@pytest.fixture
def visited(garden: Path) -> Path:
    """Return a tree that was looked at before an agent changed one entry and added another."""
    workspace = open_garden(garden).workspace
    assert workspace is not None
    workspace.tree.load()
    workspace.tree.seen.news()
    workspace.close()
    agent_writes(garden)
    return garden


def agent_writes(root: Path) -> None:
    """Change the tree behind the app's back."""
    for file, old, new in (
        (SOLUTIONS, "<level>3</level>", "<level>5</level>"),
        (DECISIONS, "</decisions>\n", ADDED),
    ):
        text = (root / file).read_text("utf-8")
        (root / file).write_text(text.replace(old, new, 1), "utf-8")


def marks(browse: Browse) -> dict[str, str]:
    """Return the title of each row that carries a mark, and the mark."""
    rows = [browse.results.row(n, 60, False, False) for n in range(browse.results.count)]
    return {
        row[0].plain[3:].rstrip(" …"): row[1].plain[1] for row in rows if row[1].plain[1] != " "
    }  # fmt: skip


async def opened(pilot: Pilot[None]) -> Browse:
    """Wait until the marks are there."""
    browse = await browsed(pilot)
    await until(pilot, lambda: bool(browse.results.news.ids))
    return browse


async def test_the_first_visit_marks_nothing(app: Memarium, garden: Path) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        assert marks(browse) == {}
        assert "new" not in said(browse.query_one(StatusLine))
        agent_writes(garden)
        await opened(pilot)
        assert marks(browse) == {POOL: "±", "Sign webhooks with two keys while one is rotated": "+"}


async def test_rows_are_marked_and_counted_until_they_are_opened(visited: Path) -> None:
    app = open_garden(visited)
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await opened(pilot)
        assert marks(browse) == {POOL: "±", "Sign webhooks with two keys while one is rotated": "+"}
        assert "+ 1 new  ± 1 changed" in said(browse.query_one(StatusLine))
        await pilot.press("g", "j", "k")
        assert len(marks(browse)) == 2, "passing by is not reading"
        assert browse.entry is not None
        assert browse.entry.title.startswith("Sign webhooks")
        await pilot.press("enter")
        await until(pilot, lambda: (app.status.new, app.status.changed) == (0, 1))
        assert marks(browse) == {POOL: "±"}
    app = open_garden(visited)
    async with app.run_test(size=(120, 36)) as pilot:
        assert marks(await opened(pilot)) == {POOL: "±"}, "remembered"


async def test_going_on_in_the_preview_reads_one_after_the_other(visited: Path) -> None:
    app = open_garden(visited)
    async with app.run_test(size=(80, 24)) as pilot:
        browse = await opened(pilot)
        browse.ask_for("is:new")
        await until(pilot, lambda: browse.answered and browse.results.count == 2)
        browse.set_focus(browse.results)
        await pilot.press("enter", "J")
        await until(pilot, lambda: (app.status.new, app.status.changed) == (0, 0))


async def test_one_key_calls_everything_seen(visited: Path) -> None:
    app = open_garden(visited)
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await opened(pilot)
        browse.ask_for("is:new")
        await until(pilot, lambda: browse.answered and browse.results.count == 2)
        browse.set_focus(browse.results)
        await pilot.press("I")
        await until(pilot, lambda: browse.answered and browse.results.count == 0)
        assert (app.status.new, app.status.changed) == (0, 0)
        assert "2 entries are no longer new" in said(browse.toast)
        browse.ask_for("")
        await until(pilot, lambda: browse.answered and browse.results.count > 2)
        assert marks(browse) == {}
        await pilot.press("I")
        await until(pilot, lambda: "Nothing was new" in said(browse.toast))


async def test_the_letter_is_a_letter_while_one_types(visited: Path) -> None:
    app = open_garden(visited)
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await opened(pilot)
        await pilot.press("slash", "I")
        await until(pilot, lambda: browse.search.text == "I")
        assert (app.status.new, app.status.changed) == (1, 1)


@pytest.mark.parametrize("mark", ["+ 1 new", "± 1 changed"])
async def test_a_click_on_the_count_finds_them_from_any_screen(visited: Path, mark: str) -> None:
    app = open_garden(visited)
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await opened(pilot)
        await pilot.press("p")
        line = app.screen.query_one(StatusLine)
        await pilot.click(line, offset=(said(line).index(mark) + 2, 0))
        await until(pilot, lambda: app.screen is browse and browse.answered and browse.results.count == 2)
        assert browse.search.text == "is:new"


async def test_what_is_edited_here_is_not_new(visited: Path) -> None:
    app = open_garden(visited)
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot)
        assert app.workspace is not None
        app.workspace.committer.commit(
            app.workspace.planner.edit("debugging-solution-2025-11-17T16:20:00Z", {"level": "1"})
        )
        app.action_reload()
        await until(pilot, lambda: app.status.dirty)
        assert (app.status.new, app.status.changed) == (1, 1)
