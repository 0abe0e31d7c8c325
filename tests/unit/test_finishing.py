"""The end of the app while a write goes on: it has its time, and then its git is ended with its hook."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.git.runner import GitResult, Runner
from index.storage import writes
from tui.flows.running.leaving import finish
from tui.runtime.lanes import Lanes


class Asked:
    """An app that is asked to end."""

    workspace = None

    def __init__(self, *, hurried: bool = False) -> None:
        self.hurried = hurried
        self.lanes = Lanes()

    def keep_typed(self) -> None:
        """Keep nothing: nothing is typed."""

    def end(self, status: int) -> None:
        """End as it is."""


@pytest.fixture
def saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Thread, list[GitResult]]:
    """Begin a write that waits for a program, and return its thread and, in time, its result."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nsleep 600\n")
    program.chmod(0o755)
    runner, begun = Runner(str(program), tmp_path), threading.Event()
    results: list[GitResult] = []

    def write() -> None:
        with writes.writing():
            begun.set()
            results.append(runner.work("commit"))

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    assert begun.wait(60)
    return thread, results


def test_who_is_asked_to_end_waits_for_a_write_no_longer_than_its_patience(
    saving: tuple[threading.Thread, list[GitResult]],
) -> None:
    thread, results = saving
    for _ in range(20):  # at the first its git may be just about to start
        if thread.is_alive():
            finish(Asked(), 0.1)
    assert [result.code < 0 for result in results] == [True]
    assert not writes.is_writing()
