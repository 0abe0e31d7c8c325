"""Versions of stores in no git: kept in the user's data folder, with nothing written into the store."""

from __future__ import annotations

import getpass
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.git.repository import Repository
from index.git.saving import commit_files
from index.model.errors import Refused, Unreadable
from index.model.plan import Plan, PlannedChange
from index.rendering.json_shapes import versions_shape
from index.storage.user_folders import versions_folder
from index.workspace import Workspace
from tests.support.git import commit_all, git, make_repository
from tests.support.home import Home
from tests.support.interrupting import killed
from tests.support.markdown import CLAUDE
from tests.support.work import Work

SHAPE, RETRY = "memory/feedback_review_shape.md", "memory/project_retry_budget.md"
TEXT = CLAUDE.encode()
OTHER = b"---\nname: retry-budget\ntype: project\n---\n\nThree tries.\r\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store as Claude Code keeps it, in no git, among files that are no memories."""
    folder = tmp_path / ".claude/projects/x/memory"
    folder.mkdir(parents=True)
    (folder.parent / SHAPE).write_bytes(TEXT)
    (folder.parent / RETRY).write_bytes(OTHER)
    (folder / "picture.png").write_bytes(bytes(range(256)) * 64)
    return folder


@pytest.fixture
def opened(store: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(store)
    yield workspace
    workspace.close()


def repository_of(workspace: Workspace) -> Repository:
    repository = workspace.tree.repository
    assert repository is not None
    return repository


def log(workspace: Workspace, form: str = "%an: %s") -> list[str]:
    """Return the versions, newest first, as plain git tells them."""
    return git(repository_of(workspace).place, "log", f"--format={form}").splitlines()


def edit(workspace: Workspace, text: str) -> str | None:
    entry = next(one for one in workspace.tree.entries() if one.file == RETRY)
    return workspace.committer.commit(workspace.planner.edit(entry.id, {"text": text})).revision


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_others_write_and_what_is_edited_are_versions(opened: Workspace, store: Path) -> None:
    before = names(store)
    assert opened.status.record() is not None
    assert opened.status.record() is None, "nothing is new"
    edit(opened, "Four tries.")
    (store.parent / SHAPE).write_bytes(TEXT.replace(b"twenty", b"thirty"))
    assert [item.path for item in opened.status.uncommitted()] == [SHAPE]
    opened.status.record()
    (store.parent / SHAPE).unlink()
    opened.status.record()
    assert log(opened) == [
        f"memarium: memory: found a change of {SHAPE}",
        f"memarium: memory: found a change of {SHAPE}",
        'Ana Kovač: memory: edit text of "retry-budget"',
        "memarium: memory: found 2 files",
    ]
    assert git(repository_of(opened).place, "ls-tree", "-r", "--name-only", "HEAD") == RETRY
    assert names(store) == [name for name in before if name not in SHAPE]
    assert versions_folder().stat().st_mode & 0o777 == 0o700


def test_history_undo_and_restore_are_those_of_git(opened: Workspace, store: Path) -> None:
    opened.status.record()
    edit(opened, "Four tries.")
    assert 'edit text of "retry-budget"' in opened.committer.undo().note
    assert (store.parent / RETRY).read_bytes() == OTHER
    entry = next(one for one in opened.tree.entries() if one.file == RETRY)
    assert [one.author for one in opened.history.versions(entry.id)] == ["Ana Kovač", "Ana Kovač", "memarium"]
    (store.parent / RETRY).unlink()
    opened.tree.refresh()
    opened.status.record()
    gone = next(opened.history.deleted())
    assert gone.entry.id == entry.id
    assert opened.committer.commit(opened.history.plan_revive([gone])).revision is not None
    assert (store.parent / RETRY).read_bytes() == OTHER


def test_an_edit_is_no_part_of_what_was_found(opened: Workspace, store: Path) -> None:
    edit(opened, "Four tries.")
    assert log(opened) == [
        'Ana Kovač: memory: edit text of "retry-budget"',
        f"memarium: memory: found {RETRY}",
    ]
    assert [item.path for item in opened.status.uncommitted()] == [SHAPE]
    assert git(repository_of(opened).place, "show", f"HEAD^:{RETRY}") == OTHER.decode().rstrip("\n")


def test_a_link_to_a_file_that_is_listed_is_no_second_one(store: Path) -> None:
    (store / "link.md").symlink_to(Path(RETRY).name)
    opened = Workspace.open(store)
    opened.status.record()
    (entry,) = (one for one in opened.tree.entries() if one.file in ("memory/link.md", RETRY))
    opened.committer.commit(opened.planner.edit(entry.id, {"text": "Four tries."}))
    assert (store / "link.md").is_symlink()
    assert opened.status.record() is None
    assert len(log(opened)) == 2
    opened.close()


def test_git_that_knows_nobody(opened: Workspace, own_git_settings: Path) -> None:
    own_git_settings.write_text("[user]\n\tuseConfigOnly = true\n")
    edit(opened, "Four tries.")
    me = getpass.getuser()
    assert log(opened, "%an <%ae> %cn") == [
        f"{me} <{me}@localhost> {me}",
        f"memarium <memarium@localhost> {me}",
    ]
    state = opened.tree.state()
    assert state is not None
    assert state.identity == me, "and so what was found is not told as one's own"


def test_settings_of_others_have_no_say(
    store: Path, own_git_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = tmp_path / "hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (tmp_path / "ignore").write_text("*\n")
    with own_git_settings.open("a") as file:
        file.write(
            f"[core]\n hooksPath = {hook.parent}\n autocrlf = true\n excludesFile = {tmp_path / 'ignore'}\n"
            '[commit]\n gpgSign = true\n[filter "rot"]\n clean = tr a-z n-za-m\n'
        )
    (store / ".gitignore").write_text("*\n")
    (store / ".gitattributes").write_text("* text eol=crlf filter=rot\n")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(hook.parent))
    opened = Workspace.open(store)
    opened.status.record()
    edit(opened, "Four tries.")
    added = Plan((PlannedChange("memory/new.md", None, b"---\nname: new\n---\nNew.\r\n"),), "memory: add new")
    assert opened.committer.commit(added).revision is not None
    assert opened.status.uncommitted() == []
    stored = repository_of(opened).blob("HEAD", "memory/new.md")
    assert stored == (store / "new.md").read_bytes() == b"---\nname: new\n---\nNew.\r\n"
    assert repository_of(opened).blob("HEAD~2", RETRY) == OTHER
    opened.close()


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"])
def test_a_repository_of_the_environment(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    make_repository(tmp_path)
    shutil.move(tmp_path / ".git", tmp_path / "other.git")
    before = sorted(path.name for path in (tmp_path / "other.git").rglob("*"))
    monkeypatch.setenv(name, str(tmp_path / "other.git"))
    opened = Workspace.open(store)
    opened.status.record()
    edit(opened, "Four tries.")
    monkeypatch.delenv(name, raising=False)
    assert len(log(opened)) == 2
    assert sorted(path.name for path in (tmp_path / "other.git").rglob("*")) == before
    opened.close()


def test_a_repository_of_ones_own_is_used_once_it_is_there(opened: Workspace, store: Path) -> None:
    opened.status.record()
    kept = repository_of(opened).place
    assert versions_shape(opened.tree)["by"] == "memarium"
    make_repository(store)
    commit_all(store)
    later = Workspace.open(store)
    entry = next(one for one in later.tree.entries() if one.file == Path(RETRY).name)
    saved = later.committer.commit(later.planner.edit(entry.id, {"text": "Four tries."}))
    assert saved.revision == git(store, "rev-parse", "HEAD")
    assert versions_shape(later.tree) == {"by": "git", "path": str(store / ".git"), "why": ""}
    assert later.status.kept_words() == ()
    git(store, "fetch", "-q", str(kept), "main:kept")
    assert git(store, "log", "--format=%s", "kept") == "memory: found 2 files"
    later.close()


def test_a_store_that_was_moved_has_its_versions(opened: Workspace, store: Path, tmp_path: Path) -> None:
    opened.status.record()
    edit(opened, "Four tries.")
    opened.close()
    projects = tmp_path / ".claude/projects"
    shutil.copytree(projects / "x", projects / "copy")
    copy = Workspace.open(projects / "copy/memory")
    assert log_of(copy) == [], "the store is where it was: this is another one"
    copy.close()
    (projects / "x").rename(projects / "moved")
    moved = Workspace.open(projects / "moved/memory")
    assert len(log(moved)) == 2
    assert edit(moved, "Five tries.") is not None
    assert str(projects / "moved") in (repository_of(moved).place / "description").read_text()
    moved.close()
    shutil.rmtree(projects / "moved")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.md").write_text("# Something else\n")
    assert log_of(Workspace.open(tmp_path / "other")) == []


def log_of(workspace: Workspace) -> list[str]:
    return log(workspace) if repository_of(workspace).resolve("HEAD") else []


def test_a_folder_of_a_store_is_versioned_with_it(opened: Workspace, store: Path) -> None:
    (store / "topics").mkdir()
    (store / "topics/db.md").write_text("---\nname: db\n---\nPool of five.\n")
    opened.status.record()
    below = Workspace.open(store / "topics")
    assert repository_of(below).place == repository_of(opened).place
    assert below.status.uncommitted() == []
    assert [item.message.split("\n")[0] for item in repository_of(below).log()] == ["memory: found 3 files"]
    below.close()


def test_a_store_below_another_one_that_has_none_of_its_files_begins_its_own(
    opened: Workspace, tmp_path: Path
) -> None:
    serena = tmp_path / ".serena/memories"
    serena.mkdir(parents=True)
    (serena / "style.md").write_text("# Style\n")
    everywhere = Workspace.open(serena)
    everywhere.status.record()
    assert repository_of(everywhere).root == tmp_path, "its tree begins at the folder that it is of"
    opened.status.record()
    assert repository_of(opened).place != repository_of(everywhere).place
    assert log(everywhere) == ["memarium: memory: found .serena/memories/style.md"]
    everywhere.close()


def test_a_repository_inside_of_a_store(opened: Workspace, store: Path) -> None:
    inner = store / "project"
    inner.mkdir()
    make_repository(inner)
    (inner / "notes.md").write_text("---\nname: notes\n---\nOne.\n")
    opened.status.record()
    assert repository_of(opened).blob("HEAD", "memory/project/notes.md") is None, "it has versions there"
    entry = next(one for one in opened.tree.entries() if one.file == "memory/project/notes.md")
    done = opened.committer.commit(opened.planner.edit(entry.id, {"text": "Two."}))
    assert done.revision is not None
    assert git(inner, "status", "--porcelain") == "?? notes.md"
    assert opened.status.uncommitted() == []
    opened.committer.undo()
    assert (inner / "notes.md").read_text() == "---\nname: notes\n---\nOne.\n"


def test_a_tree_around_a_submodule_stays_in_its_repository(work: Work) -> None:
    other = work.root.parent / "other"
    other.mkdir()
    make_repository(other)
    (other / "a.md").write_text("# A\n")
    commit_all(other)
    work.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "memories/a")
    work.commit("memories/z.md", b"# Z\n")
    opened = Workspace.open(work.tree)
    assert not repository_of(opened).kept
    opened.close()


def test_git_that_is_not_installed(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    opened = Workspace.open(store)
    assert opened.tree.repository is None
    assert opened.tree.unversioned == (
        "It is not versioned: the tree is in no git repository, and without git memarium keeps no versions: "
        "install git."
    )


def test_no_place_for_versions(store: Path, home: Home) -> None:
    home.spoil(home.data)
    opened = Workspace.open(store)
    entry = next(one for one in opened.tree.entries() if one.file == RETRY)
    saved = opened.committer.commit(opened.planner.edit(entry.id, {"text": "Four tries."}))
    assert saved.note == (
        f"Saved {RETRY}. It is not versioned: the tree is in no git repository, and "
        f"~/data/memarium/versions, where memarium would keep its versions, cannot be written."
    )
    assert opened.status.record() is None
    assert b"Four tries." in (store.parent / RETRY).read_bytes()


def test_versions_that_cannot_be_read_want_a_word(opened: Workspace, store: Path) -> None:
    opened.status.record()
    (repository_of(opened).place / "HEAD").write_text("nothing\n")
    later = Workspace.open(store)
    entry = next(one for one in later.tree.entries() if one.file == RETRY)
    with pytest.raises(Unreadable, match="git cannot read the versions that memarium keeps of") as caught:
        later.committer.commit(later.planner.edit(entry.id, {"text": "Four tries."}))
    assert caught.value.way == "unversioned"
    assert (store.parent / RETRY).read_bytes() == OTHER


@pytest.mark.parametrize("damage", ["no objects", "torn ref"])
def test_a_last_version_that_is_damaged_wants_a_word(opened: Workspace, store: Path, damage: str) -> None:
    opened.status.record()
    place = repository_of(opened).place
    if damage == "torn ref":
        (place / "refs" / "heads" / "main").write_bytes(b"")
    else:
        shutil.rmtree(place / "objects")
        (place / "objects").mkdir()
    later = Workspace.open(store)
    entry = next(one for one in later.tree.entries() if one.file == RETRY)
    change = later.planner.edit(entry.id, {"text": "Four tries."})
    with pytest.raises(Unreadable, match="fix that repository, or move it away to begin anew") as caught:
        later.committer.commit(change)
    assert "\n" not in str(caught.value)
    assert (store.parent / RETRY).read_bytes() == OTHER
    later.tree.allow("unversioned")
    assert later.committer.commit(change).unversioned
    assert b"Four tries." in (store.parent / RETRY).read_bytes()


def test_nothing_is_sent_anywhere(opened: Workspace) -> None:
    with pytest.raises(Refused, match="keeps the versions of this store on this machine alone"):
        opened.history.sync()


def test_several_at_once(store: Path) -> None:
    def work(number: int) -> None:
        workspace = Workspace.open(store)
        (store / f"{number}.md").write_text(f"---\nname: n{number}\n---\nText.\n")
        workspace.status.record()
        change = PlannedChange(
            f"memory/mine_{number}.md", None, f"---\nname: m{number}\n---\nText.\n".encode()
        )
        workspace.committer.commit(Plan((change,), f"memory: add {number}"))
        workspace.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    opened = Workspace.open(store)
    assert opened.status.uncommitted() == []
    assert sorted(line for line in log(opened) if "add" in line) == [
        f"Ana Kovač: memory: add {number}" for number in range(4)
    ]
    opened.close()


def test_a_kill_between_write_and_version_loses_nothing(store: Path, opened: Workspace) -> None:
    killed(store, lambda workspace: edit(workspace, "Four tries."), spot=(commit_files, "_commit"))
    assert b"Four tries." in (store.parent / RETRY).read_bytes()
    opened.status.record()
    assert opened.status.uncommitted() == []
    assert b"Four tries." in (repository_of(opened).blob("HEAD", RETRY) or b"")
    assert repository_of(opened).blob("HEAD^", RETRY) == OTHER


def test_what_was_interrupted_half_way_is_left_for_its_end(store: Path, opened: Workspace) -> None:
    changes = (PlannedChange(SHAPE, TEXT, TEXT + b"More.\n"), PlannedChange(RETRY, OTHER, None))
    killed(store, lambda workspace: workspace.committer.commit(Plan(changes, "memory: two")), files=1)
    (store / "new.md").write_text("---\nname: new\n---\nText.\n")
    opened.status.record()
    (half,) = opened.interrupted.left()
    opened.interrupted.take_back(half)
    assert ((store.parent / SHAPE).read_bytes(), (store.parent / RETRY).read_bytes()) == (TEXT, OTHER)
    assert opened.status.uncommitted() == []


def test_the_timeline_does_not_begin_with_what_was_found(opened: Workspace) -> None:
    opened.status.record()
    opened.tree.load()
    assert [one.title for one in opened.timeline.sessions()] == ["review-shape"]
    edit(opened, "Four tries.")
    assert 'edit text of "retry-budget"' in [one.title for one in opened.timeline.sessions()]
