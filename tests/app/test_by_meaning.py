"""`~` before a query: what is related by meaning, as a group below the hits."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index.search.meaning import related
from index.search.tree_search import Search
from tests.support.pilot import NARROW, WIDE, open_app, press, ready, settle, shown, until
from tests.support.shop import make_shop
from tui.app import Memarium
from tui.screens.browse.browse import Browse

POOL, RETRIES = (
    "Database connection pool exhaustion under load",
    "Retry storm drains the pool after a failover",
)


@pytest.fixture
def app(tmp_path: Path) -> Memarium:
    return open_app(make_shop(tmp_path))


async def ask(pilot: Pilot[None], text: str) -> Browse:
    """Type a query, and wait until the meaning of all entries is read."""
    await ready(pilot)
    browse = pilot.app.screen
    assert isinstance(browse, Browse)
    await press(pilot, "slash", *text)
    await settle(pilot)
    return browse


async def learned(pilot: Pilot[None], title: str) -> None:
    """Wait until an entry is shown below the heading."""
    await until(pilot, lambda: title in shown(pilot.app).partition("Related by meaning")[2], 60)
    await settle(pilot)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_what_is_related_stands_below_the_hits(app: Memarium, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        browse = await ask(pilot, "~ pool exhaustion")
        await learned(pilot, RETRIES[:20])
        above, _, below = shown(app).partition("Related by meaning")
        assert POOL[:20] in above
        if size is NARROW:
            assert POOL[:20] not in below
        browse.set_focus(browse.results)
        await press(pilot, "down")
        assert browse.entry is not None
        assert browse.entry.title == RETRIES
        assert browse.results.where.startswith("2 of ")
        await press(pilot, "up")
        assert browse.entry.title == POOL


async def test_a_question_without_a_hit_is_answered_by_meaning_alone(app: Memarium) -> None:
    async with app.run_test(size=WIDE) as pilot:
        browse = await ask(pilot, "~ ran out of database sessions")
        await learned(pilot, POOL[:20])
        assert "Nothing found" not in shown(app)
        assert browse.entry is not None
        assert browse.entry.title == POOL
        await press(pilot, "ctrl+u", *"pool")
        assert "Related by meaning" not in shown(app)


async def test_nothing_is_said_of_what_is_not_read_yet(
    app: Memarium, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(Search, "learn", lambda *_, **__: go_on.wait(60))
    try:
        async with app.run_test(size=WIDE) as pilot:
            await ask(pilot, "~ xyzzy")
            await until(pilot, lambda: "Reading the meaning of the entries" in shown(app))
            assert "Nothing else is related" not in shown(app)
            go_on.set()
            await until(pilot, lambda: "Nothing else is related by meaning." in shown(app))
    finally:
        go_on.set()


async def test_without_the_extra_a_line_says_how_to_have_it(
    app: Memarium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(related, "find_spec", lambda name: None)
    async with app.run_test(size=WIDE) as pilot:
        await ask(pilot, "~ pool")
        assert "'memarium[semantic]'" in shown(app)
        await press(pilot, *"xyzzy")
        text = " ".join(shown(app).split())
        assert "Nothing found" in text
        assert "memarium[semantic]" in text
