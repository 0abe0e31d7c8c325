"""Reading many files at once: in processes of their own where that pays."""

from __future__ import annotations

import gc
import marshal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.library.file_reader import read_record
from index.library.packing import pack_record, unpack_record
from index.model.file_record import FileRecord, TreeFile
from index.storage.helper_process import cores, helper_pool, serve

if TYPE_CHECKING:
    from concurrent.futures import Future

WORTH_IT = 1_500
"""Files from which starting processes (a quarter of a second) costs less than it saves."""
_BATCH = 100
"""Files a task; taking in the entries of as many holds the interpreter for some ten milliseconds."""
_AHEAD = 16
"""Tasks that are asked for before the first is taken in."""
_HEAD = 300
"""Files that are read here while the processes start."""


def read_records(files: Sequence[TreeFile], *, here: bool = False) -> Iterator[FileRecord]:
    """Yield the record of each file, in any order.

    With `here` this process reads as much as the others: that is quicker, for what others read has to come
    over, but leaves no time to whoever else works in it.
    """
    read: set[str] = set()
    if len(files) >= WORTH_IT and cores() > 1:
        for record in _in_processes(files, here=here):
            yield record
            read.add(record.path)
    for file in files:
        if file.path not in read:
            yield read_record(file)


def _in_processes(files: Sequence[TreeFile], *, here: bool = False) -> Iterator[FileRecord]:
    """Yield records as far as processes can be had; the caller reads the rest."""
    todo = deque(files[at : at + _BATCH] for at in range(_HEAD, len(files), _BATCH))
    asked: deque[Future[list[bytes]]] = deque()
    try:
        with helper_pool(__name__, cores() - here) as pool:
            for _ in range(min(len(todo), _AHEAD)):
                asked.append(pool.ask(_question(todo.popleft())))
            for file in files[:_HEAD]:
                yield read_record(file)
            while asked:
                while here and todo and not asked[0].done():
                    yield from map(read_record, todo.pop())
                # Taken out, for a task holds its answer, a megabyte, as long as it is held itself.
                for packed in asked.popleft().result():
                    yield unpack_record(marshal.loads(packed))
                if todo:
                    asked.append(pool.ask(_question(todo.popleft())))
    except (EOFError, OSError):
        return  # a system that allows no more processes, or ended one


def _question(batch: Sequence[TreeFile]) -> list[tuple[str, str, int, int]]:
    return [(path, str(real), size, stamp) for path, real, size, stamp in batch]


def _read_batch(batch: Sequence[tuple[str, str, int, int]], answer: Callable[[list[bytes]], None]) -> None:
    """Read files; each answer is marshalled, which costs half of pickling it, while it is in the cache."""
    files = (TreeFile(path, Path(real), size, stamp) for path, real, size, stamp in batch)
    answer([marshal.dumps(pack_record(read_record(file))) for file in files])


if __name__ == "__main__":
    gc.disable()  # what a helper makes goes away whole
    serve(_read_batch)
