"""The app under Pilot: opened on a tree, waited for, pressed and read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import Worker, WorkerCancelled

from index.workspace import Workspace
from tui.app import Memarium
from tui.runtime.autosave import Keeper
from tui.screens.base.frame import is_typing
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.lines import Lines

S = TypeVar("S", bound=Screen[Any])

Compare = Callable[..., bool]
"""The fixture `snap_compare`, which carries no types."""


NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
"""The clock of the app's tests."""


WIDE, NARROW, SMALL, FULL = (120, 36), (80, 24), (60, 20), (160, 46)
"""Terminals in columns and rows: a usual one, the old standard, the smallest, a whole screen."""
_TEXT = re.compile(r'<text class="[^"]*" x="([^"]*)" y="([^"]*)"[^>]*>([^<]*)</text>')
_CELL = 12.2
"""The width of a character in a picture."""
_STILL = 0.1
"""Seconds without a change after which a picture counts as whole; longer than any delay of the app's own."""


def open_app(root: Path, now: Callable[[], datetime] = lambda: NOW) -> Memarium:
    """Return the app on a tree, with a fixed clock and settings of its own."""
    return Memarium(Workspace.open(root), now=now, settings_file=root.parent / "app.json")


async def until(pilot: Pilot[None], true: Callable[[], object], seconds: float = 20) -> None:
    """Let the app work until something holds; fail after a while."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it did not come about"
        await pilot.pause(0.01)
    await pilot.pause()


async def ready(pilot: Pilot[None]) -> None:
    """Wait until the tree is read, indexed and looked at."""
    app = pilot.app
    assert isinstance(app, Memarium)
    assert app.workspace is not None
    await until(pilot, lambda: app.indexer.updates and app.started)
    await settle(pilot)


async def opened(pilot: Pilot[None], key: str, kind: type[S]) -> S:
    """Press the key of a screen once the tree is read; return the screen when it is there."""
    await ready(pilot)
    await pilot.press(key)
    await settle(pilot)
    screen = pilot.app.screen
    assert isinstance(screen, kind)
    return screen


async def settle(pilot: Pilot[None]) -> None:
    """Wait for everything that was started, but not for the watch over the tree, which has no end."""
    app = pilot.app
    assert isinstance(app, Memarium)
    while True:
        await until(pilot, lambda: app.workspace is None or not app.indexer.busy)
        running = _running(app)
        if not running:
            await pilot.pause()  # an answer on its way may begin something new
            if not _running(app) and not (app.workspace and app.indexer.busy):
                return
            continue
        with suppress(WorkerCancelled):  # a newer one took its place
            await pilot.app.workers.wait_for_complete(running)


def _running(app: Memarium) -> list[Worker[object]]:
    return [worker for worker in app.workers if not worker.is_finished and worker.group != "tree"]


async def still(pilot: Pilot[None]) -> None:
    """Wait until the picture is whole: nothing goes on behind it, and it no longer changes."""
    await settle(pilot)
    shown = ""
    while shown != (now := pilot.app.export_screenshot()):
        shown = now
        await pilot.pause(_STILL)
        await settle(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, each answered before the next; the letters of a text come together."""
    for key in keys:
        if len(key) == 1 and is_typing(pilot.app.focused):
            pilot.app.simulate_key(key)
        else:
            await pilot.press(key)
            await settle(pilot)
    await pilot.pause()
    await settle(pilot)


async def kept(pilot: Pilot[None], keeper: Keeper | None) -> None:
    """Keep what is typed by now, and no more: the screen is never left."""
    assert keeper is not None
    keeper.flush()
    await settle(pilot)


def leave_behind(app: Memarium) -> None:
    """Let what was typed be that of a session that ended."""
    assert app.workspace is not None
    app.workspace.status.drafts.close()


def shown(app: App[Any]) -> str:
    """Return all that the screen shows, line by line, as a picture of it has it."""
    lines: dict[float, str] = {}
    for left, top, text in _TEXT.findall(app.export_screenshot()):
        before = lines.get(float(top), "").ljust(round(float(left) / _CELL))
        lines[float(top)] = before + unescape(text).replace("\xa0", " ")
    return "\n".join(lines[top].rstrip() for top in sorted(lines))


def said(widget: Drawn) -> str:
    """Return what a widget shows, as text."""
    width, height = widget.content_size
    if isinstance(widget, Lines):
        return "\n".join(widget.line(y).plain.rstrip() for y in range(widget.total))
    return "\n".join(line.plain.rstrip() for line in widget.draw(width, height))
