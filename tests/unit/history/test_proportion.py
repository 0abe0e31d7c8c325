"""What looks like an emptied folder is not committed or sent without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.commands.base import check_losses
from index.editing.planner import Planner
from index.git.saving.bulk_deletion import emptied_words, looks_emptied
from index.history.sync import sync
from index.model.errors import Emptied
from index.model.plan import Plan, PlannedChange
from index.workspace import Workspace
from tests.support.clones import BASE, run, shared
from tests.support.work import Work

TEN = [f"{number}.xml" for number in range(10)]


@pytest.mark.parametrize(
    ("held", "gone", "new", "emptied"),
    [
        (10, 10, 0, True),
        (10, 6, 0, True),
        (10, 5, 0, False),
        (10, 10, 10, False),  # moved
        (10, 10, 1, True),
        (2, 1, 0, False),
        (2, 2, 0, True),
        (1, 1, 0, True),
        (1, 1, 1, False),
        (0, 0, 0, False),
        (0, 0, 3, False),
    ],
)
def test_what_looks_emptied(held: int, gone: int, new: int, emptied: bool) -> None:
    assert looks_emptied(TEN[:held], TEN[:gone], [f"new/{name}" for name in TEN[:new]]) is emptied


def test_a_store_that_is_emptied_is_told_though_others_are_full() -> None:
    serena = [f".serena/memories/{name}.md" for name in "abcd"]
    held = [*(f"memories/{name}" for name in TEN), "CLAUDE.md", *serena]
    assert emptied_words(held, serena, ()).startswith("4 of 4 memory files of serena are gone, which looks")
    assert emptied_words(held, serena[:3], (), serena[:1]).startswith(
        "3 of 4 memory files of serena are gone or"
    )
    assert not emptied_words(held, serena, [f"memories/{name}.md" for name in "abcd"])  # moved to another one
    assert not emptied_words(held, [*serena[:2], "CLAUDE.md", held[0], held[1]], ())
    assert emptied_words(held, held, ()).startswith("15 of 15 memory files are gone")


def test_it_is_not_sent_unasked(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    before = shared(mine)
    mine.git("rm", "-rq", "memories")
    mine.git("commit", "-qm", "emptied")
    mine.tree.mkdir()
    with pytest.raises(Emptied, match=r"2 of 2 memory files are gone.*memarium restore"):
        run(mine)
    assert shared(mine) == before
    assert sync(mine.open().checkout, deleted=True).complete
    assert shared(mine) == mine.head()


def test_files_that_moved_are_sent(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    (mine.tree / "kept").mkdir()
    mine.git("mv", "memories/solutions.xml", "memories/other.xml", "memories/kept/")
    mine.git("commit", "-qm", "moved")
    assert run(mine).complete


def test_what_is_pending(work: Work) -> None:
    for name in TEN[:3]:
        work.commit(f"memories/{name}", BASE)
    workspace = Workspace.open(work.tree)
    unfinished = workspace.status
    for name in TEN[:3]:
        (work.tree / name).unlink()
    items = unfinished.uncommitted()
    assert unfinished.emptied(items) == (
        "3 of 4 memory files are gone, which looks like a folder that was emptied, moved or not mounted"
    )
    assert unfinished.emptied(items[:2]) == ""
    work.write("memories/new.xml", BASE)
    work.write("memories/newer.xml", BASE)
    assert unfinished.emptied(unfinished.uncommitted()) == ""
    workspace.close()


def test_it_is_not_taken_in_unasked(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    yours.git("rm", "-rq", "memories")
    yours.git("commit", "-qm", "emptied")
    yours.git("push", "-q")
    before = mine.head()
    with pytest.raises(Emptied, match=r"Nothing was merged: after origin/main, 2 of 2 memory files are gone"):
        run(mine)
    assert (mine.head(), mine.status()) == (before, "")
    assert sync(mine.open().checkout, deleted=True).complete
    assert mine.head() == yours.head()


def test_it_is_not_merged_unasked(pair: tuple[Work, Work]) -> None:
    mine, yours = pair
    yours.git("rm", "-rq", "memories")
    yours.git("commit", "-qm", "emptied")
    yours.git("push", "-q")
    mine.commit("src/main.py", b"print(2)\n")
    with pytest.raises(Emptied, match="Nothing was merged"):
        run(mine)


@pytest.mark.parametrize(
    "left", [b"", b"\n", b"\0" * 40, b"<solutions/>\n", b"<solutions>\n  <!-- -->\n</solutions>\n"]
)
def test_blank_files_are_gone(pair: tuple[Work, Work], left: bytes) -> None:
    mine, _ = pair
    for path in mine.tree.iterdir():
        path.write_bytes(left)
    workspace = Workspace.open(mine.tree)
    assert "2 of 2 memory files are gone or empty" in workspace.status.emptied(workspace.status.uncommitted())


def test_a_file_that_kept_one_entry_is_not_gone(work: Work) -> None:
    work.commit("memories/a.xml", b"<l><lesson id='A'><t>1</t></lesson><lesson id='B'><t>2</t></lesson></l>")
    (work.tree / "b.xml").unlink(missing_ok=True)
    work.write("memories/a.xml", b"<l><lesson id='A'><t>1</t></lesson></l>")
    workspace = Workspace.open(work.tree)
    assert workspace.status.emptied(workspace.status.uncommitted()) == ""
    workspace.close()


def test_deleting_most_entries_is_told_in_the_review(tmp_path: Path) -> None:
    tree = tmp_path / "memories"
    tree.mkdir()
    entries = "".join(f"<lesson id='L-{n}'><title>T{n}</title></lesson>" for n in range(5))
    (tree / "a.xml").write_text(f"<lessons>{entries}</lessons>")
    composer = Workspace.open(tree).planner
    few, most = ([f"a.xml#L-{n}" for n in range(number)] for number in (2, 4))
    assert composer.several(few, Planner.delete, "delete").warning == ""
    assert composer.several(most, Planner.delete, "delete").warning == (
        "These are 4 of the 5 entries of the tree."
    )


def test_a_change_that_is_to_take_nothing_away_keeps_the_entries(tmp_path: Path) -> None:
    tree = tmp_path / "memories"
    tree.mkdir()
    before = b"<lessons><lesson id='L-1'><title>T</title></lesson></lessons>"
    (tree / "a.xml").write_bytes(before)
    workspace = Workspace.open(tree)
    check_losses(workspace, Plan((PlannedChange("a.xml", before, before + b"\n"),), ""))
    empty = Plan((PlannedChange("a.xml", before, b"<lessons/>"),), "")
    with pytest.raises(Emptied, match="0 of 1 entries would be left"):
        check_losses(workspace, empty)
    workspace.tree.allow("deleted")
    check_losses(workspace, empty)
