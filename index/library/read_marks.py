"""The entries of a tree that the user has seen, and so those that others have changed since.

An entry is seen once it was opened in the app, or once everything was called seen. The user's own changes
through memarium are no news, and neither is anything on the first visit. Only ids and fingerprints are kept,
in the user's state folder: the tree is never written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from index.library.file_reader import make_record
from index.library.mark_table import Fingerprints, MarkTable
from index.model.entry import Entry, id_file
from index.model.file_record import FileRecord, TreeFile
from index.model.news import NOTHING, News
from index.storage.files import digest
from index.storage.user_state import StateUnavailable, UserState

Records = Mapping[str, FileRecord]


_FAILURES = (StateUnavailable, ValueError)


class ReadMarks:
    """Remembers each entry of a tree as the user last saw it, file by file.

    A state folder that cannot be written or read costs the marks, and nothing else. Any thread may ask.
    """

    def __init__(
        self,
        state: UserState,
        folder: Path,
        records: Callable[[], Records | None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Keep the marks in the user's state.

        Args:
            folder: the state folder of the tree, after which its marks are called.
            records: returns the records of the tree, None before it is read.
            clock: returns the time, in seconds.
        """
        self._state = state
        self._tree = folder.name
        self._old = folder / "seen.sqlite"
        """The marks had a file of their own once: it is taken over."""
        self._records, self._clock = records, clock
        self.failure = ""
        """The reason why the marks could not be read, or all not be called seen: nothing is new then."""
        self._lock = threading.Lock()
        self._last: tuple[Records, News] | None = None
        self._writing: dict[str, str] = {}
        """File → digest of the bytes that the user is writing to it at this moment."""

    def news(self) -> News:
        """Return the new entries; none before the tree is read or on the first visit, which sets marks."""
        records = self._records()
        if records is None:
            return NOTHING
        with self._lock:
            if self._last is not None and self._last[0] is records:
                return self._last[1]
            found = NOTHING
            with self._noting_failures():
                found = self._compare(records)
            self._last = records, found
            return found

    def _compare(self, records: Records) -> News:
        with self._open() as marks:
            if marks.begun:
                own = self._writing
                now = {p: r.digest if r.digest != own.get(p) else "" for p, r in records.items()}
                return _compare(marks, now, lambda path: records[path].entries)
        with self._open(change=True) as marks:
            if not marks.begun:  # nor has another memarium begun meanwhile
                _store(marks, records.values())
        return NOTHING

    def peek(self, now: Mapping[str, str], entries: Callable[[str], Iterable[Entry]], most: int) -> News:
        """Return the new entries of a tree that is not read; this does not count as the first visit.

        Args:
            now: each file and the digest of its content.
            entries: reads those of one file; asked only for files that are not as they were.
            most: of such files; where there are more, only their number is told.
        """
        if self._exists():
            with self._lock, suppress(*_FAILURES), self._open() as marks:
                if marks.begun:
                    return _compare(marks, now, entries, most)
        return NOTHING

    def see(self, ids: Collection[str]) -> None:
        """Count these entries as seen, as they are now."""
        records = self._records() or {}
        with self._lock, suppress(*_FAILURES), self._open(change=True) as marks:
            for path in {id_file(entry_id) for entry_id in ids} & records.keys():
                now = fingerprints(records[path].entries)
                marks.settle(path, records[path].digest, now, now.keys() & set(ids))

    def see_all(self) -> int:
        """Count everything as seen, removals too; return how many entries were new or changed."""
        count = len(self.news().ids)
        records = self._records() or {}
        with self._lock, self._noting_failures(), self._open(change=True) as marks:
            held = marks.digests()
            _store(marks, (r for r in records.values() if r.digest != held.get(r.path)))
            marks.drop(held.keys() - records)
            marks.look(self._clock())
        return count

    def looked(self) -> float:
        """Return the time at which everything was last called seen, in seconds; 0 for never."""
        if self._exists():
            with self._lock, suppress(*_FAILURES), self._open() as marks:
                return marks.looked()
        return 0.0

    @contextmanager
    def writing(self, files: Mapping[str, bytes | None]) -> Iterator[None]:
        """Take these contents of files for the user's own, until `own` knows their outcome.

        A commit may take seconds, and whoever watches the tree sees the file before it ends.
        """
        held = {path: digest(data) for path, data in files.items() if data is not None}
        with self._lock:
            self._writing, self._last = held, None
        try:
            yield
        finally:
            with self._lock:
                self._writing, self._last = {}, None

    def own(self, path: str, before: bytes | None, after: bytes | None) -> None:
        """Count the user's own changes of a file as seen, and nothing else in it that is new.

        `before` and `after` are its content, None where there is no such file.
        """
        if not self._exists():
            return
        with self._lock, suppress(*_FAILURES), self._open(change=True) as marks:
            if not marks.begun:
                return
            mark = digest(after) if after is not None else ""
            record = (self._records() or {}).get(path)
            known = record is not None and record.digest == mark
            now = fingerprints(record.entries) if record and known else _read(path, after)
            if marks.digest(path) == (digest(before) if before is not None else None):
                marks.put(path, mark, now)
            else:
                then = _read(path, before)
                marks.settle(path, mark, now, [i for i in then.keys() | now if then.get(i) != now.get(i)])

    @contextmanager
    def _noting_failures(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            self.failure = str(error)

    def _exists(self) -> bool:
        return self._state.exists() or self._old.exists()

    @contextmanager
    def _open(self, *, change: bool = False) -> Iterator[MarkTable]:
        if self._old.exists():
            self._take_over()
        if change:
            self._last = None
        with self._state.transaction(change=change) as database:
            yield MarkTable(database, self._tree)

    def _take_over(self) -> None:
        with self._state.transaction(change=True) as database:
            marks = MarkTable(database, self._tree)
            if not marks.begun:
                marks.take_over(self._old)
        with suppress(OSError):
            self._old.unlink()


def fingerprints(entries: Iterable[Entry]) -> Fingerprints:
    """Return fingerprints of entries, by id: of their fields in order, not of their places.

    Empty templates are left out: that there is one more is no news.
    """
    found = {}
    for entry in entries:
        if not entry.template:
            said = "\x1f".join([entry.kind, *[text for field in entry.fields for text in field[:2]]])
            found[entry.id] = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return found


def _compare(
    marks: MarkTable,
    files: Mapping[str, str],
    entries: Callable[[str], Iterable[Entry]],
    most: int | None = None,
) -> News:
    """Compare file by file; an entry that only moved to another file or id is no news."""
    held = marks.digests()
    stale = [path for path in held if path not in files]
    stale += [path for path, mark in files.items() if mark not in ("", held.get(path))]
    if most is not None and len(stale) > most:
        return News(files=len(stale))
    added: Fingerprints = {}
    removed: Fingerprints = {}
    changed: set[str] = set()
    for path in sorted(stale):
        before = marks.entries(path)
        now = fingerprints(entries(path)) if path in files else {}
        added |= {i: now[i] for i in now if i not in before}
        changed |= {i for i in now if i in before and before[i] != now[i]}
        removed |= {i: before[i] for i in before if i not in now}
    moved = set(added.values()) & set(removed.values())
    return News(
        frozenset(i for i, said in added.items() if said not in moved),
        frozenset(changed),
        tuple(i for i, said in removed.items() if said not in moved),
    )


def _read(path: str, content: bytes | None) -> Fingerprints:
    if content is None:
        return {}
    return fingerprints(make_record(TreeFile(path, Path(path), len(content), 0), content).entries)


def _store(marks: MarkTable, records: Iterable[FileRecord]) -> None:
    """Hold these files as they are now; with it the first visit is over."""
    marks.begin()
    for record in records:
        if record.digest:
            marks.put(record.path, record.digest, fingerprints(record.entries))
