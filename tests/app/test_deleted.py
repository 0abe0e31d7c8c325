"""Deleted entries: found by a search, shown as they were, brought back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from index.history import deleted as module
from index.model.entry import Deleted
from tests.support.garden import open_garden
from tests.support.git import git
from tests.support.pilot import NARROW, SMALL, WIDE, Compare, open_app, press, ready, said, settle, until
from tests.support.shop_past import BILLING, LESSON_TITLE, make_gone
from tui.app import Memarium
from tui.screens.browse.browse import Browse
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.deleted import DeletedEntries
from tui.screens.history.file_history import FileHistory
from tui.screens.history.history import History
from tui.widgets.base.footer import Footer
from tui.widgets.base.search_line import Note
from tui.widgets.base.toast import Toast
from tui.widgets.browse.preview import Preview
from tui.widgets.browse.results import Results
from tui.widgets.history.deleted_list import DeletedList


async def ask(pilot: Pilot[None], query: str) -> Browse:
    """Type a query on the browse screen."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    await press(pilot, "slash", *query)
    assert isinstance(app.screen, Browse)
    return app.screen


def rows(screen: Browse, width: int = 80) -> list[str]:
    """Return the first lines and the ends of the second lines of the results."""
    results = screen.query_one(Results)
    drawn = [results.row(n, width, False, False) for n in range(results.count)]
    return [f"{one.plain[3:].strip()} | {two.plain.split('  ')[-1].strip()}" for one, two in drawn]


def foot(preview: Preview) -> list[str]:
    lines = [preview.render_line(y).text.strip() for y in range(preview.room, preview.size.height)]
    return [line for line in lines if line]


# ── in the search of the browse screen ────────────────────────────────────────


async def test_is_deleted_finds_what_is_gone_with_words_and_filters(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        screen = await ask(pilot, "is:deleted")
        assert rows(screen) == [
            "Database connection pool exhaustion under load | deleted 9 Oct",
            f"{LESSON_TITLE} | deleted 3 Oct",
        ]
        await press(pilot, *" cache")
        assert rows(screen) == [f"{LESSON_TITLE} | deleted 3 Oct"]
        assert screen.query_one(Note).text.plain.startswith("1 ·")
        preview = screen.query_one(Preview)
        assert "The first minute of traffic" in said(preview)
        assert foot(preview)[0] == f"{BILLING}:12"
        assert foot(preview)[1].startswith("deleted 3 Oct 2025, 18:00 by shop-agent")
        screen.ask_for("is:deleted kind:solution level:3")
        await settle(pilot)
        assert [row.split(" | ")[0] for row in rows(screen)] == [
            "Database connection pool exhaustion under load"
        ]
        screen.ask_for("cache")
        await settle(pilot)
        assert not any("deleted" in row for row in rows(screen))


async def test_a_deleted_hit_is_not_edited_but_comes_back_at_its_place(tmp_path: Path) -> None:
    root = make_gone(tmp_path)
    app = open_app(root)
    async with app.run_test(size=WIDE) as pilot:
        screen = await ask(pilot, "is:deleted warm")
        await press(pilot, "down")
        assert "restore" in said(screen.query_one(Footer))
        for key in ("e", "X", "d", "C", "M"):
            await press(pilot, key)
            assert app.screen is screen
            assert "It is deleted: V restores it." in said(screen.query_one(Toast))
        await press(pilot, "y")
        assert LESSON_TITLE in app.clipboard
        await press(pilot, "H")
        assert isinstance(app.screen, History)
        await press(pilot, "escape", "F")
        assert isinstance(app.screen, FileHistory)
        await press(pilot, "escape", "V")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "enter")
        await until(pilot, lambda: screen.entry is not None and screen.entry.title == LESSON_TITLE)
        assert "✓ Restored Warm the cache" in said(screen.query_one(Toast))
        await press(pilot, "V")
        assert "Press H to pick an older version" in said(screen.query_one(Toast))
    text = (root / BILLING).read_text("utf-8")
    assert text.index("Probes are not free") < text.index(LESSON_TITLE)
    assert git(root, "log", "-1", "--format=%s").startswith('memory: restore "Warm the cache')


async def test_hits_come_while_the_history_is_still_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, go_on = module.deleted, threading.Event()

    def slowly(*arguments: Any) -> Iterator[Deleted]:
        for place, gone in enumerate(whole(*arguments)):
            if place == 1:
                assert go_on.wait(20)
            yield gone

    monkeypatch.setattr(module, "deleted", slowly)
    monkeypatch.setattr("tui.data.search_rows.READ_ON", 0.0)
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        screen = app.screen
        assert isinstance(screen, Browse)
        try:
            screen.ask_for("is:deleted")
            await until(pilot, lambda: len(rows(screen)) == 1)
            assert "so far" in screen.query_one(Note).text.plain
        finally:
            go_on.set()
        await settle(pilot)
        assert len(rows(screen)) == 2
        assert "so far" not in screen.query_one(Note).text.plain


# ── in the screen of the deleted entries ──────────────────────────────────────


async def test_the_deleted_entries_have_a_search_of_their_own(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D")
        screen = app.screen
        assert isinstance(screen, DeletedEntries)
        shown = screen.query_one(DeletedList)
        assert screen.query_one(Note).text.plain == "2 deleted entries"
        await press(pilot, "slash", *"nowhere")
        assert shown.count == 0
        assert "nothing found" in shown.paint(1, 40).text
        await press(pilot, *["backspace"] * 7, *"warm")
        assert app.screen is screen
        assert [gone.entry.title for gone in shown.items] == [LESSON_TITLE]
        assert screen.query_one(Note).text.plain == "1 of 2 deleted entries"
        title = shown.row(0, 41, False, False)[0]
        assert [title.plain[span.start : span.end] for span in title.spans if span.style == "lit"] == ["Warm"]
        assert LESSON_TITLE in said(screen.query_one(Preview))
        await press(pilot, *" nowhere")
        assert "1 of 2 deleted entries  ! No entry has both words" in screen.query_one(Note).text.plain
        await press(pilot, *["backspace"] * 8, "down", "V")
        assert isinstance(app.screen, ReviewScreen)
        await press(pilot, "escape", "escape")
        assert (app.screen, shown.count) == (screen, 2)
        await press(pilot, "escape")
        assert isinstance(app.screen, Browse)


async def test_what_is_no_filter_is_searched_as_words_and_said(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=NARROW) as pilot:
        await ready(pilot)
        await press(pilot, "D", "slash", *"level:x ")
        screen = app.screen
        assert "is not a level" in screen.query_one(Note).text.plain
        assert screen.query_one(DeletedList).count == 0


async def test_the_mouse_goes_to_the_search_and_to_an_entry(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await ready(pilot)
        await press(pilot, "D")
        screen = app.screen
        await pilot.click("#query", offset=(3, 0))
        await press(pilot, *"warm")
        assert screen.query_one(DeletedList).count == 1
        await press(pilot, "escape")
        await pilot.click(DeletedList, offset=(10, 3))
        await settle(pilot)
        assert screen.query_one(DeletedList).cursor == 1


# ── pictures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("size", "theme", "keys"),
    [
        (WIDE, "memarium-dark", ("D", "slash", *"cache")),
        (NARROW, "memarium-light", ("slash", *"is:deleted pool", "down")),
        (SMALL, "memarium-dark", ("D",)),
    ],
    ids=["filter-wide", "search-narrow-light", "small"],
)
def test_looks(
    tmp_path: Path, snap_compare: Compare, size: tuple[int, int], theme: str, keys: tuple[str, ...]
) -> None:
    async def run(pilot: Pilot[None]) -> None:
        pilot.app.theme = theme
        await ready(pilot)
        await press(pilot, *keys)

    assert snap_compare(open_garden(make_gone(tmp_path)), terminal_size=size, run_before=run)
