"""The index on disk: kept up to date, and shared."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.model.entry import Entry
from index.model.errors import IndexBusy
from index.search.engine import IndexUnusable, SearchEngine
from index.search.engines import index_folder
from tests.support.entries import EngineKind, Open, ids, some


@pytest.fixture
def written(tmp_path: Path, opened: Open) -> Path:
    folder = tmp_path / "index"
    engine = opened(folder)
    engine.update([], some("a.xml", *map(str, range(50))))
    engine.close()
    return folder


# ── updates ───────────────────────────────────────────────────────────────────


def test_it_is_still_there_when_it_is_opened_again(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1", "2"))
    stamp = engine.stamp
    engine.close()
    engine = opened(tmp_path)
    assert ids(engine, "pool") == ["a.xml#1", "a.xml#2"]
    assert engine.stamp == stamp


def test_files_come_change_and_go(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1", "2") + some("b.xml", "3"))
    engine.update(["a.xml"], [])
    assert ids(engine) == ["b.xml#3"]
    engine.update(["b.xml"], some("b.xml", "3", "4", notes="queue"))
    assert ids(engine, "queue") == ["b.xml#3", "b.xml#4"]
    assert ids(engine, "pool") == []
    engine.update(["b.xml", "none.xml"], [])
    assert ids(engine) == []


def test_entries_of_a_file_take_the_place_of_what_was_held_of_it(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    for _ in range(2):
        engine.update([], some("a.xml", "1", "2") + some("b.xml", "3"))
    assert ids(engine) == ["a.xml#1", "a.xml#2", "b.xml#3"]


def test_many_small_updates_leave_few_segments(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    for number in range(30):
        engine.update([], some(f"{number % 20}.xml", str(number)))
    assert ids(engine) == sorted(f"{n % 20}.xml#{n}" for n in range(10, 30))
    assert ids(engine, "file:5.x pool") == ["15.xml#15", "5.xml#25"]
    assert len([*tmp_path.glob("*.seg"), *tmp_path.glob("*.idx")]) <= 8


def test_an_update_tells_how_far_it_is(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    told: list[float] = []
    engine.update([], [one for n in range(45) for one in some(f"{n}.xml", *map(str, range(10)))], told.append)
    assert told == sorted(told)
    assert len(told) > 4
    assert told[-1] == 450
    assert len(ids(engine, "pool")) == 450


def test_an_update_that_fails_changes_nothing(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1"))

    def failing() -> Iterator[Entry]:
        yield from some("b.xml", "2")
        raise KeyError("the reader")

    with pytest.raises(KeyError, match="the reader"):
        engine.update(["a.xml"], failing())
    assert ids(engine) == ["a.xml#1"]
    engine.update([], some("c.xml", "3"))
    assert ids(engine) == ["a.xml#1", "c.xml#3"]
    engine.close()
    assert ids(opened(tmp_path)) == ["a.xml#1", "c.xml#3"]


def test_searches_go_on_while_one_updates(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1"))
    stop = threading.Event()
    seen: set[int] = set()

    def search() -> None:
        while not stop.is_set():
            seen.add(len(ids(engine, "pool")))

    thread = threading.Thread(target=search)
    thread.start()
    for number in range(8):
        engine.update([], some(f"{number}.xml", "1"))
    stop.set()
    thread.join()
    assert 1 in seen
    assert len(ids(engine, "pool")) == 9


def test_a_closed_engine_says_so(tmp_path: Path, opened: Open) -> None:
    engine = opened(tmp_path)
    engine.close()
    engine.close()
    with pytest.raises(IndexUnusable, match="closed"):
        ids(engine)


# ── two at a time ─────────────────────────────────────────────────────────────


def test_what_one_writes_the_other_reads(tmp_path: Path, opened: Open) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    assert not other.refresh()
    one.update([], some("a.xml", "1"))
    assert ids(other) == []
    assert other.refresh()
    assert ids(other) == ["a.xml#1"]
    assert not other.refresh()
    other.update([], some("b.xml", "2"))
    one.refresh()
    assert ids(one) == ["a.xml#1", "b.xml#2"]


def test_an_update_takes_in_what_another_wrote_before(tmp_path: Path, opened: Open) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    one.update([], some("a.xml", "1"))
    other.update([], some("a.xml", "2"))
    assert ids(other) == ["a.xml#2"]


def test_the_second_writer_is_told_at_once(tmp_path: Path, kind: EngineKind, opened: Open) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    tried: list[str] = []

    def entries() -> Iterator[Entry]:
        with pytest.raises(IndexBusy):
            other.update([], some("b.xml", "2"))
        with pytest.raises(IndexBusy):
            kind.create(tmp_path)
        assert ids(other) == []
        assert not other.refresh()
        tried.append("yes")
        yield from some("a.xml", "1")

    one.update([], entries())
    assert tried == ["yes"]
    other.update([], some("b.xml", "2"))
    assert ids(other) == ["a.xml#1", "b.xml#2"]


def test_the_list_of_files_that_a_killed_writer_left_goes_with_the_next_update(
    tmp_path: Path, opened: Open
) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1"))
    left = tmp_path / "_memories_15.toc.1795969429.0617855"
    left.write_bytes(b"cut off")
    engine.update([], some("b.xml", "2"))
    assert not left.exists()
    assert set(ids(engine)) == {"a.xml#1", "b.xml#2"}


def test_a_writer_in_another_process(tmp_path: Path, opened: Open) -> None:
    opened(tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from index.search.engines import index_folder\n"
        "with index_folder.writing(Path(sys.argv[1])): print('writing', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        engine = opened(tmp_path)
        with pytest.raises(IndexBusy, match="Another memarium"):
            engine.update([], some("a.xml", "1"))
        process.kill()
    engine.update([], some("a.xml", "1"))
    assert ids(engine) == ["a.xml#1"]


def test_between_a_commit_and_its_seal(written: Path, monkeypatch: pytest.MonkeyPatch, opened: Open) -> None:
    engine = opened(written)
    seal = (written / "SEAL").read_bytes()
    with index_folder.writing(written):
        (written / f"_{index_folder.NAME}_9.toc").write_bytes(b"not read")
        (written / "SEAL").unlink()
        (written / "SEAL").write_bytes(seal)
        assert not engine.refresh()
        assert len(ids(engine)) == 50
        monkeypatch.setattr(index_folder, "_PATIENCE", 0.0)
        with pytest.raises(IndexBusy):
            opened(written)
        (written / f"_{index_folder.NAME}_9.toc").unlink()
    assert engine.refresh()
    assert len(ids(engine)) == 50


def test_an_index_that_another_is_about_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: EngineKind, opened: Open
) -> None:
    with index_folder.writing(tmp_path):
        waiting = threading.Event()

        def sleep(_seconds: float) -> None:
            waiting.set()
            begun.wait(5)

        begun = threading.Event()
        monkeypatch.setattr("index.search.engines.index_folder.time.sleep", sleep)
        found: list[SearchEngine] = []
        thread = threading.Thread(target=lambda: found.append(opened(tmp_path)))
        thread.start()
        assert waiting.wait(5)
    kind.create(tmp_path).update([], some("a.xml", "1"))
    begun.set()
    thread.join()
    assert ids(found[0]) == ["a.xml#1"]


def test_an_index_built_anew_by_another_is_taken_up(tmp_path: Path, kind: EngineKind, opened: Open) -> None:
    one = opened(tmp_path)
    one.update([], some("a.xml", "1"))
    other = kind.create(tmp_path)
    assert other.stamp != one.stamp
    other.update([], some("b.xml", "2"))
    assert ids(one) == ["a.xml#1"]
    assert one.refresh()
    assert one.stamp == other.stamp
    assert ids(one) == ["b.xml#2"]
