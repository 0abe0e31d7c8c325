"""What memarium itself committed, in order, so that it can be taken back and done again."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Literal

_KEPT = 200
"""Changes that are remembered; older ones are in the history of their entries."""

Sort = Literal["edit", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Record:
    """One commit of memarium."""

    rev: str
    paths: tuple[str, ...]
    """The files it changed, relative to the tree."""
    entries: tuple[str, ...] = ()
    """Ids of the entries it was about."""
    message: str = ""
    """What was done, for the sentence that offers to undo it."""
    sort: Sort = "edit"
    stood: Mapping[str, str] = field(default_factory=dict)
    """What a file held before, where that was in no commit: its path in the tree → where that is kept."""


class Journal:
    """The last changes made with memarium, kept in a file of the user's state folder.

    Another memarium may write the same file: it is read anew each time, under a lock.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, record: Record) -> None:
        """Remember a commit; a change of the user's own ends what could be redone.

        Raises:
            OSError: the state folder cannot be written.
        """
        with self._locked():
            done, undone = self._read()
            if record.sort == "edit":
                done, undone = [*done, record], []
            elif record.sort == "undo":
                done, undone = done[:-1], [*undone, record]
            else:
                done, undone = [*done, record], undone[:-1]
            self._write(done[-_KEPT:], undone[-_KEPT:])

    def next_undo(self, exists: Callable[[str], bool] = lambda rev: True) -> Record | None:
        """Return the commit to take back next; those that `exists` denies were rewritten, and are passed."""
        return next((record for record in reversed(self._read()[0]) if exists(record.rev)), None)

    def next_redo(self, exists: Callable[[str], bool] = lambda rev: True) -> Record | None:
        """Return the undo that can be taken back in its turn."""
        return next((record for record in reversed(self._read()[1]) if exists(record.rev)), None)

    def forget(self, rev: str) -> None:
        """Pass over a commit for good, as when a later edit stands in the way of its undo.

        Raises:
            OSError: the state folder cannot be written.
        """
        with self._locked():
            done, undone = self._read()
            self._write([r for r in done if r.rev != rev], [r for r in undone if r.rev != rev])

    def _read(self) -> tuple[list[Record], list[Record]]:
        """Return what was done and what was undone, oldest first; empty when it is no journal."""
        try:
            told = json.loads(self._path.read_bytes())
            return list(_records(told["done"])), list(_records(told["undone"]))
        except (OSError, ValueError, TypeError, KeyError):
            return [], []

    def _write(self, done: list[Record], undone: list[Record]) -> None:
        told = {"done": [_told(record) for record in done], "undone": [_told(record) for record in undone]}
        temporary = self._path.with_name(f"{self._path.name}.{token_hex(4)}")
        try:
            temporary.write_text(json.dumps(told), "utf-8")
            temporary.replace(self._path)
        finally:
            temporary.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self._path.with_name(self._path.name + ".lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _told(record: Record) -> dict[str, object]:
    return {
        "rev": record.rev,
        "paths": record.paths,
        "entries": record.entries,
        "message": record.message,
        "sort": record.sort,
        "stood": dict(record.stood),
    }


def _records(told: Iterable[object]) -> Iterator[Record]:
    """Read records; what has no commit or another form is passed over."""
    for one in told:
        if not isinstance(one, dict):
            continue
        rev, sort = one.get("rev"), one.get("sort")
        if isinstance(rev, str) and sort in ("edit", "undo", "redo"):
            texts = _texts(one.get("paths")), _texts(one.get("entries"))
            stood = one.get("stood")
            kept = {str(k): str(v) for k, v in stood.items()} if isinstance(stood, dict) else {}
            yield Record(rev, *texts, str(one.get("message", "")), sort, kept)


def _texts(told: object) -> tuple[str, ...]:
    return tuple(text for text in told if isinstance(text, str)) if isinstance(told, list) else ()
