"""Threads of the app: ctrl+z in the moment in which one starts git would hold the terminal for good."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tui.runtime.background import begin

TUI = Path(__file__).parents[2] / "tui"
BLOCKED = "import signal; print(signal.SIGTSTP in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"


def test_a_program_that_a_thread_starts_does_not_take_a_stop() -> None:
    told: list[bytes] = []
    begin(lambda: told.append(subprocess.check_output([sys.executable, "-c", BLOCKED])), "x").join()
    assert told == [b"True\n"]
    assert subprocess.check_output([sys.executable, "-c", BLOCKED]) == b"False\n"


def test_no_thread_of_the_app_begins_otherwise() -> None:
    beginning = [path.name for path in TUI.rglob("*.py") if "Thread(" in path.read_text("utf-8")]
    assert beginning == ["background.py"]
