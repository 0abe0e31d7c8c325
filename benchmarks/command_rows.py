"""Commands as processes on a large tree."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.make_history import git
from benchmarks.make_sessions import make_sessions
from benchmarks.make_tree import make_tree
from benchmarks.rows import HERE, Row, clock, in_turn
from index.storage.user_folders import cache_folder

ENTRIES, FEW = 100_000, 3_000


def commands(folder: Path, runs: int) -> list[Row]:
    """`edit`, `add` and `delete` of one entry among 100,000, beside the same among 3,000: CPU seconds.

    Both trees were read before, as they are wherever memarium is in use.
    """
    large, small = (_repository(folder / f"commands-{many}", many) for many in (ENTRIES, FEW))
    changes = {
        "edit": ("edit", "DEB-00{:04d}", "--set", "problem=Seen {} times"),
        "add": ("add", "lesson", "--set", "name=The {}th", "--set", "description=Lesson {}"),
        "delete": ("delete", "DEB-00{:04d}"),
    }
    rows = []
    for name, words in changes.items():
        each = iter(range(100, FEW, 10)), iter(range(100, FEW, 10))
        ours, yard = in_turn(
            max(3, runs // 2),
            partial(_cpu, large, words, each[0]),
            partial(_cpu, small, words, each[1]),
        )
        rows.append(Row(f"{name} one of 100,000, beside 3,000", ours * 1000, yard * 1000, "ms", 2.0))
    return rows


def counts(folder: Path, runs: int) -> list[Row]:
    """`trends` of 100,000 entries and the first `timeline --json` of 2,000 sessions.

    Beside the reading of the files with lxml, which is a second on one core.
    """
    root = make_sessions(folder / "counts", 10_000, ENTRIES)
    started = [sys.executable, "-m", "tui"]
    subprocess.run([*started, "list", "-n", "1", "-t", str(root)], check=True, capture_output=True)
    (trends, sessions, yard) = in_turn(
        max(1, runs // 4),
        lambda: clock(lambda: cpu_seconds([*started, "trends", "-t", str(root)])),
        lambda: clock(lambda: _first_timeline(root)),
        lambda: clock(lambda: cpu_seconds([sys.executable, str(HERE / "read_all.py"), "lxml", str(root)])),
    )
    return [
        Row("trends, 100,000 entries", trends, yard, "s", 3.0),
        Row("timeline --json, 2,000 sessions, first", sessions, yard, "s", 10.0),
    ]


def _first_timeline(root: Path) -> float:
    """Print the sessions while nothing is kept of the commits; return the CPU seconds it takes."""
    (cache_folder(root) / "commits.sqlite").unlink(missing_ok=True)
    return cpu_seconds([sys.executable, "-m", "tui", "timeline", "--json", "-t", str(root)])


def cpu_seconds(command: list[str]) -> float:
    """Run a command and return the CPU seconds that it and its own processes took."""
    environ = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu(root: Path, words: tuple[str, ...], numbers: Iterator[int]) -> float:
    number = next(numbers)
    told = [word.format(number) for word in words]
    return cpu_seconds([sys.executable, "-m", "tui", *told, "-t", str(root)])


def _repository(folder: Path, entries: int) -> Path:
    root = folder / "memories"
    make_tree(root, entries)
    for command in (
        ("init", "-q"), ("config", "user.name", "bench"), ("config", "user.email", "bench@example.org"),
        ("config", "gc.auto", "0"), ("add", "."), ("commit", "-qm", "start"),
    ):  # fmt: skip
        git(folder, *command)
    subprocess.run([sys.executable, "-m", "tui", "brief", "-t", str(root)], check=True, capture_output=True)
    return root
