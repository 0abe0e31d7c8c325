"""Entries of a tree that is not read: found and counted as in the tree that is, from few of its files."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.make_tree import make_tree
from index.library.partial_view import NeedsReading, PartialView
from index.library.reader import Reader
from index.library.tree import Tree
from index.library.unread import UnreadEntries
from index.model.errors import UnknownEntry
from index.model.known_entries import EntryList, KnownEntries
from index.workspace import Workspace
from tests.support.sample import TREE

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MORE = (
    '<lessons><lesson id="NEW-1"><title>Fresh</title><timestamp>2026-01-01</timestamp></lesson>'
    "<lesson><title>No id of its own</title></lesson><lesson></lesson></lessons>"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree that was read before, and in which one file has changed since, one is new and one is gone."""
    root = tmp_path / "memories"
    shutil.copytree(TREE, root)
    make_tree(root / "made", 60)
    tree = Tree.open(root)
    tree.load()
    tree.close()
    (root / "more.xml").write_text(MORE)
    changed = root / "made/project-knowledge/shop-api/notes-00000.xml"
    changed.write_text(changed.read_text().replace("DEB-000000", "DEB-999999"))
    (root / "made/project-knowledge/billing/notes-00001.xml").unlink()
    return root


@pytest.fixture
def unread(root: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """The tree, which may not be read."""

    def load(self: Reader, *arguments: object, **named: object) -> None:
        raise AssertionError("the tree is read")

    monkeypatch.setattr(Reader, "load", load)
    return Tree.open(root)


@pytest.fixture
def whole(root: Path) -> EntryList:
    tree = Tree.open(root)
    tree.load()
    return EntryList(tree.entries())


def test_every_question_has_the_answer_of_the_whole_tree(whole: EntryList, unread: Tree) -> None:
    known = unread.known()
    assert isinstance(known, UnreadEntries)
    assert known.kinds() == whole.kinds()
    for kind in [*whole.kinds(), "nothing-like-it"]:
        assert list(known.files(kind).items()) == list(whole.files(kind).items())
        assert known.statuses(kind) == whole.statuses(kind)
        assert known.own_ids_of(kind) == whole.own_ids_of(kind)
        assert [e.id for e in known.newest(kind, 1000)] == [e.id for e in whole.newest(kind, 1000)]
        assert [e.id for e in known.newest(kind, 3)] == [e.id for e in whole.newest(kind, 3)]
    for file in {*(entry.file for entry in whole.every()), "nothing.xml"}:
        assert sorted(e.id for e in known.in_file(file)) == sorted(e.id for e in whole.in_file(file))
        assert sorted(known.own_ids_of("lesson", file)) == sorted(whole.own_ids_of("lesson", file))
    for start in ("", "DEB", "DEB-0000", "NEW-1", "%", "deb"):
        assert sorted(known.own_ids(start)) == sorted(whole.own_ids(start))


def test_an_entry_is_found_by_its_id_alone_and_with_its_file(whole: EntryList, unread: Tree) -> None:
    keys = [entry.id.rpartition("#")[2] for entry in whole.every()]
    for entry in whole.every():
        assert unread.entry(entry.id) == entry
        key = entry.id.rpartition("#")[2]
        if keys.count(key) == 1 and key.isascii():
            assert unread.entry(key) == entry


def test_an_id_that_is_gone_or_unclear_is_refused_as_in_the_whole_tree(root: Path) -> None:
    (root / "again.xml").write_text(MORE)
    for wanted in ("NEW-1", "DEB-000000", "DEB-000010", "more.xml#NEW-2", "\\x", "é"):
        told = []
        for load in (False, True):
            tree = Tree.open(root)
            if load:
                tree.load()
            with pytest.raises(UnknownEntry) as error:
                tree.entry(wanted)
            told.append(str(error.value))
        assert told[0] == told[1]


def _plans(workspace: Workspace) -> list[object]:
    plans = [
        workspace.planner.edit("NEW-1", {"title": "Other"}),
        workspace.planner.delete("DEB-999999"),
        workspace.planner.add("lesson", {"title": "A", "lesson": "B"}, NOW),
        workspace.planner.add(
            "debugging-solution", {"problem": "A", "solution": "B"}, NOW, project="billing"
        ),
        workspace.planner.add("decision", {"title": "A"}, NOW, file="made/other.xml"),
        workspace.planner.duplicate("DEB-000025", NOW),
        workspace.planner.move("DEB-000025", "made/moved.xml", NOW),
    ]
    return [(plan.changes, plan.message, plan.entries, plan.fields, plan.warning) for plan in plans]


def test_a_change_is_planned_as_in_the_whole_tree_without_reading_it(root: Path) -> None:
    read, unread = Workspace.open(root), Workspace.open(root)
    read.tree.load()
    assert _plans(unread) == _plans(read)
    assert unread.tree.snapshot.entries == ()


def test_a_save_leaves_a_catalogue_that_knows_it(root: Path) -> None:
    workspace = Workspace.open(root)
    workspace.committer.commit(workspace.planner.edit("DEB-000025", {"level": "6"}))
    assert workspace.tree.snapshot.entries == ()
    workspace.close()
    after = Tree.open(root)
    assert {e.level for e in after.reader.remembered() if e.id.endswith("#DEB-000025")} == {6}
    assert not any(e.id.endswith("#DEB-000000") for e in after.reader.remembered())
    assert after.load() == ((), (), ())
    after.close()
    page = Tree.open(root).reader.first_page(1000)
    assert page is not None
    assert page.total == sum(not entry.template for entry in after.entries())


@pytest.mark.parametrize("harm", ["damaged", "emptied", "another version", "removed"])
def test_a_catalogue_that_is_lost_meanwhile_costs_time_alone(root: Path, harm: str) -> None:
    tree = Tree.open(root)
    known = tree.known()
    assert isinstance(known, UnreadEntries)
    path = tree.catalogue.path
    if harm == "removed":
        tree.catalogue.forget()
    elif harm == "damaged":
        tree.catalogue.forget()
        path.write_bytes(b"no database" * 1000)
    else:
        with closing(sqlite3.connect(path)) as database, database:
            if harm == "emptied":
                database.execute("UPDATE files SET data = 'x'")
                database.execute("DROP TABLE entries")
            else:
                database.execute("PRAGMA user_version = 1")
    whole = Tree.open(root)
    assert tree.entry("DEB-000025") == whole.entry("DEB-000025")
    check: KnownEntries = EntryList(whole.entries())
    assert known.kinds() == check.kinds()
    assert sorted(known.own_ids("D")) == sorted(check.own_ids("D"))


def test_a_tree_that_has_to_be_read_is_looked_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = list[object]()

    def refuse(self: PartialView, place: object, catalogue: object) -> None:
        looks.append(place)
        raise NeedsReading("too much has changed")

    monkeypatch.setattr(PartialView, "__init__", refuse)
    monkeypatch.setattr(Reader, "load", lambda self: None)  # as while another thread reads it
    tree = Tree.open(root)
    for _ in range(3):
        assert tree.known().kinds() == {}
    assert looks == [tree.place]
