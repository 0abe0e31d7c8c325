"""What looks like an emptied folder is not committed or sent without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.history.proportion import Emptied, looks_emptied
from index.workspace import Workspace
from tests.unit.history.clones import BASE, make_pair, run, shared
from tests.unit.history.conftest import Work

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


@pytest.fixture
def pair(make_work: Callable[..., Work], tmp_path: Path) -> tuple[Work, Work]:
    return make_pair(make_work, tmp_path)


def test_it_is_not_sent_unasked(pair: tuple[Work, Work]) -> None:
    mine, _ = pair
    before = shared(mine)
    mine.git("rm", "-rq", "memories")
    mine.git("commit", "-qm", "emptied")
    mine.tree.mkdir()
    with pytest.raises(Emptied, match=r"2 of 2 memory files are gone.*memarium restore"):
        run(mine)
    assert shared(mine) == before
    assert mine.open().sync(deleted=True).complete
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
    unfinished = workspace.unfinished
    for name in TEN[:3]:
        (work.tree / name).unlink()
    items = unfinished.pending()
    assert unfinished.emptied(items) == (
        "3 of 4 memory files are gone, which looks like a folder that was emptied, moved or not mounted"
    )
    assert unfinished.emptied(items[:2]) == ""
    work.write("memories/new.xml", BASE)
    work.write("memories/newer.xml", BASE)
    assert unfinished.emptied(unfinished.pending()) == ""
    workspace.close()
