"""Intents: changes of several files, written down before the first of them is made.

Each is a line of JSON and the bytes beside it, in a folder of the user's own. It is removed when all is done;
one that is found later, and that no living process holds, was interrupted.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple, cast

from index.model.errors import TreeError
from index.storage.files import STALE, digest, make_private, sync_folder, write_private
from index.storage.locking import Lock

_FORM = 1
"""Version of the format; an intent of another version is left to the memarium that wrote it."""


Content = tuple[str, bytes | None, bytes | None]
"""A file by its path in the tree, and its bytes before and after; None is no file."""


class TracedFile(NamedTuple):
    """A file of an intent: which of the kept pieces it held before, and which it is to hold after."""

    path: str
    before: int | None
    after: int | None


def traced(files: Sequence[Content]) -> tuple[list[TracedFile], list[bytes]]:
    """Return files as an intent tells them, and the bytes that it keeps of them."""
    found: list[TracedFile] = []
    pieces: list[bytes] = []
    for path, *both in files:
        places = []
        for data in both:
            places.append(None if data is None else len(pieces))
            pieces += [] if data is None else [data]
        found.append(TracedFile(path, *places))
    return found, pieces


@dataclass(frozen=True)
class Intent:
    """One intent as it was written down."""

    path: Path
    kind: str
    """`change` or `sync`."""
    about: Mapping[str, object]
    pieces: tuple[str, ...]
    """The digests of its bytes."""
    sizes: tuple[int, ...]
    when: float
    """Seconds since 1970."""

    @property
    def files(self) -> list[TracedFile]:
        """The files that it tells of."""
        told = cast("Sequence[Sequence[object]]", self.about["files"])
        return [TracedFile(*cast("tuple[str, int | None, int | None]", tuple(file))) for file in told]

    def contents(self) -> list[Content]:
        """Return its files with their bytes; raises TreeError as `read` does."""
        pieces = self.read()

        def data(piece: int | None) -> bytes | None:
            return None if piece is None else pieces[piece]

        return [(path, data(before), data(after)) for path, before, after in self.files]

    def holds(self, piece: int | None, data: bytes | None) -> bool:
        """Whether these bytes are the kept ones of that number; None is no file."""
        if piece is None or data is None:
            return piece is None and data is None
        return len(data) == self.sizes[piece] and digest(data) == self.pieces[piece]

    def read(self) -> list[bytes]:
        """Return the bytes that were kept. Raises TreeError: they are gone, or differ from those written."""
        found = []
        try:
            with self.path.with_suffix(".bytes").open("rb") as file:
                found = [file.read(size) for size in self.sizes]
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise TreeError(f"What was kept of the interrupted change cannot be read: {why}.") from error
        if tuple(map(digest, found)) != self.pieces:
            raise TreeError("What was kept of the interrupted change is damaged: commit or undo it by file.")
        return found


class Intents:
    """The intents of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def hold(self, kind: str, about: Mapping[str, object], pieces: Sequence[bytes] = ()) -> Iterator[Intent]:
        """Write an intent, so that it outlasts this process, and hold it; `drop` removes it.

        Raises OSError: it cannot be written.
        """
        make_private(self._folder)
        name = f"{time.time_ns():020}-{token_hex(4)}"
        path = self._folder / f"{name}.json"
        digests, sizes = tuple(map(digest, pieces)), tuple(map(len, pieces))
        intent = Intent(path, kind, about, digests, sizes, time.time())
        told = {"form": _FORM, "kind": kind, "when": intent.when, "about": about}
        told |= {"pieces": [*zip(digests, sizes, strict=True)]}
        temporary = path.with_suffix(".new")
        lock = None
        try:
            lock = Lock(path.with_suffix(".lock"))
            lock.take_now()  # before the intent has its name: it never looks abandoned
            if pieces:
                write_private(path.with_suffix(".bytes"), pieces)
            write_private(temporary, [json.dumps(told).encode()])
            temporary.rename(path)
            sync_folder(self._folder)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            self.drop(intent)
            if lock is not None:
                lock.close()
            raise
        try:
            yield intent
        finally:
            lock.close()

    @contextlib.contextmanager
    def adopt(self, intent: Intent) -> Iterator[bool]:
        """Hold an intent of a process that is gone; False when another one has it, or it is done."""
        lock = _hold(intent.path)
        try:
            yield lock is not None
        finally:
            if lock is not None:
                lock.close()

    def drop(self, intent: Intent) -> None:
        """Forget an intent: its change is done, or taken back."""
        for suffix in (".json", ".bytes", ".lock"):
            with contextlib.suppress(OSError):
                intent.path.with_suffix(suffix).unlink()

    def left(self, kind: str) -> list[Intent]:
        """Return the intents that were interrupted, the newest first; those of living processes are not."""
        try:
            names = sorted((path.name for path in self._folder.iterdir()), reverse=True)
        except OSError:
            return []
        found = []
        for name in names:
            path = self._folder / name
            if path.suffix == ".json":
                lock = _hold(path)
                if lock is not None:
                    try:
                        intent = _parse(path)
                    finally:
                        lock.close()
                    found += [intent] if intent is not None and intent.kind == kind else []
            elif f"{name.partition('.')[0]}.json" not in names:
                _remove_stale(path)
        return found


def _hold(path: Path) -> Lock | None:
    """Share the lock of an intent; None when a process works on it, or the intent was removed meanwhile."""
    try:
        lock = Lock(path.with_suffix(".lock"))
    except OSError:
        return None
    with contextlib.suppress(OSError):
        if lock.take_now(shared=True):
            if path.exists():
                return lock
            path.with_suffix(".lock").unlink()
    lock.close()
    return None


def _remove_stale(path: Path) -> None:
    """Remove the files of a process that was killed while it wrote an intent, before any change."""
    with contextlib.suppress(OSError):
        if path.lstat().st_mtime < time.time() - STALE:
            path.unlink()


def _parse(path: Path) -> Intent | None:
    try:
        told = json.loads(path.read_bytes())
        if told["form"] != _FORM:
            return None
        digests, sizes = (
            [str(piece[0]) for piece in told["pieces"]],
            [int(piece[1]) for piece in told["pieces"]],
        )
        return Intent(
            path, str(told["kind"]), dict(told["about"]), tuple(digests), tuple(sizes), float(told["when"])
        )
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None
