"""The index on disk: kept up to date, shared, and never trusted."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from index.memory.entries import Entry
from index.search import build, store
from index.search.engine import IndexBusy, IndexUnusable
from index.search.query import parse
from index.search.schema import schema
from index.search.whoosh_engine import WhooshEngine
from tests.unit.search.factory import entry


def roles(_name: str) -> str:
    return ""


def opened(folder: Path) -> WhooshEngine:
    return WhooshEngine(folder, roles=roles)


def ids(engine: WhooshEngine, text: str = "") -> list[str]:
    found = engine.search(parse(text, typing=False), limit=1000)
    assert len(found.ids) == len(found.matched)
    return sorted(found.ids)


def some(file: str, *keys: str, notes: str = "pool") -> list[Entry]:
    return [entry(key, id=f"{file}#{key}", file=file, notes=notes) for key in keys]


# ── updates ───────────────────────────────────────────────────────────────────


def test_it_is_still_there_when_it_is_opened_again(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1", "2"))
    stamp = engine.stamp
    engine.close()
    engine = opened(tmp_path)
    assert ids(engine, "pool") == ["a.xml#1", "a.xml#2"]
    assert engine.stamp == stamp


def test_files_come_change_and_go(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    engine.update([], some("a.xml", "1", "2") + some("b.xml", "3"))
    engine.update(["a.xml"], [])
    assert ids(engine) == ["b.xml#3"]
    engine.update(["b.xml"], some("b.xml", "3", "4", notes="queue"))
    assert ids(engine, "queue") == ["b.xml#3", "b.xml#4"]
    assert ids(engine, "pool") == []
    engine.update(["b.xml", "none.xml"], [])
    assert ids(engine) == []


def test_entries_of_a_file_take_the_place_of_what_was_held_of_it(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    for _ in range(2):
        engine.update([], some("a.xml", "1", "2") + some("b.xml", "3"))
    assert ids(engine) == ["a.xml#1", "a.xml#2", "b.xml#3"]


def test_many_small_updates_leave_few_segments(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    for number in range(30):
        engine.update([], some(f"{number % 20}.xml", str(number)))
    assert ids(engine) == sorted(f"{n % 20}.xml#{n}" for n in range(10, 30))
    assert ids(engine, "file:5.x pool") == ["15.xml#15", "5.xml#25"]
    assert len(list(tmp_path.glob("*.seg"))) <= 7


def test_a_long_build_is_searched_in_steps_and_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_FIRST_STEP", 100)
    engine = opened(tmp_path)
    told: list[tuple[int, int]] = []
    entries = [one for n in range(45) for one in some(f"{n}.xml", *map(str, range(10)))]
    engine.update([], entries, lambda done: told.append((done, len(ids(engine)))))
    assert [done for done, _ in told] == [100, 200, 300, 400, 450]
    assert [found for _, found in told] == [0, 100, 100, 300, 450]
    assert len(ids(engine, "pool")) == 450


def test_an_update_that_fails_changes_nothing(tmp_path: Path) -> None:
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


def test_searches_go_on_while_one_updates(tmp_path: Path) -> None:
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


def test_a_closed_engine_says_so(tmp_path: Path) -> None:
    engine = opened(tmp_path)
    engine.close()
    engine.close()
    with pytest.raises(IndexUnusable, match="closed"):
        ids(engine)


# ── two at a time ─────────────────────────────────────────────────────────────


def test_what_one_writes_the_other_reads(tmp_path: Path) -> None:
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


def test_an_update_takes_in_what_another_wrote_before(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    one.update([], some("a.xml", "1"))
    other.update([], some("a.xml", "2"))
    assert ids(other) == ["a.xml#2"]


def test_the_second_writer_is_told_at_once(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    tried: list[str] = []

    def entries() -> Iterator[Entry]:
        with pytest.raises(IndexBusy):
            other.update([], some("b.xml", "2"))
        with pytest.raises(IndexBusy):
            WhooshEngine.create(tmp_path)
        assert ids(other) == []
        assert not other.refresh()
        tried.append("yes")
        yield from some("a.xml", "1")

    one.update([], entries())
    assert tried == ["yes"]
    other.update([], some("b.xml", "2"))
    assert ids(other) == ["a.xml#1", "b.xml#2"]


def test_a_writer_in_another_process(tmp_path: Path) -> None:
    opened(tmp_path).close()
    code = (
        "import sys; from pathlib import Path; from index.search import store\n"
        "with store.writing(Path(sys.argv[1])): print('writing', flush=True); sys.stdin.read()"
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


def test_an_index_built_anew_by_another_is_taken_up(tmp_path: Path) -> None:
    one = opened(tmp_path)
    one.update([], some("a.xml", "1"))
    other = WhooshEngine.create(tmp_path, roles=roles)
    assert other.stamp != one.stamp
    other.update([], some("b.xml", "2"))
    assert ids(one) == ["a.xml#1"]
    assert one.refresh()
    assert one.stamp == other.stamp
    assert ids(one) == ["b.xml#2"]


# ── trust ─────────────────────────────────────────────────────────────────────


class Bomb:
    """Unpickled, it leaves a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (os.fspath(self.path),)


def refused_and_built_anew(folder: Path) -> None:
    with pytest.raises(IndexUnusable):
        opened(folder)
    engine = WhooshEngine.create(folder, roles=roles)
    assert ids(engine) == []
    engine.update([], some("n.xml", "1"))
    engine.close()
    assert ids(opened(folder)) == ["n.xml#1"]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    engine = opened(folder)
    engine.update([], some("a.xml", *map(str, range(50))))
    engine.close()
    return folder


@pytest.mark.parametrize("sealed", [False, True])
def test_a_planted_pickle_is_never_loaded(tmp_path: Path, written: Path, sealed: bool) -> None:
    trap = tmp_path / "sprung"
    storage = FileStorage(os.fspath(written))
    if not sealed:
        (written / "SEAL").unlink()
    planted = TOC(schema(), Bomb(trap), 9)
    planted.write(storage, store.NAME)
    TOC.read(storage, store.NAME, schema=schema())
    assert trap.exists()  # for whoever lets Whoosh read it
    trap.rmdir()
    refused_and_built_anew(written)
    assert not trap.exists()


def test_a_planted_segment_is_never_loaded(tmp_path: Path, written: Path) -> None:
    trap = tmp_path / "sprung"
    segment = next(written.glob("*.seg"))
    bomb = pickle.dumps(Bomb(trap), 2)
    segment.write_bytes(bomb + segment.read_bytes()[len(bomb) :])
    refused_and_built_anew(written)
    assert not trap.exists()


@pytest.mark.parametrize(
    "seal",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\x00",
        b'{"format": "0", "stamp": "x", "files": {}}',
        b'{"format": "0", "stamp": "x", "files": {"a": 1}}',
        b"[" * 100_000,
    ],
)
def test_a_seal_that_is_not_ours(written: Path, seal: bytes) -> None:
    (written / "SEAL").write_bytes(seal)
    refused_and_built_anew(written)


def test_an_index_of_another_version(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.search.whoosh_engine.FORMAT", "next")
    with pytest.raises(IndexUnusable, match="version"):
        opened(written)
    assert ids(WhooshEngine.create(written)) == []


def test_damage(written: Path) -> None:
    segment = next(written.glob("*.seg"))
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(data)
    refused_and_built_anew(written)


def test_a_truncated_file(written: Path) -> None:
    toc = next(written.glob("*.toc"))
    toc.write_bytes(toc.read_bytes()[:40])
    refused_and_built_anew(written)


def test_a_file_that_is_gone(written: Path) -> None:
    next(written.glob("*.seg")).unlink()
    refused_and_built_anew(written)


def test_damage_is_found_before_an_update(written: Path) -> None:
    engine = opened(written)
    next(written.glob("*.seg")).unlink()
    with pytest.raises(IndexUnusable):
        engine.update([], some("a.xml", "1"))


def test_a_folder_that_is_gone(written: Path) -> None:
    engine = opened(written)
    for path in written.iterdir():
        path.unlink()
    with pytest.raises(IndexUnusable):
        engine.refresh()
    assert len(ids(engine)) == 50  # what is open stays open


def test_a_folder_that_others_can_write_to(written: Path) -> None:
    written.chmod(0o770)
    for make in (opened, WhooshEngine.create):
        with pytest.raises(IndexUnusable, match="Others can write"):
            make(written)


def test_a_link_in_the_place_of_the_folder(tmp_path: Path, written: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(written)
    with pytest.raises(IndexUnusable):
        opened(link)


def test_a_new_folder_is_private(tmp_path: Path) -> None:
    opened(tmp_path / "new").close()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_what_a_build_cut_short_left_behind_does_no_harm(written: Path) -> None:
    (written / f"{store.NAME}_0123456789abcdef.seg").write_bytes(b"half")
    (written / f"{store.NAME}.tmp").mkdir()
    engine = opened(written)
    assert len(ids(engine)) == 50
    engine.update([], some("b.xml", "1"))
    assert not (written / f"{store.NAME}_0123456789abcdef.seg").exists()
    engine.close()
    assert len(ids(opened(written))) == 51


def test_other_files_in_the_folder_are_left_alone(written: Path) -> None:
    (written / "catalogue.sqlite").write_text("mine")
    WhooshEngine.create(written)
    assert (written / "catalogue.sqlite").read_text() == "mine"


def test_a_query_costs_no_import_of_whoosh() -> None:
    code = "import sys, index.search.query, index.search.results; sys.exit('whoosh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
