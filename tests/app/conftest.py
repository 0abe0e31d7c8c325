"""What every test of the app stands on: a terminal of its own, a home of its own, a small tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.garden import make_garden, open_garden
from tui.app import Memarium


@pytest.fixture(autouse=True)
def _own_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the app a terminal of true colours, and keep it from the user's own folders."""
    for name in ("NO_COLOR", "TEXTUAL_THEME", "MEMARIUM_TREE", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("CACHE", "CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """Return a tree of sixteen entries in a git repository, as the pictures show it."""
    return make_garden(tmp_path)


@pytest.fixture
def app(garden: Path) -> Memarium:
    """Return the app on the tree."""
    return open_garden(garden)


