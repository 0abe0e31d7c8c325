"""A small tree and the sample tree, for the commands."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from index.commands.demo import make_demo
from tests.support.commands import Run, memarium
from tests.support.home import Home

TREE = (
    "<lessons><lesson id='L-1'><title>One é</title><description>pool exhausted</description></lesson>"
    "<lesson id='L-2'><title>Two</title><description>kafka on:click status:200</description></lesson>"
    "</lessons>"
)


@pytest.fixture
def state(home: Home) -> Path:
    """Return the folder of memarium's state."""
    return home.state / "memarium"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a tree of one file in no repository."""
    root = tmp_path / "memories"
    root.mkdir()
    (root / "lessons.xml").write_text(TREE, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample tree with its history; the tests of a module share it."""
    return make_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def run(demo: Path) -> Run:
    """Return what runs memarium as a process on the sample tree."""

    def go(*words: str, tree: Path = demo, **how: Any) -> subprocess.CompletedProcess[str]:
        return memarium(*words, "-t", str(tree), **how)

    return go
