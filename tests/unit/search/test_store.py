"""The index on disk: nothing of it is read that is not ours."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from index.search.engine import IndexUnusable
from index.search.engines import index_folder
from index.search.engines.schema import schema
from index.search.engines.whoosh_engine import WhooshEngine
from tests.support.entries import ids, opened, some


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    engine = opened(folder)
    engine.update([], some("a.xml", *map(str, range(50))))
    engine.close()
    return folder


class Bomb:
    """Unpickled, it leaves a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (os.fspath(self.path),)


def refused_and_built_anew(folder: Path) -> None:
    with pytest.raises(IndexUnusable):
        opened(folder)
    engine = WhooshEngine.create(folder)
    assert ids(engine) == []
    engine.update([], some("n.xml", "1"))
    engine.close()
    assert ids(opened(folder)) == ["n.xml#1"]


@pytest.mark.parametrize("sealed", [False, True])
def test_a_planted_pickle_is_never_loaded(tmp_path: Path, written: Path, sealed: bool) -> None:
    trap = tmp_path / "sprung"
    storage = FileStorage(os.fspath(written))
    if not sealed:
        (written / "SEAL").unlink()
    planted = TOC(schema(), Bomb(trap), 9)
    planted.write(storage, index_folder.NAME)
    TOC.read(storage, index_folder.NAME, schema=schema())
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
    monkeypatch.setattr("index.search.engines.whoosh_engine.FORMAT", "next")
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
    (written / f"{index_folder.NAME}_0123456789abcdef.seg").write_bytes(b"half")
    (written / f"{index_folder.NAME}.tmp").mkdir()
    engine = opened(written)
    assert len(ids(engine)) == 50
    engine.update([], some("b.xml", "1"))
    assert not (written / f"{index_folder.NAME}_0123456789abcdef.seg").exists()
    engine.close()
    assert len(ids(opened(written))) == 51


def test_other_files_in_the_folder_are_left_alone(written: Path) -> None:
    (written / "catalogue.sqlite").write_text("mine")
    WhooshEngine.create(written)
    assert (written / "catalogue.sqlite").read_text() == "mine"


def test_a_query_costs_no_import_of_whoosh() -> None:
    code = "import sys, index.search.language.query, index.search.results; sys.exit('whoosh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_process_that_is_being_started_does_not_keep_the_lock(tmp_path: Path) -> None:
    """Between fork and exec it holds a copy of every open file."""
    reader, writer = os.pipe()
    with index_folder.writing(tmp_path):
        child = os.fork()
        if not child:
            os.close(writer)
            os.read(reader, 1)  # until the parent is done
            os._exit(0)
    try:
        assert not index_folder.is_written(tmp_path)
    finally:
        os.close(writer)
        os.waitpid(child, 0)
        os.close(reader)
