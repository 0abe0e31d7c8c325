"""The app's tests run apart from the user's settings, caches and terminal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from index.storage.failure_log import log_file
from tests.support.garden import make_garden, open_garden
from tests.support.pilot import Compare, still
from tui.app import Memarium
from tui.flows.running.held_keys import LONGEST
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
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a press end when its keys have acted: one behind a key that leads elsewhere waits for a paint."""
    press = Pilot.press

    async def press_and_wait(pilot: Pilot[Any], *keys: str) -> None:
        await press(pilot, *keys)
        ends = time.monotonic() + LONGEST
        while any(not one.is_finished for one in pilot.app.workers if one.group == "keys"):
            if time.monotonic() > ends:
                return
            await asyncio.sleep(0.005)

    monkeypatch.setattr(Pilot, "press", press_and_wait)


@pytest.fixture(autouse=True)
def nothing_unforeseen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which an unexpected error was written down, unless that is its matter."""
    yield
    if "unforeseen" not in request.fixturenames and log_file().exists():
        pytest.fail(log_file().read_text(encoding="utf-8"))


@pytest.fixture
def unforeseen() -> None:
    """Let an unexpected error be what a test is about."""


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file for each picture that was taken, whichever process took it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "pictures"
    folder.mkdir(exist_ok=True)
    return folder


def picture_of(app: Memarium) -> str:
    """Return the screen of a picture, its width and the family of its theme."""
    theme = app.available_themes[app.theme]
    family = "none" if app.no_color else "16" if theme.ansi else "dark" if theme.dark else "light"
    return f"{type(app.screen).__name__} {app.size.width} {family}"


@pytest.fixture
def snap_compare(snap_compare: Compare, request: pytest.FixtureRequest, taken: Path) -> Compare:
    """Compare a picture once it is whole: the only one of its screen, width and family of themes."""
    name = f"{request.path.stem} {request.node.name}"

    def compare(app: Memarium, run_before: Callable[[Pilot[None]], Awaitable[None]], **how: Any) -> bool:
        async def run(pilot: Pilot[None]) -> None:
            await run_before(pilot)
            await still(pilot)
            known = taken / picture_of(app)
            with suppress(FileExistsError), known.open("x") as file:
                file.write(name)
            assert known.read_text() == name, f"two pictures of {known.name}"

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
