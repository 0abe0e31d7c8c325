"""Reading a tree: unchanged files from the catalogue, changed ones from the disk."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.library.catalogue import Catalogue
from index.library.file_reader import read_record
from index.library.packing import pack_entry, unpack_entry
from index.library.parallel import read_records
from index.library.snapshot import Snapshot, TreeChanges, find
from index.library.successors import Successors
from index.model.entry import Entry
from index.model.facets import Facets, count_facets
from index.model.file_record import FileRecord, TreeFile
from index.model.known_entries import EntryList, KnownEntries
from index.storage.scan import scan, stat_file

if TYPE_CHECKING:
    from index.library.partial_view import PartialView, Whole
    from index.library.unread import UnreadEntries
    from index.storage.memory_stores import TreeLocation
from index.model.remembered_page import RememberedPage

Progress = Callable[[int, int], None]
"""Called with the number of files read, and of all files."""
_PUBLISH_SECONDS = 0.4
"""Seconds until a first reading shows the entries found so far; then after twice as long each time, for
putting a hundred thousand entries in order takes its time too."""
_PAGE = 100
"""Entries, and values of a facet, of the first page."""


class Reader:
    """Keeps the `Snapshot` of one tree."""

    def __init__(
        self, place: TreeLocation, catalogue: Catalogue, successors: Successors | None = None
    ) -> None:
        self.snapshot = Snapshot()
        """The tree as it was last read; replaced whole."""
        self.loaded = False
        self.progress: Progress | None = None
        """Called while a tree is read that nobody has asked to be read with a callback of their own."""
        self._place, self._catalogue = place, catalogue
        self._busy = threading.Lock()
        self._view: PartialView | None = None
        """A look at some entries while the tree is not read."""
        self._must_read = False
        """There is nothing to look at, which was found out once."""
        self.successors = successors or Successors()
        self._touched: dict[str, FileRecord] = {}
        self._removed: set[str] = set()

    def first_page(self, limit: int = 60) -> RememberedPage | None:
        """Return the newest entries as they were last seen, or None on the first visit."""
        page = self._catalogue.page()
        if page is None:
            return None
        try:
            facets = Facets(*(tuple(map(_pair, value)) for value in page["facets"]))
            entries = [unpack_entry(row) for row in page["entries"][:limit]]
            return RememberedPage(entries, page["total"], page["files"], page["problems"], facets)
        except (KeyError, TypeError, ValueError, IndexError):
            return None

    def remembered(self) -> Iterator[Entry]:
        """Yield the entries as they were last seen; no file is looked at."""
        for record in self._catalogue.records():
            yield from record.entries

    def load(self, progress: Progress | None = None, *, remember: bool = True) -> TreeChanges:
        """Read the tree; during a long first reading `snapshot` already shows the entries found so far.

        Without `remember`, that is left to the caller.
        """
        with self._busy, without_collection(keep=True):
            # Whoever asks first reads: another thread may have, while this one waited.
            held = self.snapshot.records.values() if self.loaded else self._catalogue.records()
            known = {record.path: record for record in held}
            changes = self._read(known, progress or self.progress, watched=progress is not None)
            self.loaded, self._view = True, None
        if remember:
            self.remember()
        return changes

    def refresh(self) -> TreeChanges:
        """Read the files that changed on disk since the last look."""
        if not self.loaded:
            return self.load()
        with self._busy:
            return self._read(dict(self.snapshot.records), None, watched=True)

    def renew(self) -> None:
        """Know the files as they are now; a tree that is not read stays so."""
        if self.loaded:
            self.refresh()
        elif self._view is not None:
            self._view = None
            self._looked()

    def reread(self, paths: Iterable[str]) -> None:
        """Read these files again, and nothing else: after a save, when the changed files are known."""
        if not self.loaded:
            if self._view is not None:
                self._view.reread(paths)
            return
        with self._busy:
            records, touched = dict(self.snapshot.records), set(paths)
            for path in touched:
                file = stat_file(self._place, path)
                if file is None:
                    self._removed.add(path)
                    records.pop(path, None)
                else:
                    records[path] = self._touched[path] = read_record(file)
            self.successors.take(self.snapshot.records, records, touched)
            self.snapshot = self.snapshot.with_files(records, touched)

    def look(self) -> Whole | PartialView:
        """Return where entries can be looked up at once: reads nothing that the catalogue knows."""
        from index.library.partial_view import Whole

        return self._looked() or Whole(self.ready())

    def entry(self, entry_id: str) -> Entry:
        """Return the entry with this id; reads no more of the tree than it has to.

        Raises UnknownEntry: there is none; names the nearest ids.
        """
        view = self._looked()
        return self._unread(view).find(entry_id) if view else find(self.ready().by_id, entry_id)

    def known(self) -> KnownEntries:
        """Return the entries for a change of one of them; reads no more of the tree than it has to."""
        view = self._looked()
        return self._unread(view) if view else EntryList(self.ready().entries)

    def _looked(self) -> PartialView | None:
        """Return a look at the tree, the same one until the tree is read; None where it has to be."""
        from index.library.partial_view import NeedsReading, PartialView

        view = None if self.loaded else self._view
        if view is None and not self.loaded and not self._must_read:
            try:
                view = self._view = PartialView(self._place, self._catalogue)
            except NeedsReading:
                self._must_read = True
        return view

    def _unread(self, view: PartialView) -> UnreadEntries:
        from index.library.unread import UnreadEntries

        return UnreadEntries(view, self.ready)

    def ready(self) -> Snapshot:
        """Return the snapshot, reading the tree first when nobody has or does."""
        if not self.loaded and not self._busy.locked():
            self.load()
        return self.snapshot

    def _read(self, known: dict[str, FileRecord], progress: Progress | None, *, watched: bool) -> TreeChanges:
        """Read the files that differ from those known; `watched`: others work in this process meanwhile."""
        files, notices = scan(*self._place)
        records: dict[str, FileRecord] = {}
        stale: list[TreeFile] = []
        for file in files:
            record = known.get(file.path)
            if record is not None and (record.size, record.stamp) == (file.size, file.stamp):
                records[file.path] = record
            else:
                stale.append(file)
        if not self.loaded:
            self.snapshot = Snapshot.of(dict(records), notices)
        wait, shown_at = _PUBLISH_SECONDS, time.monotonic()
        added, changed = [], []
        for done, record in enumerate(read_records(stale, here=not watched)):
            before = known.get(record.path)
            records[record.path] = record
            self._touched[record.path] = record
            if before is None:
                added.append(record.path)
            elif before.digest != record.digest or not record.digest:
                changed.append(record.path)
            if progress is not None and done % 16 == 0:
                progress(done, len(stale))
                if watched and not self.loaded and time.monotonic() - shown_at > wait:
                    self.snapshot = Snapshot.of(dict(records), notices)
                    wait, shown_at = 2 * wait, time.monotonic()
        removed = tuple(path for path in known if path not in records)
        self.successors.take(known, records, (*added, *changed, *removed))
        if stale or removed or not self.loaded or self.snapshot.notices != tuple(notices):
            self.snapshot = Snapshot.of(records, notices)  # else what was made of the last one stays right
        if progress is not None:
            progress(len(stale), len(stale))
        self._removed.update(removed)
        return TreeChanges(tuple(added), tuple(changed), removed)

    def remember(self, progress: Progress | None = None, *, page: bool = True) -> None:
        """Write the newly read records to the catalogue, and the first page unless a later call does.

        The page counts all entries: in a large tree what was just saved is searched before it.
        """
        import sqlite3

        counted = None
        with self._busy:
            if not self.loaded and self._view is not None:
                touched, removed = self._view.fresh, self._view.gone
                self._view = None
            else:
                touched, removed = self._touched, self._removed - self.snapshot.records.keys()
                self._touched, self._removed = {}, set()
                if page and (touched or removed or (self.loaded and self._catalogue.page_is_old())):
                    counted = _page(self.snapshot)
        if not touched and not removed and counted is None:
            return
        try:
            self._catalogue.save(touched.values(), removed, counted, progress)
        except (sqlite3.Error, OSError):
            return  # a full or read-only disk costs the next start some time, and nothing else


def _page(snapshot: Snapshot) -> dict[str, Any]:
    """Return the read of `Reader.first_page`."""
    shown = [entry for entry in snapshot.entries if not entry.template]
    facets = count_facets(shown)
    return {
        "entries": [pack_entry(entry) for entry in shown[:_PAGE]],
        "total": len(shown),
        "files": len(snapshot.records),
        "problems": snapshot.broken,
        "facets": facets._replace(
            files=facets.files[:_PAGE], tags=facets.tags[:_PAGE], tech=facets.tech[:_PAGE]
        ),
    }


@contextmanager
def without_collection(*, keep: bool = False) -> Iterator[None]:
    """Work without the cyclic garbage collector, which would walk every entry again and again.

    With `keep`, the new objects stay for long and hold no cycles, as entries do: it is frozen, so that
    later collections stay short.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if keep:
            gc.freeze()
        if was_on:
            gc.enable()


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
