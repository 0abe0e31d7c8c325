"""A query asked of one thing, without an index."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from index.search.language.predicate import Matter, matches
from index.search.language.query import Word, parse

NOW = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)
POOL = Matter(
    text="Connection pool exhaustion under load: connectionTimeoutMillis, Kovač",
    day=date(2025, 10, 3).toordinal(),
    level=3,
    kinds=("debugging-solution", "solution"),
    projects=("shop-api",),
    tags=("Connection Pool",),
    tech=("PostgreSQL",),
    agents=("shop-agent",),
    status="In progress, green",
    file="development-patterns/debugging-solutions.xml",
    id="development-patterns/debugging-solutions.xml#D-1",
    states=("new",),
)


@pytest.mark.parametrize(
    "query",
    [
        "", "pool", "POOLS", "exhausted", "exhau*", "exhustion~", "timeout", "kovac",
        '"pool exhaustion"', "connection-pool", "kind:solution", "kind:debugging-solution",
        "kind:debug", "project:shop-api", "tag:connection-pool", "tech:postgresql", "agent:shop-agent",
        "status:green", "level:3", "level:>=2", "level:1..3", "file:patterns", "id:d-1", "is:new",
        "after:2025-10", "before:2025-10-04", "on:2025-10", "-redis", "redis OR pool",
        "pool -kind:decision",
    ],
)  # fmt: skip
def test_what_it_is(query: str) -> None:
    assert matches(parse(query, typing=False, now=NOW).node, POOL)


@pytest.mark.parametrize(
    "query",
    [
        "redis", "poo", '"exhaustion pool"', "kind:decision", "kind:olution", "project:shop",
        "tag:pool", "level:4", "level:>3", "status:done", "file:lessons", "is:pending",
        "after:2025-10-04", "before:2025-10-03", "-pool", "pool redis", "agent:ops",
    ],
)  # fmt: skip
def test_what_it_is_not(query: str) -> None:
    assert not matches(parse(query, typing=False, now=NOW).node, POOL)


def test_while_typing_the_last_word_may_go_on() -> None:
    assert matches(parse("exhau", now=NOW).node, POOL)
    assert matches(parse("project:sho", now=NOW).node, POOL)


def test_what_an_index_has_found_counts() -> None:
    asked = parse("deadlock", typing=False, now=NOW)
    assert matches(asked.node, POOL._replace(found=[Word("deadlock")]))
    assert not matches(asked.node, POOL)


def test_what_says_nothing_of_itself() -> None:
    assert matches(parse("", now=NOW).node, Matter(""))
    for query in ("a", "level:1", "after:2025", "kind:x", "status:x", "is:new"):
        assert not matches(parse(query, typing=False, now=NOW).node, Matter(""))
