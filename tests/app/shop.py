"""A small tree with a git history, as the app's pictures show it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot
from textual.worker import Worker, WorkerCancelled

from index.workspace import Workspace
from tui.app import Memarium
from tui.runtime.autosave import Keeper
from tui.screens.base.frame import is_typing
from tui.widgets.base.drawn import Drawn
from tui.widgets.base.lines import Lines

Compare = Callable[..., bool]
"""The fixture `snap_compare`, which carries no types."""

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
"""The clock of the app's tests."""

SOLUTIONS = """<debugging-solutions>
  <metadata>
    <project>shop-api</project>
  </metadata>

  <debugging-solution>
    <timestamp>2025-10-03T14:30:00Z</timestamp>
    <title>Database connection pool exhaustion under load</title>
    <problem>At 400 requests a second checkout waits for a free connection and fails after 30 s: pool \
exhausted, 0 idle.</problem>
    <level>3</level>
    <solution>Size the pool for each worker and give every query a timeout.</solution>
    <tech-stack>PostgreSQL, Node.js, pg-pool</tech-stack>
    <prevention>Added connection pool monitoring and alerting</prevention>
    <tags>connection-pool, performance</tags>
  </debugging-solution>

  <debugging-solution>
    <timestamp>2025-09-28T09:10:00Z</timestamp>
    <title>Retry storm drains the pool after a failover</title>
    <problem>Every client retries at once.</problem>
    <level>4</level>
    <solution>Full jitter, three tries at most.</solution>
    <tech-stack>Node.js</tech-stack>
    <tags>retries, performance</tags>
  </debugging-solution>
</debugging-solutions>
"""
DECISIONS = """<pending-decisions>
  <decision>
    <title>Keep offset pagination for the admin pages?</title>
    <date>2025-11-21</date>
    <status>pending</status>
    <rationale>Offset is fine below 10,000 rows.</rationale>
  </decision>
  <decision>
    <title>Outbox table instead of dual writes</title>
    <date>2025-11-18</date>
    <status>accepted</status>
    <options>
      <option>Dual writes</option>
      <option>Outbox table</option>
    </options>
  </decision>
  <decision>
    <title>Delete exports after 30 days?</title>
    <date>2025-11-20</date>
    <rationale>Storage grows by 4 GB a week
    <status>pending</status>
  </decision>
</pending-decisions>
"""
LESSONS = """<lessons>
  <lesson>
    <title>Invoice numbering must have no gaps</title>
    <date>2025-11-12</date>
    <text>Take the number at commit & not before.</text>
  </lesson>
  <lesson>
    <title>Probes are not free</title>
    <date>2025-09-02</date>
    <text>A health check with a query costs a connection.</text>
  </lesson>
</lessons>
"""
PATTERNS = """<api-patterns>
  <api-pattern>
    <name>Paginated resource listing</name>
    <date>2025-11-21</date>
    <pattern>cursor-based-pagination</pattern>
    <implementation>Base64 encoded cursor with limit/next parameters</implementation>
  </api-pattern>
  <api-pattern>
    <name>Idempotency key on every POST</name>
    <date>2025-11-14</date>
    <pattern>idempotency-key</pattern>
    <implementation>Store the answer for 24 h</implementation>
  </api-pattern>
</api-patterns>
"""
TEMPLATE = """<approval-history>
  <approval>
    <date></date>
    <what></what>
  </approval>
</approval-history>
"""
FILES = {
    "development-patterns/debugging-solutions.xml": SOLUTIONS,
    "development-patterns/api-patterns.xml": PATTERNS,
    "session-context/pending-decisions.xml": DECISIONS,
    "project-knowledge/billing/lessons.xml": LESSONS,
    "client-context/approval-history.xml": TEMPLATE,
}
_STILL = 0.1
"""Seconds without a change after which a picture counts as whole; longer than any delay of the app's own."""
SOLUTION = "development-patterns/debugging-solutions.xml#debugging-solution-2025-10-03T14:30:00Z"
"""Id of the entry that the tests edit."""


def git(root: Path, *arguments: str, date: str = "2025-11-21T12:00:00Z") -> str:
    """Run git in a repository of the tests, apart from the user's own configuration."""
    environ = os.environ | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_DATE": date,
    }
    done = subprocess.run(
        ["git", *arguments], cwd=root, env=environ, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def make_shop(
    folder: Path, *, versioned: bool = True, files: dict[str, str] | None = None, together: bool = False
) -> Path:
    """Write the tree to `folder`/shop/memories, in a repository of its own when `versioned`.

    Each file is a commit, or all are one with `together`.
    """
    root = folder / "shop" / "memories"
    for name, text in (FILES if files is None else files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    if versioned:
        shop = folder / "shop"
        git(shop, "init", "--quiet", "--initial-branch=main")
        git(shop, "config", "user.name", "Ana Kovač")
        git(shop, "config", "user.email", "ana@example.com")
        for day, name in enumerate(["."] if together else FILES if files is None else files, start=3):
            git(shop, "add", "--", f"memories/{name}")
            author = "shop-agent <agent@example.com>"
            message = f"memory: record {name.rpartition('/')[2]}"
            date = f"2025-11-{day:02}T12:00:00Z"
            git(shop, "commit", "--quiet", f"--author={author}", f"--message={message}", date=date)
    return root


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


def said(widget: Drawn) -> str:
    """Return what a widget shows, as text."""
    width, height = widget.content_size
    if isinstance(widget, Lines):
        return "\n".join(widget.line(y).plain.rstrip() for y in range(widget.total))
    return "\n".join(line.plain.rstrip() for line in widget.draw(width, height))
