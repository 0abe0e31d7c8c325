"""A tree with four sessions of two projects, as the app's tests of the timeline show it."""

from __future__ import annotations

from pathlib import Path

from tests.support.diary import Diary, state

_POOL = """<debugging-solutions>
  <debugging-solution>
    <id>D-1</id>
    <timestamp>2025-11-18T10:10:00Z</timestamp>
    <project>shop-api</project>
    <title>Pool exhaustion under load</title>
    <problem>Checkout waits for a free connection.</problem>
    <solution>{}</solution>
  </debugging-solution>{}
</debugging-solutions>
"""
_LEAK = """
  <debugging-solution>
    <id>D-2</id>
    <timestamp>2025-11-20T14:20:00Z</timestamp>
    <project>shop-api</project>
    <title>Cursor skips orders of one millisecond</title>
    <problem>Two orders share a time.</problem>
    <solution>Order by time and id.</solution>
  </debugging-solution>"""
_DECISIONS = """<pending-decisions>
  <decision>
    <id>DEC-1</id>
    <created>2025-11-19T09:30:00Z</created>
    <project>billing</project>
    <title>Outbox table, or dual writes?</title>
    <status>{}</status>
  </decision>
</pending-decisions>
"""
_NOTES = "<notes>{}<note><title>A note</title><text>that stays</text></note></notes>"
_DRAFT = "<note><title>A draft</title><text>to be removed</text></note>"


def make_diary(folder: Path) -> Path:
    """Make the tree, and return it."""
    diary = Diary(folder / "shop")
    diary.commit("2025-11-14T09:00:00Z", "memory: start the tree", notes=_NOTES.format(_DRAFT))
    diary.commit(
        "2025-11-18T10:30:00Z", "memory: pool exhaustion",
        development_patterns__debugging_solutions=_POOL.format("Size the pool.", ""),
    )  # fmt: skip
    diary.commit(
        "2025-11-18T12:00:00Z", "session: pool exhaustion",
        session_context__active_project=state(
            title="Pool exhaustion under load", project="shop-api", started="2025-11-18T09:15:00Z",
            phase="1 of 3: measure", status="in progress", next_step="Walk orders by cursor",
            blockers="<blocker>replica lags</blocker><blocker>no numbers yet</blocker>", agent="shop-agent",
        ),
    )  # fmt: skip
    diary.commit(
        "2025-11-19T11:45:00Z", "session: outbox",
        session_context__pending_decisions=_DECISIONS.format("pending"),
        session_context__active_project=state(
            title="Outbox for invoices", project="billing", started="2025-11-19T09:00:00Z",
            last_updated="TIMESTAMP", phase="1 of 2: decide", status="waits", next_step="Decide DEC-1",
            agent="billing-agent",
        ),
    )  # fmt: skip
    diary.commit(
        "2025-11-20T14:30:00Z", "memory: cursor skips orders",
        development_patterns__debugging_solutions=_POOL.format("Size the pool for each worker.", _LEAK),
    )  # fmt: skip
    diary.commit(
        "2025-11-20T16:00:00Z", "session: cursor",
        notes=_NOTES.format(""),
        session_context__active_project=state(
            title="Cursor pagination", project="shop-api", started="2025-11-20T13:00:00Z",
            phase="2 of 3: build", status="in progress", next_step="Build the index",
            blockers="<blocker>replica lags</blocker>", agent="shop-agent",
        ),
    )  # fmt: skip
    diary.write(
        "development-patterns/debugging-solutions.xml", _POOL.format("Size the pool, measured.", _LEAK)
    )
    diary.commit("2025-11-21T08:00:00Z", "memory: pool, measured")
    return diary.tree
