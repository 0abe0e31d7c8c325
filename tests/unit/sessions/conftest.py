"""Trees in repositories of their own, and the corpus where this machine has it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.workspace import Workspace
from tests.support.diary import Diary
from tests.support.git import git


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path / "work")


@pytest.fixture
def plain(tmp_path: Path) -> Diary:
    """A tree that lies in no repository."""
    return Diary(tmp_path / "plain", versioned=False)


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Workspace]:
    """A real tree with nine commits of October 2025, where `MEMARIUM_CORPUS` names its bundle."""
    bundle = os.environ.get("MEMARIUM_CORPUS")
    if not bundle:
        pytest.skip("MEMARIUM_CORPUS names no bundle of a real tree")
    clone = tmp_path / "tree"
    git(tmp_path, "clone", "--quiet", "--branch", "main", bundle, str(clone))
    workspace = Workspace.open(clone / "memories")
    yield workspace
    workspace.close()
