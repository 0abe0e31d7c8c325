"""What the app does when the search cannot be brought up to date."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from index.model.errors import IndexBusy
from index.search.tree_search import Search
from tests.support.pilot import open_app, ready, said, settle, shown, until
from tests.support.shop import PATTERNS, make_shop
from tui.data import tree_workers
from tui.screens.browse.browse import Browse
from tui.widgets.base.toast import Toast

FILE = "development-patterns/api-patterns.xml"


@pytest.mark.usefixtures("unforeseen")
async def test_an_update_that_fails_is_told_and_the_next_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    update = Search.update
    monkeypatch.setattr(Search, "update", fail)
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        told = said(app.screen.query_one(Toast))
        assert told.startswith("▲ The search is not up to date.")
        assert "database or disk is full" in told
        monkeypatch.setattr(Search, "update", update)
        count = app.indexer.updates
        (root / FILE).write_text(PATTERNS.replace("24 h", "a fortnight"), "utf-8")
        await until(pilot, lambda: app.indexer.updates > count)
        await settle(pilot)
        assert app.workspace is not None
        assert app.workspace.search.find("fortnight", wait=False).total == 1


async def test_an_index_that_another_memarium_writes_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, asked, go_on = Search.update, 0, threading.Event()

    def busy(search: Search, progress: tree_workers.Reporter) -> int:
        nonlocal asked
        asked += 1
        if asked == 2:
            go_on.wait()
        if asked < 3:
            raise IndexBusy("Another memarium is writing the search index.")
        return update(search, progress)

    monkeypatch.setattr(tree_workers, "ASK_AGAIN", 0.05)
    monkeypatch.setattr(Search, "update", busy)
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.indexer.updates == 1 and app.status.task)
        await pilot.press("slash", *"cursor")
        await until(pilot, lambda: "so far" in shown(app))
        go_on.set()
        await until(pilot, lambda: app.indexer.updates == 3 and not app.indexer.busy)
        assert app.workspace is not None
        assert app.workspace.search.find("cursor", wait=False).total == 1


async def test_enter_waits_for_the_first_hit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    update, go_on = Search.update, threading.Event()

    def slowly(search: Search, progress: tree_workers.Reporter) -> int:
        go_on.wait()
        return update(search, progress)

    monkeypatch.setattr(Search, "update", slowly)
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        try:
            await until(pilot, lambda: app.started)
            await pilot.press("slash", *"cursor")
            browse = app.screen
            assert isinstance(browse, Browse)
            await until(pilot, lambda: "so far" in shown(app))
            await pilot.press("enter")
            assert browse.focused is browse.search.box
        finally:
            go_on.set()
        await until(pilot, lambda: browse.focused is browse.preview)
        assert browse.search.text == "cursor"


async def test_a_damaged_index_is_written_anew_behind_the_screen(tmp_path: Path) -> None:
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        assert app.workspace is not None
        count = app.indexer.updates
        app.workspace.search.tell_damaged()
        await until(pilot, lambda: app.indexer.updates > count)
        assert "The search index was damaged: it is built again." in said(app.screen.query_one(Toast))


async def test_without_a_cache_the_search_works_and_that_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network file system without locks."""

    def refuse(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.OperationalError("locking protocol")

    monkeypatch.setattr(sqlite3, "connect", refuse)
    root = make_shop(tmp_path)
    app = open_app(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await ready(pilot)
        await until(
            pilot, lambda: "(locking protocol)" in " ".join(said(app.screen.query_one(Toast)).split())
        )
        assert said(app.screen.query_one(Toast)).startswith("What was read is not kept")
        count = app.indexer.updates
        (root / FILE).write_text(PATTERNS.replace("24 h", "a fortnight"), "utf-8")
        await until(pilot, lambda: app.indexer.updates > count)
        await settle(pilot)
        assert app.workspace is not None
        assert app.workspace.search.find("fortnight", wait=False).total == 1
