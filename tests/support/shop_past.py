"""The shop's tree with a past: one entry in three versions, one that was deleted."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot
from textual.screen import Screen

from tests.support.git import git
from tests.support.pilot import ready, said, settle
from tests.support.shop import DECISIONS, FILE, FILES, PATTERNS, SOLUTION, SOLUTIONS, make_shop
from tui.app import Memarium
from tui.screens.history.history import History
from tui.widgets.history.compare_view import CompareView
from tui.widgets.history.version_list import VersionList

LESSON_TITLE = "Warm the cache before the sale"
LESSON = f"""  <lesson>
    <title>{LESSON_TITLE}</title>
    <date>2025-08-30</date>
    <text>The first minute of traffic went straight to the database.</text>
  </lesson>
"""
FIRST = (
    SOLUTIONS.replace("<level>3</level>", "<level>2</level>", 1)
    .replace("PostgreSQL, Node.js, pg-pool", "Postgres, Node.js")
    .replace(" and give every query a timeout", "", 1)
    .replace("connection-pool, performance", "connection-pool", 1)
    .replace("monitoring and alerting<", "monitoring and alerting; load test before a sale<")
)
SECOND = FIRST.replace("<level>2</level>", "<level>3</level>", 1).replace(
    "Postgres, Node.js", "PostgreSQL, Node.js, pg-pool"
)
THIRD = SOLUTIONS.replace(
    "Added connection pool monitoring and alerting",
    "Alert when fewer than 10 % are idle for two minutes; load test with twice the peak before a sale",
)
AGENT = "shop-agent <agent@example.com>"
BILLING = "project-knowledge/billing/lessons.xml"


def commit(root: Path, file: str, text: str | None, message: str, date: str, author: str = "") -> None:
    """Write a file of the tree, or remove it, and commit that."""
    path = root / file
    if text is None:
        path.unlink()
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    git(root, "add", "--all", "--", file)
    by = (f"--author={author}",) if author else ()
    git(root, "commit", "--quiet", *by, f"--message={message}", date=date)


def make_past(folder: Path) -> Path:
    """Write the tree and its history."""
    with_lesson = FILES[BILLING].replace("</lessons>", LESSON + "</lessons>")
    root = make_shop(
        folder,
        files={
            "session-context/pending-decisions.xml": DECISIONS,
            "development-patterns/api-patterns.xml": PATTERNS,
            BILLING: with_lesson,
        },
    )
    commit(root, FILE, FIRST, "memory: record a solution", "2025-10-03T14:30:00Z", AGENT)
    commit(root, FILE, SECOND, "memory: edit 2 fields", "2025-10-03T17:05:00Z", AGENT)
    commit(root, BILLING, FILES[BILLING], "memory: forget a lesson", "2025-10-03T18:00:00Z", AGENT)
    message = 'memory: edit 3 fields of "Database connection pool exhaustion under load"'
    commit(root, FILE, THIRD, message, "2025-10-04T09:12:00Z")
    return root


async def history(pilot: Pilot[None], entry: str = SOLUTION) -> History:
    """Open the history of an entry with its key."""
    app = pilot.app
    assert isinstance(app, Memarium)
    await ready(pilot)
    app.show_entry(entry)
    await settle(pilot)
    await pilot.press("H")
    await settle(pilot)
    assert isinstance(app.screen, History)
    return app.screen


def drawn(screen: Screen[None], width: int = 42) -> list[list[str]]:
    """Return the versions as their two lines."""
    rows = screen.query_one(VersionList)
    return [[line.plain.strip() for line in rows.row(n, width, False, False)] for n in range(rows.count)]


def page(screen: Screen[None]) -> list[str]:
    """Return the comparison, line by line."""
    return [line.strip() for line in said(screen.query_one(CompareView)).split("\n")]


def make_gone(folder: Path) -> Path:
    """Write the shop's tree, from which a lesson and a solution were deleted."""
    root = make_past(folder)
    one, two = THIRD.split("</debugging-solution>")[0], THIRD.split("</debugging-solution>", 1)[1]
    head = one[: one.index("<debugging-solution>")]
    commit(root, FILE, head + two.lstrip(), "memory: drop the pool", "2025-10-09T08:00:00Z")
    return root
