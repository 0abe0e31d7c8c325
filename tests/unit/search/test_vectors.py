"""The vectors of texts: kept, read again, and the nearest of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.search.meaning.nearest import Nearest
from index.search.meaning.sentence_model import FILE, ModelUnusable, Vectors, read_weights
from index.search.meaning.store import SIZE, VectorStore


def pointing(*places: int) -> Vectors:
    """Return vectors of length 1 along these axes."""
    return np.eye(SIZE, dtype=np.float32)[list(places)]


def packed(vector: Vectors) -> bytes:
    return vector.astype("<f2").tobytes()


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    made = VectorStore(tmp_path / "meaning.sqlite")
    made.add((b"%d" % place, packed(pointing(place)[0])) for place in range(3))
    return made


def found(nearest: Nearest, vector: Vectors, limit: int = 9) -> list[bytes]:
    return [digest for digest, _ in nearest.find(vector, 0.25, limit)]


def test_vectors_are_kept_once(store: VectorStore) -> None:
    store.add([(b"1", packed(pointing(5)[0]))])
    assert store.digests() == {b"0", b"1", b"2"}
    assert store.last() == 3
    assert [digest for _, digest, _ in VectorStore(store.path).after(1)] == [b"1", b"2"]


@pytest.mark.parametrize("content", [b"no database", b"", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_made_anew(store: VectorStore, content: bytes) -> None:
    store.path.write_bytes(content)
    assert store.digests() == set()
    store.add([(b"9", packed(pointing(0)[0]))])
    assert store.digests() == {b"9"}


def test_vectors_of_another_version_are_forgotten(store: VectorStore) -> None:
    with sqlite3.connect(store.path) as database:
        database.execute("PRAGMA user_version = 99")
    assert store.digests() == set()


def test_old_vectors_go_once_they_are_the_most(store: VectorStore) -> None:
    store.keep([b"0", b"1"])
    assert store.digests() == {b"0", b"1", b"2"}
    store.keep([b"0"])
    assert store.digests() == {b"0"}


def test_the_nearest_come_first_and_those_far_away_never(store: VectorStore) -> None:
    nearest = Nearest(store)
    nearest.refresh()
    asked = 0.6 * pointing(0)[0] + 0.8 * pointing(2)[0]
    assert nearest.find(asked, 0.25, 9) == [(b"2", pytest.approx(0.8)), (b"0", pytest.approx(0.6))]
    assert nearest.find(asked, 0.7, 9) == [(b"2", pytest.approx(0.8))]
    assert nearest.find(asked, 0.25, 1) == [(b"2", pytest.approx(0.8))]
    assert nearest.find(asked, 0.25, 9, [b"0", b"unknown"]) == [(b"0", pytest.approx(0.6))]
    assert nearest.find(asked, 0.25, 9, []) == []


def test_nothing_is_near_in_an_empty_store(tmp_path: Path) -> None:
    nearest = Nearest(VectorStore(tmp_path / "none.sqlite"))
    nearest.refresh()
    assert found(nearest, pointing(0)[0]) == []


def test_vectors_that_come_later_are_found(store: VectorStore) -> None:
    nearest = Nearest(store)
    nearest.refresh()
    store.add([(b"late", packed(pointing(7)[0]))])
    assert found(nearest, pointing(7)[0]) == []
    nearest.refresh()
    assert found(nearest, pointing(7)[0]) == [b"late"]


def test_a_store_that_was_thrown_away_is_read_anew(store: VectorStore) -> None:
    nearest = Nearest(store)
    nearest.refresh()
    store.path.write_bytes(b"no database")
    store.add([(b"new", packed(pointing(7)[0]))])
    nearest.refresh()
    assert found(nearest, pointing(7)[0]) == [b"new"]
    assert found(nearest, pointing(0)[0]) == []


@pytest.mark.parametrize(
    "vector",
    [
        np.full(SIZE, np.nan, np.float32),
        np.full(SIZE, np.inf, np.float32),
        np.zeros(SIZE, np.float32),
        np.full(SIZE, 100, np.float32),
    ],
)
def test_a_damaged_vector_is_left_out(store: VectorStore, vector: Vectors) -> None:
    store.add([(b"bad", packed(vector)), (b"short", b"123"), (b"good", packed(pointing(7)[0]))])
    nearest = Nearest(store)
    nearest.refresh()
    assert found(nearest, np.full(SIZE, SIZE**-0.5, np.float32)) == []
    assert found(nearest, pointing(7)[0]) == [b"good"]


def test_weights_that_were_not_checked_are_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / FILE
    with pytest.raises(ModelUnusable, match="cannot be read"):
        read_weights(file)
    file.write_bytes(b"something else")
    with pytest.raises(ModelUnusable, match="not the one that was checked"):
        read_weights(file)
