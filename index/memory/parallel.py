"""Reading many files at once: in processes of their own where that pays."""

from __future__ import annotations

import marshal
import os
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from typing import TYPE_CHECKING

from index.memory.packing import pack_record, unpack_record
from index.memory.tree import FileRecord, TreeFile, read_record

if TYPE_CHECKING:
    from concurrent.futures import Executor

WORTH_IT = 1_500
"""Files from which starting processes (a quarter of a second) costs less than it saves."""
_BATCH = 100
"""Files a task; taking in the entries of as many holds the interpreter for some ten milliseconds."""
_HEAD = 300
"""Files that are read here while the processes start."""
_MOST = 8
"""Processes; the one that collects their answers keeps up with no more."""


def read_records(files: Sequence[TreeFile]) -> Iterator[FileRecord]:
    """Yield the record of each file, in the order given."""
    done = 0
    if len(files) >= WORTH_IT:
        for record in _in_processes(files):
            yield record
            done += 1
    for file in files[done:]:
        yield read_record(file)


def _in_processes(files: Sequence[TreeFile]) -> Iterator[FileRecord]:
    """Yield records as far as processes can be had; what is left is for the caller to read."""
    from concurrent.futures.process import BrokenProcessPool

    pool = _pool()
    if pool is None:
        return
    try:
        starts = range(_HEAD, len(files), _BATCH)
        tasks = deque(pool.submit(_read_batch, files[at : at + _BATCH]) for at in starts)
        for file in files[:_HEAD]:
            yield read_record(file)
        while tasks:
            # Taken out, for a task holds its answer, a megabyte, as long as it is held itself.
            for packed in tasks.popleft().result():
                yield unpack_record(marshal.loads(packed))
    except (BrokenProcessPool, OSError):
        return  # a system that allows no more processes, or ended one
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _pool() -> Executor | None:
    """Start processes afresh, not as copies of this one with its threads, where the system allows it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores < 2:
        return None
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context, resource_tracker

    try:
        # It hands its standard error on to its helper, and a terminal app's stand-in for that has no file.
        with redirect_stderr(sys.__stderr__):
            resource_tracker.ensure_running()
        return ProcessPoolExecutor(min(cores, _MOST), mp_context=get_context("spawn"), initializer=_prepare)
    except (OSError, ImportError, ValueError):  # no semaphores here, no standard error
        return None


def _prepare() -> None:
    """Set up a process that only reads: what it makes goes away whole, so nothing is to be collected."""
    import gc

    gc.disable()


def _read_batch(files: Sequence[TreeFile]) -> list[bytes]:
    """Read files; each answer is marshalled, which costs half of pickling it, while it is in the cache."""
    return [marshal.dumps(pack_record(read_record(file))) for file in files]
