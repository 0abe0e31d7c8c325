"""A kind in quotes is the kind of that name, not a group nor what ends so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.model.facets import GROUPS
from index.search.engine import SearchEngine
from index.trends.counting import count
from tests.support.entries import EngineKind, entry, find, put
from tui.widgets.sessions.trend_list import make_rows

ENTRIES = [
    entry("one", kind="session", group="session"),
    entry("two", kind="archived-session", group="session"),
    entry("three", kind="handover", group="session"),
    entry("four", kind="pattern", group="pattern"),
    entry("five", kind="api-pattern", group="pattern"),
    entry("six", kind="lesson", group="knowledge"),
    entry("seven", kind="hard-lesson", group="knowledge"),
]


@pytest.fixture
def engine(kind: EngineKind, tmp_path: Path) -> SearchEngine:
    engine = kind.create(tmp_path)
    put(engine, *ENTRIES)
    return engine


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("kind:session", {"one", "two", "three"}),
        ('kind:"session"', {"one"}),
        ('kind:"Sessions"', {"one"}),
        ('kind:"pattern"', {"four"}),
        ("kind:lesson", {"six", "seven"}),
        ('kind:"lesson"', {"six"}),
        ('kind:"knowledge"', {"six", "seven"}),
        ('kind:"api pattern"', {"five"}),
        ('-kind:"session" kind:session', {"two", "three"}),
    ],
)
def test_kinds_by_name_and_in_quotes(engine: SearchEngine, query: str, titles: set[str]) -> None:
    assert set(find(engine, query)) == titles


def test_a_line_of_the_trends_finds_what_it_counts(engine: SearchEngine) -> None:
    counted = count(ENTRIES, date(2025, 11, 23))
    rows = [row for row in make_rows(counted, [], []) if row.name == "kind" and row.series is not None]
    assert {row.series.value for row in rows if row.series} & set(GROUPS) == {"session", "pattern"}
    for row in rows:
        assert row.series is not None
        assert len(find(engine, row.query(counted.scale, None))) == row.series.total, row.label
