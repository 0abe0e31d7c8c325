"""Syncing trees in which entries, and files, were moved: by both sides, or by one while the other edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.history.merge_trees import conflict_sides
from index.model.errors import Refused
from index.model.merge_outcomes import MergeConflict
from tests.support.clones import BASE, END, FILE, FOURTH, ONE, THIRD, TWO, edited, run
from tests.support.git import git
from tests.support.work import Work

Pair = tuple[Work, Work]
OTHER, NEW = "memories/other.xml", "memories/new.xml"
_FIRST = BASE[BASE.index(b'  <solution id="1"') : BASE.index(b'  <solution id="2"')]
REST = BASE.replace(_FIRST, b"")


def holding(entry: bytes = b"") -> bytes:
    return b"<solutions>\n" + THIRD + entry + END


@pytest.fixture
def pair(pair: Pair) -> Pair:
    """Return two clones with two entries in one file and one in the other."""
    mine, yours = pair
    send_all(yours, other=holding())
    assert run(mine).complete
    return pair


def files(work: Work) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in work.tree.iterdir()}


def send_all(work: Work, **texts: bytes | None) -> None:
    """Commit several files of the tree in another clone, None for one that goes, and push."""
    change(work, **texts)
    work.git("push", "-q")


def change(work: Work, **texts: bytes | None) -> None:
    for name, data in texts.items():
        if data is None:
            (work.tree / f"{name}.xml").unlink()
        else:
            work.write(f"memories/{name}.xml", data)
    work.git("add", "-A")
    work.git("commit", "-qm", "many")


def take(side: str) -> Callable[[tuple[MergeConflict, ...]], dict[tuple[str, str], str]]:
    return lambda conflicts: {one[:2]: side for one in conflicts}


def test_edited_here_and_moved_there(pair: Pair) -> None:
    mine, yours = pair
    send_all(yours, solutions=REST, other=holding(_FIRST))
    change(mine, solutions=edited(ONE, TWO))
    outcome = run(mine)
    assert (outcome.complete, sorted(outcome.merged)) == (True, ["other.xml", "solutions.xml"])
    wanted = {
        "solutions.xml": edited(TWO, data=REST),
        "other.xml": holding(edited(ONE, data=_FIRST)),
    }
    assert files(mine) == wanted
    assert (mine.status(), run(yours).complete, files(yours)) == ("", True, wanted)


def test_moved_into_a_new_file_here_and_edited_there(pair: Pair) -> None:
    mine, yours = pair
    send_all(yours, solutions=edited(ONE))
    change(mine, solutions=REST, new=holding(_FIRST))
    assert run(mine).complete
    wanted = {
        "solutions.xml": REST,
        "new.xml": holding(edited(ONE, data=_FIRST)),
        "other.xml": holding(),
    }
    assert files(mine) == wanted


@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_a_conflict_about_an_entry_that_moved(pair: Pair, side: str) -> None:
    """It is about the entry where we have it; both sides are told, wherever they changed it."""
    mine, yours = pair
    yours.git("config", "user.name", "Ben")
    send_all(yours, solutions=REST, other=holding(edited((b">one<", b">eins<"), data=_FIRST)))
    change(mine, solutions=edited(ONE))
    [conflict] = run(mine).conflicts
    assert conflict == MergeConflict("solutions.xml#1", "fix", "one", "ONE", "eins", "other.xml")
    told = conflict_sides(mine.open().checkout, [conflict])["solutions.xml#1"]
    assert told.ours is not None
    assert told.theirs is not None
    assert (told.ours.author, told.theirs.author) == ("Ana Kovač", "Ben")
    assert run(mine, take(side)).complete
    entry = edited((b">one<", b">ONE<" if side == "ours" else b">eins<"), data=_FIRST)
    assert (files(mine)["solutions.xml"], files(mine)["other.xml"]) == (REST, holding(entry))


def test_a_file_in_the_way_of_an_entry_that_moved(pair: Pair) -> None:
    """Nothing is asked in vain: the file that it goes to has changes that are not committed."""
    mine, yours = pair
    send_all(yours, solutions=REST, other=holding(edited((b">one<", b">eins<"), data=_FIRST)))
    change(mine, solutions=edited(ONE))
    mine.write(OTHER, holding(FOURTH))
    with pytest.raises(Refused, match=r"^other\.xml has changes that are not committed"):
        run(mine, take("ours"))


def test_entries_of_a_file_that_was_renamed_and_of_one_that_went(pair: Pair) -> None:
    """One entry goes to another file while the file that it was in gets another name."""
    mine, yours = pair
    yours.git("mv", FILE, NEW)
    send_all(yours, new=REST, other=holding(_FIRST))
    change(mine, solutions=edited(ONE, TWO))
    assert run(mine).complete
    assert files(mine) == {"new.xml": edited(TWO, data=REST), "other.xml": holding(edited(ONE, data=_FIRST))}


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("side", ["ours", "theirs", "base"])
def test_a_file_that_one_side_renamed_and_the_other_one_deleted(pair: Pair, swapped: bool, side: str) -> None:
    mine, yours = reversed(pair) if swapped else pair
    mine.git("rm", "-q", FILE)
    mine.git("commit", "-qm", "gone")
    yours.git("mv", FILE, NEW)
    yours.git("commit", "-qm", "renamed")
    pair[1].git("push", "-q")
    [conflict] = run(pair[0]).conflicts
    assert conflict[:2] == ("new.xml", "")
    assert (conflict.ours is None, conflict.theirs is None) == (not swapped, swapped)
    assert run(pair[0], take(side)).complete
    stays = side == "base" or (side == "ours") == swapped
    assert ("new.xml" in files(pair[0])) == stays
    assert "solutions.xml" not in files(pair[0])


def test_two_files_that_got_one_name(pair: Pair, tmp_path: Path) -> None:
    """One was renamed here, another one there: the file of that name has the entries of both."""
    mine, yours = pair
    third = b"<solutions>\n" + FOURTH + END
    send_all(yours, third=third)
    assert run(mine).complete
    yours.git("mv", FILE, NEW)
    yours.git("commit", "-qm", "one")
    change(yours, third=third.replace(b"four", b"vier"))
    yours.git("push", "-q")
    change(mine, solutions=edited(ONE))
    mine.git("mv", "memories/third.xml", NEW)
    mine.git("commit", "-qm", "other")
    assert run(mine).complete
    data = files(mine)["new.xml"]
    assert set(files(mine)) == {"new.xml", "other.xml"}
    assert [data.count(word) for word in (b">ONE<", b">two<", b">vier<", b"<solution ")] == [1, 1, 1, 3]
    assert run(yours).complete
    assert files(yours) == files(mine)


def test_three_clones_in_turn(pair: Pair, tmp_path: Path) -> None:
    """One moves an entry, one edits it, one does both; in the end it is there once, with both edits."""
    mine, yours = pair
    git(tmp_path, "clone", "-q", str(tmp_path / "shared.git"), str(tmp_path / "third"))
    third = Work(tmp_path / "third")
    change(mine, solutions=REST, other=holding(_FIRST))
    change(yours, solutions=edited(ONE))
    change(third, solutions=REST, other=holding(edited((b"<level>1", b"<level>9"), data=_FIRST)))
    for _ in range(2):
        for work in (mine, yours, third):
            assert run(work).complete
    wanted = holding(edited(ONE, (b"<level>1", b"<level>9"), data=_FIRST))
    for work in (mine, yours, third):
        assert (files(work)["solutions.xml"], files(work)["other.xml"]) == (REST, wanted)
    third.close()
