"""Draws the pictures of the README anew: `make pictures`. It needs Chromium and the font Fira Code.

Each is a screen of the app on a fresh demo, with the clock of its last session, so that they agree.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from index.commands.demo import make_demo
from index.workspace import Workspace
from tui.app import Memarium

HERE = Path(__file__).parent
SIZE = (120, 34)
NOW = datetime(2025, 11, 23, 10, tzinfo=UTC)
PICTURES = {
    "browse": ("slash", *"pool exh"),
    "history": ("slash", *"pool exh", "enter", "h", "down"),
    "diff": ("slash", *"id:DEBUG-001", "enter", "F", *["down"] * 22, "space", *["down"] * 5, "enter"),
    "timeline": ("t",),
}
"""Name of a picture → the keys that lead to it."""
QUIET = 0.5
"""Seconds without a change after which a screen is whole."""
SCALE = 1.25


async def quiet(pilot: Pilot[None]) -> str:
    """Wait until the screen no longer changes, and return it as SVG."""
    shown = ""
    while shown != (now := pilot.app.export_screenshot(title="memarium")):
        shown = now
        await pilot.pause(QUIET)
    return shown


async def draw(memories: Path, keys: tuple[str, ...], settings: Path) -> str:
    """Return the screen that the keys lead to."""
    app = Memarium(Workspace.open(memories), now=lambda: NOW, settings_file=settings)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        while not (app.started and app.indexer.updates):
            await pilot.pause(0.05)
        for key in keys:
            await pilot.press(key)
            if len(key) > 1 or key in "thF":
                await quiet(pilot)
        return await quiet(pilot)


def main() -> None:
    """Draw all of them, or those that are named."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("pictures: Chromium is not installed.")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[name] = str(place / name)
        os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "TZ": "UTC", "COLORTERM": "truecolor"}
        memories = make_demo(place)
        for name in sys.argv[1:] or PICTURES:
            svg = asyncio.run(draw(memories, PICTURES[name], place / "app.json"))
            photograph(chromium, svg, HERE / f"{name}.png", place)


def photograph(chromium: str, svg: str, picture: Path, place: Path) -> None:
    """Write an SVG as PNG; `place` is a folder for what Chromium needs."""
    source = place / "screen.svg"
    source.write_text(svg, "utf-8")
    width, height = svg.partition('viewBox="0 0 ')[2].partition('"')[0].split()
    arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
        "--disable-background-networking", "--default-background-color=00000000",
        f"--user-data-dir={place / 'chromium'}", f"--force-device-scale-factor={SCALE}",
        f"--window-size={float(width):.0f},{float(height):.0f}", f"--screenshot={picture}",
    ]  # fmt: skip
    subprocess.run([chromium, *arguments, source.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main()
