"""The search index through kills, damage and two processes that write it: found again, no file too many."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from index.model.errors import IndexBusy
from index.search.engine import IndexUnusable
from index.search.engines import index_folder
from index.search.engines.tantivy_engine import TantivyEngine
from index.search.engines.whoosh_engine import WhooshEngine
from index.search.language.query import parse
from tests.support.entries import KINDS, EngineKind, ids, some
from tests.support.trial import Trial

_OPEN = """
import sys
from pathlib import Path
from index.model.errors import IndexBusy
from index.search.language.query import parse
from tests.support.entries import KINDS, some
folder, kind = Path(sys.argv[1]), next(kind for kind in KINDS if kind.name == sys.argv[2])
"""
_WRITES_UNTIL_KILLED = (
    _OPEN
    + """
engine = kind(folder)
print("ready", flush=True)
number = 0
while True:
    number += 1
    engine.update([], some(f"{number % 7}.xml", *(f"{number}-{n}" for n in range(200))))
"""
)
_WRITES_IN_TURN = (
    _OPEN
    + """
engine = kind(folder)
for number in map(int, sys.stdin):
    engine.update([], some(f"{number % 5}.xml", f"{number}"))
    print("done", flush=True)
"""
)
MOST_SEGMENTS = 12


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> EngineKind:
    made: EngineKind = request.param
    return made


def assert_no_file_too_many(folder: Path) -> None:
    """Check that every file of an index is one that its seal names."""
    sealed = index_folder.read_seal(folder).files
    left = {path.name for path in folder.iterdir()} - set(sealed)
    assert left <= {"SEAL", "LOCK", ".managed.json", ".tantivy-meta.lock", ".tantivy-writer.lock"}
    names = {name.partition(".")[0] for name in sealed} - {"meta"}
    assert len(names) <= MOST_SEGMENTS
    if "meta.json" in sealed:
        segments = json.loads((folder / "meta.json").read_text("utf-8"))["segments"]
        assert names == {segment["segment_id"].replace("-", "") for segment in segments}


def opened_again(kind: EngineKind, folder: Path, made: Trial) -> WhooshEngine | TantivyEngine:
    engine: WhooshEngine | TantivyEngine
    try:
        engine = kind(folder)
        made.counts["usable"] += 1
    except IndexUnusable:
        engine = kind.create(folder)
        made.counts["built anew"] += 1
    return engine


def test_a_writer_that_is_killed(tmp_path: Path, kind: EngineKind, trial: Callable[..., Trial]) -> None:
    made = trial(f"a writer of the {kind.name} index is killed", short=4, long=100)
    folder = tmp_path / "index"
    kind(folder).close()
    for _ in range(made.rounds):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITES_UNTIL_KILLED, str(folder), kind.name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as writer:
            assert writer.stdout is not None
            assert writer.stderr is not None
            assert writer.stdout.readline() == "ready\n"
            with suppress(subprocess.TimeoutExpired):
                writer.wait(made.random.uniform(0.0, 0.5))
            writer.kill()
            assert writer.stderr.read() == ""
        engine = opened_again(kind, folder, made)
        engine.update([], some("last.xml", "1"))
        found = engine.matched(parse(""))
        assert found.count("last.xml#1") == 1
        assert len(found) == len(set(found))
        assert {i.partition("#")[2].partition("-")[2] for i in found if "-" in i} in (
            set(),
            set(map(str, range(200))),
        )
        engine.close()
        assert_no_file_too_many(folder)


def test_two_processes_that_write_in_turn(
    tmp_path: Path, kind: EngineKind, trial: Callable[..., Trial]
) -> None:
    made = trial(f"two processes write the {kind.name} index in turn", short=20, long=200)
    folder = tmp_path / "index"
    reader = kind(folder)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITES_IN_TURN, str(folder), kind.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for number in range(made.rounds):
        writer = writers[number % 2]
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.write(f"{number}\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n"
        made.counts["written"] += 1
        assert reader.refresh()
        assert f"{number % 5}.xml#{number}" in ids(reader)
    for writer in writers:
        assert writer.communicate()[1] == ""
    assert ids(reader) == sorted(f"{n % 5}.xml#{n}" for n in range(made.rounds - 5, made.rounds))
    assert_no_file_too_many(folder)


def test_two_processes_that_write_at_once(
    tmp_path: Path, kind: EngineKind, trial: Callable[..., Trial]
) -> None:
    made = trial(f"another process writes the {kind.name} index at the same time", short=20, long=200)
    folder = tmp_path / "index"
    engine = kind(folder)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITES_UNTIL_KILLED, str(folder), kind.name],
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        while made.counts["written"] < made.rounds:
            try:
                engine.update([], some("mine.xml", str(made.counts["written"])))
                made.counts["written"] += 1
            except IndexBusy:
                made.counts["told busy"] += 1
        other.kill()
    engine = opened_again(kind, folder, made)
    if made.counts["usable"]:
        assert f"mine.xml#{made.rounds - 1}" in ids(engine)
    engine.update([], some("last.xml", "1"))
    assert_no_file_too_many(folder)


def test_a_file_that_is_damaged(tmp_path: Path, kind: EngineKind, trial: Callable[..., Trial]) -> None:
    made = trial(f"a file of the {kind.name} index is damaged", short=20, long=1000)
    whole, folder = tmp_path / "whole", tmp_path / "index"
    engine = kind.create(whole)
    engine.update([], some("a.xml", *map(str, range(20))))
    engine.close()
    for _ in range(made.rounds):
        # A copy: what threads of an engine still have in memory of its own files may not be cut off.
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(whole, folder)
        path = made.random.choice(sorted(folder.iterdir()))
        data = bytearray(path.read_bytes())
        how = made.random.choice(("flip", "cut", "empty", "remove"))
        if how == "remove":
            path.unlink()
        else:
            if how == "flip" and data:
                data[made.random.randrange(len(data))] ^= 1 << made.random.randrange(8)
            path.write_bytes(data if how == "flip" else data[: len(data) // 2] if how == "cut" else b"")
        engine = opened_again(kind, folder, made)
        assert ids(engine) in ([], sorted(f"a.xml#{n}" for n in range(20)))
        engine.update([], some("b.xml", "1"))
        assert "b.xml#1" in ids(engine)
        engine.close()
