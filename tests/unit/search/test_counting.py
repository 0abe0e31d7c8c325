"""Counts of what a query finds, and entries like another: what every engine answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.model.entry import Entry
from index.search.engine import FACETS, SearchEngine
from index.search.engines.index_reader import FacetMasks
from tests.support.entries import Open, entry, put, whole


@pytest.fixture
def engine(tmp_path: Path, opened: Open) -> Iterator[SearchEngine]:
    engine = opened(tmp_path / "index")
    yield engine
    engine.close()


def many() -> list[Entry]:
    """Return entries of which some values are in few and some in most."""
    return [
        entry(
            f"e{n}",
            file=f"{n // 10}.xml",
            notes="pool" if n % 3 else "queue",
            project=("Shop API", "billing")[n % 2],
            tags=("common", f"tag-{n % 70}"),
            tech=("redis",) if n % 5 else (),
            level=n % 7 + 1,
            template=n % 40 == 0,
        )
        for n in range(200)
    ]


@pytest.mark.parametrize("text", ["", "pool", "queue -level:3", "pool level:2", "nothing", "is:template"])
def test_every_value_of_what_is_found_is_counted(engine: SearchEngine, text: str) -> None:
    entries = many()
    put(engine, *entries)
    found = set(engine.matched(whole(text)))
    held = [one for one in entries if one.id in found]
    assert engine.facets(whole(text), FACETS) == {
        "group": Counter(one.group for one in held),
        "store": {},
        "kind": Counter(["debugging-solution", "solution", "=debugging-solution"] * len(held)),
        "project": Counter(one.project.lower().replace(" ", "-") for one in held),
        "tag": Counter(tag for one in held for tag in one.tags),
        "tech": Counter(tech for one in held for tech in one.tech),
        "level": Counter(str(one.level) for one in held),
        "file": Counter(one.file for one in held),
    }


def test_only_what_is_asked_is_counted_and_a_change_counts_at_once(engine: SearchEngine) -> None:
    put(engine, entry("a", project="shop"), entry("b", project="shop", file="b.xml"))
    assert engine.facets(whole(""), ["project"]) == {"project": {"shop": 2}}
    engine.update(["b.xml"], [])
    assert engine.facets(whole(""), ["project"]) == {"project": {"shop": 1}}


def test_masks_count_values_of_many_documents_and_of_few() -> None:
    values = {"most": list(range(90)), "last": [99], "none": [95, 96]}
    masks = FacetMasks(100, lambda name: values.items())
    assert masks.count({0: 1.0, 50: 1.0, 99: 1.0}, ["tag"]) == {"tag": {"most": 2, "last": 1}}
    assert masks.count({}, ["tag"]) == {"tag": {}}


def test_similar_entries_share_rare_words(engine: SearchEngine) -> None:
    one = entry("it", notes="deadlock of the advisory lock in the ledger")
    put(
        engine,
        one,
        entry("near", notes="the ledger waits on an advisory lock"),
        entry("far", notes="the queue waits in the worker"),
        entry("empty", notes="advisory lock of the ledger", template=True),
        *(entry(f"other {n}", notes="the queue in the worker") for n in range(9)),
    )
    found = engine.similar(one, 2)
    assert [i.partition("#")[2] for i in found.ids] == ["near", "far"]
    assert found.total == 11
    assert found.scores == sorted(found.scores, reverse=True)
    assert engine.similar(entry("new", notes="advisory"), 9).total == 2  # it need not be in the index
    assert engine.similar(entry("", notes=""), 9) == ([], [], 0)
