"""Databases in the cache: never in the way, whatever is wrong with them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Barrier, Thread

import pytest

from index.storage.cache_database import forget, open_cache

SCHEMA = ("TABLE words (word TEXT)", "INDEX by_word ON words (word)")


def words(path: Path, version: int = 1) -> list[str]:
    """Return the words of a cache, and add one."""
    with closing(open_cache(path, version, SCHEMA)) as database, database:
        found = [word for (word,) in database.execute("SELECT word FROM words")]
        database.execute("INSERT INTO words VALUES ('one')")
        return found


def test_it_holds_what_was_put_in_until_it_is_of_another_version(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    assert words(path) == []
    assert words(path) == ["one"]
    assert words(path, 2) == []
    assert words(path, 1) == [], "nor is what a newer one has written understood"


@pytest.mark.parametrize("held", [b"no database" * 500, b"SQLite format 3\x00" + b"\xff" * 4000, b""])
def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(held)
    path.with_name("cache.sqlite-journal").write_bytes(b"of another one")
    assert words(path) == []
    assert words(path) == ["one"]


def test_a_folder_in_its_place_is_no_reason_to_remove_it(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    path.mkdir()
    with pytest.raises(sqlite3.OperationalError):
        words(path)
    forget(path)
    assert path.is_dir()


def test_many_make_it_at_once(tmp_path: Path) -> None:
    path, begin, failed = tmp_path / "cache.sqlite", Barrier(6), []

    def make() -> None:
        begin.wait()
        try:
            words(path)
        except sqlite3.Error as error:
            failed.append(error)

    threads = [Thread(target=make) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert words(path) == ["one"] * 6
