"""A repository that cannot be read is not "no repository"; and which one the environment names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.git.discovery import not_followed
from index.git.repository import Repository
from index.model.errors import Unreadable
from tests.support.clones import make_pair, run
from tests.support.work import ENTRY, Work

NEW = ENTRY.replace(b"one", b"two")


def moved(work: Work) -> Path:
    """A working copy whose main repository was moved."""
    work.git("worktree", "add", "-q", "../w")
    (work.root / ".git").rename(work.root / ".git2")
    return work.root.parent / "w/memories"


def without_submodule(work: Work) -> Path:
    work.write("memories/sub/.git", b"gitdir: ../../.git/modules/sub\n")
    return work.tree / "sub"


def bad_config(work: Work) -> Path:
    work.write(".git/config", b"[core\n")
    return work.tree


def newer_format(work: Work) -> Path:
    work.git("config", "core.repositoryFormatVersion", "7")
    return work.tree


def unknown_extension(work: Work) -> Path:
    work.git("config", "core.repositoryFormatVersion", "1")
    work.git("config", "extensions.tomorrow", "true")
    return work.tree


def without_head(work: Work) -> Path:
    (work.root / ".git/HEAD").unlink()
    return work.tree


def without_head_in_another(work: Work) -> Path:
    """git itself goes on to the repository around it."""
    work.git("init", "-q", "memories/inner")
    (work.tree / "inner/.git/HEAD").unlink()
    return work.tree / "inner"


def with_a_broken_branch(work: Work) -> Path:
    """After a power cut; git calls it a branch without commits."""
    (work.root / ".git" / work.git("symbolic-ref", "HEAD")).write_bytes(b"\0" * 41)
    return work.tree


def with_an_emptied_branch(work: Work) -> Path:
    work.git("pack-refs", "--all")
    (work.root / ".git" / work.git("symbolic-ref", "HEAD")).touch()
    return work.tree


def said_to_be_bare(work: Work) -> Path:
    work.git("config", "core.bare", "true")
    return work.tree


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (moved, "/project/.git/worktrees/w, which is not there. If that was moved, run git worktree repair "),
        (without_submodule, "Mend the .git file in "),
        (bad_config, "bad config line 1"),
        (newer_format, "repo version"),
        (unknown_extension, "unknown repository extension found: tomorrow."),
        (without_head, "/.git is damaged"),
        (without_head_in_another, "git passes over it"),
        (with_a_broken_branch, " is broken: "),
        (with_an_emptied_branch, "holds no commit id. The last line of "),
        (
            said_to_be_bare,
            "is bare: it holds no files that could be edited. If they lie here, run git config ",
        ),
    ],
)
def test_a_repository_that_cannot_be_read(work: Work, damage: Callable[[Work], Path], words: str) -> None:
    tree = damage(work)
    with pytest.raises(Unreadable) as caught:
        Repository.find(tree)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)
    assert caught.value.way == "unversioned"


def test_a_repository_of_another_user_names_its_folder(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Unreadable) as caught:
        Repository.find(work.tree)
    assert str(caught.value).endswith(f"git config --global --add safe.directory {work.root} once.")


def test_an_empty_place_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / "memories/.git").mkdir(parents=True)
    assert Repository.find(tmp_path / "memories") is None


def test_a_ceiling_is_the_users_own(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(work.root))
    assert Repository.find(work.tree) is None


# ── what the environment names ────────────────────────────────────────────────


@pytest.fixture
def apart(make_work: Callable[..., Work], monkeypatch: pytest.MonkeyPatch) -> Work:
    """A tree whose repository lies elsewhere; only the environment leads to it."""
    work = make_work("apart")
    work.commit("memories/a.xml", ENTRY)
    shutil.move(work.root / ".git", work.root.parent / "elsewhere.git")
    monkeypatch.setenv("GIT_DIR", str(work.root.parent / "elsewhere.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(work.root))
    return work


def test_the_environment_names_a_repository(apart: Work) -> None:
    for path in ("a.xml", "b.xml"):
        assert apart.save(path, NEW).revision == apart.head()
        assert apart.files_of("HEAD") == [f"memories/{path}"]
    assert apart.status() == ""
    assert [one.rev for one in apart.open().log()] == apart.git("rev-list", "HEAD").split()


@pytest.mark.parametrize("place", ["nowhere", "apart/memories", "/nowhere/else.git"])
def test_a_named_repository_that_is_not_there(
    apart: Work, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(apart.root.parent)
    monkeypatch.setenv("GIT_DIR", place)
    with pytest.raises(Unreadable) as caught:
        Repository.find(apart.tree)
    assert "GIT_DIR names " in str(caught.value)
    assert str(caught.value).endswith(f"{place}, where there is none. Correct or unset GIT_DIR.")


def test_paths_relative_to_where_memarium_was_started(apart: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(apart.root.parent)
    monkeypatch.setenv("GIT_DIR", "elsewhere.git")
    monkeypatch.setenv("GIT_WORK_TREE", "apart")
    assert Repository.find(apart.tree) is not None
    apart.save("a.xml", NEW)
    assert Repository.find(apart.tree) is not None, "and it is found again"


def test_objects_kept_apart_too(apart: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    objects = apart.root.parent / "objects"
    shutil.move(apart.root.parent / "elsewhere.git/objects", objects)
    (apart.root.parent / "elsewhere.git/objects").mkdir()
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(objects))
    assert apart.save("a.xml", NEW).revision == apart.head()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"GIT_INDEX_FILE": ".git/index"}, "GIT_DIR and GIT_WORK_TREE are set and not followed"),
        ({"GIT_PREFIX": "memories/"}, "GIT_DIR and GIT_WORK_TREE are set and not followed"),
        ({"GIT_WORK_TREE": ""}, "GIT_DIR is set and not followed"),
        ({"GIT_DIR": ""}, "GIT_WORK_TREE is set and not followed"),
        ({"GIT_WORK_TREE": "/nowhere"}, "GIT_DIR and GIT_WORK_TREE are set and not followed"),
    ],
    ids=str,
)
def test_what_a_hook_has_is_not_followed(
    apart: Work, changed: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    assert Repository.find(apart.tree) is None
    assert not_followed(apart.tree).startswith(words)


def test_nothing_is_said_where_nothing_is_named(tmp_path: Path) -> None:
    assert not_followed(tmp_path) == ""


def test_sync_goes_there_too(
    make_work: Callable[..., Work], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, yours = make_pair(make_work, tmp_path)
    shutil.move(mine.root / ".git", tmp_path / "elsewhere.git")
    yours.commit("memories/other.xml", b"<a><b>2</b></a>\n")
    yours.git("push", "-q")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(mine.root))
    assert run(mine).words == "Pulled 1 commit from origin/main."
    assert (mine.tree / "other.xml").read_bytes() == b"<a><b>2</b></a>\n"
    assert "GIT_DIR" in os.environ
