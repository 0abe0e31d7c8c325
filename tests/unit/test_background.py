"""Threads of the app: ctrl+z in the moment in which one starts git would hold the terminal for good."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tui.runtime.background import begin

TUI = Path(__file__).parents[2] / "tui"


@pytest.mark.skipif(sys.platform != "linux", reason="what a process blocks is told by Linux")
def test_a_program_that_a_thread_starts_does_not_take_a_stop() -> None:
    told: list[str] = []
    show = ["cat", "/proc/self/status"]
    begin(
        lambda: told.append(subprocess.run(show, capture_output=True, text=True, check=True).stdout), "x"
    ).join()
    found = re.search(r"SigBlk:\s*([0-9a-f]+)", told[0])
    assert found is not None
    assert int(found[1], 16) >> (signal.SIGTSTP - 1) & 1
    assert signal.SIGTSTP not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_no_thread_of_the_app_begins_otherwise() -> None:
    beginning = [path.name for path in TUI.rglob("*.py") if "Thread(" in path.read_text("utf-8")]
    assert beginning == ["background.py"]
