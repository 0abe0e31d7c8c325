"""Real repositories in a temporary folder, cut off from the settings of whoever runs the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.git.runner import FOREIGN
from tests.support.clones import make_pair
from tests.support.git import SETTINGS
from tests.support.home import Home
from tests.support.work import ENTRY, Work


@pytest.fixture(autouse=True)
def own_git_settings(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give git a configuration that a test may change, and return that file."""
    for name in FOREIGN:
        monkeypatch.delenv(name, raising=False)
    home.config.mkdir(parents=True)
    config = home.config / "gitconfig"
    config.write_text(SETTINGS.read_text("utf-8") + "[user]\n\tuseConfigOnly = true\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
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
