"""Syncing files that were renamed: the rename is followed, whoever renamed and whoever edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.history.merge_trees import conflict_sides
from tests.support.clones import BASE, FILE, ONE, TWO, edited, make_pair, run
from tests.support.git import git
from tests.support.work import Work

ROLE = b"""---
name: user-role
description: who the user is
metadata:
  type: user
---

The user is a data scientist.

She reads logs first.
"""
MINE, YOURS = "memories/mine.xml", "memories/yours.xml"


def rename(work: Work, name: str, data: bytes) -> None:
    """Rename the file and edit it in one commit."""
    work.git("mv", FILE, name)
    work.commit(name, data)


def files(work: Work) -> list[str]:
    return [name for name in work.git("ls-files", "memories").split() if name != "memories/other.xml"]


def settle_all(*works: Work) -> None:
    """Sync in turn until all hold the same, which takes two rounds."""
    for _ in range(2):
        for work in works:
            outcome = run(work)
            assert outcome.complete, outcome.words
    assert len({work.git("rev-parse", "HEAD") for work in works}) == 1


@pytest.mark.parametrize(("ours", "theirs"), [(BASE, BASE), (edited(ONE), edited(TWO)), (edited(ONE), BASE)])
def test_two_new_names(make_work: Callable[..., Work], tmp_path: Path, ours: bytes, theirs: bytes) -> None:
    """The name that the others have already stays, with what both wrote."""
    mine, yours = make_pair(make_work, tmp_path)
    git(tmp_path, "clone", "-q", str(tmp_path / "shared.git"), str(tmp_path / "third"))
    rename(mine, MINE, ours)
    rename(yours, YOURS, theirs)
    yours.git("push", "-q")
    settle_all(mine, yours, Work(tmp_path / "third"))
    assert files(mine) == [YOURS]
    expected = BASE
    for side, pair in ((ours, ONE), (theirs, TWO)):
        expected = edited(pair, data=expected) if side != BASE else expected
    assert (mine.root / YOURS).read_bytes() == expected


@pytest.mark.parametrize("here", [True, False])
def test_a_conflict_in_a_renamed_file_has_two_authors(
    make_work: Callable[..., Work], tmp_path: Path, here: bool
) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    yours.git("config", "user.name", "Ben")
    renames, edits = (mine, yours) if here else (yours, mine)
    rename(renames, MINE, edited(ONE))
    edits.commit(FILE, edited((ONE[0], b">eins<")))
    yours.git("push", "-q")
    conflicts = run(mine).conflicts
    [told] = conflict_sides(mine.open().checkout, conflicts).values()
    assert [side and side.author for side in (told.ours, told.theirs)] == ["Ana Kovač", "Ben"]


@pytest.mark.parametrize("setting", ["true", "false"])
def test_renamed_here_and_edited_there(make_work: Callable[..., Work], tmp_path: Path, setting: str) -> None:
    """Whatever git is set to do about renames."""
    mine, yours = make_pair(make_work, tmp_path)
    mine.git("config", "diff.renames", setting)
    mine.git("config", "merge.renames", setting)
    rename(mine, MINE, edited(ONE))
    yours.commit(FILE, edited(TWO))
    yours.git("push", "-q")
    settle_all(mine, yours)
    assert files(mine) == [MINE]
    assert (yours.root / MINE).read_bytes() == edited(ONE, TWO)


def test_edited_here_and_renamed_there(make_work: Callable[..., Work], tmp_path: Path) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    mine.commit(FILE, edited(ONE))
    rename(yours, YOURS, edited(TWO))
    yours.git("push", "-q")
    settle_all(mine, yours)
    assert files(mine) == [YOURS]
    assert (mine.root / YOURS).read_bytes() == edited(ONE, TWO)


def test_two_new_names_and_one_field_edited_twice_is_asked(
    make_work: Callable[..., Work], tmp_path: Path
) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    rename(mine, MINE, edited((b">one<", b">mine<")))
    rename(yours, YOURS, edited((b">one<", b">yours<")))
    yours.git("push", "-q")
    (conflict,) = run(mine).conflicts
    assert (conflict.field, conflict.ours, conflict.theirs) == ("fix", "mine", "yours")
    run(mine, lambda conflicts: {(c.entry, c.field): "ours" for c in conflicts})
    settle_all(mine, yours)
    assert files(yours) == [YOURS]
    assert b">mine<" in (yours.root / YOURS).read_bytes()


def test_renamed_here_and_deleted_there_is_asked(make_work: Callable[..., Work], tmp_path: Path) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    rename(mine, MINE, edited(ONE))
    yours.git("rm", "-q", FILE)
    yours.git("commit", "-qm", "gone")
    yours.git("push", "-q")
    (conflict,) = run(mine).conflicts
    assert (conflict.field, conflict.theirs) == ("", None)
    run(mine, lambda conflicts: {(c.entry, c.field): "ours" for c in conflicts})
    settle_all(mine, yours)
    assert files(yours) == [MINE]


@pytest.mark.parametrize("renamed_here", [True, False])
def test_a_memory_is_renamed_with_its_line_in_the_index(
    make_work: Callable[..., Work], tmp_path: Path, *, renamed_here: bool
) -> None:
    """The edit of the other side goes into the new name, and the index leads there."""
    mine, yours = make_pair(make_work, tmp_path)
    index, old, new = (f"memories/memory/{name}.md" for name in ("MEMORY", "user_role", "user_job"))
    mine.commit(index, b"# Memory\n\n- [Role](user_role.md) - who the user is\n")
    mine.commit(old, ROLE)
    assert run(mine).complete
    yours.git("pull", "-q")
    one, other = (mine, yours) if renamed_here else (yours, mine)
    one.git("mv", old, new)
    one.commit(index, b"# Memory\n\n- [Role](user_job.md) - who the user is\n")
    other.commit(old, ROLE.replace(b"reads logs", b"always reads the logs"))
    yours.git("push", "-q")
    settle_all(mine, yours)
    assert mine.git("ls-files", "memories/memory").split() == [index, new]
    assert (yours.root / new).read_bytes() == ROLE.replace(b"reads logs", b"always reads the logs")
    assert (yours.root / index).read_bytes() == b"# Memory\n\n- [Role](user_job.md) - who the user is\n"
