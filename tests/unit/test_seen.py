"""What is new since the user last looked."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.library.file_reader import make_record
from index.library.read_marks import ReadMarks
from index.model.errors import HookFailed
from index.model.file_record import FileRecord, TreeFile
from index.model.news import NOTHING, News
from index.search.language.query import parse
from index.storage.user_state import UserState
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_hook, make_repository
from tests.support.shop import SOLUTION, make_shop

FILE = "notes.xml"
IDS = ("A", "B", "C")


class Tree:
    """Files in memory, and what was seen of them."""

    def __init__(self, folder: Path) -> None:
        self.records: dict[str, FileRecord] | None = None
        self.told: list[str] = []
        self.seen = ReadMarks(
            UserState(folder / "state" / "state.sqlite", self.told.append),
            folder / "state" / "tree",
            lambda: self.records,
        )

    def write(self, said: dict[str, str], file: str = FILE) -> bytes:
        """Let a file hold entries, by id."""
        notes = "".join(
            f"<note id='{i}'><text>{text}</text><title>{text}</title></note>" for i, text in said.items()
        )
        data = f"<notes>{notes}</notes>".encode()
        self.records = {**(self.records or {}), file: make_record(TreeFile(file, Path(file), 0, 0), data)}
        return data

    def remove(self, file: str = FILE) -> None:
        """Take a file away."""
        self.records = {path: record for path, record in (self.records or {}).items() if path != file}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path)
    made.write({"A": "one", "B": "two"})
    assert made.seen.news() == NOTHING
    return made


def test_nothing_is_new_before_the_tree_is_read_and_on_the_first_visit(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    assert tree.seen.news() == NOTHING
    tree.write({"A": "one"})
    assert tree.seen.news() == NOTHING
    tree.write({"A": "one", "B": "two"})
    assert tree.seen.news().added == {"notes.xml#B"}


def test_added_changed_and_removed_until_all_is_seen(tree: Tree) -> None:
    tree.write({"A": "ONE", "C": "three"})
    news = News(frozenset({"notes.xml#C"}), frozenset({"notes.xml#A"}), ("notes.xml#B",))
    assert tree.seen.news() == news
    assert tree.seen.news().ids == {"notes.xml#A", "notes.xml#C"}
    assert tree.seen.see_all() == 2
    assert tree.seen.news() == NOTHING
    assert tree.seen.see_all() == 0


def test_seen_in_part(tree: Tree) -> None:
    tree.write({"A": "ONE", "B": "TWO"})
    tree.seen.see(["notes.xml#A", "notes.xml#unknown", "gone.xml#A"])
    assert tree.seen.news().ids == {"notes.xml#B"}
    tree.write({"A": "one", "B": "TWO"})
    assert tree.seen.news().ids == {"notes.xml#A", "notes.xml#B"}, "changed back after it was seen"
    tree.seen.see(["notes.xml#A", "notes.xml#B"])
    assert tree.seen.news() == NOTHING


def test_what_is_being_written_is_no_news_to_who_watches(tree: Tree) -> None:
    after = tree.write({"A": "ONE", "B": "two"})
    assert tree.seen.news().ids == {"notes.xml#A"}
    with tree.seen.writing({FILE: after}):
        assert tree.seen.news() == NOTHING
        tree.write({"A": "ONE", "B": "TWO"})
        assert tree.seen.news().ids == {"notes.xml#A", "notes.xml#B"}, "somebody else wrote it"
        tree.write({"A": "ONE", "B": "two"})
    assert tree.seen.news().ids == {"notes.xml#A"}, "it was not said to be our own"


def test_an_edit_that_a_hook_keeps_from_its_commit_is_our_own(tmp_path: Path) -> None:
    root = make_shop(tmp_path)
    make_hook(root.parent, "pre-commit", "exit 1")
    workspace = Workspace.open(root)
    workspace.tree.load()
    assert workspace.tree.seen.news() == NOTHING
    with pytest.raises(HookFailed):
        workspace.committer.commit(workspace.planner.edit(SOLUTION, {"level": "5"}))
    assert "<level>5</level>" in (root / SOLUTION.partition("#")[0]).read_text("utf-8")
    assert workspace.tree.seen.news() == NOTHING


def test_what_only_moved_or_was_laid_out_anew_is_no_news(tree: Tree) -> None:
    tree.write({"B": "two", "A": "one"})
    assert tree.seen.news() == NOTHING
    tree.write({"A": "one"})
    tree.write({"B": "two"}, "archive/more.xml")
    assert tree.seen.news() == NOTHING


def test_empty_placeholders_are_no_news_until_they_are_filled_in(tree: Tree) -> None:
    empty = b"<notes><note><title/><text/></note><note><title/><text>...</text></note></notes>"
    file = TreeFile("new.xml", Path("new.xml"), 0, 0)
    assert tree.records is not None
    tree.records = tree.records | {"new.xml": make_record(file, empty)}
    assert tree.seen.news() == NOTHING
    tree.records = tree.records | {"new.xml": make_record(file, empty.replace(b"...", b"three"))}
    assert tree.seen.news().added == {"new.xml#note-three"}


def test_a_file_that_cannot_be_read_for_a_while_is_no_news(tree: Tree) -> None:
    assert tree.records is not None
    held = tree.records[FILE]
    tree.records = {FILE: FileRecord(FILE, 0, 0, "", [], [])}
    assert tree.seen.news() == NOTHING
    tree.records = {FILE: held}
    assert tree.seen.news() == NOTHING


def test_files_come_and_go(tree: Tree) -> None:
    tree.write({"C": "three"}, "more.xml")
    tree.remove()
    assert tree.seen.news() == News(frozenset({"more.xml#C"}), frozenset(), ("notes.xml#A", "notes.xml#B"))
    tree.seen.see_all()
    tree.write({"A": "one"})
    assert tree.seen.news().added == {"notes.xml#A"}


def test_another_memarium_sees_the_same(tree: Tree, tmp_path: Path) -> None:
    tree.write({"A": "ONE", "B": "two"})
    other = Tree(tmp_path)
    other.write({"A": "ONE", "B": "two"})
    assert other.seen.news().ids == {"notes.xml#A"}
    other.seen.see_all()
    tree.write({"A": "ONE", "B": "two"})
    assert tree.seen.news() == NOTHING


def test_a_damaged_file_is_begun_anew(tree: Tree, tmp_path: Path) -> None:
    path = tmp_path / "state" / "state.sqlite"
    path.write_bytes(b"no database, but long enough to be looked at " * 40)
    tree.write({"A": "ONE"})
    assert tree.seen.news() == NOTHING, "the first visit again"
    tree.write({"A": "ONE", "B": "2"})
    assert tree.seen.news().ids == {"notes.xml#B"}


def test_a_state_folder_that_cannot_be_written_costs_the_marks_only(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    tree = Tree(tmp_path)
    before = tree.write({"A": "one"})
    tree.seen.see(["notes.xml#A"])
    tree.seen.own(FILE, before, None)
    assert tree.seen.news() == NOTHING
    assert tree.seen.see_all() == 0


def test_it_waits_for_no_one_who_holds_the_file_to_tell_the_news(tree: Tree, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "state" / "state.sqlite")
    other.execute("BEGIN IMMEDIATE")
    tree.write({"A": "ONE", "B": "two"})
    assert tree.seen.news().ids == {"notes.xml#A"}
    other.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("theirs", "own", "see")), st.sampled_from(IDS), st.sampled_from(("x", "y", None))
    ),
    max_size=12,
)


@given(STEPS)
@settings(max_examples=60)
def test_only_what_others_did_is_new_in_whatever_order_it_happens(
    steps: list[tuple[str, str, str | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        said: dict[str, str] = {"A": "a", "B": "b"}
        before = tree.write(said)
        tree.seen.news()
        known = dict(said)
        for who, which, text in steps:
            if who == "see":
                tree.seen.see([f"notes.xml#{which}"])
                if which in said:
                    known[which] = said[which]
                continue
            said = {i: t for i, t in (said | {which: text}).items() if t is not None}
            after = tree.write(said)
            if who == "own":
                tree.seen.own(FILE, before, after)
                if before != after:
                    known = {i: t for i, t in (known | {which: text}).items() if t is not None}
            before = after
            new = {f"notes.xml#{i}" for i in said if known.get(i) != said[i]}
            assert tree.seen.news().ids == new
            assert set(tree.seen.news().removed) == {f"notes.xml#{i}" for i in known if i not in said}


# ── through the one door ──────────────────────────────────────────────────────


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "shop" / "memories"
    root.mkdir(parents=True)
    (root / FILE).write_text(
        "<notes><note id='A'><text>one</text><level>1</level></note>"
        "<note id='B'><text>two</text><level>1</level></note></notes>\n"
    )
    make_repository(root)
    commit_all(root)
    return root


def theirs(root: Path, old: str, new: str) -> None:
    """Change the file as an agent does."""
    text = (root / FILE).read_text()
    assert old in text
    (root / FILE).write_text(text.replace(old, new))


def found(workspace: Workspace, query: str) -> set[str]:
    return {hit.id for hit in workspace.search.find(query)}


def test_is_new_finds_them_and_its_opposite_the_others(shop: Path) -> None:
    workspace = Workspace.open(shop)
    assert found(workspace, "is:new") == set()
    theirs(shop, "one", "uno")
    workspace.tree.refresh()
    assert found(workspace, "is:new") == {"notes.xml#A"}
    assert found(workspace, "-is:new") == {"notes.xml#B"}
    assert found(workspace, "is:new two") == set()
    facets = workspace.search.facets(parse("is:new"))
    assert facets.files == ((FILE, 1),)
    workspace.close()
    again = Workspace.open(shop)
    assert found(again, "is:new") == {"notes.xml#A"}, "remembered from one start to the next"
    again.close()


def test_what_is_done_with_memarium_is_no_news_and_its_undo_neither(shop: Path) -> None:
    workspace = Workspace.open(shop)
    workspace.tree.load()
    workspace.tree.seen.news()
    theirs(shop, "one", "uno")
    git(shop, "commit", "-qam", "theirs")
    workspace.committer.commit(workspace.planner.edit("B", {"level": "2"}))
    assert workspace.tree.seen.news().ids == {"notes.xml#A"}, "the agent's change of the same file stays new"
    workspace.committer.undo()
    assert workspace.tree.seen.news().ids == {"notes.xml#A"}
    workspace.committer.commit(workspace.planner.edit("A", {"level": "3"}))
    assert workspace.tree.seen.news() == NOTHING, "who edits an entry has seen it"
    workspace.committer.commit(workspace.planner.delete("B"))
    assert workspace.tree.seen.news() == NOTHING
    workspace.close()


def test_nothing_is_written_to_the_tree(shop: Path) -> None:
    workspace = Workspace.open(shop)
    workspace.tree.load()
    workspace.tree.seen.news()
    workspace.tree.seen.see_all()
    workspace.close()
    assert git(shop, "status", "--porcelain") == ""
