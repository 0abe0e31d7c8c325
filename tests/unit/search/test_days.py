"""Filters by day ask the user's calendar, whatever zone the index was made in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from index.model.days import seconds
from index.model.entry import Entry
from index.model.timestamps import parse as parse_time
from index.search.engines.evaluate import evaluate
from index.search.engines.memory_index import MemoryIndex
from index.search.language.query import parse
from index.trends.counting import count
from tests.support.entries import EngineKind, entry, put

ZONES = ("Etc/GMT+12", "Pacific/Kiritimati", "Asia/Kolkata", "America/St_Johns", "UTC", "Asia/Kathmandu")
NOW = datetime(2026, 11, 29, 2, 21, tzinfo=UTC)
QUERIES = (
    "on:today", "changed:today", "after:today", "before:today", "on:2026-11-28..2026-11-29", "on:yesterday",
    "on:2026-11", "on:0001", "on:9999", "after:9000", "before:0002", "-on:today",
    "after:2026-11-28 before:today",
)  # fmt: skip


def _entries() -> list[Entry]:
    hours = [(NOW + timedelta(hours=h, minutes=17)).isoformat() for h in range(-52, 53, 4)]
    days = ["2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30", "0001-01-01", "9999-12-31"]
    ends = [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T23:00:00Z",
    ]
    return [entry(text, when=parse_time(text), timestamp=text) for text in (*hours, *days, *ends)]


@pytest.mark.parametrize("made_in", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_an_index_answers_in_any_zone(
    kind: EngineKind, tmp_path: Path, made_in: str, in_zone: Callable[[str], None]
) -> None:
    in_zone(made_in)
    held = _entries()
    engine, memory = kind.create(tmp_path / "index"), MemoryIndex("deleted")
    put(engine, *held)
    for one in held:
        memory.add(one)
    for zone in ZONES:
        in_zone(zone)
        today = NOW.astimezone().date()
        mine = [one for one in held if one.day == today]
        assert mine, zone
        assert set(engine.matched(parse("on:today", now=NOW))) == {one.id for one in mine}, zone
        assert mine == [one for one in held if one.day == date.fromordinal(today.toordinal())]
        for text in QUERIES:
            query = parse(text, now=NOW)
            assert query.node is not None
            also = {memory.ids[at] for at in evaluate(query.node, memory, {})}
            assert also == set(engine.matched(query)), (zone, text)
        parts = [len(engine.matched(parse(text, now=NOW))) for text in ("before:today", "after:today")]
        assert sum(parts) == len(held), "before and after a day are all there is"
    engine.close()


@pytest.mark.parametrize("zone", ZONES)
def test_bars_are_the_hits_of_their_own_query(
    kind: EngineKind, zone: str, tmp_path: Path, in_zone: Callable[[str], None]
) -> None:
    in_zone(zone)
    held = [one for one in _entries() if one.day and one.day.year == 2026]
    engine = kind.create(tmp_path / "index")
    put(engine, *held)
    counted = count(held, NOW.astimezone().date())
    for place, number in enumerate(counted.whole.counts):
        assert len(engine.matched(parse(counted.scale.query(place), now=NOW))) == number
    assert sum(counted.whole.counts) + counted.outside + counted.undated == counted.entries == len(held)
    engine.close()


def test_the_newest_comes_first(kind: EngineKind, tmp_path: Path, in_zone: Callable[[str], None]) -> None:
    in_zone("America/New_York")
    engine = kind.create(tmp_path / "index")
    put(engine, *_entries())
    ids = engine.search(parse("", now=NOW), limit=99).ids
    held = {one.id: one.when for one in _entries() for one.id in [f"{one.file}#{one.title}"]}
    times = [seconds(when) for when in map(held.get, ids) if when is not None]
    assert times == sorted(times, reverse=True)
    engine.close()
