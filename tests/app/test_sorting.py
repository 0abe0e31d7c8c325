"""The order of the rows, by the heads of the columns, by key, and by the command; remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.library.snapshot import order
from index.model.user_config import SORTS
from tests.support.commands import call
from tests.support.entries import entry
from tests.support.garden import browsed, open_garden
from tests.support.pilot import FULL, NARROW, WIDE, said, settle, until
from tui.app import Memarium
from tui.data.search_rows import ORDERS
from tui.screens.browse.browse import Browse
from tui.widgets.base.search_line import Note
from tui.widgets.browse.sort_head import HEADS, head_line


def test_everything_has_the_same_orders() -> None:
    assert set(SORTS) == set(ORDERS) == set(HEADS)


def test_orders() -> None:
    some = [
        entry("b", kind="note", level=2, file="b.xml", when="2025-01-02"),
        entry("A", kind="decision", level=None, file="c.xml", when="2025-01-03"),
        entry("c", kind="note", level=5, file="a.xml", when="2025-01-01"),
        entry("d", kind="api-pattern", level=5, file="d.xml"),
    ]
    told = {sort: "".join(one.title for one in order(some, sort)) for sort in SORTS if sort != "relevance"}
    assert told == {
        "date": "Abcd", "oldest": "cbAd", "title": "Abcd", "kind": "dAbc", "level": "cdbA", "file": "cbAd",
    }  # fmt: skip


async def click(pilot: Pilot[None], browse: Browse, word: str) -> None:
    """Click on a head."""
    line = "".join(part.text for part in browse.results.render_line(0))
    await pilot.click(browse.results, offset=(line.index(word) + len(word) - 1, 0))
    await settle(pilot)


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [("", "newest first", "oldest first"), ("pool", "by relevance", "newest first")],
)
async def test_a_click_on_the_order_takes_the_next_one(
    app: Memarium, query: str, before: str, after: str
) -> None:
    async with app.run_test(size=FULL) as pilot:
        browse = await browsed(pilot)
        browse.ask_for(query)
        note = browse.query_one(Note)
        await until(pilot, lambda: browse.answered and before in said(note))
        await settle(pilot)
        await pilot.click(note, offset=(said(note).index(before) + 1, 0))
        await until(pilot, lambda: browse.answered and after in said(note))


@pytest.mark.parametrize("size", [FULL, NARROW], ids=["full", "narrow"])
async def test_a_click_on_a_head_sorts(app: Memarium, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        browse = await browsed(pilot)

        def titles() -> list[str]:
            return [row.entry.title for row in browse.results.rows]

        newest = titles()
        await click(pilot, browse, "Title")
        await until(pilot, lambda: titles() == sorted(newest, key=str.lower))
        assert app.settings.sort == "title"
        await click(pilot, browse, "Date")
        await until(pilot, lambda: titles() == newest)
        await click(pilot, browse, "Date")
        await until(pilot, lambda: titles() == newest[::-1])
        await click(pilot, browse, "  L")
        await until(pilot, lambda: browse.results.rows[0].entry.level == 4)
        assert app.settings.sort == "level"


async def test_the_match_has_a_head_while_words_are_searched_for(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)

        def head() -> str:
            return "".join(part.text for part in browse.results.render_line(0))

        assert "Match" not in head()
        assert "▾ Date" in head()
        browse.ask_for("kind:solution")
        await until(pilot, lambda: browse.answered and browse.results.count == 6)
        assert "▾ Date" in head()  # nothing ranks them
        browse.ask_for("pool")
        await until(pilot, lambda: browse.answered and "▾ Match" in head())


async def test_the_order_is_remembered(app: Memarium, garden: Path) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await browsed(pilot)
        await pilot.press("o")
        await until(pilot, lambda: app.settings.sort == "oldest")
        await settle(pilot)
    again = open_garden(garden)
    async with again.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        await until(
            pilot, lambda: browse.answered and browse.results.rows[0].entry.title == "Database access layer"
        )


async def test_by_file_the_second_line_is_the_place(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await browsed(pilot)
        await click(pilot, browse, "Title")
        while app.settings.sort != "file":
            await pilot.press("o")
            await settle(pilot)
        line = "".join(part.text for part in browse.results.render_line(2))
        assert f":{browse.results.rows[0].entry.line}" in line


@pytest.mark.parametrize("width", [24, 34, 42, 60, 100])
@pytest.mark.parametrize("current", list(HEADS))
def test_heads_fit_and_the_current_one_is_there(width: int, current: str) -> None:
    line = head_line(width, current, ranked=True, dates=9)
    assert line.cell_length == width
    word, arrow = HEADS[current]
    assert f"{arrow} {word}" in line.plain
    assert " L " not in line.plain, "a head is written out, or left out"


def test_the_command_knows_every_order(garden: Path) -> None:
    titles = {sort: call(garden, "list", "--sort", sort).stdout for sort in SORTS}
    assert titles["oldest"].splitlines()[::-1] == titles["date"].splitlines()
    assert titles["title"].splitlines()[0].split(maxsplit=2)[2].startswith("Circuit breaker")
