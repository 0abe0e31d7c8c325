"""Real repositories in a temporary folder, cut off from the settings of whoever runs the tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.git.runner import FOREIGN
from tests.support.clones import make_pair
from tests.support.work import ENTRY, Work


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


@pytest.fixture
def pair(make_work: Callable[..., Work], tmp_path: Path) -> tuple[Work, Work]:
    """Return two clones of one bare repository."""
    return make_pair(make_work, tmp_path)
