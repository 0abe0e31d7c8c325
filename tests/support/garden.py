"""The tree of the browse screen's tests: sixteen entries, as the pictures show them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from index.model.cached import once
from index.search.results import SearchResults
from index.search.tree_search import Search
from index.workspace import Workspace
from tests.support.git import commit_all, make_repository
from tests.support.pilot import until
from tui.app import Memarium
from tui.screens.browse.browse import Browse

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
POOL = "Database connection pool exhaustion under load"

PROBLEM = """At 400 requests a second checkout waits for a free connection and fails after 30 s: pool \
exhausted, 0 idle."""
CODE = """const pool = new Pool({
  max: 20,                  // per worker
  idleTimeoutMillis: 30_000,
  statement_timeout: 5_000,
});"""

FILES = {
    "development-patterns/debugging-solutions.xml": f"""<debugging-solutions>
<debugging-solution>
  <timestamp>2025-11-20T16:10:00Z</timestamp>
  <project>shop-api</project>
  <title>Export job times out on orders older than a year</title>
  <problem>The plan scans every archived order.</problem>
  <level>4</level>
  <solution>A partial index on archived orders.</solution>
  <tech-stack>PostgreSQL</tech-stack>
  <tags>performance, export</tags>
</debugging-solution>
<debugging-solution>
  <timestamp>2025-11-17T16:20:00Z</timestamp>
  <project>gateway</project>
  <title>Webhook signatures fail after the proxy upgrade</title>
  <problem>The proxy rewrites the body encoding.</problem>
  <level>2</level>
  <solution>Sign the raw bytes.</solution>
  <tech-stack>nginx</tech-stack>
</debugging-solution>
<debugging-solution>
  <timestamp>2025-10-03T14:30:00Z</timestamp>
  <project>shop-api</project>
  <title>{POOL}</title>
  <problem>{PROBLEM}</problem>
  <level>3</level>
  <solution><![CDATA[Size the pool for each worker and give every query a timeout.

```js
{CODE}
```]]></solution>
  <prevention>
    <item>Alert when fewer than 10 % are idle</item>
    <item>Load test with twice the peak before a sale</item>
  </prevention>
  <tech-stack>PostgreSQL, Node.js, pg-pool</tech-stack>
  <tags>connection-pool, performance</tags>
</debugging-solution>
<debugging-solution>
  <timestamp>2025-09-28T09:10:00Z</timestamp>
  <project>shop-api</project>
  <title>Retry storm drains the pool after a failover</title>
  <problem>Every client retries at once.</problem>
  <level>4</level>
  <solution>Full jitter, three tries at most.</solution>
  <tech-stack>Node.js</tech-stack>
  <tags>retries</tags>
</debugging-solution>
<debugging-solution>
  <timestamp>2025-09-11T11:00:00Z</timestamp>
  <project>billing</project>
  <title>Idle transactions hold connections for minutes</title>
  <problem>The pool looks busy and does nothing.</problem>
  <level>3</level>
  <solution>Set idle_in_transaction_session_timeout to 30 s.</solution>
  <tech-stack>PostgreSQL</tech-stack>
  <tags>connection-pool</tags>
</debugging-solution>
<debugging-solution>
  <timestamp>2025-09-02T08:00:00Z</timestamp>
  <project>gateway</project>
  <title>Health check opens a connection on every probe</title>
  <problem>Two hundred probes a minute.</problem>
  <level>2</level>
  <solution>Probe the process, not the database.</solution>
  <tech-stack>Kubernetes</tech-stack>
</debugging-solution>
</debugging-solutions>
""",
    "development-patterns/api-patterns.xml": """<api-patterns>
<api-pattern>
  <created>2025-11-21T15:20:00Z</created>
  <project>shop-api</project>
  <name>Paginated resource listing</name>
  <use-case>Large dataset retrieval with consistent results</use-case>
  <implementation>Base64 cursor with limit and next parameters</implementation>
  <tags>pagination</tags>
</api-pattern>
<api-pattern>
  <created>2025-11-14T13:40:00Z</created>
  <project>billing</project>
  <name>Idempotency key on every POST</name>
  <implementation>Store the answer for 24 h and replay it</implementation>
  <tags>payments</tags>
</api-pattern>
<api-pattern>
  <created>2025-09-09T10:00:00Z</created>
  <project>shop-api</project>
  <name>Circuit breaker around the read replica</name>
  <implementation>Half open after 20 s, one probe, before the pool exhausts</implementation>
  <tags>resilience</tags>
</api-pattern>
</api-patterns>
""",
    "session-context/decisions.xml": """<decisions>
<decision>
  <date>2025-11-21</date>
  <project>shop-api</project>
  <title>Keep offset pagination for the admin pages?</title>
  <status>pending</status>
  <rationale>Offset is fine below 10,000 rows.</rationale>
</decision>
<decision>
  <date>2025-11-18</date>
  <project>billing</project>
  <title>Outbox table instead of dual writes</title>
  <status>accepted</status>
  <rationale>One transaction, one truth.</rationale>
</decision>
<decision>
  <date>2025-09-20</date>
  <project>shop-api</project>
  <title>Pool size per worker, not per host</title>
  <status>accepted</status>
  <rationale>12 workers with 20 connections each.</rationale>
</decision>
</decisions>
""",
    "project-knowledge/billing/lessons.xml": """<lessons>
<lesson>
  <date>2025-11-12</date>
  <title>Invoice numbering must have no gaps</title>
  <finding>Take the number at commit & not before.</finding>
</lesson>
<lesson>
  <date>2025-08-30</date>
  <title>Database access layer</title>
  <finding>One pool module, no raw clients, never exhausted.</finding>
</lesson>
</lessons>
""",
    "client-context/approval-history.xml": """<approval-history>
<approval>
  <date></date>
  <what></what>
</approval>
</approval-history>
""",
}


class SteadySearch(Search):
    """A search that always takes six milliseconds, so that pictures are the same each time."""

    def find(self, *arguments: Any, **options: Any) -> SearchResults:
        """Find entries as any search does."""
        results = super().find(*arguments, **options)
        results.took_ms = 6.0
        return results


class Steady(Workspace):
    """A workspace that searches steadily."""

    @once
    def search(self) -> Search:
        """The steady search."""
        return SteadySearch(self.tree, lambda wait: self.history.gone(wait=wait))


def make_garden(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write the tree to `folder`/shop/memories, committed in a repository of its own."""
    shop = folder / "shop"
    root = shop / "memories"
    for name, text in (FILES if files is None else files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    root.mkdir(parents=True, exist_ok=True)
    make_repository(shop)
    commit_all(shop, "memories")
    return root


def open_garden(root: Path) -> Memarium:
    """Return the app on a tree, with a fixed clock and settings of its own."""
    return Memarium(Steady.open(root), now=lambda: NOW, settings_file=root.parent.parent / "app.json")


async def browsed(pilot: Pilot[None]) -> Browse:
    """Wait until the tree is read, indexed and shown, and git has been asked; return the browse screen."""
    app = pilot.app
    assert isinstance(app, Memarium)
    browse = app.screen
    assert isinstance(browse, Browse)
    await until(pilot, lambda: bool(app.started and app.indexer.updates) and not app.indexer.busy)
    await until(pilot, lambda: not app.status.task and browse.answered)
    return browse
