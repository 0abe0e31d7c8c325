"""The commits that memarium made, in order, so that they can be undone and redone.

One line of JSON a commit, added at the end. Undoing a commit, or passing it over, adds a line too.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from index.model.entry import id_file
from index.model.errors import TreeError
from index.storage.files import read, temporary_name
from index.storage.locking import Tell, only_one

_LARGEST = 1 << 18
"""Bytes from which on the file is written anew, with the newest changes in half of them: some hundreds.
Older ones are in the history of their entries."""

Sort = Literal["edit", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One commit of memarium."""

    rev: str
    paths: tuple[str, ...]
    """The files it changed, relative to the tree."""
    entries: tuple[str, ...] = ()
    """Ids of the entries it was about."""
    message: str = ""
    """The change in words, for the sentence that offers to undo it."""
    sort: Sort = "edit"
    stood: Mapping[str, str] = field(default_factory=dict)
    """Former content of files where that was in no commit: path in the tree → the place that keeps it."""
    takes: str = ""
    """The commit that an undo or a redo took back."""


Exists = Callable[[str], bool]
"""Tells whether there is a commit of this id."""


JOURNAL = "journal.jsonl"
"""The name of its file, in the state folder of a tree."""


class Journal:
    """The last changes made with memarium, kept in a file of the user's state folder.

    Another memarium may write the same file: it is read anew each time, and written under a lock.

    Args:
        tell: hears that another one holds that lock.
    """

    def __init__(self, path: Path, tell: Tell = lambda words: None) -> None:
        self._path, self._tell = path, tell

    def record(self, record: JournalRecord) -> None:
        """Remember a commit; a change of the user's own ends the chance to redo.

        Raises OSError: the state folder cannot be written.
        """
        self._add(asdict(record))

    def next_undo(self, exists: Exists = lambda rev: True) -> JournalRecord | None:
        """Return the commit to take back next; those that `exists` denies were rewritten, and are passed."""
        return next((record for record in reversed(self._read()[0]) if exists(record.rev)), None)

    def next_redo(self, exists: Exists = lambda rev: True) -> JournalRecord | None:
        """Return the undo that can be taken back in its turn."""
        return next((record for record in reversed(self._read()[1]) if exists(record.rev)), None)

    def knows(self, rev: str) -> bool:
        """Whether a commit was recorded."""
        return any(told.get("rev") == rev for told in self._lines())

    def subjects(self) -> dict[str, set[str]]:
        """Return, for each commit that was recorded, the files that the change was about.

        In others, links and lines of an index went along.
        """
        records = [record for told in self._lines() if (record := _record(told)) is not None]
        return {one.rev: {id_file(entry) for entry in one.entries} or {*one.paths} for one in records}

    def forget(self, rev: str) -> None:
        """Pass over a commit for good, as when a later edit is in the way of its undo.

        Raises OSError: the state folder cannot be written.
        """
        self._add({"forget": rev})

    def take_over(self, others: Iterable[tuple[Path, Callable[[str], str]]]) -> None:
        """Begin with the records of other trees' journals; where there is one already, nothing is done.

        Each comes with a function that returns a path, or an id, of its tree as it is in this one.

        Raises OSError: the state folder cannot be written.
        """
        there = [(place.stat().st_mtime_ns, place, renamed) for place, renamed in others if place.exists()]
        if not there or self._path.exists():
            return
        lines: list[bytes] = []
        for _, place, renamed in sorted(there):
            lines += [_line(_renamed(told, renamed)) for told in Journal(place)._lines()]
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._replace(lines)

    def _read(self) -> tuple[list[JournalRecord], list[JournalRecord]]:
        """Return the commits and the undone ones, oldest first; lines of another form are passed over."""
        done: list[JournalRecord] = []
        undone: list[JournalRecord] = []
        for told in self._lines():
            gone = {told.get("forget"), told.get("takes")}
            done, undone = ([r for r in rs if r.rev not in gone] for rs in (done, undone))
            record = _record(told)
            if record is None:
                continue
            if record.sort == "edit":
                undone.clear()
            (undone if record.sort == "undo" else done).append(record)
        return done, undone

    def _lines(self) -> Iterator[dict[str, object]]:
        with contextlib.suppress(TreeError):
            for line in read(self._path).splitlines():
                with contextlib.suppress(ValueError):
                    told = json.loads(line)
                    if isinstance(told, dict):
                        yield told

    def _add(self, told: dict[str, object]) -> None:
        with only_one(self._path.with_name(self._path.name + ".lock"), self._tell):
            # Not blocking: a pipe that nobody reads refuses it at once.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
            with os.fdopen(os.open(self._path, flags, 0o600), "ab") as file:
                file.write(_line(told))
                file.flush()
                full = file.tell() > _LARGEST
            if full:
                self._write_anew()

    def _write_anew(self) -> None:
        """Leave out records that are too old, undone, forgotten or damaged."""
        done, undone = self._read()
        lines: list[bytes] = []
        room = _LARGEST // 2
        for record in reversed([*done, *undone]):
            line = _line(asdict(record))
            room -= len(line)
            if room < 0 and lines:
                break
            lines.insert(0, line)
        self._replace(lines)

    def _replace(self, lines: Iterable[bytes]) -> None:
        temporary = self._path.with_name(temporary_name())
        try:
            temporary.write_bytes(b"".join(lines))
            temporary.replace(self._path)
        finally:
            temporary.unlink(missing_ok=True)


def _renamed(told: Mapping[str, object], renamed: Callable[[str], str]) -> dict[str, object]:
    """Return a line with its paths and ids as they are in another tree."""
    names = {name: tuple(map(renamed, _texts(told.get(name)))) for name in ("paths", "entries")}
    stood = told.get("stood")
    kept = {renamed(path): place for path, place in stood.items()} if isinstance(stood, dict) else {}
    return {**told, **names, "stood": kept}


def _line(told: Mapping[str, object]) -> bytes:
    # It begins with the line break: a line that was cut short, as by SIGKILL, spoils no other.
    return b"\n" + json.dumps(told).encode()


def _record(told: Mapping[str, object]) -> JournalRecord | None:
    """Read a record; None for one without a commit or in another form."""
    rev, sort, stood = told.get("rev"), told.get("sort"), told.get("stood")
    if not isinstance(rev, str) or sort not in ("edit", "undo", "redo"):
        return None
    kept = {str(k): str(v) for k, v in stood.items()} if isinstance(stood, dict) else {}
    texts = _texts(told.get("paths")), _texts(told.get("entries"))
    return JournalRecord(rev, *texts, str(told.get("message", "")), sort, kept, str(told.get("takes", "")))


def _texts(told: object) -> tuple[str, ...]:
    return tuple(text for text in told if isinstance(text, str)) if isinstance(told, list) else ()
