"""A small tree with a git history, as the app's pictures show it."""

from __future__ import annotations

from pathlib import Path

from tests.support.git import git, make_repository

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
FILE = "development-patterns/debugging-solutions.xml"
FILES = {
    FILE: SOLUTIONS,
    "development-patterns/api-patterns.xml": PATTERNS,
    "session-context/pending-decisions.xml": DECISIONS,
    "project-knowledge/billing/lessons.xml": LESSONS,
    "client-context/approval-history.xml": TEMPLATE,
}
SOLUTION = f"{FILE}#debugging-solution-2025-10-03T14:30:00Z"
"""Id of the entry that the tests edit."""


LATER = "2025-11-21T12:00:00Z"
"""When what comes after the tree was made is committed."""


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
        make_repository(shop)
        for day, name in enumerate(["."] if together else FILES if files is None else files, start=3):
            git(shop, "add", "--", f"memories/{name}")
            author = "shop-agent <agent@example.com>"
            message = f"memory: record {name.rpartition('/')[2]}"
            date = f"2025-11-{day:02}T12:00:00Z"
            git(shop, "commit", "--quiet", f"--author={author}", f"--message={message}", date=date)
    return root
