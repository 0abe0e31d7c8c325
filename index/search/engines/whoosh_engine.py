"""The embedded search engine: Whoosh keeps the terms and postings, we read and rank them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from index.model.entry import Entry
from index.model.errors import IndexBusy
from index.search.engine import Counts, Found, IndexUnusable, States
from index.search.engines import index_folder
from index.search.engines.entry_terms import rare_words
from index.search.engines.evaluate import Weights, evaluate, near
from index.search.engines.index_reader import IndexReader
from index.search.engines.schema import FORMAT, encode, schema
from index.search.engines.writer import Build
from index.search.language.query import Query

__all__ = ["IndexBusy", "IndexUnusable", "WhooshEngine"]


class WhooshEngine:
    """A Whoosh index in a private folder; see `SearchEngine` for its duties, `store` for its trust.

    Any thread may search while one updates.
    """

    name = "whoosh"
    """See `SearchEngine.name`."""
    steps = (4_000, 8_000)
    """See `SearchEngine.steps`: the postings of so many are held in memory."""

    def __init__(self, folder: Path) -> None:
        """Open the index in `folder`; where there is nothing yet, begin one.

        Args:
            folder: a folder of the user's, made if it is not there.

        Raises:
            IndexUnusable: damaged, foreign or of another version, or others can write there.
            IndexBusy: another process is writing, and takes its time.
            OSError: the folder cannot be made or written.
        """
        index_folder.prepare(folder)
        self._folder = folder
        self._lock = threading.Lock()
        if index_folder.is_empty(folder):
            index_folder.begin(folder, _make, FORMAT, again=False)
        self._seal, self._state = index_folder.wait_for_seal(folder, FORMAT)
        self._index = _open(folder)
        self._snapshot: IndexReader | None = IndexReader(self._index.reader())

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        """Put an empty index in the place of whatever is in `folder`, without reading that.

        Raises:
            IndexBusy: another process is writing there.
            IndexUnusable: others can write to the folder.
            OSError: the folder cannot be written.
        """
        index_folder.prepare(folder)
        index_folder.begin(folder, _make, FORMAT, again=True)
        return cls(folder)

    @property
    def stamp(self) -> str:
        return self._seal.stamp

    def update(
        self, remove: Iterable[str], add: Iterable[Entry], progress: Callable[[float], None] | None = None
    ) -> None:
        with index_folder.writing(self._folder):
            self._seal = index_folder.check_seal(self._folder, FORMAT, self._seal)
            self._take()
            build = Build(self._index, self._documents, progress or (lambda done: None))
            try:
                for file in remove:
                    build.remove(file)
                for entry in add:
                    build.add(entry)
                build.commit()
            except BaseException:
                build.cancel()
                raise
            self._seal = index_folder.write_seal(self._folder, FORMAT, self._seal)
            self._take()

    def _documents(self, file: str) -> list[int]:
        with self._lock:
            return list(self._current.weights("file", encode(file)))

    def refresh(self) -> bool:
        if index_folder.seal_state(self._folder) == self._state:
            return False
        try:
            self._seal = index_folder.check_seal(self._folder, FORMAT, self._seal)
        except IndexUnusable:
            if index_folder.is_written(self._folder):
                return False  # between a commit and its seal; soon it is whole again
            self._seal = index_folder.check_seal(self._folder, FORMAT, self._seal)
        self._take()
        return True

    def _take(self) -> None:
        """Read the files in the folder now; the caller checked them."""
        with self._lock:
            before = self._current
            self._state = index_folder.seal_state(self._folder)
            try:
                self._snapshot = IndexReader(self._index.reader())
            except OSError as error:
                raise IndexUnusable("The search index cannot be read.") from error
            before.close()

    def search(self, query: Query, *, limit: int, states: States | None = None) -> Found:
        with self._lock:
            index = self._current
            found = _evaluated(query, index, states)
            best = index.best(found, limit)
            return Found([index.ids[d] for d in best], [found[d] for d in best], len(found))

    def matched(self, query: Query, *, states: States | None = None) -> list[str]:
        with self._lock:
            index = self._current
            return [index.ids[d] for d in _evaluated(query, index, states)]

    def facets(self, query: Query, names: Collection[str], *, states: States | None = None) -> Counts:
        with self._lock:
            index = self._current
            return index.masks.count(_evaluated(query, index, states), names)

    def similar(self, entry: Entry, limit: int) -> Found:
        with self._lock:
            index = self._current
            found: Weights = {}
            for word, rarity in rare_words(entry, lambda word: index.frequency("text", encode(word))):
                for document in index.weights("text", encode(word)):
                    found[document] = found.get(document, 0.0) + rarity
            found.pop(index.by_id.get(entry.id, -1), None)
            found = _without_templates(found, index)
            best = index.best(found, limit)
            return Found([index.ids[d] for d in best], [found[d] for d in best], len(found))

    def suggest(self, word: str, *, prefix: bool = False) -> list[str]:
        with self._lock:
            return near(word, prefix, self._current)

    def close(self) -> None:
        with self._lock:
            if self._snapshot is not None:
                self._snapshot.close()
            self._snapshot = None

    @property
    def _current(self) -> IndexReader:
        if self._snapshot is None:
            raise IndexUnusable("The search index is closed.")
        return self._snapshot


def _evaluated(query: Query, index: IndexReader, states: States | None) -> Weights:
    found = dict.fromkeys(index.all, 0.0)
    if query.node is not None:
        found = evaluate(query.node, index, states or {})
    return found if query.asks_templates else _without_templates(found, index)


def _without_templates(found: Weights, index: IndexReader) -> Weights:
    templates = index.weights("state", b"template")
    return {d: score for d, score in found.items() if d not in templates} if templates else found


def _make(folder: Path) -> None:
    from whoosh.index import create_in

    create_in(os.fspath(folder), schema(), index_folder.NAME)


def _open(folder: Path) -> Any:
    from whoosh.index import open_dir

    # With the schema given, the pickled one is skipped.
    return open_dir(os.fspath(folder), index_folder.NAME, schema=schema())
