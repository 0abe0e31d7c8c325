"""What filters let through."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from index.search.engine import SearchEngine
from index.search.language.query import parse
from tests.support.entries import EngineKind, entry, find, put


@pytest.fixture
def filtered(kind: EngineKind, tmp_path: Path) -> Iterable[SearchEngine]:
    engine = kind(tmp_path / "index")
    put(
        engine,
        entry(
            "fix",
            kind="debugging-solution",
            project="shop-api",
            tags=("PostgreSQL", "connection pool"),
            tech=("Node.js", "C++"),
            level=3,
            status="✅ Complete and validated",
            agent="Shop Agent",
            file="development-patterns/debugging-solutions.xml",
            when="2025-10-03T14:30:00",
        ),
        entry(
            "pattern",
            kind="api-pattern",
            group="pattern",
            project="Data Lake",
            tags=("postgres",),
            level=5,
            status="in progress",
            file="Other Folder/api patterns.xml",
            when="2025-09-30",
        ),
        entry("decision", kind="decision", group="decision", project="shop", file="d.xml", when="2025-10-07"),
        entry("open", kind="decision", group="pending", file="d.xml", level=1, when="2025-10-08"),
        entry("session", kind="phase-status", group="session", file="s.xml", broken=True),
        entry("template", kind="debugging-solution", file="t.xml", template=True),
    )
    yield engine
    engine.close()


EVERY = {"fix", "pattern", "decision", "open", "session"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind:solution", {"fix"}),
        ("kind:solutions", {"fix"}),
        ("kind:debugging-solution", {"fix"}),
        ('kind:"Debugging Solutions"', {"fix"}),
        ("kind:debug", {"fix"}),
        ("kind:pattern", {"pattern"}),
        ("kind:api", {"pattern"}),
        ("kind:decision", {"decision"}),
        ("kind:pending", {"open"}),
        ("kind:session", {"session"}),
        ("kind:phase-status", {"session"}),
        ("kind:stat*", {"session"}),
        ("kind:none", set()),
        ("kind:solution kind:pattern", {"fix", "pattern"}),
        ("-kind:solution", EVERY - {"fix"}),
        ("project:shop-api", {"fix"}),
        ("project:SHOP", {"decision"}),
        ("project:shop*", {"fix", "decision"}),
        ('project:"data lake"', {"pattern"}),
        ("project:data-lake", {"pattern"}),
        ("tag:postgres", {"pattern"}),
        ("tag:postgres*", {"fix", "pattern"}),
        ('tag:"Connection Pool"', {"fix"}),
        ("-tag:postgres", EVERY - {"pattern"}),
        ("tech:node.js", {"fix"}),
        ("tech:c++", {"fix"}),
        ("status:complete", {"fix"}),
        ("status:valid", {"fix"}),
        ('status:"in progress"', {"pattern"}),
        ('status:"progress complete"', set()),
        ("agent:shop-agent", {"fix"}),
        ("file:debugging", {"fix"}),
        ("file:.xml", EVERY),
        ('file:"other folder/api pat"', {"pattern"}),
        ("file:s.x", {"fix", "pattern", "session"}),
        ("file:s.xml", {"session"}),
        ("id:d.xml#open", {"open"}),
        ("id:#o", {"open"}),
        ("is:malformed", {"session"}),
        ("is:session", {"session"}),
        ("is:pending", {"open"}),
        ("is:template", {"template"}),
        ("-is:template", EVERY),
        ("is:deleted", set()),
        ("level:3", {"fix"}),
        ("level:>=3", {"fix", "pattern"}),
        ("level:1..3", {"fix", "open"}),
        ("level:<3", {"open"}),
        ("-level:>=3", {"decision", "open", "session"}),
        ("level:>=3 level:<=4", {"fix"}),
        ("on:2025-10-03", {"fix"}),
        ("on:2025-10", {"fix", "decision", "open"}),
        ("after:2025-10-03", {"fix", "decision", "open"}),
        ("after:2025-10-03 before:2025-10-07", {"fix"}),
        ("before:2025-10", {"pattern"}),
        ("on:today", {"open"}),
        ("on:yesterday", {"decision"}),
        ('on:"last week"', {"fix", "pattern"}),
        ("changed:2d", {"decision", "open"}),
        ("project:shop OR level:5", {"decision", "pattern"}),
        ("fix kind:solution project:shop-api", {"fix"}),
        ("fix kind:pattern", set()),
    ],
)
def test_filters(filtered: SearchEngine, query: str, found: set[str]) -> None:
    assert set(find(filtered, query)) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("project:sho", {"fix", "decision"}),
        ("project:shop", {"decision"}),
        ("kind:pat", {"pattern"}),
        ("tag:conn", {"fix"}),
        ("level:", EVERY),
        ("is:mal", EVERY),
    ],
)
def test_a_filter_narrows_while_it_is_typed(filtered: SearchEngine, query: str, found: set[str]) -> None:
    assert set(find(filtered, query, typing=True)) == found


def test_states_that_only_the_caller_knows(filtered: SearchEngine) -> None:
    states = {"new": ["d.xml#open", "gone.xml#1"], "pending": ["s.xml#session"]}
    found = filtered.search(parse("is:new", typing=False), limit=9, states=states)
    assert found.ids == ["d.xml#open"]
    found = filtered.search(parse("is:pending", typing=False), limit=9, states=states)
    assert set(found.ids) == {"d.xml#open", "s.xml#session"}
