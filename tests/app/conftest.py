"""The app's tests run apart from the user's settings, caches and terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from index.storage.failure_log import log_file
from tests.support.garden import make_garden, open_garden
from tests.support.pilot import Compare, still
from tui.app import Memarium
from tui.widgets.base import toast


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every test a terminal with colours, and no editor."""
    for name in (
        "NO_COLOR",
        "TEXTUAL_THEME",
        "VISUAL",
        "EDITOR",
        "MEMARIUM_TREE",
        "DISPLAY",
        "WAYLAND_DISPLAY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(toast, "SECONDS", 3600)  # however slow the machine, what is told is still there


@pytest.fixture(autouse=True)
def nothing_unforeseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which an unexpected error was written down, unless that is its matter."""
    yield
    if "unforeseen" not in request.fixturenames and log_file().exists():
        pytest.fail(log_file().read_text(encoding="utf-8"))


@pytest.fixture
def unforeseen() -> None:
    """Let an unexpected error be what a test is about."""


@pytest.fixture
def snap_compare(snap_compare: Compare) -> Compare:
    """Compare a picture once it is whole."""

    def compare(app: Memarium, run_before: Callable[[Pilot[None]], Awaitable[None]], **how: Any) -> bool:
        async def run(pilot: Pilot[None]) -> None:
            await run_before(pilot)
            await still(pilot)

        return snap_compare(app, run_before=run, **how)

    return compare


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """Return a tree of fourteen entries in a git repository, as the pictures show it."""
    return make_garden(tmp_path)


@pytest.fixture
def app(garden: Path) -> Memarium:
    """Return the app on that tree."""
    return open_garden(garden)
