"""Finding entries of a snapshot: the search index kept up to date, hits, facets, suggestions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.library.catalogue import Catalogue
from index.library.reader import Progress, without_collection
from index.library.snapshot import Snapshot, order
from index.model.cached import once
from index.model.entry import Entry
from index.model.errors import IndexBusy, TreeError
from index.model.facets import Facets, count_facets, named_facets
from index.search.engine import FACETS, Counts, Found, IndexUnusable, SearchEngine, States
from index.search.language.query import Query
from index.search.language.variants import looser
from index.search.nothing_found import (
    MOST_PARTIAL,
    best_have,
    called_so,
    exact_first,
    omissions,
    respelled,
    values_in,
    worth_showing,
)
from index.search.results import Hit, SearchResults
from index.search.similar import SIMILAR, by_likeness, called, similar_ids, unknown
from index.storage.user_folders import temporary_folder

if TYPE_CHECKING:
    from index.model.entry import Deleted
    from index.search.engines.memory_index import DeletedSearch
    from index.search.language.highlight import Highlighter

_CHOOSES = {"group": "kind"}
"""Facet → the filter that chooses from its values, where that has another name."""

_AS_WORDS = "No entry has that in such a field; searched as words"

_LEADING = 50
"""Hits among which one is looked for whose id or title is the query: it has all its words, in its title."""

T = TypeVar("T")


class Finder:
    """Searches one tree; the engine is opened when it is first needed."""

    def __init__(self, folder: Path, catalogue: Catalogue, states: Callable[[], States]) -> None:
        """Search the tree that `catalogue` holds, with an index in `folder`.

        `states` returns the ids of entries in a state that no index knows; asked when a query speaks of one.
        """
        self._folder = folder
        self.on_damage: Callable[[], object] = lambda: None
        """Called from any thread when a search that does not wait finds the index unusable: the next `update`
        writes it anew, and until then no search finds anything."""
        self._catalogue = catalogue
        self._states = states
        self._engine: SearchEngine | None = None
        self._writing = threading.Lock()
        self._behind = False
        """Another process writes the index: its changes are to be taken in."""
        self._damaged = False
        """The index cannot be used: the next update writes it anew."""
        self._whole: tuple[Snapshot, Facets] | None = None
        """The facets of all entries, and the snapshot they were counted of: asked for at every key."""

    def update(self, snapshot: Snapshot, progress: Progress | None = None) -> int:
        """Index the changed files and return how many entries were written.

        Where the disk of the index is full, a temporary folder serves this run.

        Raises:
            IndexBusy: another process is writing the index.
            TreeError: it can be written nowhere.
        """
        with self._writing:
            try:
                return self._update_here(snapshot, progress)
            except OSError:
                self._move_away()
            try:
                return self._update_here(snapshot, progress)
            except OSError as error:
                why = (error.strerror or str(error)).lower()
                raise TreeError(f"The search index cannot be written: {why}.") from error

    def _update_here(self, snapshot: Snapshot, progress: Progress | None) -> int:
        from index.search.engines.choice import open_engine

        if self._damaged:
            self._create()
        elif self._engine is None:
            self._engine = open_engine(self._folder)
        assert self._engine is not None
        self._behind = True
        try:
            written = self._update(self._engine, snapshot, progress)
        except IndexUnusable:
            written = self._update(self._create(), snapshot, progress)
        self._behind = False
        return written

    def _move_away(self) -> None:
        """Begin an index in a temporary folder; the one that is on a full disk is left as it is."""
        before, self._engine = self._engine, None
        if before is not None:
            before.close()
        with suppress(OSError):
            self._folder = temporary_folder()
        self._damaged = False

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
        """Write the index anew."""
        with self._writing:
            self._create()
        return self.update(snapshot, progress)

    def _create(self) -> SearchEngine:
        from index.search.engines.choice import create_engine

        before, self._engine = self._engine, None  # who searches now is not to take it for damaged
        if before is not None:
            before.close()
        self._engine = engine = create_engine(self._folder)
        self._damaged = False
        return engine

    @once
    def _deleted(self) -> DeletedSearch:
        from index.search.engines.memory_index import DeletedSearch

        return DeletedSearch()

    def search(
        self,
        query: Query,
        snapshot: Snapshot,
        limit: int,
        sort: str,
        *,
        wait: bool,
        gone: Sequence[Deleted] = (),
    ) -> SearchResults:
        """Find the entries, and those that are `gone`, that `query` asks for; see `Search.find`."""
        started, known = time.perf_counter(), self._damaged
        if wait and not query.is_empty:
            self._update_quietly(snapshot)
        hits, total = self._find(query, snapshot, limit, sort, gone)
        hint = query.hint or unknown(query, snapshot.by_id)
        if not total and self._usable:
            words = query.as_words(lambda part: not self._total(query, part.written, snapshot, gone))
            more = self._find(words, snapshot, limit, sort, gone) if words is not None else ([], 0)
            if words is not None and more[1]:
                query, hits, total, hint = words, *more, hint or _AS_WORDS
        results = SearchResults(query, hits, total, hint=hint)
        if not total and self._usable and not query.is_empty:
            self._find_ways_on(results, snapshot, limit, gone)
        if self._damaged and wait:
            self.update(snapshot)
            return self.search(query, snapshot, limit, sort, wait=False, gone=gone)
        if self._damaged and not known:
            self.on_damage()
        results.took_ms = (time.perf_counter() - started) * 1000
        return results

    def whole(self, snapshot: Snapshot) -> Facets:
        """Count all entries but the templates."""
        if self._whole is None or self._whole[0] is not snapshot:
            self._whole = snapshot, count_facets(entry for entry in snapshot.entries if not entry.template)
        return self._whole[1]

    def close(self) -> None:
        """Let go of the index."""
        if self._engine is not None:
            self._engine.close()

    def _update_quietly(self, snapshot: Snapshot) -> None:
        try:
            self.update(snapshot)
        except IndexBusy:
            return  # the other one is writing the same entries

    def matched(self, query: Query, snapshot: Snapshot, gone: Sequence[Deleted]) -> list[Entry]:
        """Return all entries that match, and those of `gone` that do, in no order."""
        if query.is_empty:
            return [entry for entry in snapshot.entries if not entry.template]
        states = self._states_for(query, snapshot)
        none: list[str] = []
        ids = self._ask(lambda engine: self._fresh(engine).matched(query, states=states), none)
        live = [entry for entry in map(snapshot.by_id.get, ids) if entry is not None]
        return live + [one.entry for one, _ in self._dead(query, gone)]

    def _find(
        self, query: Query, snapshot: Snapshot, limit: int, sort: str, gone: Sequence[Deleted]
    ) -> tuple[list[Hit], int]:
        """Return the best hits, and the number of all."""
        if query.is_empty and sort in {"relevance", "date"}:
            newest = (Hit(entry, 0.0) for entry in snapshot.entries if not entry.template)
            return list(islice(newest, limit)), snapshot.total
        light = _highlighter(query)
        dead = {id(one.entry): Hit(one.entry, score, light, one) for one, score in self._dead(query, gone)}
        if sort != "relevance":
            matched = self.matched(query, snapshot, gone)
            shown = order(matched, sort)[:limit]
            return [dead.get(id(entry)) or Hit(entry, 0.0, light) for entry in shown], len(matched)
        states = self._states_for(query, snapshot)
        most = max(limit, SIMILAR, _LEADING)
        found = self._ask(
            lambda engine: self._fresh(engine).search(query, limit=most, states=states), Found([], [], 0)
        )
        scored = zip(map(snapshot.by_id.get, found.ids), found.scores, strict=True)
        hits = [Hit(entry, score, light) for entry, score in scored if entry is not None]
        if similar_ids(query):
            hits = by_likeness(hits, query, states)
        hits = exact_first(query, sorted([*hits, *dead.values()], key=lambda hit: -hit.score))
        return hits[:limit], found.total + len(dead)

    def _find_ways_on(
        self, results: SearchResults, snapshot: Snapshot, limit: int, gone: Sequence[Deleted]
    ) -> None:
        """Look for the meaning of a query that finds nothing, and for the entries that have most of it."""
        query, entries = results.query, snapshot.entries
        called = called_so(query, snapshot) if not query.filters else []
        if called:
            light = _highlighter(query)
            results.hits, results.total = [Hit(entry, 1.0, light) for entry in called], len(called)
            return
        results.suggestion = self._ask(
            lambda engine: respelled(query, engine.suggest, partial(values_in, entries)), ""
        )
        results.omissions = omissions(query, lambda text: self._total(query, text, snapshot, gone))
        near = results.suggestion and self._total(query, results.suggestion, snapshot, gone)
        spelled = query.again(results.suggestion) if results.suggestion else query
        some = None if near or query.asks_meaning else looser(spelled)
        if some is None:
            return
        hits = worth_showing(self._find(some, snapshot, min(limit, MOST_PARTIAL), "relevance", gone)[0])
        if hits:
            results.query, results.hits, results.total = some, hits, len(hits)
            results.some_words, results.facets = True, count_facets(hit.entry for hit in hits)
            results.hint = results.hint or best_have(some, hits)

    def _dead(self, query: Query, gone: Sequence[Deleted]) -> list[tuple[Deleted, float]]:
        return self._deleted.find(query, gone) if query.asks_deleted else []

    def similar(self, entry: Entry, snapshot: Snapshot, limit: int, *, wait: bool = False) -> list[Hit]:
        """Return the entries that share most of the rare words of one; see `Search.similar`."""
        if wait:
            self._update_quietly(snapshot)
        found = self._ask(lambda engine: self._fresh(engine).similar(entry, limit), Found([], [], 0))
        scored = zip(map(snapshot.by_id.get, found.ids), found.scores, strict=True)
        return [Hit(entry, score) for entry, score in scored if entry is not None]

    def alike(self, entry: Entry, limit: int) -> list[str]:
        """Return the ids of entries that share rare words with one, by the index as it is."""
        from index.search.engines.choice import open_engine

        with self._writing:
            if self._engine is None and not self._damaged:
                try:
                    self._engine = open_engine(self._folder)
                except (IndexBusy, OSError):
                    return []
        return self._ask(lambda engine: engine.similar(entry, limit).ids, list[str]())

    def _states_for(self, query: Query, snapshot: Snapshot) -> States:
        return {**(self._states() if query.asks("new") else {}), **self._similar_to(query, snapshot)}

    def _similar_to(self, query: Query, snapshot: Snapshot) -> dict[str, list[str]]:
        """Return the entries that the `similar:` of a query lets through, the nearest first."""
        asked = similar_ids(query)
        entries = ((value, called(entry_id, snapshot.by_id)) for value, entry_id in asked.items())
        return {
            value: [hit.id for hit in self.similar(entry, snapshot, SIMILAR)] if entry else []
            for value, entry in entries
        }

    def _fresh(self, engine: SearchEngine) -> SearchEngine:
        """Return the engine with the entries another process wrote meanwhile."""
        if self._behind:
            engine.refresh()
        return engine

    def _total(self, query: Query, text: str, snapshot: Snapshot, gone: Sequence[Deleted]) -> int:
        """Return the number of results of `text`, a variant of `query`."""
        return self._find(query.again(text), snapshot, 1, "relevance", gone)[1]

    @property
    def engine(self) -> str:
        """Name of the engine that has the index; empty before the first update."""
        return self._engine.name if self._engine is not None else ""

    @property
    def _usable(self) -> bool:
        return self._engine is not None and not self._damaged

    def _ask(self, ask: Callable[[SearchEngine], T], nothing: T) -> T:
        """Return the engine's answer, `nothing` where its index cannot be used: that is noted."""
        engine = self._engine
        if engine is None or self._damaged:
            return nothing
        try:
            return ask(engine)
        except IndexUnusable:
            if engine is self._engine:  # else an update has put another one in its place
                self._damaged = True
            return nothing

    def facets(
        self, query: Query, snapshot: Snapshot, gone: Sequence[Deleted], names: Collection[str] = FACETS
    ) -> Facets:
        """Count the matching entries; a chosen facet is counted as if it were not, to show the others.

        `names`: the properties that are asked for; of the others nothing is counted where that takes time.
        """
        if query.is_empty:
            return self.whole(snapshot)
        if query.asks_deleted:
            return count_facets(self.matched(query, snapshot, gone))
        asked: dict[Query, list[str]] = {}
        for facet in names:
            asked.setdefault(_without(query, _CHOOSES.get(facet, facet)), []).append(facet)
        states = self._states_for(query, snapshot)

        from index.search.engines.entry_terms import EXACTLY

        def count(engine: SearchEngine) -> Counts:
            parts = (engine.facets(wider, facets, states=states) for wider, facets in asked.items())
            counts = dict(chain.from_iterable(part.items() for part in parts))
            kinds = counts.get("kind", {}).items()
            whole = {kind.removeprefix(EXACTLY): n for kind, n in kinds if kind.startswith(EXACTLY)}
            return {**counts, "kind": whole}

        nothing: Counts = {}
        return named_facets(self._ask(count, nothing), self.whole(snapshot))


def _without(query: Query, name: str) -> Query:
    """Return the query without the filter by which one chooses among the values of a facet."""
    for value in query.chosen(name):
        query = query.again(query.toggled(name, value))
    return query


def _highlighter(query: Query) -> Highlighter | None:
    if not query.words:
        return None
    from index.search.language.highlight import Highlighter

    return Highlighter(query)
