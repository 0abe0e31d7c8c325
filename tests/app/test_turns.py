"""Work in threads stands back while a key is answered."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.support.pilot import open_app, ready, until
from tests.support.shop import make_shop
from tui.runtime import key_priority as module
from tui.runtime.key_priority import LONGEST, Turns


async def resting(turns: Turns) -> float:
    start = time.monotonic()
    await asyncio.to_thread(turns.rest)
    return time.monotonic() - start


async def test_a_rest_lasts_as_long_as_the_turn_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN", 0.05)
    turns = Turns()
    assert turns._quiet.is_set()
    turns.begin()
    assert not turns._quiet.is_set()
    assert await resting(turns) >= 0.05
    assert turns._quiet.is_set()


async def test_keys_without_end_do_not_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN", 60.0)
    turns = Turns()
    turns.begin()
    assert LONGEST <= await resting(turns) < 10
    assert not turns._quiet.is_set()


async def test_a_key_begins_a_turn_that_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN", 1.0)  # long enough to be seen on a busy machine
    app = open_app(make_shop(tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await ready(pilot)
        quiet = app.turns._quiet
        await until(pilot, quiet.is_set)
        app.simulate_key("j")
        await until(pilot, lambda: not quiet.is_set())
        await until(pilot, quiet.is_set)
