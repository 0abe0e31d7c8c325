"""Quitting waits for nothing but a write that has begun, and no sort of work waits for another."""

from __future__ import annotations

import threading
from functools import partial

from textual.pilot import Pilot

from index.storage import writes
from tests.support.garden import browsed
from tests.support.pilot import until
from tui.app import Memarium
from tui.runtime.lanes import Lanes
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
        assert "A write has begun" in app.screen.query_one(Toast)._line.plain
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
