"""Scenario 19: a repository whose own config names programs for everything; reading starts none of them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.git.repository import Repository
from index.model.errors import NotHere
from tests.support.traps import HOOKS, make_trap, trap_settings
from tests.support.work import ENTRY, Work, preflight

NEW = ENTRY.replace(b"one", b"two")


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return tmp_path / "canary"


@pytest.fixture
def program(tmp_path: Path, canary: Path) -> str:
    """A program that leaves a trace of having run, and of what it was asked."""
    return make_trap(tmp_path, canary)


@pytest.fixture
def hostile(work: Work, program: str) -> Work:
    work.commit(
        ".gitattributes",
        b"*.xml diff=evil filter=evil merge=evil text=auto\n*.py diff=evil filter=evil\n",
    )
    work.commit("memories/b.xml", ENTRY, "two")
    for name, value in trap_settings(program, work.root / "hooks").items():
        work.git("config", name, value)
    for hook in HOOKS:
        for folder in (".git/hooks", "hooks"):
            work.write(f"{folder}/{hook}", Path(program).read_bytes()).chmod(0o755)
    work.write("git", Path(program).read_bytes()).chmod(0o755)
    return work


def use_everything(repository: Repository, revision: str) -> None:
    repository.state()
    preflight(repository, "a.xml")
    preflight(repository, "new.xml")
    repository.snapshot("a.xml")
    repository.uncommitted()
    assert len(list(repository.log())) == 2
    assert len(list(repository.log("a.xml"))) == 1
    assert repository.blob("HEAD", "a.xml") == ENTRY
    assert repository.blob(revision, "b.xml") == ENTRY
    assert repository.blob("main", "nothing.xml") is None
    assert repository.blob("--upload-pack=x", "a.xml") is None


def test_the_trap_works(hostile: Work, canary: Path) -> None:
    """The config does run programs under plain git, or the tests below would prove nothing."""
    hostile.write("memories/a.xml", NEW)
    hostile.git("status", check=False)
    hostile.git("diff", check=False)
    assert canary.exists()


def test_reading_runs_nothing(hostile: Work, canary: Path) -> None:
    canary.unlink(missing_ok=True)
    head = hostile.git("rev-parse", "HEAD")
    canary.unlink(missing_ok=True)
    hostile.write("memories/a.xml", NEW)
    hostile.write("memories/new.xml", NEW)
    (hostile.tree / "b.xml").unlink()
    use_everything(hostile.open(), head)
    assert not canary.exists(), canary.read_text()


def test_a_git_in_the_repository_is_not_ours(
    hostile: Work, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PATH with an empty or relative part would find the program `git` that the repository brings."""
    head = hostile.head()
    canary.unlink(missing_ok=True)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(hostile.root)
    use_everything(hostile.open(), head)
    assert not canary.exists(), canary.read_text()


@pytest.mark.parametrize("transport", ["ext", "ssh", "file"])
def test_missing_objects_are_not_fetched(work: Work, canary: Path, program: str, transport: str) -> None:
    """A partial clone promises its missing objects from a remote whose address or helper is a program."""
    work.commit("memories/b.xml", NEW, "two")
    missing = work.git("rev-parse", "HEAD:memories/b.xml")
    (work.root / ".git/objects" / missing[:2] / missing[2:]).unlink()
    address = {"ext": f"ext::{program} %S", "ssh": "ssh://nowhere/x", "file": f"file://{work.root}"}
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "core.sshCommand": program,
        "extensions.partialClone": "evil",
        "remote.evil.url": address[transport],
        "remote.evil.promisor": "true",
        "remote.evil.uploadpack": program,
        "remote.evil.fetch": "+refs/heads/*:refs/remotes/evil/*",
        "protocol.allow": "always",
        **{f"protocol.{name}.allow": "always" for name in address},
    }.items():
        work.git("config", name, value)
    work.git("cat-file", "blob", missing, check=False)
    assert canary.exists(), "plain git would have run it"
    canary.unlink()
    repository = work.open()
    repository.state()
    with pytest.raises(NotHere):
        repository.blob("HEAD", "b.xml")
    assert repository.blob("HEAD", "a.xml") == ENTRY
    assert len(list(repository.log())) == 2
    assert repository.snapshot("b.xml").disk == NEW
    assert not canary.exists(), canary.read_text()


def test_a_textconv_or_filter_does_not_change_what_is_read(hostile: Work) -> None:
    repository = hostile.open()
    snapshot = repository.snapshot("a.xml")
    assert snapshot.disk == ENTRY
    assert repository.blob("HEAD", "a.xml") == ENTRY
