"""Trees in repositories of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.diary import Diary


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    return Diary(tmp_path / "work")


@pytest.fixture
def plain(tmp_path: Path) -> Diary:
    """A tree that lies in no repository."""
    return Diary(tmp_path / "plain", versioned=False)
