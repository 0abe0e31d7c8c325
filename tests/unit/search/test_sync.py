"""The index follows what was read: in steps, and in a process of its own where there is much to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.library.catalogue import Catalogue
from index.model.file_record import FileRecord
from index.search.engine import SearchEngine
from index.search.engines import index_update
from index.storage.helper_process import Helper
from index.workspace import Workspace
from tests.support.entries import KINDS, Open, ids, some

FILES = 45


class Files:
    """Records of files, ten entries each."""

    def __init__(self, many: int = FILES, digest: str = "1") -> None:
        self.records = {
            f"{n}.xml": FileRecord(f"{n}.xml", 1, 1, digest, some(f"{n}.xml", *map(str, range(10))), [])
            for n in range(many)
        }

    @property
    def digests(self) -> dict[str, str]:
        return {path: record.digest for path, record in self.records.items()}

    def fetch(self, paths: Sequence[str]) -> list[FileRecord]:
        return [self.records[path] for path in paths]


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite")


@pytest.fixture
def engine(tmp_path: Path, opened: Open) -> Iterator[SearchEngine]:
    engine = opened(tmp_path / "index")
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in KINDS:
        monkeypatch.setattr(kind, "steps", (100, 200))


def test_a_long_update_is_searched_in_steps_and_tells_how_far_it_is(
    engine: SearchEngine, catalogue: Catalogue
) -> None:
    files = Files()
    told: list[float] = []
    found: list[int] = []

    def tell(done: float) -> None:
        told.append(done)
        found.append(len(ids(engine)))

    index_update.update(
        engine, catalogue, index_update.compare(engine, catalogue, files.digests), files.fetch, tell
    )
    assert told == sorted(told)
    assert told[-1] == FILES * 10
    assert {100, 300} <= set(told)
    assert sorted(set(found)) == [0, 100, 300]  # the last is told before it is known
    assert len(ids(engine, "pool")) == FILES * 10
    assert not index_update.compare(engine, catalogue, files.digests)


def test_what_changed_and_what_went(engine: SearchEngine, catalogue: Catalogue) -> None:
    files = Files(3)
    index_update.update(
        engine, catalogue, index_update.compare(engine, catalogue, files.digests), files.fetch
    )
    files.records["1.xml"] = replace(files.records["1.xml"], digest="2", entries=some("1.xml", "new"))
    del files.records["2.xml"]
    stale = index_update.compare(engine, catalogue, files.digests)
    assert (stale.changed, stale.removed) == (["1.xml"], ["2.xml"])
    index_update.update(engine, catalogue, stale, files.fetch)
    assert ids(engine) == [*(f"0.xml#{n}" for n in range(10)), "1.xml#new"]
    del files.records["0.xml"]
    index_update.update(
        engine, catalogue, index_update.compare(engine, catalogue, files.digests), files.fetch
    )
    assert ids(engine) == ["1.xml#new"]
    assert not index_update.compare(engine, catalogue, files.digests)


def test_what_another_process_wrote_and_noted_is_found_here(
    tmp_path: Path, engine: SearchEngine, catalogue: Catalogue, opened: Open
) -> None:
    files, other = Files(2), opened(tmp_path / "index")
    index_update.update(other, catalogue, index_update.compare(other, catalogue, files.digests), files.fetch)
    assert not index_update.compare(engine, catalogue, files.digests)
    assert len(ids(engine)) == 20


def test_an_update_that_is_stopped_goes_on_where_it_was(engine: SearchEngine, catalogue: Catalogue) -> None:
    class Enough(Exception):
        pass

    def stop(done: float) -> None:
        if done > 350:
            raise Enough

    files = Files()
    with pytest.raises(Enough):
        index_update.update(
            engine, catalogue, index_update.compare(engine, catalogue, files.digests), files.fetch, stop
        )
    left = index_update.compare(engine, catalogue, files.digests)
    assert len(left.changed) == FILES - 30
    index_update.update(engine, catalogue, left, files.fetch)
    assert len(ids(engine)) == FILES * 10


# ── in a process of its own ───────────────────────────────────────────────────


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(index_update, "WORTH_IT", 1)
    root = tmp_path / "memories"
    root.mkdir()
    for n in range(30):
        lessons = "".join(f"<lesson id='{n}-{m}'><text>pool {m}</text></lesson>" for m in range(20))
        (root / f"{n}.xml").write_text(f"<lessons>{lessons}</lessons>", "utf-8")
    return root


def test_a_process_writes_what_is_searched_here(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing_left(*arguments: object) -> None:
        assert not arguments[2]

    monkeypatch.setattr(index_update, "update", nothing_left)
    workspace = Workspace.open(tree)
    told: list[tuple[int, int]] = []
    assert workspace.search.update(lambda done, total: told.append((done, total))) == 600
    assert workspace.search.find("pool", wait=False).total == 600
    assert told[-1] == (600, 600)
    assert len(told) > 3


@pytest.mark.parametrize("cores", [1, 2])
def test_without_a_process_it_is_done_here(tree: Path, monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    def none(module: str) -> None:
        raise OSError(f"No process is left for {module}.")

    monkeypatch.setattr(index_update, "cores", lambda: cores)
    monkeypatch.setattr(index_update, "Helper", none)
    workspace = Workspace.open(tree)
    assert workspace.search.update() == 600
    assert workspace.search.find("pool", wait=False).total == 600


def test_what_a_process_left_is_done_here(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is killed as soon as it has said something."""

    class Mortal(Helper):
        def hear(self) -> object:
            said = super().hear()
            self._process.kill()
            return said

    monkeypatch.setattr(index_update, "Helper", Mortal)
    workspace = Workspace.open(tree)
    assert workspace.search.update() == 600
    assert workspace.search.find("pool", wait=False).total == 600


def test_a_process_that_is_left_ends_by_itself(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Enough(Exception):
        pass

    helpers: list[Helper] = []

    class Known(Helper):
        def __init__(self, module: str) -> None:
            super().__init__(module)
            helpers.append(self)

    def stop(done: int, total: int) -> None:
        raise Enough

    monkeypatch.setattr(index_update, "Helper", Known)
    workspace = Workspace.open(tree)
    with pytest.raises(Enough):
        workspace.search.update(stop)
    assert helpers[0]._process.wait(30) == 0
    assert workspace.search.update() == 600
    assert workspace.search.find("pool", wait=False).total == 600
