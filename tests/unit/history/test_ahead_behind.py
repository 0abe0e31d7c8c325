"""Commits that are to be sent, and to be merged; and who made each side of a conflict."""

from __future__ import annotations

from pathlib import Path

from index.git.repository import Repository
from index.history.merge_trees import conflict_sides
from index.model.merge_outcomes import ConflictSides, MergeConflict
from tests.support.git import git
from tests.support.shop import FILE
from tests.support.shop_clones import change, make_clones, make_conflict, send

POOL = "Database connection pool exhaustion under load"


def opened(root: Path) -> Repository:
    repository = Repository.find(root)
    assert repository is not None
    return repository


def apart(root: Path) -> tuple[int, int]:
    state = opened(root).state()
    return state.ahead, state.behind


def test_ours_and_theirs_are_counted(tmp_path: Path) -> None:
    mine, theirs = make_clones(tmp_path)
    assert apart(mine) == (0, 0)
    send(theirs, ("Every client retries at once.", "All retry."))
    assert apart(mine) == (0, 0)  # as last fetched
    change(mine, (POOL, "Pool exhausted"))
    assert apart(mine) == (1, 0)
    git(mine, "fetch", "--quiet")
    assert apart(mine) == (1, 1)


def test_nothing_is_told_without_an_upstream(tmp_path: Path) -> None:
    mine, _ = make_clones(tmp_path)
    git(mine, "switch", "--quiet", "--create", "own")
    change(mine, (POOL, "Pool exhausted"))
    assert apart(mine) == (0, 0)
    git(mine, "switch", "--quiet", "--detach")
    assert apart(mine) == (0, 0)
    git(mine, "switch", "--quiet", "main")
    git(mine, "update-ref", "-d", "refs/remotes/origin/main")
    assert apart(mine) == (0, 0)


def test_a_fetch_is_noticed(tmp_path: Path) -> None:
    mine, theirs = make_clones(tmp_path)
    repository = opened(mine)
    before = repository.mark()
    assert repository.mark() == before
    send(theirs, ("Every client retries at once.", "All retry."))
    git(mine, "fetch", "--quiet")
    assert repository.mark() != before


def test_both_sides_have_an_author_a_date_and_a_commit(tmp_path: Path) -> None:
    mine, theirs = make_conflict(tmp_path)
    git(mine, "fetch", "--quiet")
    entry = f"{FILE}#anything"
    known = conflict_sides(opened(mine).checkout, [MergeConflict(entry, "solution", "a", "b", "c")])
    sides = known[entry]
    assert sides.ours is not None
    assert sides.theirs is not None
    assert (sides.ours.author, sides.theirs.author) == ("Ana Kovač", "Ben")
    assert sides.ours.rev == git(mine, "rev-parse", "HEAD")
    assert sides.theirs.rev == git(theirs, "rev-parse", "HEAD")
    assert sides.title == ""


def test_an_entry_that_is_gone_keeps_its_title(tmp_path: Path) -> None:
    mine, _ = make_conflict(tmp_path)
    source = "<debugging-solution><title>Gone by now</title><level>2</level></debugging-solution>"
    for file in (FILE, "new.xml"):
        conflict = MergeConflict(f"{file}#gone", "", source, None, source.replace("2", "3"))
        known = conflict_sides(opened(mine).checkout, [conflict])[conflict.entry]
        assert known.title == "Gone by now"
    assert known == ConflictSides("Gone by now")  # no commit of either side has that file
    whole = MergeConflict(FILE, "", source, None, source)
    assert conflict_sides(opened(mine).checkout, [whole])[FILE].title == ""
