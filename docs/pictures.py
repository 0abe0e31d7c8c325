"""Draws the pictures of the README anew: `make pictures`. It needs Chromium and the font Fira Code.

Each is a screen of the app on a fresh demo, with the clock of its last session, so that they agree. The
recording is an SVG of several screens, one after the other.
"""

from __future__ import annotations

import asyncio
import os
import re
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
    "history": ("slash", *"pool exh", "enter", "H", "down"),
    "diff": ("slash", *"id:DEBUG-001", "enter", "F", *["down"] * 22, "space", *["down"] * 5, "enter"),
    "timeline": ("t",),
}
"""Name of a picture → the keys that lead to it."""
RECORDING = "tour"
STEPS: tuple[tuple[tuple[str, ...], float], ...] = (
    ((), 1.5),
    (("slash", "p", "o", "o", "l"), 1),
    ((*" exh",), 1.5),
    (("enter",), 2),
    (("e",), 1.2),
    (("tab", "ctrl+end", *", 20 per worker"), 1.5),
    (("ctrl+s",), 2.5),
    (("enter",), 2.2),
    (("u",), 2.2),
    (("t",), 2.5),
    (("down", "down"), 2.5),
)
"""Search, correct, undo, timeline: the keys, and the seconds that their screen stays."""
RECORDED = (104, 30)
_CLIP = re.compile(r'(?<=x="0" )y="([\d.]+)"([^/>]*)height="([\d.]+)"(?=\s*/>\s*</clipPath>)')
_REACH = 4
QUIET = 0.5
"""Seconds without a change after which a screen is whole."""
SCALE = 1.25


async def quiet(pilot: Pilot[None]) -> str:
    """Wait until the screen no longer changes, and return it as SVG."""
    shown = ""
    while shown != (now := pilot.app.export_screenshot(title="memarium")):
        shown = now
        await pilot.pause(QUIET)
    return whole(shown)


def whole(svg: str) -> str:
    """Return a screen without the faults of its drawing.

    The clips of the lines cut letters that reach beyond them; ligatures make one sign of `</`; and the check
    mark of Fira Code looks like a root.
    """
    svg = _CLIP.sub(lambda m: f'y="{float(m[1]) - _REACH}"{m[2]}height="{float(m[3]) + 2 * _REACH}"', svg)
    svg = svg.replace("<style>", "<style>text{font-variant-ligatures:none}", 1)
    return svg.replace("✓", '<tspan font-family="DejaVu Sans Mono">✓</tspan>')


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


async def record(memories: Path, settings: Path) -> list[str]:
    """Return the screens of the recording."""
    app = Memarium(Workspace.open(memories), now=lambda: NOW, settings_file=settings)
    screens: list[str] = []
    async with app.run_test(size=RECORDED, notifications=True) as pilot:
        while not (app.started and app.indexer.updates):
            await pilot.pause(0.05)
        for keys, _ in STEPS:
            await pilot.press(*keys)
            screens.append(await quiet(pilot))
    return screens


def animated(screens: list[str]) -> str:
    """Return one SVG that shows the screens in a circle, each for its time."""
    whole = sum(seconds for _, seconds in STEPS)
    rules, frames, at = [], [], 0.0
    for number, (screen, (_, seconds)) in enumerate(zip(screens, STEPS, strict=True)):
        start, end = 100 * at / whole, 100 * (at + seconds) / whole
        at += seconds
        before = "" if not number else "0%{visibility:hidden}"
        after = "" if number == len(STEPS) - 1 else f"{end:.2f}%{{visibility:hidden}}"
        rules.append(f"@keyframes s{number}{{{before}{start:.2f}%{{visibility:visible}}{after}}}")
        rules.append(f".s{number}{{visibility:hidden;animation:s{number} {whole}s step-end infinite}}")
        inside = screen.partition(">")[2].rpartition("</svg>")[0]
        frames.append(f'<g class="s{number}">{inside}</g>')
    head = screens[0].partition(">")[0]
    return f"{head}><style>{''.join(rules)}</style>{''.join(frames)}</svg>"


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
        for who in ("AUTHOR", "COMMITTER"):
            os.environ |= {f"GIT_{who}_NAME": "Ana", f"GIT_{who}_EMAIL": "ana@example.com"}
            os.environ[f"GIT_{who}_DATE"] = NOW.isoformat()
        memories = make_demo(place)
        for name in sys.argv[1:] or (*PICTURES, RECORDING):
            if name == RECORDING:
                screens = asyncio.run(record(memories, place / "app.json"))
                (HERE / f"{name}.svg").write_text(animated(screens), "utf-8")
                continue
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
