"""Intents: what is about to be done to several files, written down before the first of them changes.

Each is a line of JSON and the bytes beside it, in a folder of the user's own. It is removed when all is done;
one that is found later, and that no living process holds, was interrupted.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

from index.memory.files import STALE, TreeError

_FORM = 1
"""What is written in another form is left to the memarium that wrote it."""
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


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

    def holds(self, piece: int | None, data: bytes | None) -> bool:
        """Whether these bytes are the kept ones of that number; None is no file."""
        if piece is None or data is None:
            return piece is None and data is None
        return len(data) == self.sizes[piece] and _digest(data) == self.pieces[piece]

    def read(self) -> list[bytes]:
        """Return the bytes that were kept.

        Raises:
            TreeError: they are gone, or are not what was written.
        """
        found = []
        try:
            with self.path.with_suffix(".bytes").open("rb") as file:
                found = [file.read(size) for size in self.sizes]
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise TreeError(f"What was kept of the interrupted change cannot be read: {why}.") from error
        if tuple(map(_digest, found)) != self.pieces:
            raise TreeError("What was kept of the interrupted change is damaged: commit or undo it by file.")
        return found


class Intents:
    """The intents of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextlib.contextmanager
    def hold(self, kind: str, about: Mapping[str, object], pieces: Sequence[bytes] = ()) -> Iterator[Intent]:
        """Write an intent, so that it outlasts this process, and hold it; `drop` removes it.

        Raises:
            OSError: it cannot be written.
        """
        for private in (self._folder.parent, self._folder):
            private.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{time.time_ns():020}-{token_hex(4)}"
        path = self._folder / f"{name}.json"
        digests, sizes = tuple(map(_digest, pieces)), tuple(map(len, pieces))
        intent = Intent(path, kind, about, digests, sizes, time.time())
        told = {"form": _FORM, "kind": kind, "when": intent.when, "about": about}
        told |= {"pieces": [*zip(digests, sizes, strict=True)]}
        temporary = path.with_suffix(".new")
        descriptor = None
        try:
            if pieces:
                with os.fdopen(os.open(path.with_suffix(".bytes"), _FLAGS, 0o600), "wb") as file:
                    file.writelines(pieces)
                    file.flush()
                    os.fsync(file.fileno())
            descriptor = os.open(temporary, _FLAGS, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # before it has its name: it never looks abandoned
            _write(descriptor, json.dumps(told).encode())
            temporary.rename(path)
            _sync(self._folder)
        except BaseException:
            if descriptor is not None:
                os.close(descriptor)
            for left in (temporary, path, path.with_suffix(".bytes")):
                with contextlib.suppress(OSError):
                    left.unlink()
            raise
        try:
            yield intent
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def adopt(self, intent: Intent) -> Iterator[bool]:
        """Hold an intent of a process that is gone; False when another one has it, or it is done."""
        descriptor = _hold(intent.path)
        try:
            yield descriptor is not None
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def drop(self, intent: Intent) -> None:
        """Forget an intent: what it was about is done, or taken back."""
        for path in (intent.path, intent.path.with_suffix(".bytes")):
            with contextlib.suppress(OSError):
                path.unlink()

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
                descriptor = _hold(path)
                if descriptor is not None:
                    with os.fdopen(descriptor, "rb") as file:
                        intent = _parse(path, file.read())
                    found += [intent] if intent is not None and intent.kind == kind else []
            elif path.with_suffix(".json").name not in names:
                _remove_stale(path)
        return found


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hold(path: Path) -> int | None:
    """Open the file and lock it; None when it is locked, or removed meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except OSError:
        pass
    os.close(descriptor)
    return None


def _remove_stale(path: Path) -> None:
    """Remove what a process left that was killed while it wrote an intent, and so before it did anything."""
    with contextlib.suppress(OSError):
        if path.lstat().st_mtime < time.time() - STALE:
            path.unlink()


def _parse(path: Path, data: bytes) -> Intent | None:
    try:
        told = json.loads(data)
        if told["form"] != _FORM:
            return None
        digests, sizes = (
            [str(piece[0]) for piece in told["pieces"]],
            [int(piece[1]) for piece in told["pieces"]],
        )
        return Intent(
            path, str(told["kind"]), dict(told["about"]), tuple(digests), tuple(sizes), float(told["when"])
        )
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
