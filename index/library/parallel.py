"""Reading many files at once: in processes of their own where that pays."""

from __future__ import annotations

import gc
import marshal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.library.file_reader import read_record
from index.library.packing import pack_record, unpack_record
from index.model.file_record import FileRecord, TreeFile
from index.storage.helper_pool import helper_pool
from index.storage.helper_process import cores, serve

WORTH_IT = 1_500
"""Files from which starting processes (a quarter of a second) costs less than it saves."""
_BATCH = 100
"""Files a task; taking in the entries of as many holds the interpreter for some ten milliseconds."""
_HEAD = 300
"""Files that are read here while the processes start."""


def read_records(files: Sequence[TreeFile]) -> Iterator[FileRecord]:
    """Yield the record of each file, in the order given."""
    done = 0
    if len(files) >= WORTH_IT and cores() > 1:
        for record in _in_processes(files):
            yield record
            done += 1
    for file in files[done:]:
        yield read_record(file)


def _in_processes(files: Sequence[TreeFile]) -> Iterator[FileRecord]:
    """Yield records as far as processes can be had; the caller reads the rest."""
    try:
        with helper_pool(__name__) as pool:
            batches = (files[at : at + _BATCH] for at in range(_HEAD, len(files), _BATCH))
            tasks = deque(
                pool.ask([(path, str(real), *stat) for path, real, *stat in batch]) for batch in batches
            )
            for file in files[:_HEAD]:
                yield read_record(file)
            while tasks:
                # Taken out, for a task holds its answer, a megabyte, as long as it is held itself.
                for packed in tasks.popleft().result():
                    yield unpack_record(marshal.loads(packed))
    except (EOFError, OSError):
        return  # a system that allows no more processes, or ended one


def _read_batch(batch: Sequence[tuple[str, str, int, int]], answer: Callable[[list[bytes]], None]) -> None:
    """Read files; each answer is marshalled, which costs half of pickling it, while it is in the cache."""
    files = (TreeFile(path, Path(real), size, stamp) for path, real, size, stamp in batch)
    answer([marshal.dumps(pack_record(read_record(file))) for file in files])


if __name__ == "__main__":
    gc.disable()  # what a helper makes goes away whole
    serve(_read_batch)
