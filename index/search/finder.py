"""Finding entries of a snapshot: the search index kept up to date, hits, facets, suggestions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from index.library.catalogue import Catalogue
from index.library.facets import Facets, count_facets
from index.library.reader import Progress, without_collection
from index.library.snapshot import Snapshot, order
from index.model.cached import once
from index.model.entry import Entry
from index.search.engine import EngineHits, IndexBusy, IndexUnusable, SearchEngine
from index.search.language.query import Query, parse
from index.search.results import Hit, SearchResults, omissions, respelled

if TYPE_CHECKING:
    from index.model.deleted_entry import Deleted
    from index.search.engines.deleted_index import DeletedSearch
    from index.search.language.highlight import Highlighter

_FACETS = {
    "kind": "groups",
    "project": "projects",
    "tag": "tags",
    "tech": "tech",
    "level": "levels",
    "file": "files",
}
"""Filter → the facet whose values it chooses from."""

_AS_WORDS = "No entry has that in such a field; searched as words"

T = TypeVar("T")

States = Mapping[str, Collection[str]]
"""State → the ids of the entries that are in it."""


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

        Raises:
            IndexBusy: another process is writing the index.
        """
        from index.search.engines.index_update import open_engine

        with self._writing:
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

    def _update(self, engine: SearchEngine, snapshot: Snapshot, progress: Progress | None) -> int:
        from index.search.engines.helper import WORTH_IT, update_apart
        from index.search.engines.index_update import compare, update

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
        from index.search.engines.whoosh_engine import WhooshEngine

        before, self._engine = self._engine, None  # who searches now is not to take it for damaged
        if before is not None:
            before.close()
        self._engine = engine = WhooshEngine.create(self._folder)
        self._damaged = False
        return engine

    @once
    def _deleted(self) -> DeletedSearch:
        from index.search.engines.deleted_index import DeletedSearch

        return DeletedSearch()

    def search(
        self,
        query: Query,
        snapshot: Snapshot,
        limit: int,
        sort: str,
        *,
        wait: bool,
        facets: bool,
        gone: Sequence[Deleted] = (),
    ) -> SearchResults:
        """Find the entries, and those that are `gone`, that `query` asks for; see `Search.find`."""
        started, known = time.perf_counter(), self._damaged
        if wait and not query.is_empty:
            self._update_quietly(snapshot)
        hits, matched = self._find(query, snapshot, limit, sort, gone)
        hint = query.hint
        if not matched and self._usable:
            words = query.as_words(lambda part: not self._matched(query, part.written, snapshot, gone))
            more = self._find(words, snapshot, limit, sort, gone) if words is not None else ([], [])
            if words is not None and more[1]:
                query, hits, matched, hint = words, *more, hint or _AS_WORDS
        results = SearchResults(query, hits, len(matched), matched=[entry.id for entry in matched], hint=hint)
        if not matched and self._usable and not query.is_empty:
            results.suggestion = self._ask(lambda engine: respelled(query, engine.suggest), "")
            results.omissions = omissions(query, lambda text: len(self._matched(query, text, snapshot, gone)))
        if facets:
            results.facets = self._facets(query, matched, snapshot, gone)
        if self._damaged and wait:
            self.update(snapshot)
            return self.search(query, snapshot, limit, sort, wait=False, facets=facets, gone=gone)
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

    def _find(
        self, query: Query, snapshot: Snapshot, limit: int, sort: str, gone: Sequence[Deleted]
    ) -> tuple[list[Hit], list[Entry]]:
        if not query.asks_deleted:
            return self._find_there(query, snapshot, limit, sort)
        hits, matched = self._find_there(query, snapshot, limit, sort)
        light = _highlighter(query)
        dead = {
            id(one.entry): Hit(one.entry, score, light, one) for one, score in self._deleted.find(query, gone)
        }
        both = matched + [hit.entry for hit in dead.values()]
        if sort == "relevance":
            hits = sorted([*hits, *dead.values()], key=lambda hit: -hit.score)
        else:
            hits = [dead.get(id(entry)) or Hit(entry, 0.0, light) for entry in order(both, sort)]
        return hits[:limit], both

    def _find_there(
        self, query: Query, snapshot: Snapshot, limit: int, sort: str
    ) -> tuple[list[Hit], list[Entry]]:
        if query.is_empty:
            matched = [e for e in snapshot.entries if not e.template]
            shown = matched if sort in {"relevance", "date"} else order(matched, sort)
            return [Hit(entry, 0.0) for entry in shown[:limit]], matched
        light = _highlighter(query)
        states = self._states() if query.asks("new") else {}

        def find(engine: SearchEngine) -> EngineHits:
            if self._behind:
                engine.refresh()
            return engine.search(query, limit=limit if sort == "relevance" else 1, states=states)

        found = self._ask(find, EngineHits([], [], []))
        by_id = snapshot.by_id
        matched = [by_id[i] for i in found.matched if i in by_id]
        if sort != "relevance":
            return [Hit(entry, 0.0, light) for entry in order(matched, sort)[:limit]], matched
        scored = zip(found.ids, found.scores, strict=True)
        return [Hit(by_id[i], score, light) for i, score in scored if i in by_id], matched

    def _matched(self, query: Query, text: str, snapshot: Snapshot, gone: Sequence[Deleted]) -> list[Entry]:
        """Return the results of `text`, a variant of `query`."""
        return self._find(parse(text, typing=query.typing), snapshot, 1, "date", gone)[1]

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

    def _facets(
        self, query: Query, matched: list[Entry], snapshot: Snapshot, gone: Sequence[Deleted]
    ) -> Facets:
        """Count the matching entries; a chosen facet is counted as if it were not, to show the others."""
        if query.is_empty:
            return self.whole(snapshot)
        counted = count_facets(matched)
        for name, facet in _FACETS.items():
            others = query
            for value in query.chosen(name):
                others = parse(others.toggled(name, value), typing=query.typing)
            if others is not query:
                wider = count_facets(self._matched(query, others.text, snapshot, gone))
                counted = counted._replace(**{facet: getattr(wider, facet)})
        return counted


def _highlighter(query: Query) -> Highlighter | None:
    if not query.words:
        return None
    from index.search.language.highlight import Highlighter

    return Highlighter(query)
