"""Keys typed in one burst, as a slow line or a busy machine hands them over: each finds its place."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import TextArea

from tests.support.garden import browsed
from tests.support.git import git
from tests.support.pilot import open_app, opened, press, ready, settle
from tests.support.shop_past import make_gone
from tui.app import Memarium
from tui.flows.running.held_keys import _until
from tui.screens.base.question import QuestionScreen
from tui.screens.editing.edit import EditScreen
from tui.screens.editing.review import ReviewScreen
from tui.screens.history.deleted import DeletedEntries
from tui.screens.sessions.brief import BriefScreen
from tui.screens.sessions.timeline import Timeline
from tui.widgets.base.search_line import SearchBox

NAMES = {"/": "slash", " ": "space"}


async def burst(pilot: Pilot[None], *keys: str) -> None:
    """Hand all keys to the app before any is answered."""
    for key in keys:
        pilot.app.post_message(Key(NAMES.get(key, key), key if len(key) == 1 else None))
    await settle(pilot)


def query(screen: Screen[Any]) -> str:
    return screen.query_one(SearchBox).value


async def test_behind_enter_in_the_search_keys_are_for_the_page(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        browse = app.screen
        await burst(pilot, *"/idempotency", "enter", "e", *"typed")
        assert query(browse) == "idempotency"
        assert isinstance(app.screen, EditScreen)
        assert app.screen.query_one(TextArea).text.endswith("typed")


async def test_behind_down_in_the_search_keys_are_for_the_results(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        browse = await browsed(pilot)
        await burst(pilot, *"/po", "down", "j")
        assert query(browse) == "po"
        assert (app.focused, browse.results.cursor) == (browse.results, 1)


async def test_a_pasted_text_behind_a_key_is_for_where_the_key_led(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        pilot.app.post_message(Key("e", "e"))
        pilot.app.post_message(Paste("pasted"))
        await settle(pilot)
        assert isinstance(app.screen, EditScreen)
        assert app.screen.query_one(TextArea).text.endswith("pasted")


async def test_in_the_timeline(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await opened(pilot, "t", Timeline)
        timeline = app.screen
        await burst(pilot, *"/po", "enter", "w")
        assert query(timeline) == "po"
        assert isinstance(app.screen, BriefScreen)


async def test_in_the_deleted_entries(tmp_path: Path) -> None:
    app = open_app(make_gone(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        deleted = await opened(pilot, "D", DeletedEntries)
        await burst(pilot, *"/e", "enter", "V")
        assert query(deleted) == "e"
        assert isinstance(app.screen, ReviewScreen)


async def test_behind_the_key_of_a_new_field_letters_are_its_name(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        form = await opened(pilot, "e", EditScreen)
        before = form.query_one(TextArea).text
        await burst(pilot, "x", "ctrl+n", *"impact", "enter", *"none yet")
        assert form.query_one(TextArea).text == "none yet"
        assert form.draft.changes() == {form.draft.fields[0].name: before + "x", "impact": "none yet"}


async def test_a_question_is_not_answered_by_keys_from_before_it(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        form = await opened(pilot, "e", EditScreen)
        await burst(pilot, "x", "escape", "d")
        assert isinstance(app.screen, QuestionScreen)
        assert form.unsaved
        await press(pilot, "escape")
        assert form.draft.changes()


async def test_enter_is_for_the_query_that_was_typed_before_it(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        browse = await browsed(pilot)
        await press(pilot, "slash", *"poool")
        assert browse.results.proposals
        await burst(pilot, "ctrl+u", *"idempotency", "enter")
        assert (query(browse), app.focused) == ("idempotency", browse.preview)
        assert browse.entry is not None
        assert "Idempotency" in browse.entry.title


async def test_a_word_typed_where_letters_are_keys_commits_nothing(tmp_path: Path) -> None:
    root = make_gone(tmp_path)
    before = git(root, "rev-parse", "HEAD")
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await burst(pilot, *"delete", "enter")
        assert isinstance(app.screen, ReviewScreen)
    assert git(root, "rev-parse", "HEAD") == before
    assert git(root, "status", "--porcelain") == ""


async def test_a_key_behind_a_painted_question_answers_it(tmp_path: Path) -> None:
    root = make_gone(tmp_path)
    before = git(root, "rev-parse", "HEAD")
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        app.post_message(Key("d", "d"))
        async with asyncio.timeout(60):
            while not isinstance(app.screen, ReviewScreen):  # noqa: ASYNC110 - the moment is what matters
                await asyncio.sleep(0)
        await burst(pilot, "enter")
        assert not isinstance(app.screen, ReviewScreen)
    assert git(root, "rev-parse", "HEAD^") == before


@pytest.mark.parametrize("turns", range(10))
async def test_an_end_to_waiting_is_heard_whenever_it_comes(turns: int) -> None:
    """In the moment in which what was waited for came, too: lost, it let keys wait for all that went on."""

    async def rest() -> None:
        while True:
            done = asyncio.Event()
            asyncio.get_running_loop().call_soon(done.set)
            await _until(done, [])

    waiting = asyncio.create_task(rest())
    for _ in range(turns):
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting], timeout=5)
    assert waiting.cancelled()
