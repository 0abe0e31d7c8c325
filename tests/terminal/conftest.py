"""A tree for the tests in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shop import make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a small tree in a repository of its own."""
    return make_shop(tmp_path)
