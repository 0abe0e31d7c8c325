"""What is Tantivy's own: its lock, its panics, terms that it cannot keep, questions at their ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tantivy

from index.model.errors import IndexBusy
from index.search.engine import IndexUnusable
from index.search.engines.tantivy_document import term
from index.search.engines.tantivy_engine import TantivyEngine, _usable
from index.search.language.query import parse
from tests.support.entries import entry, find, ids, put, some


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    engine = TantivyEngine(tmp_path / "index")
    yield engine
    engine.close()


def test_a_writer_that_is_none_of_ours(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.update([], some("a.xml", "1"))
    writer = tantivy.Index.open(os.fspath(tmp_path / "index")).writer()
    with pytest.raises(IndexBusy):
        engine.update([], some("b.xml", "1"))
    writer.rollback()
    writer.wait_merging_threads()
    engine.update([], some("b.xml", "1"))
    assert ids(engine) == ["a.xml#1", "b.xml#1"]


def test_a_panic_is_a_damaged_index() -> None:
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(IndexUnusable), _usable():
        raise panic
    with pytest.raises(KeyboardInterrupt), _usable():
        raise KeyboardInterrupt


@pytest.mark.parametrize("text", ["", "pool", '"pool"', '"the pool"', "nothing", "kind:none", "-pool"])
def test_no_rows_are_asked(engine: TantivyEngine, text: str) -> None:
    put(engine, entry("a", notes="the pool"))
    query = parse(text, typing=False)
    found = engine.search(query, limit=0)
    assert (found.ids, found.scores) == ([], [])
    assert found.total == len(engine.matched(query)) == engine.search(query, limit=9).total


def test_values_that_are_too_long_or_no_unicode(engine: TantivyEngine) -> None:
    long = "x" * 100_000
    put(
        engine,
        entry("a", tags=(long, "\ud800")),
        entry("b", tags=(long + "y",), file="q\udcff.xml"),
        entry("c", file=f"{long}.xml"),
    )
    assert find(engine, f"tag:{long}") == ["a"]
    assert find(engine, f"tag:{long}y") == ["b"]
    assert find(engine, f"file:{long}") == ["c"]
    assert find(engine, "file:q") == ["b"]
    engine.update(["q\udcff.xml"], [])
    assert len(ids(engine)) == 2
    assert len(term(long).encode()) < 65_530


def test_equals_at_the_cut_are_the_newest(engine: TantivyEngine) -> None:
    for day in (3, 9, 1, 7):
        one = entry(f"{day}", file=f"{day}.xml", notes="pool", when=f"2025-10-{day:02}")
        put(engine, one)
    assert find(engine, "pool", limit=2) == ["9", "7"]
    assert find(engine, "pool", limit=3) == ["9", "7", "3"]


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_equals_at_the_cut_are_the_newest_however_many_they_are(engine: TantivyEngine, limit: int) -> None:
    days = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=n * 7 % 500) for n in range(500)]
    equal = [entry("", id=f"a.xml#{day:%Y-%m-%d}", notes="pool", when=day) for day in days]
    best = entry("pool", id="a.xml#best", when=days[0])
    engine.update([], [*equal, best])
    newest = sorted((f"{day:%Y-%m-%d}" for day in days), reverse=True)
    assert find(engine, "pool", limit=limit) == ["best", *newest][:limit]


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_equals_that_are_older_than_lesser_finds(engine: TantivyEngine, limit: int) -> None:
    days = [datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(500)]
    better = [entry("pool", id=f"a.xml#{day:%Y-%m-%d}", when=day) for day in days[:400]]
    lesser = [entry("", id=f"a.xml#{day:%Y-%m-%d}", notes="pool", when=day) for day in days[400:]]
    engine.update([], [*better, *lesser])
    newest = [f"{day:%Y-%m-%d}" for day in reversed(days[:400])]
    assert find(engine, "pool", limit=limit) == newest[:limit]


def test_equals_of_one_time_are_all_alike(engine: TantivyEngine) -> None:
    engine.update([], [entry("", id=f"a.xml#{number}", notes="pool") for number in range(300)])
    found = engine.search(parse("pool"), limit=2)
    assert (len(set(found.ids)), found.total) == (2, 300)
