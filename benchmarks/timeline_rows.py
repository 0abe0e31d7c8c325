"""The rows of the timeline: 10,000 commits and 100,000 entries, from a key to the screen."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from benchmarks.make_sessions import make_sessions
from benchmarks.rows import Row, megabytes
from index.library.reader import Progress
from index.workspace import Workspace

COMMITS, ENTRIES = 10_000, 100_000
REPEAT = 0.03
"""Seconds between two keys while one is held."""


class Unindexed(Workspace):
    """A tree that is not indexed: what that costs is another row."""

    def update_index(self, progress: Progress | None = None) -> int:
        """Do nothing."""
        return 0


def timeline(folder: Path, runs: int) -> list[Row]:
    """Open the timeline in the app, the first time and again, and scroll it while it is being read."""
    root = make_sessions(folder / "timeline", COMMITS, ENTRIES)
    workspace = Workspace.open(root)
    workspace.tree.load()
    workspace.close()
    cold, warm, keys, taken, count = asyncio.run(_use(root, runs))
    keys.sort()
    warm.sort()
    return [
        Row("timeline of 10,000 commits, cold", cold * 1000, None, "ms", 300),
        Row("  warm, median", warm[len(warm) // 2] * 1000, None, "ms", 60),
        Row("  key to painted rows, p95", keys[int(len(keys) * 0.95)] * 1000, None, "ms", 60),
        Row(f"  memory for {count:,} sessions", taken, None, "MB"),
    ]


async def _use(root: Path, runs: int) -> tuple[float, list[float], list[float], float, int]:
    """Return seconds to the first screen, once and again, seconds for keys, megabytes and sessions."""
    from textual.events import ScreenResume

    from tui.app import Memarium
    from tui.data.session_rows import Read
    from tui.screens.sessions.timeline import Timeline
    from tui.widgets.base.row_list import RowList
    from tui.widgets.sessions.session_list import SessionList

    ready, shown, grown, complete, resumed = (asyncio.Event() for _ in range(5))
    app = Memarium(Unindexed.open(root), settings_file=root.parent / "settings.json")

    def hook(message: object) -> None:
        if app.status.entries and not app.status.task and app.status.branch:
            ready.set()
        if (
            isinstance(message, RowList.Moved)
            and isinstance(message.rows, SessionList)
            and message.index >= 0
        ):
            shown.set()
        if isinstance(message, Read):
            grown.set()
            if message.done:
                complete.set()
        if isinstance(message, ScreenResume) and isinstance(app.screen, Timeline):
            resumed.set()

    async def painted(key: str) -> float:
        shown.clear()
        done = asyncio.Event()
        started = time.perf_counter()
        app.simulate_key(key)
        await shown.wait()
        app.screen.call_after_refresh(done.set)
        await done.wait()
        return time.perf_counter() - started

    async def held(key: str) -> float:
        rows = app.screen.query_one(SessionList)
        await asyncio.sleep(REPEAT)
        while rows.cursor == rows.count - 1 and not complete.is_set():  # nothing to move to yet
            grown.clear()
            await grown.wait()
        return await painted(key)

    async def again() -> float:
        done = asyncio.Event()
        resumed.clear()
        started = time.perf_counter()
        app.simulate_key("t")
        await resumed.wait()
        app.screen.call_after_refresh(done.set)
        await done.wait()
        return time.perf_counter() - started

    async with app.run_test(size=(120, 36), message_hook=hook) as pilot:
        await ready.wait()
        await asyncio.sleep(1.0)  # somebody looks at the screen before they press a key
        before = megabytes()
        cold = await painted("t")
        keys = [await held("pagedown") for _ in range(40)]
        await complete.wait()
        keys += [await held("pagedown") for _ in range(80)]
        taken = megabytes() - before
        warm = []
        screen = app.screen
        assert isinstance(screen, Timeline)
        for _ in range(max(runs, 3)):
            await pilot.press("escape")
            warm.append(await again())
        return cold, warm, keys, taken, screen.query_one(SessionList).count
