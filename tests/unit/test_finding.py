"""A search index that turns out to be damaged while somebody searches."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.model.errors import IndexBusy
from index.search.engine import Found, SearchEngine, States
from index.search.engines import choice, index_folder, index_update
from index.search.engines.tantivy_engine import TantivyEngine
from index.search.engines.whoosh_engine import WhooshEngine
from index.search.language.query import Query
from index.workspace import Workspace

LESSON = '<lessons><lesson id="{0}"><title>{0}</title><text>the pool of {0}</text></lesson></lessons>'


def cut(folder: Path) -> None:
    seal = folder / "SEAL"
    seal.write_bytes(seal.read_bytes()[:20])


def emptied(folder: Path) -> None:
    index_folder.empty(folder)


def of_another_version(folder: Path) -> None:
    index_folder.write_seal(folder, "another")


def a_segment(folder: Path) -> Path:
    """Return a file that holds words."""
    return next(path for ending in ("seg", "idx") for path in folder.glob(f"*.{ending}"))


def without_a_segment(folder: Path) -> None:
    a_segment(folder).unlink()
    (folder / "SEAL").touch()


def changed(folder: Path) -> None:
    segment = a_segment(folder)
    data = segment.read_bytes()
    segment.unlink()  # who reads it keeps it
    segment.write_bytes(data[:40] + bytes([data[40] ^ 1]) + data[41:])
    seal = json.loads((folder / "SEAL").read_text("utf-8")) | {"stamp": "another"}
    (folder / "SEAL").write_text(json.dumps(seal), "utf-8")


DAMAGES = (cut, emptied, of_another_version, without_a_segment, changed)


@pytest.fixture
def place(engine_name: str) -> Path:
    """Return the folder of the index, in that of the tree."""
    return Path("tantivy" if engine_name == "tantivy" else ".")


@pytest.fixture
def behind(tmp_path: Path, place: Path) -> Workspace:
    """Return a tree whose index another process writes: what that leaves is read before each search."""
    tree = tmp_path / "memories"
    tree.mkdir()
    (tree / "a.xml").write_text(LESSON.format("L-1"), "utf-8")
    workspace = Workspace.open(tree)
    workspace.tree.load()
    workspace.search.update()
    (tree / "b.xml").write_text(LESSON.format("L-2"), "utf-8")
    workspace.tree.refresh()
    with index_folder.writing(workspace.tree.folder / place), pytest.raises(IndexBusy):
        workspace.search.update()
    return workspace


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return the folders in which an index is begun anew."""
    folders: list[Path] = []
    create = choice.create_engine

    def note(folder: Path) -> SearchEngine:
        folders.append(folder)
        return create(folder)

    monkeypatch.setattr(choice, "create_engine", note)
    return folders


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_search_that_does_not_wait_leaves_it_to_the_next_update(
    behind: Workspace, begun: list[Path], damage: Callable[[Path], None], place: Path
) -> None:
    heard: list[bool] = []
    behind.search.tell_damaged = lambda: heard.append(True)
    damage(behind.tree.folder / place)
    for query in ("pool", "pool kind:lesson", "is:deleted pool", "nowhere"):
        assert behind.search.find(query, wait=False).total == 0
    assert (heard, begun) == ([True], [])
    assert behind.search.find("", wait=False).total == 2  # all of them need no index
    assert behind.search.update() == 2
    assert len(begun) == 1
    assert behind.search.find("pool", wait=False).total == 2
    assert heard == [True]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_search_that_waits_writes_it_anew(
    behind: Workspace, begun: list[Path], damage: Callable[[Path], None], place: Path
) -> None:
    damage(behind.tree.folder / place)
    assert behind.search.find("pool").total == 2
    assert len(begun) == 1


def test_what_an_update_replaces_meanwhile_is_not_damaged(
    behind: Workspace, begun: list[Path], monkeypatch: pytest.MonkeyPatch, engine_name: str
) -> None:
    heard: list[bool] = []
    behind.search.tell_damaged = lambda: heard.append(True)
    kind = TantivyEngine if engine_name == "tantivy" else WhooshEngine
    search = kind.search

    def late(engine: Any, query: Query, *, limit: int, states: States) -> Found:
        monkeypatch.setattr(kind, "search", search)
        behind.search.rebuild()
        found: Found = search(engine, query, limit=limit, states=states)
        return found

    monkeypatch.setattr(kind, "search", late)
    behind.search.find("pool", wait=False)
    assert (heard, len(begun)) == ([], 1)
    assert behind.search.find("pool", wait=False).total == 2


def test_another_version_that_writes_at_the_same_time_keeps_nobody_from_finding(
    behind: Workspace, begun: list[Path], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes our index for unusable as we take its own: each would begin anew for ever."""
    compare = index_update.compare

    def meet(engine: SearchEngine, *what: Any) -> index_update.Stale:
        found = compare(engine, *what)
        of_another_version(behind.tree.folder / place)
        return found

    monkeypatch.setattr(index_update, "compare", meet)
    assert behind.search.update() == 2
    assert behind.search.find("pool", wait=False).total == 2
    assert begun == [behind.tree.folder]


def test_an_index_that_is_closed_while_it_is_written_is_not_begun_anew(
    behind: Workspace, begun: list[Path]
) -> None:
    """As when another tree is opened, or the app ends."""
    heard: list[bool] = []
    behind.search.tell_damaged = lambda: heard.append(True)
    behind.search.update(lambda done, total: behind.search.close())
    assert behind.search.find("pool", wait=False).total == 0
    assert (heard, begun) == ([], [])
    behind.search.update()
    assert behind.search.find("pool", wait=False).total == 2
    assert begun == []
