"""A file that comes back brings its line of the index back, at its place, in the same commit."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from index.model.entry import Deleted
from index.model.plan import Plan
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository

INDEX = """# Memory

## Feedback
- [One](feedback_one.md) — **first**, as `make` says
- **[Two](feedback_two.md)**: second
  and more
- [Three](feedback_three.md)

## Project
- [Four](project_four.md) — fourth
"""
FILES = {
    ".claude/memory/MEMORY.md": INDEX,
    **{
        f".claude/memory/{name}.md": f"---\nname: {name}\ndescription: about {name}\n---\n\nText.\n"
        for name in ("feedback_one", "feedback_two", "feedback_three", "project_four")
    },
}
HOME = ".claude/memory"


def make(root: Path) -> Workspace:
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    make_repository(root)
    commit_all(root)
    return Workspace.open(root / HOME)


def delete(workspace: Workspace, *names: str) -> None:
    ids = [f"{HOME}/{name}.md#{name}" for name in names]
    planned = workspace.planner.several(ids, lambda planner, one: planner.delete(one), "delete")
    workspace.committer.commit(planned)


def came_back(root: Path, workspace: Workspace, plan: Plan) -> str:
    """Commit a plan, take it back and do it again; return the index that it leaves."""
    before = git(root, "rev-parse", "HEAD^{tree}")
    workspace.committer.commit(plan)
    assert git(root, "status", "--short") == ""
    workspace.committer.undo()
    assert git(root, "rev-parse", "HEAD^{tree}") == before
    workspace.committer.redo()
    workspace.close()
    return (root / HOME / "MEMORY.md").read_bytes().decode()


def by_name(gone: list[Deleted], names: tuple[str, ...]) -> list[Deleted]:
    return sorted(
        (one for one in gone if one.path != f"{HOME}/MEMORY.md"), key=lambda one: names.index(one.entry.title)
    )


@pytest.mark.parametrize(
    ("names", "at_once"),
    [
        (("feedback_one",), True),
        (("feedback_two",), True),
        (("project_four",), True),
        (("feedback_three", "feedback_two"), True),
        (("feedback_three", "feedback_two"), False),
        (("feedback_one", "feedback_two", "feedback_three"), True),
        (("feedback_one", "feedback_two", "feedback_three", "project_four"), True),
    ],
)
def test_what_was_deleted_brings_its_line_back(tmp_path: Path, names: tuple[str, ...], at_once: bool) -> None:
    workspace = make(tmp_path)
    for step in [names] if at_once else [(name,) for name in names]:
        delete(workspace, *step)
    workspace.tree.refresh()
    found = by_name(list(workspace.history.deleted()), names)
    assert len(found) == len(names)
    assert came_back(tmp_path, workspace, workspace.history.plan_revive(found)) == INDEX


@pytest.mark.parametrize(
    "plan",
    [
        lambda history: history.plan_restore_file(
            f"{HOME}/feedback_two.md", history.file_at(f"{HOME}/feedback_two.md", "HEAD~1")
        ),
        lambda history: history.plan_past("feedback_two", history.at("feedback_two", "HEAD~1"), "HEAD~1"),
    ],
    ids=["file", "entry"],
)
def test_so_does_a_file_or_an_entry_of_a_revision(tmp_path: Path, plan: Callable[..., Plan]) -> None:
    workspace = make(tmp_path)
    then = git(tmp_path, "rev-parse", "--short=7", "HEAD")
    delete(workspace, "feedback_two")
    made = plan(workspace.history)
    assert made.message.endswith(f" as of {then}")
    assert came_back(tmp_path, workspace, made) == INDEX


def test_a_line_that_is_there_is_not_doubled_and_one_that_was_elsewhere_is_like_the_others(
    tmp_path: Path,
) -> None:
    workspace = make(tmp_path)
    (tmp_path / HOME / "feedback_two.md").unlink()
    commit_all(tmp_path, "rm")
    workspace.tree.refresh()
    (gone,) = workspace.history.deleted()
    assert [one.file for one in workspace.history.plan_revive([gone]).changes] == [f"{HOME}/feedback_two.md"]
    other = "# All new\r\n\r\n* [Five](project_five.md) - fifth\r\n"
    (tmp_path / HOME / "MEMORY.md").write_bytes(other.encode())
    commit_all(tmp_path, "index")
    workspace.tree.refresh()
    told = came_back(tmp_path, workspace, workspace.history.plan_revive([gone]))
    assert told == f"{other}* [feedback_two](feedback_two.md) - about feedback_two\r\n"


def test_the_message_names_the_revision_that_the_text_comes_from(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    then = git(tmp_path, "rev-parse", "--short=7", "HEAD")
    (tmp_path / "other.txt").write_text("meanwhile", "utf-8")
    commit_all(tmp_path, "meanwhile")
    delete(workspace, "feedback_one")
    workspace.tree.refresh()
    (gone,) = workspace.history.deleted()
    assert workspace.history.plan_revive([gone]).message == f'memory: restore "feedback_one" as of {then}'
    workspace.close()


@pytest.mark.parametrize(
    ("index", "name", "told"),
    [
        (
            "- [One](feedback_one.md)\n- [Two](feedback_two.md)\n",
            "feedback_one",
            "- [One](feedback_one.md)\n",
        ),
        ("\n\n* [One](feedback_one.md)\n* [Two](feedback_two.md)\n", "feedback_one", "One"),
        (INDEX.replace("- [Four](project_four.md) \u2014 fourth\n", ""), "project_four", ""),
    ],
    ids=["first", "first below blank lines", "without a line"],
)
def test_a_line_comes_back_as_it_was_also_the_first_one_and_none(
    tmp_path: Path, index: str, name: str, told: str
) -> None:
    make(tmp_path).close()
    (tmp_path / HOME / "MEMORY.md").write_bytes(index.encode())
    commit_all(tmp_path, "index")
    workspace = Workspace.open(tmp_path / HOME)
    delete(workspace, name)
    assert not told or told not in (tmp_path / HOME / "MEMORY.md").read_text("utf-8")
    plan = workspace.history.plan_past(name, workspace.history.at(name, "HEAD~1"), "HEAD~1")
    assert came_back(tmp_path, workspace, plan) == index


def test_the_only_section_comes_back_below_its_title_as_it_was(tmp_path: Path) -> None:
    text = "# Learnings\n\nAll.\n\n## [LRN-20260501-001] one\n\n**Area**: x\n\n### Summary\nText.\n"
    file = tmp_path / ".learnings" / "LEARNINGS.md"
    file.parent.mkdir()
    file.write_bytes(text.encode())
    make_repository(tmp_path)
    commit_all(tmp_path)
    with closing(Workspace.open(tmp_path)) as workspace:
        workspace.committer.commit(workspace.planner.delete("LRN-20260501-001"))
        then = workspace.history.at(".learnings/LEARNINGS.md#LRN-20260501-001", "HEAD~1")
        workspace.committer.commit(workspace.history.plan_past("LRN-20260501-001", then, "HEAD~1"))
    assert file.read_bytes().decode() == text
