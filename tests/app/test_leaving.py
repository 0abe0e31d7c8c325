"""Quitting waits for nothing but a write that has begun, and no sort of work waits for another.

However the app is left, the tree that was open is closed.
"""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from index.search.tree_search import Search
from index.storage import writes
from index.workspace import Workspace
from tests.support.garden import browsed
from tests.support.pilot import said, until
from tests.support.shop import make_shop
from tui.__main__ import _open
from tui.app import Memarium
from tui.runtime.lanes import Lanes
from tui.runtime.terminal_watchdog import ASKING
from tui.widgets.base.toast import Toast


async def test_work_that_hangs_keeps_nobody(app: Memarium) -> None:
    free = threading.Event()
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        for group in ("sync", "plan", "search", "history", "tree"):
            app.in_thread(free.wait, group, exclusive=False)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not app.is_running)
    free.set()
    assert app.return_code == 0


async def test_a_key_that_comes_as_the_app_ends_is_passed_over(app: Memarium) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
    for late in (events.Key("enter", None), events.Key("q", "q"), events.Paste("text")):
        await app.on_event(late)


async def begin_write(pilot: Pilot[None], app: Memarium, free: threading.Event) -> None:
    """Begin a write that ends once it is `free`."""

    def write() -> None:
        with writes.writing():
            free.wait()

    app.in_thread(write, "commit", exclusive=False)
    await until(pilot, writes.is_writing)


async def test_a_write_that_has_begun_is_waited_for(app: Memarium) -> None:
    free = threading.Event()
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await begin_write(pilot, app, free)
        await pilot.press("ctrl+q")
        assert "Still saving" in app.screen.query_one(Toast)._line.plain
        assert app.is_running
        free.set()
        await until(pilot, lambda: not app.is_running)
    assert not app.hurried


async def test_a_second_key_does_not_wait(app: Memarium) -> None:
    free = threading.Event()
    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        await begin_write(pilot, app, free)
        await pilot.press("ctrl+q", "ctrl+q")
        await until(pilot, lambda: not app.is_running)
        assert app.hurried
    free.set()


def test_a_slow_git_blocks_neither_search_nor_autosave() -> None:
    lanes, free = Lanes(), threading.Event()
    for _ in range(50):
        lanes.lane("history").submit(free.wait)
        lanes.lane("sync").submit(free.wait)
    done = [lanes.lane(group).submit(lambda: None) for group in ("search", "draft", "plan", "commit")]
    for future in done:
        future.result(timeout=20)
    free.set()


def test_what_is_kept_is_kept_in_turn() -> None:
    lane, said = Lanes().lane("draft"), list[int]()
    for number in range(100):
        lane.submit(partial(said.append, number))
    assert lane.wait(20)
    assert said == list(range(100))


# ── the tree is closed ────────────────────────────────────────────────────────


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[Workspace]:
    """Return the trees that were closed."""
    trees: list[Workspace] = []
    close = Workspace.close

    def note(workspace: Workspace) -> None:
        close(workspace)
        trees.append(workspace)

    monkeypatch.setattr(Workspace, "close", note)
    return trees


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Take back all that the start of the app changes in its process."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = {number: signal.getsignal(number) for number in ASKING}
    yield
    gc.enable()
    for number, handler in before.items():
        signal.signal(number, handler)


class Odd(Exception):
    """Something that no piece of the app expects."""


def fail(*_: object, **__: object) -> None:
    raise Odd


def be_asked_to_end(app: Memarium, **_: object) -> None:
    assert app.lifeline is not None
    app.lifeline.status = 128 + signal.SIGTERM


def end_in_another_tree(app: Memarium, **_: object) -> None:
    """Leave another tree in the place of the first, as `open` does."""
    assert app.workspace is not None
    app.workspace.close()
    app.workspace = Workspace.open(app.workspace.tree.home)


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("run", [lambda _, **__: None, be_asked_to_end, fail, end_in_another_tree])
def test_a_tree_is_closed_however_the_app_ends(
    garden: Path, closed: list[Workspace], monkeypatch: pytest.MonkeyPatch, run: Callable[..., None]
) -> None:
    monkeypatch.setattr(Memarium, "run", run)
    opened: list[Workspace] = []
    begin = Workspace.open

    def note(root: Path) -> Workspace:
        opened.append(begin(root))
        return opened[-1]

    monkeypatch.setattr(Workspace, "open", note)
    if run is fail:
        with pytest.raises(Odd):
            _open(garden)
    else:
        _open(garden)
    assert closed == opened
    assert len(closed) == 1 + (run is end_in_another_tree)


@pytest.mark.usefixtures("process")
def test_a_tree_is_closed_when_the_app_cannot_start(
    garden: Path, closed: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.app.configure", fail)
    with pytest.raises(Odd):
        _open(garden)
    assert len(closed) == 1


@pytest.mark.usefixtures("unforeseen")
async def test_a_tree_that_another_one_follows_is_closed_and_tells_nothing_more(
    app: Memarium, tmp_path: Path, closed: list[Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    free, update, first = threading.Event(), Search.update, app.workspace
    assert first is not None

    def late(search: Search, *progress: Callable[[int, int], None]) -> int:
        if search is first.search:
            free.wait()
            raise Odd
        return update(search, *progress)

    async with app.run_test(size=(120, 36)) as pilot:
        await browsed(pilot)
        monkeypatch.setattr(Search, "update", late)
        before = app.indexer
        before.ask()
        app.open(Workspace.open(make_shop(tmp_path / "other")))
        await browsed(pilot)
        assert closed == [first]
        free.set()
        await until(pilot, lambda: not before.busy)
        await browsed(pilot)
        assert "not up to date" not in said(app.screen.query_one(Toast))
