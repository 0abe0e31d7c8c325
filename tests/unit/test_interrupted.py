"""A change of several files that was killed is one change: finished, or taken back, on the next start."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.editing.committer import Committer
from index.git.saving import commit_files
from index.history.half_sync import HalfSync
from index.model.errors import HookFailed, Refused, TreeError
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.storage.intents import Intents
from index.storage.journal import Journal
from index.storage.user_folders import has_intents, intents_folder
from index.workspace import Workspace
from tests.support.git import git, make_hook
from tests.support.home import Home
from tests.support.interrupting import killed, versioned

ENTRY = b"<solution>\n  <title>%s</title>\n  <fix>restart</fix>\n</solution>\n"
NAMES = [f"sub/{name}.xml" for name in "abcd"]
OLD = {name: ENTRY % name.encode() for name in NAMES[:3]}
NEW: dict[str, bytes | None] = {
    NAMES[0]: ENTRY % b"A, anew",
    NAMES[1]: None,
    NAMES[2]: ENTRY % b"C, anew",
    NAMES[3]: ENTRY % b"D",
}
MESSAGE = "memory: change four"


@pytest.fixture(params=["git", "plain"])
def tree(request: pytest.FixtureRequest, tmp_path: Path, home: Home) -> Path:
    """A tree of three files, committed or not versioned at all."""
    root = tmp_path / "memories"
    (root / "sub").mkdir(parents=True)
    for name, data in OLD.items():
        (root / name).write_bytes(data)
    return versioned(root, request.param, home)


VERSIONED = pytest.mark.parametrize("tree", ["git"], indirect=True)


@pytest.fixture
def opened(tree: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(tree)
    workspace.tree.load()
    yield workspace
    workspace.close()


def plan() -> Plan:
    changes = tuple(PlannedChange(name, OLD.get(name), data) for name, data in NEW.items())
    return Plan(changes, MESSAGE)


def change(workspace: Workspace) -> object:
    return workspace.committer.commit(plan())


def now(tree: Path) -> dict[str, bytes]:
    return {str(file.relative_to(tree)): file.read_bytes() for file in tree.rglob("*.xml")}


WHOLE = {name: data for name, data in NEW.items() if data is not None}


@pytest.mark.parametrize("files", [0, 1, 2, 4])
def test_it_is_finished(tree: Path, opened: Workspace, files: int) -> None:
    killed(tree, change, files=files) if files < 4 else killed(tree, change, spot=_commit(tree))
    (half,) = opened.interrupted.left()
    assert half.words == (f"“change four” was interrupted: {files} of 4 files written, nothing committed.")
    assert not half.is_sync
    assert not opened.status.uncommitted()
    saved = opened.interrupted.finish(half)
    assert now(tree) == WHOLE
    assert not has_intents(tree)
    if (tree / ".git").exists():
        assert saved.revision == git(tree, "rev-parse", "HEAD")
        assert git(tree, "log", "--format=%s").split("\n")[:2] == [MESSAGE, "first"]
        assert not git(tree, "status", "--porcelain")
        assert MESSAGE.removeprefix("memory: ") in opened.committer.undo().note
        assert now(tree) == OLD


@pytest.mark.parametrize("files", [0, 1, 2, 4])
def test_it_is_taken_back(tree: Path, opened: Workspace, files: int) -> None:
    killed(tree, change, files=files) if files < 4 else killed(tree, change, spot=_commit(tree))
    (half,) = opened.interrupted.left()
    saved = opened.interrupted.take_back(half)
    assert saved.note == "Took back “change four”: its files are as they were before."
    assert now(tree) == OLD
    assert not has_intents(tree)
    if (tree / ".git").exists():
        assert git(tree, "log", "--format=%s").split() == ["first"]
        assert not git(tree, "status", "--porcelain")


def _commit(tree: Path) -> tuple[object, str]:
    """Return what is called when all files are written."""
    if (tree / ".git").exists():
        return commit_files, "_commit"
    return Intents, "drop"


@pytest.mark.parametrize("end", ["finish", "take_back"])
def test_a_file_that_somebody_changed_since_stays(tree: Path, opened: Workspace, end: str) -> None:
    killed(tree, change, files=2)
    (tree / NAMES[0]).write_bytes(ENTRY % b"somebody's")
    (half,) = opened.interrupted.left()
    if (tree / ".git").exists():
        assert [item.path for item in opened.status.uncommitted()] == [NAMES[0]]
    saved = getattr(opened.interrupted, end)(half)
    assert saved.note.endswith(f"{NAMES[0]} was changed since and stays as it is.")
    expected = (WHOLE if end == "finish" else OLD) | {NAMES[0]: ENTRY % b"somebody's"}
    assert now(tree) == expected
    assert not has_intents(tree)


@VERSIONED
def test_a_file_that_somebody_committed_since_stays(tree: Path, opened: Workspace) -> None:
    killed(tree, change, files=2)
    git(tree, "commit", "-qm", "mine", "--", NAMES[0])
    (half,) = opened.interrupted.left()
    saved = opened.interrupted.take_back(half)
    assert saved.note.endswith(f"{NAMES[0]} was changed since and stays as it is.")
    assert now(tree) == OLD | {NAMES[0]: WHOLE[NAMES[0]]}
    assert not git(tree, "status", "--porcelain")


@VERSIONED
def test_what_was_not_committed_before_is_not_when_taken_back(tree: Path, opened: Workspace) -> None:
    stood = ENTRY % b"typed by hand"
    (tree / NAMES[0]).write_bytes(stood)

    def edit(workspace: Workspace) -> object:
        changes = (PlannedChange(NAMES[0], stood, ENTRY % b"x"), PlannedChange(NAMES[1], OLD[NAMES[1]], None))
        return workspace.committer.commit(Plan(changes, MESSAGE))

    killed(tree, edit, spot=(commit_files, "_commit"))
    opened.interrupted.take_back(*opened.interrupted.left())
    assert now(tree) == OLD | {NAMES[0]: stood}
    assert git(tree, "status", "--porcelain").split() == ["M", NAMES[0]]


@VERSIONED
def test_a_commit_that_was_made_is_known_and_can_be_undone(tree: Path, opened: Workspace) -> None:
    stood = ENTRY % b"typed by hand"
    (tree / NAMES[0]).write_bytes(stood)

    def edit(workspace: Workspace) -> object:
        changes = (PlannedChange(NAMES[0], stood, ENTRY % b"x"), PlannedChange(NAMES[1], OLD[NAMES[1]], None))
        return workspace.committer.commit(Plan(changes, MESSAGE, ("sub/a.xml#x",)))

    killed(tree, edit, spot=(Journal, "record"))
    assert has_intents(tree)
    assert not opened.interrupted.left()
    assert not has_intents(tree)
    assert MESSAGE.removeprefix("memory: ") in opened.committer.undo().note
    assert now(tree) == OLD | {NAMES[0]: stood}


@VERSIONED
def test_a_commit_that_was_noted_is_not_noted_twice(tree: Path, opened: Workspace) -> None:
    killed(tree, change, spot=(Intents, "drop"))
    assert not opened.interrupted.left()
    assert MESSAGE.removeprefix("memory: ") in opened.committer.undo().note
    assert now(tree) == OLD
    with pytest.raises(CannotEdit):
        opened.committer.undo()


@VERSIONED
def test_a_commit_that_a_hook_altered_is_known(tree: Path, opened: Workspace) -> None:
    make_hook(tree, "pre-commit", f"echo '<!-- -->' >> {NAMES[0]}\ngit add {NAMES[0]}")
    killed(tree, change, spot=(Intents, "drop"))
    assert not opened.interrupted.left()
    assert not has_intents(tree)


@VERSIONED
def test_an_interrupted_undo_is_an_undo_when_finished(tree: Path, opened: Workspace) -> None:
    change(opened)
    killed(tree, lambda workspace: workspace.committer.undo(), files=1)
    (half,) = opened.interrupted.left()
    assert half.title == "undo change four"
    opened.interrupted.finish(half)
    assert now(tree) == OLD
    with pytest.raises(CannotEdit, match="nothing to undo"):
        opened.committer.undo()
    opened.committer.redo()
    assert now(tree) == WHOLE


@pytest.mark.parametrize("end", ["finish", "take_back"])
def test_its_end_may_be_killed_too(tree: Path, opened: Workspace, end: str) -> None:
    killed(tree, change, files=2)

    def ended(workspace: Workspace) -> object:
        return getattr(workspace.interrupted, end)(*workspace.interrupted.left())

    killed(tree, ended, files=1)
    ended(opened)
    assert now(tree) == (WHOLE if end == "finish" else OLD)
    assert not has_intents(tree)


def test_a_living_process_is_left_alone(tree: Path, opened: Workspace) -> None:
    with Intents(intents_folder(tree)).hold("change", {"files": []}, [b"x"]):
        assert has_intents(tree)
        assert not opened.interrupted.left()
        assert has_intents(tree)


def test_only_one_of_two_ends_it(tree: Path, opened: Workspace) -> None:
    killed(tree, change, files=1)
    (half,) = opened.interrupted.left()
    opened.interrupted.take_back(half)
    with pytest.raises(Refused, match="Somebody else has just ended “change four”"):
        opened.interrupted.finish(half)


def test_a_failure_in_the_middle_puts_the_others_back(tree: Path, opened: Workspace) -> None:
    (tree / NAMES[3]).mkdir()
    with pytest.raises(TreeError):
        opened.committer.commit(plan())
    (tree / NAMES[3]).rmdir()
    assert now(tree) == OLD
    assert not has_intents(tree)


@VERSIONED
def test_an_interrupt_from_the_keyboard_is_one_too(
    tree: Path, opened: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(commit_files, "_commit", interrupt)
        with pytest.raises(KeyboardInterrupt):
            change(opened)
    (half,) = opened.interrupted.left()
    assert half.written == 4
    opened.interrupted.finish(half)
    assert not git(tree, "status", "--porcelain")


@VERSIONED
def test_a_hook_that_refuses_leaves_nothing_interrupted(tree: Path, opened: Workspace) -> None:
    make_hook(tree, "pre-commit", "exit 1")
    with pytest.raises(HookFailed):
        change(opened)
    assert not opened.interrupted.left()
    assert len(opened.status.uncommitted()) == 4


@VERSIONED
def test_what_was_kept_and_is_damaged_is_forgotten(tree: Path, opened: Workspace) -> None:
    killed(tree, change, files=2)
    (kept,) = intents_folder(tree).glob("*.bytes")
    kept.write_bytes(kept.read_bytes()[:-1])
    assert not opened.interrupted.left()
    assert len(opened.status.uncommitted()) == 2


def test_one_file_needs_no_intent(tree: Path, opened: Workspace) -> None:
    edit = Plan((PlannedChange(NAMES[0], OLD[NAMES[0]], ENTRY % b"x"),), MESSAGE)
    opened.committer.commit(edit)
    assert not intents_folder(tree).exists()


@VERSIONED
def test_the_lock_of_a_sync_that_was_done_goes(tree: Path, opened: Workspace) -> None:
    head = git(tree, "rev-parse", "HEAD")

    def sync(workspace: Workspace) -> object:
        repository = workspace.tree.repository
        assert repository is not None
        assert repository.intents is not None
        with repository.intents.hold("sync", HalfSync(None, head, "origin/main").about()):
            (tree / ".git/HEAD.lock").touch()
            (tree / ".git/memarium.lock").write_text(f"{time.time()}\n")
            workspace.committer.commit(plan())
        return None

    killed(tree, sync, spot=(Committer, "commit"))
    assert not opened.interrupted.left()
    assert opened.interrupted.told == "Removed HEAD.lock, which a git that was killed had left behind."
    assert not (tree / ".git/HEAD.lock").exists()
    assert not has_intents(tree)
