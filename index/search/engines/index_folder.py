"""The folder of an index: private, written by one at a time, and sealed.

Whoosh writes pickles, so an index is code to whoever reads it. Before a byte of it is read, every
file must be the one that the seal names, by size and checksum, and no one else may be able to write there.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import stat
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from index.model.errors import IndexBusy
from index.search.engine import IndexUnusable
from index.storage.locking import Lock

NAME = "memories"
"""The name that the files of an index begin with."""

_SEAL = "SEAL"
_LOCK = "LOCK"
_TOC = re.compile(rf"_{NAME}_\d+\.toc")
_OURS = re.compile(rf"{_TOC.pattern}|{NAME}_[0-9a-z]+\.[\w.]+|[0-9a-f]{{32}}\.[\w.]+|meta\.json")
"""Those of Whoosh, and those of Tantivy."""
_OTHERS = (".managed.json", ".tantivy-meta.lock", ".tantivy-writer.lock")
"""Files that Tantivy writes and no reader needs."""
_WRITTEN_AGAIN = frozenset({"meta.json"})
"""The one file of an index that is written more than once."""
_PATIENCE = 2.0
"""Seconds that opening waits for another process to finish a commit."""
_PIECE = 1 << 20


class Seal(NamedTuple):
    """The files of an index when it was last written."""

    format: str
    """The version of the schema, and of Whoosh."""
    stamp: str
    """Identity of the index; another one whenever it is built anew."""
    files: dict[str, tuple[int, int]]
    """Name → size and checksum."""


def prepare(folder: Path) -> None:
    """Make the folder if need be, for the user alone.

    Raises:
        IndexUnusable: others can write to it.
        OSError: it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.geteuid() or state.st_mode & 0o022:
        raise IndexUnusable(f"Others can write to {folder}, so no index is read there.")


State = tuple[int, int]
"""A value that differs whenever a seal was written, by whichever process."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the one who writes. Raises IndexBusy at once when another process, or thread, is."""
    lock = Lock(folder / _LOCK)
    try:
        if not lock.take_now():
            raise IndexBusy("Another memarium is writing the search index.")
        yield
    finally:
        # This lets go even while a process that was just started still holds a copy.
        lock.close()


def is_written(folder: Path) -> bool:
    """Whether someone is writing at this moment."""
    try:
        with writing(folder):
            return False
    except IndexBusy:
        return True


def is_empty(folder: Path) -> bool:
    """Whether nothing of an index is there."""
    return not (folder / _SEAL).exists() and not any(_files(folder))


def empty(folder: Path) -> None:
    """Remove an index, without reading it."""
    (folder / _SEAL).unlink(missing_ok=True)
    for path in _files(folder):
        path.unlink(missing_ok=True)
    for path in (*(folder / name for name in _OTHERS), *folder.glob(".tmp*")):
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / f"{NAME}.tmp", ignore_errors=True)


def begin(folder: Path, make: Callable[[Path], object], form: str, *, again: bool) -> None:
    """Put an empty index into the folder, if there is none or if it is to begin again.

    Raises:
        IndexBusy: another process is writing there, and it is to begin again.
        OSError: the folder cannot be written.
    """
    try:
        with writing(folder):
            if again or is_empty(folder):
                empty(folder)
                make(folder)
                write_seal(folder, form)
    except IndexBusy:
        if again:
            raise  # else the other process has begun it


def wait_for_seal(folder: Path, form: str) -> tuple[Seal, State]:
    """Return the seal; while another process writes, a seal that does not fit may soon do.

    Raises:
        IndexUnusable: as `check_seal`.
        IndexBusy: another process is writing, and takes its time.
    """
    end = time.monotonic() + _PATIENCE
    doubted = False
    while True:
        try:
            state = seal_state(folder)
            return check_seal(folder, form), state
        except IndexUnusable:
            if not is_written(folder):
                if doubted:
                    raise
                doubted = True  # a commit may have ended as we looked; once more
                continue
        if time.monotonic() > end:
            raise IndexBusy("Another memarium is writing the search index.")
        time.sleep(0.05)


def write_seal(folder: Path, form: str, before: Seal | None = None) -> Seal:
    """Seal the files in the folder now; the stamp stays that of the seal `before`."""
    for left in folder.glob(f"_{NAME}_*.toc.*"):  # of a killed writer: never put in its place
        left.unlink(missing_ok=True)
    known = before.files if before else {}
    files = {}
    for path in _files(folder):
        size = path.stat().st_size
        held = known.get(path.name)
        same = held and held[0] == size and path.name not in _WRITTEN_AGAIN
        files[path.name] = held if held and same else (size, _checksum(path))
    seal = Seal(form, before.stamp if before else secrets.token_hex(8), files)
    new = folder / f"{_SEAL}.new"
    new.write_text(json.dumps(seal._asdict()), encoding="utf-8")
    new.replace(folder / _SEAL)
    return seal


def seal_state(folder: Path) -> State:
    """Return a value that differs whenever a seal was written, by whichever process."""
    try:
        state = (folder / _SEAL).stat()
    except OSError as error:
        raise IndexUnusable("The search index is gone.") from error
    return state.st_ino, state.st_mtime_ns


def check_seal(folder: Path, form: str, before: Seal | None = None) -> Seal:
    """Return the seal if all files are as it says; those that `before` names were checked already.

    Raises IndexUnusable: another version's, damaged, or not sealed by us.
    """
    try:
        seal = read_seal(folder)
        if seal.format != form:
            raise IndexUnusable("The search index is of another version.")
        # Whoosh reads what its tables of contents name, so those must be ours; what else lies there after
        # a build that was cut short is read by no one, and goes with the next commit.
        if _tocs(path.name for path in _files(folder)) != _tocs(seal.files):
            raise IndexUnusable("The search index is not as it was written.")
        known = before.files if before and before.stamp == seal.stamp else {}
        for name, (size, checksum) in seal.files.items():
            path = folder / name
            unchecked = name not in known or name in _WRITTEN_AGAIN
            if path.lstat().st_size != size or (unchecked and _checksum(path) != checksum):
                raise IndexUnusable("The search index is damaged.")
    except OSError as error:
        raise IndexUnusable("The search index cannot be read.") from error
    return seal


def read_seal(folder: Path) -> Seal:
    try:
        read = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        files = {str(name): (int(size), int(checksum)) for name, (size, checksum) in read["files"].items()}
        return Seal(str(read["format"]), str(read["stamp"]), files)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexUnusable("The search index bears no seal of ours.") from error


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if _OURS.fullmatch(path.name))


def _tocs(names: Iterable[str]) -> set[str]:
    return {name for name in names if _TOC.fullmatch(name)}


def _checksum(path: Path) -> int:
    """Return the CRC-32: a change by accident is found, and who can forge it need not."""
    total = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            total = zlib.crc32(piece, total)
    return total
