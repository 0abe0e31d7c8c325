"""Bookmarks: they last, they are those of one tree, and a state that is gone costs nothing else."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from index.library.bookmarks import MOST, Bookmarks
from index.storage.user_state import UserState


def bookmarks(folder: Path, tree: str = "shop") -> Bookmarks:
    """Return the bookmarks of a tree, with a clock that never stands still."""
    return Bookmarks(UserState(folder / "state.sqlite"), folder / tree, count(1).__next__)


def test_queries_come_last_first_and_once_each(tmp_path: Path) -> None:
    held = bookmarks(tmp_path)
    for text in ("pool", " cache ", "pool", "   "):
        held.note_query(text)
    assert held.queries() == ["pool", "cache"]
    for number in range(MOST["query"] + 5):
        held.note_query(f"query {number}")
    assert len(held.queries()) == MOST["query"]
    assert held.queries()[0] == f"query {MOST['query'] + 4}"
    assert "pool" not in held.queries()


def test_a_name_stands_for_its_query_and_no_other_word_does(tmp_path: Path) -> None:
    held = bookmarks(tmp_path)
    held.name_search("@open", "kind:pending")
    held.name_search("open now", "kind:pending after:today")
    assert list(held.searches()) == ["open", "open now"]
    assert held.expanded("@open") == "kind:pending"
    assert held.expanded("@open cache") == "kind:pending cache"
    assert held.expanded("@open now cache") == "kind:pending after:today cache"
    assert held.expanded("@opened") == "@opened"
    assert held.expanded("cache @open") == "cache @open"
    held.drop_search("open")
    assert held.expanded("@open") == "@open"


def test_pins_and_entries_read_lately(tmp_path: Path) -> None:
    held = bookmarks(tmp_path)
    assert held.toggle_pin("a.xml#1")
    assert held.toggle_pin("a.xml#2")
    assert held.pins() == ["a.xml#2", "a.xml#1"]
    assert not held.toggle_pin("a.xml#1")
    assert held.pins() == ["a.xml#2"]
    for name in ("x", "y", "x"):
        held.note_read(name)
    assert held.read_lately() == ["x", "y"]


def test_every_tree_has_its_own(tmp_path: Path) -> None:
    bookmarks(tmp_path).note_query("pool")
    assert bookmarks(tmp_path, "other").queries() == []
    assert bookmarks(tmp_path).queries() == ["pool"]


def test_nothing_is_kept_where_there_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").mkdir()
    held = bookmarks(tmp_path)
    held.note_query("pool")
    held.name_search("open", "kind:pending")
    assert held.queries() == []
    assert held.expanded("@open") == "@open"
