"""The garbage collector waits for idle moments, and the memory of long work goes back to the system."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tui.runtime import idle_gc
from tui.runtime.idle_gc import Collector


class Loop:
    """Garbage: it holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def full() -> Iterator[list[int]]:
    """The generations that were collected."""
    done: list[int] = []

    def note(phase: str, about: dict[str, int]) -> None:
        if phase == "stop":
            done.append(about["generation"])

    gc.collect()
    gc.callbacks.append(note)
    yield done
    gc.callbacks.remove(note)


def litter(count: int) -> None:
    held = []
    for _ in range(count):
        held.append(Loop())
    del held


def test_all_is_collected_when_nobody_waits(full: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    before = gc.get_threshold()
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    collector = Collector()
    try:
        litter(200_000)
        assert 1 in full
        assert 2 not in full
        clock[0] += idle_gc.IDLE - 0.1
        assert not collector.tidy()
        collector.used()
        clock[0] += idle_gc.IDLE - 0.1
        assert not collector.tidy()
        clock[0] += 0.2
        assert collector.tidy()
        assert full[-1] == 2
        assert not collector.tidy()  # nothing is new
    finally:
        collector.end()
    assert gc.get_threshold() == before


HELD = """
import re
from pathlib import Path
from tui.runtime.idle_gc import give_back

def megabytes():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

held = [bytearray(2000) for _ in range(50_000)]
del held[:-1]  # the last is in the way of what was made before it
before = megabytes()
give_back()
print(before - megabytes())
"""


def test_what_long_work_has_needed_goes_back() -> None:
    done = subprocess.run([sys.executable, "-c", HELD], check=True, capture_output=True, text=True)
    assert float(done.stdout) > 50


HEAPS = """
import ctypes, sys, threading
from tui.runtime.idle_gc import share_heap

if sys.argv[1:]:
    share_heap()
for _ in range(4):
    thread = threading.Thread(target=bytearray, args=(5000,))
    thread.start()
    thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def test_threads_take_their_memory_from_one_heap() -> None:
    def heaps(*words: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", HEAPS, *words], check=True, capture_output=True, text=True
        )
        return done.stderr.count("Arena")

    assert heaps("shared") == 1 < heaps()
