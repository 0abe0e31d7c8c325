"""What `memarium brief` costs on a large tree with a long history, beside a Python that imports as much."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.make_sessions import make_sessions
from benchmarks.rows import Row, clock, in_turn
from index.workspace import Workspace

ENTRIES, COMMITS = 100_000, 10_000
ALLOWED = 0.150
"""Seconds that the answer itself may take, beside one and a half times the start."""
_CHILD = """
import re, runpy, sys
from pathlib import Path
sys.argv = ["memarium", "brief", "-t", sys.argv[1]]
try:
    runpy.run_module("tui", run_name="__main__")
except SystemExit:
    pass
peak = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
sys.stderr.write("\\n".join([peak, *sys.modules]))
"""
"""Runs the command and tells the most memory it held, in kilobytes, and the modules it loaded."""


def brief(folder: Path, runs: int) -> list[Row]:
    """The command as a process; the tree was read before, as it is wherever memarium is in use."""
    root = make_sessions(folder / "brief", COMMITS, ENTRIES)
    workspace = Workspace.open(root)
    workspace.tree.load()
    workspace.tree.seen.news()
    workspace.close()
    child = [sys.executable, "-c", _CHILD, str(root)]
    told = subprocess.run(child, check=True, capture_output=True, text=True)
    assert "Next step" in told.stdout, told
    peak, *modules = told.stderr.split()
    script = folder / "imports.py"
    script.write_text(
        "".join(f"try: import {name}\nexcept ImportError: pass\n" for name in modules if _can_be_named(name))
    )
    command = [sys.executable, "-m", "tui", "brief", "-t", str(root)]
    bare = [sys.executable, str(script)]
    ours, yard = in_turn(
        max(runs, 7), lambda: clock(lambda: _run(command)), lambda: clock(lambda: _run(bare))
    )
    shutil.rmtree(root.parent)
    return [
        Row("brief, 100,000 entries", ours * 1000, yard * 1000, "ms", round(1.5 + ALLOWED / yard, 2)),
        Row("  memory it takes", int(peak) / 1024, None, "MB"),
    ]


def _can_be_named(module: str) -> bool:
    return not module.startswith("__") and all(part.isidentifier() for part in module.split("."))


def _run(command: list[str]) -> None:
    """Run a command; what it prints goes nowhere."""
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environ)
