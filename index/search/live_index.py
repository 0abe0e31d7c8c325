"""The search index of one tree: kept up to date, and made anew where it cannot be used."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from index.library.catalogue import Catalogue
from index.library.reader import Progress, without_collection
from index.library.snapshot import Snapshot
from index.model.errors import IndexBusy, TreeError
from index.search.engine import IndexUnusable, SearchEngine
from index.storage.user_folders import temporary_folder

T = TypeVar("T")


class LiveIndex:
    """Keeps the index of the tree that `catalogue` holds in `folder`; opened when it is first needed."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._engine: SearchEngine | None = None
        self._writing = threading.Lock()
        self._behind = False
        """Another process writes the index: its changes are to be taken in."""
        self.damaged = False
        """The index cannot be used: the next update writes it anew."""

    def update(self, snapshot: Snapshot, progress: Progress | None = None) -> int:
        """Index the changed files and return how many entries were written.

        Where the disk of the index is full, or another version of memarium writes there, a temporary folder
        serves this run.

        Raises:
            IndexBusy: another process is writing the index.
            TreeError: it can be written nowhere.
        """
        with self._writing:
            try:
                return self._update_here(snapshot, progress)
            except (OSError, IndexUnusable):
                self._move_away()
            try:
                return self._update_here(snapshot, progress)
            except OSError as error:
                why = (error.strerror or str(error)).lower()
                raise TreeError(f"The search index cannot be written: {why}.") from error
            except IndexUnusable as error:
                raise TreeError(str(error)) from error

    def update_quietly(self, snapshot: Snapshot) -> None:
        """Index the changed files, unless another process is writing the same entries."""
        with suppress(IndexBusy):
            self.update(snapshot)

    def _update_here(self, snapshot: Snapshot, progress: Progress | None) -> int:
        from index.search.engines.choice import open_engine

        if self.damaged:
            self._create()
        elif self._engine is None:
            self._engine = open_engine(self._folder)
        assert self._engine is not None
        self._behind = True
        try:
            written = self._update(self._engine, snapshot, progress)
        except IndexUnusable:
            if self._engine is None:
                return 0  # it was closed meanwhile
            written = self._update(self._create(), snapshot, progress)
        self._behind = False
        return written

    def _move_away(self) -> None:
        """Begin an index in a temporary folder; the one that is on a full disk is left as it is."""
        self.close()
        with suppress(OSError):
            self._folder = temporary_folder()
        self.damaged = False

    def _update(self, engine: SearchEngine, snapshot: Snapshot, progress: Progress | None) -> int:
        from index.search.engines.index_update import WORTH_IT, compare, update, update_apart

        records = snapshot.records
        digests = {path: record.digest for path, record in records.items()}
        stale = compare(engine, self._catalogue, digests)
        total = sum(len(records[path].entries) for path in stale.changed)

        def tell(done: float) -> None:
            if progress is not None:
                progress(min(int(done), total), total)

        if total >= WORTH_IT and not self._catalogue.unusable:
            update_apart(self._folder, self._catalogue, tell)
            engine.refresh()
            stale = compare(engine, self._catalogue, digests)
        with without_collection():
            update(engine, self._catalogue, stale, lambda paths: [records[path] for path in paths], tell)
        return total

    def rebuild(self, snapshot: Snapshot, progress: Progress | None = None) -> int:
        """Write the index anew; see `update`."""
        with self._writing:
            self._create()
        return self.update(snapshot, progress)

    def _create(self) -> SearchEngine:
        from index.search.engines.choice import create_engine

        self.close()
        self._engine = engine = create_engine(self._folder)
        self.damaged = False
        return engine

    def open(self) -> None:
        """Open the index as it is, where it can be; it is not brought up to date."""
        from index.search.engines.choice import open_engine

        with self._writing:
            if self._engine is None and not self.damaged:
                with suppress(IndexBusy, OSError):
                    self._engine = open_engine(self._folder)

    def ask(self, question: Callable[[SearchEngine], T], nothing: T) -> T:
        """Return the engine's answer, `nothing` where its index cannot be used: that is noted."""
        engine = self._engine
        if engine is None or self.damaged:
            return nothing
        try:
            if self._behind:
                engine.refresh()
            return question(engine)
        except IndexUnusable:
            if engine is self._engine:  # else an update has put another one in its place
                self.damaged = True
            return nothing

    @property
    def usable(self) -> bool:
        """Whether it can be asked."""
        return self._engine is not None and not self.damaged

    @property
    def engine(self) -> str:
        """Name of the engine that has the index; empty before the first update."""
        return self._engine.name if self._engine is not None else ""

    def close(self) -> None:
        """Let go of the index."""
        engine, self._engine = self._engine, None  # who searches now is not to take it for damaged
        if engine is not None:
            engine.close()
