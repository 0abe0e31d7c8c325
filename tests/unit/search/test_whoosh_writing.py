"""How the Whoosh index is written: in steps that it tells of, and sorted on disk where there is much."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search.engines import writer
from index.search.engines.writer import _Pool
from index.search.language.query import parse
from tests.support.entries import NOW, ids, opened, some


def test_an_update_tells_how_far_it_is_while_it_adds_and_while_it_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_TELL_EVERY", 1000)
    engine = opened(tmp_path)
    entries = [one for n in range(45) for one in some(f"{n}.xml", *map(str, range(10)))]
    told: list[float] = []
    engine.update([], entries, told.append)
    assert told == sorted(told)
    assert told[:4] == pytest.approx([60, 120, 180, 240])
    assert 270 < told[4] < 450  # the first word while it writes
    assert told[-1] == 450
    assert len(ids(engine, "pool")) == 450


def test_what_is_sorted_on_disk_is_found_as_what_is_sorted_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [one for n in range(20) for one in some(f"{n}.xml", "1", "2", notes=f"queue of {n} pools")]
    held = opened(tmp_path / "held")
    held.update([], entries)
    monkeypatch.setattr(writer, "_MOST", 100)
    sorted_on_disk = opened(tmp_path / "disk")
    runs: list[str] = []
    saved = _Pool.save

    def save(pool: _Pool) -> object:
        made = saved(pool)
        runs.extend(pool.runs)
        return made

    monkeypatch.setattr(_Pool, "save", save)
    sorted_on_disk.update([], entries)
    assert len(runs) > 5
    for query in ("", "queue", '"queue of 7 pools"', "file:3.xml", "po"):
        asked = parse(query, typing=True, now=NOW)
        assert held.search(asked, limit=50) == sorted_on_disk.search(asked, limit=50), query
    assert not list((tmp_path / "disk").glob("**/*.run"))
