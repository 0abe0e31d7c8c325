"""What is done between the kill of a change of several files and its end: that stays one change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.history.sync import sync
from index.model.errors import NotEnded
from index.model.plan import Plan, PlannedChange
from index.storage.user_folders import has_intents
from index.workspace import Workspace
from tests.support.commands import call
from tests.support.git import commit_all, git, make_repository
from tests.support.home import Home
from tests.support.interrupting import killed, versioned

NAMES = [f"{name}.xml" for name in "abcd"]
OTHER = "other.xml"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def lesson(name: str, tag: str = "old", title: str = "") -> str:
    return f'<lesson id="L-{name}"><title>{title or name}</title><tags>{tag}, x</tags></lesson>'


@pytest.fixture(params=["git", "plain"])
def tree(request: pytest.FixtureRequest, tmp_path: Path, home: Home) -> Path:
    """A tree of which four files have the tag `old`, and another one has not."""
    root = tmp_path / "memories"
    root.mkdir()
    for name in NAMES:
        (root / name).write_text(f"<lessons>\n  {lesson(name[0])}\n</lessons>\n")
    (root / OTHER).write_text('<lessons>\n  <lesson id="L-other"><title>other</title></lesson>\n</lessons>\n')
    return versioned(root, request.param, home)


VERSIONED = pytest.mark.parametrize("tree", ["git"], indirect=True)


@pytest.fixture
def opened(tree: Path) -> Iterator[Workspace]:
    """The tree after `rename_tag` was killed in the middle of it."""
    killed(tree, rename, files=2)
    workspace = Workspace.open(tree)
    workspace.tree.load()
    yield workspace
    workspace.close()


def rename(workspace: Workspace, old: str = "old", new: str = "new") -> object:
    return workspace.committer.commit(workspace.planner.rename_tag(old, new))


def edit(workspace: Workspace, name: str) -> object:
    return workspace.committer.commit(workspace.planner.edit(f"{name}.xml#L-{name}", {"title": "edited"}))


def add(workspace: Workspace, file: str) -> object:
    plan = workspace.planner.add("lesson", {"title": "added", "description": "d"}, NOW, file=file)
    return workspace.committer.commit(plan)


def tags(tree: Path) -> list[str]:
    texts = [(tree / name).read_text() for name in NAMES]
    return ["new" if "<tags>new, x</tags>" in text else "old" for text in texts]


def end(workspace: Workspace, how: str) -> None:
    (half,) = workspace.interrupted.left()
    getattr(workspace.interrupted, how)(half)


BETWEEN: dict[str, Callable[[Workspace], object]] = {
    "an edit of a written file": lambda workspace: edit(workspace, "a"),
    "an edit of one that waits": lambda workspace: edit(workspace, "d"),
    "an addition": lambda workspace: add(workspace, "c.xml"),
    "a deletion": lambda workspace: workspace.committer.commit(workspace.planner.delete("b.xml#L-b")),
    "a second rename": lambda workspace: rename(workspace, "x", "y"),
    "a plan that is only shown": lambda workspace: workspace.committer.check(
        workspace.planner.edit("a.xml#L-a", {"title": "edited"})
    ),
}


@pytest.mark.parametrize("between", BETWEEN)
def test_another_change_of_its_files_waits(tree: Path, opened: Workspace, between: str) -> None:
    before = {name: (tree / name).read_bytes() for name in NAMES}
    with pytest.raises(NotEnded, match=r"“rename tag old to new in 4 entries” was interrupted, and .\.xml"):
        BETWEEN[between](opened)
    assert {name: (tree / name).read_bytes() for name in NAMES} == before
    end(opened, "finish")
    assert tags(tree) == ["new"] * 4
    BETWEEN[between](opened)


@pytest.mark.parametrize(("how", "tag"), [("finish", "new"), ("take_back", "old")])
def test_what_is_done_elsewhere_is_done(tree: Path, opened: Workspace, how: str, tag: str) -> None:
    edit(opened, "other")
    add(opened, "fresh.xml")
    end(opened, how)
    assert tags(tree) == [tag] * 4
    assert "edited" in (tree / OTHER).read_text()
    assert "added" in (tree / "fresh.xml").read_text()


@pytest.mark.parametrize(("how", "tag"), [("finish", "new"), ("take_back", "old")])
def test_a_second_one_is_ended_by_itself(tree: Path, opened: Workspace, how: str, tag: str) -> None:
    def two_more(workspace: Workspace) -> object:
        changes = tuple(PlannedChange(name, None, b"<a><b>t</b></a>\n") for name in ("one.xml", "two.xml"))
        return workspace.committer.commit(Plan(changes, "memory: add two"))

    killed(tree, two_more, files=1)
    newest, oldest = opened.interrupted.left()
    assert (newest.title, oldest.title) == ("add two", "rename tag old to new in 4 entries")
    getattr(opened.interrupted, how)(oldest)
    assert tags(tree) == [tag] * 4
    opened.interrupted.take_back(newest)
    assert not has_intents(tree)
    assert not (tree / "one.xml").exists()


@VERSIONED
def test_an_undo_of_its_files_waits(tree: Path) -> None:
    workspace = Workspace.open(tree)
    edit(workspace, "b")
    killed(tree, rename, files=2)
    with pytest.raises(NotEnded):
        workspace.committer.undo()
    end(workspace, "take_back")
    workspace.committer.undo()
    assert tags(tree) == ["old"] * 4
    assert "edited" not in (tree / "b.xml").read_text()
    workspace.close()


def by_hand(tree: Path, *names: str) -> None:
    """Write into files as an editor does."""
    for name in names:
        text = (tree / name).read_text()
        (tree / name).write_text(text.replace("<title>", "<title>By hand: "))


@pytest.mark.parametrize("touched", [["a.xml"], ["d.xml"], NAMES])
@pytest.mark.parametrize(("how", "tag"), [("finish", "new"), ("take_back", "old")])
def test_what_somebody_writes_by_hand_stays(
    tree: Path, opened: Workspace, touched: list[str], how: str, tag: str
) -> None:
    by_hand(tree, *touched)
    (half,) = opened.interrupted.left()
    assert half.words.startswith("“rename tag old to new in 4 entries” was interrupted: 2 of 4 files")
    end(opened, how)
    assert tags(tree) == [tag] * 4
    assert all("By hand" in (tree / name).read_text() for name in touched)
    assert not has_intents(tree)
    if how == "finish" and (tree / ".git").exists():
        opened.committer.undo()
        assert tags(tree) == ["old"] * 4
        assert all("By hand" in (tree / name).read_text() for name in touched)


EMPTY = "<lessons>\n</lessons>\n"


@pytest.mark.parametrize("how", ["finish", "take_back"])
def test_an_entry_deleted_by_hand_stays_so_and_its_file_is_named(
    tree: Path, opened: Workspace, how: str
) -> None:
    (tree / "a.xml").write_text(EMPTY)
    (half,) = opened.interrupted.left()
    saved = getattr(opened.interrupted, how)(half)
    assert "a.xml was changed since and stays as it is." in saved.note
    assert (tree / "a.xml").read_text() == EMPTY
    assert tags(tree)[1:] == (["new"] * 3 if how == "finish" else ["old"] * 3)


@pytest.mark.parametrize("how", ["finish", "take_back"])
def test_where_all_is_deleted_by_hand_nothing_is_left_to_do(tree: Path, opened: Workspace, how: str) -> None:
    for name in NAMES:
        (tree / name).write_text(EMPTY)
    end(opened, how)
    assert not has_intents(tree)
    assert all((tree / name).read_text() == EMPTY for name in NAMES)


@VERSIONED
def test_a_commit_of_everything_leaves_its_files(tree: Path, opened: Workspace) -> None:
    assert opened.status.all_done() == (
        "Everything on disk is committed, but for what was interrupted: “rename tag old to new in 4 entries”."
    )
    by_hand(tree, "a.xml")
    items = opened.status.uncommitted()
    assert [item.path for item in items] == ["a.xml"]
    with pytest.raises(NotEnded):
        opened.committer.commit(opened.status.plan(items))
    end(opened, "take_back")
    assert git(tree, "status", "--porcelain").split() == ["M", "a.xml"]


@VERSIONED
@pytest.mark.parametrize(("how", "tag"), [("finish", "new"), ("take_back", "old")])
def test_what_a_sync_brings_stays(tree: Path, tmp_path: Path, how: str, tag: str) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "shared.git")
    git(tree, "remote", "add", "origin", str(tmp_path / "shared.git"))
    git(tree, "push", "-qu", "origin", "main")
    git(tmp_path, "clone", "-q", "shared.git", "theirs")
    by_hand(tmp_path / "theirs", "d.xml")
    commit_all(tmp_path / "theirs", "theirs")
    git(tmp_path / "theirs", "push", "-q")
    killed(tree, rename, files=2)
    workspace = Workspace.open(tree)
    repository = workspace.tree.repository
    assert repository is not None
    sync(repository.checkout)
    end(workspace, how)
    assert tags(tree) == [tag] * 4
    assert "By hand" in (tree / "d.xml").read_text()
    workspace.close()


def project(tmp_path: Path) -> Path:
    """A project of two stores, of which one holds the files that a change is made in."""
    root = tmp_path / "project"
    (root / "memories").mkdir(parents=True)
    for name in NAMES:
        (root / "memories" / name).write_text(f"<lessons>\n  {lesson(name[0])}\n</lessons>\n")
    (root / "CLAUDE.md").write_text("# Rules\n")
    make_repository(root)
    commit_all(root)
    return root


@pytest.mark.parametrize(("killed_in", "opened_at"), [("memories", ""), ("", "memories")])
def test_an_interruption_is_told_in_every_tree_that_holds_its_files(
    tmp_path: Path, home: Home, killed_in: str, opened_at: str
) -> None:
    root = project(tmp_path)
    killed(root / killed_in, rename, files=2)
    with closing(Workspace.open(root / opened_at)) as workspace:
        assert workspace.interrupted.left() == []
        (other,) = workspace.interrupted.elsewhere()
        assert other.home == (root / killed_in)
        assert {path.rpartition("/")[2] for path in other.paths} == set(NAMES)
        assert f"was interrupted in {root / killed_in}, which holds files of this tree, too: " in other.words
        with pytest.raises(NotEnded, match=r"ends it\. Nothing was written\.$"):
            workspace.interrupted.check_apart(other.paths[:1])
    with closing(Workspace.open(root / killed_in)) as workspace:
        assert workspace.interrupted.elsewhere() == []
        end(workspace, "take_back")
    with closing(Workspace.open(root / opened_at)) as workspace:
        assert workspace.interrupted.elsewhere() == []


@pytest.mark.parametrize("way", ["--finish", "--take-back"])
@pytest.mark.parametrize(("killed_in", "opened_at"), [("memories", ""), ("", "memories")])
def test_it_is_ended_from_every_tree_that_holds_its_files(
    tmp_path: Path, home: Home, killed_in: str, opened_at: str, way: str
) -> None:
    root = project(tmp_path)
    before = git(root, "rev-parse", "HEAD")
    killed(root / killed_in, rename, files=2)
    call(root / opened_at, "status", way, status=0)
    assert git(root, "status", "--porcelain") == ""
    assert (git(root, "rev-parse", "HEAD") == before) == (way == "--take-back")
    call(root / opened_at, "status", way, status=1)


def test_an_interruption_in_a_tree_that_shares_no_file_is_not_told(tmp_path: Path, home: Home) -> None:
    root = project(tmp_path)
    killed(root / "memories", rename, files=2)
    (tmp_path / "elsewhere").mkdir()
    with closing(Workspace.open(tmp_path / "elsewhere")) as workspace:
        assert workspace.interrupted.elsewhere() == []
