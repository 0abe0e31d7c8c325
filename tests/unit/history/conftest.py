"""Real repositories in a temporary folder, cut off from the settings of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.git.repository import Commit, Repository
from index.git.runner import FOREIGN

ENTRY = b"<entry>\n  <title>one</title>\n</entry>\n"


class Work:
    """A working copy with a tree in `memories/`, driven by plain git."""

    def __init__(self, root: Path, tree: str = "memories") -> None:
        self.root = root
        self.tree = root / tree
        self._open: list[Repository] = []

    def git(self, *arguments: str, check: bool = True, text: str = "") -> str:
        result = subprocess.run(
            ["git", *arguments], cwd=self.root, input=text.encode(), capture_output=True, check=False
        )
        if check and result.returncode:
            raise AssertionError(f"git {arguments}: {result.stderr.decode()}")
        return result.stdout.decode("utf-8", "surrogateescape")

    def write(self, path: str, data: bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def commit(self, path: str, data: bytes, message: str = "by hand") -> str:
        self.write(path, data)
        self.git("add", "--all", "--", f":(literal){path}")
        self.git("commit", "--quiet", "--message", message)
        return self.head()

    def head(self) -> str:
        return self.git("rev-parse", "HEAD").strip()

    def show(self, name: str) -> bytes:
        command = ["git", "cat-file", "blob", name]
        return subprocess.run(command, cwd=self.root, capture_output=True, check=True).stdout

    def status(self) -> str:
        return (
            self.git("status", "--porcelain=v1", "-z", "--untracked-files=all")
            .replace("\0", "\n")
            .strip("\n")
        )

    def files_of(self, revision: str) -> list[str]:
        out = self.git("diff-tree", "--root", "-r", "-z", "--name-only", "--no-commit-id", revision)
        return [name for name in out.split("\0") if name]

    def hook(self, name: str, script: str) -> None:
        file = self.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n".encode())
        file.chmod(0o755)

    def open(self, path: Path | None = None) -> Repository:
        repository = Repository.find(path or self.tree)
        assert repository is not None
        self._open.append(repository)
        return repository

    def save(self, path: str, data: bytes | None, message: str = "memory: edit") -> Commit:
        """Load a file of the tree and save it at once."""
        repository = self.open()
        return repository.save(repository.snapshot(path), data, message)

    def close(self) -> None:
        for repository in self._open:
            repository.close()


@pytest.fixture(autouse=True)
def own_git_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give git a configuration of its own, and return that file."""
    for name in os.environ:
        if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER")) or name in FOREIGN:
            monkeypatch.delenv(name)
    home = tmp_path_factory.mktemp("home")
    config = home / "gitconfig"
    config.write_text(
        "[user]\n name = Ana Kovač\n email = ana@example.com\n useConfigOnly = true\n"
        '[init]\n defaultBranch = main\n[protocol "file"]\n allow = always\n',
        "utf-8",
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return config


@pytest.fixture
def make_work(tmp_path: Path) -> Iterator[Callable[..., Work]]:
    """Return a maker of empty repositories."""
    made: list[Work] = []

    def make(name: str = "project", *options: str, tree: str = "memories") -> Work:
        root = tmp_path / name
        root.mkdir(parents=True)
        work = Work(root, tree)
        work.git("init", "--quiet", *options)
        work.tree.mkdir(exist_ok=True)
        made.append(work)
        return work

    yield make
    for work in made:
        work.close()


@pytest.fixture
def work(make_work: Callable[..., Work]) -> Work:
    """Return a repository with one committed memory file and one other file."""
    made = make_work()
    made.write("memories/a.xml", ENTRY)
    made.commit("src/main.py", b"print(1)\n", "code")
    made.commit("memories/a.xml", ENTRY, "first memory")
    return made
