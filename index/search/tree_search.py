"""The search of one tree: everything that is found through its index."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from index.library.reader import Progress
from index.library.snapshot import Snapshot, order
from index.model.cached import once
from index.model.entry import id_file
from index.model.errors import TreeError
from index.model.facets import count_facets, named_facets
from index.search.engine import FACETS, Found, SearchEngine, States
from index.search.engine import Counts as ValueCounts
from index.search.language.query import Query, parse
from index.search.language.variants import looser, question
from index.search.live_index import LiveIndex
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

if TYPE_CHECKING:
    from index.library.tree import Tree
    from index.model.entry import Deleted, Entry
    from index.model.facets import Counts, Facets
    from index.search.engines.memory_index import DeletedSearch
    from index.search.language.highlight import Highlighter
    from index.search.meaning.related import Meaning

Gone = Callable[[bool], tuple[Sequence["Deleted"], bool]]
"""Returns the deleted entries, and whether those are all; with True it waits for all."""

RELATED = 20
"""Entries that are related by meaning, at most."""
_NEWEST = 20
"""The newest entries of a kind that a new one is compared with: they may be indexed by nobody yet."""
_SMALL = 3_000
"""Entries up to which a tree is indexed within some seconds."""
_LEADING = 50
"""Hits among which one is looked for whose id or title is the query: it has all its words, in its title."""
_CHOOSES = {"group": "kind"}
"""Facet → the filter that chooses from its values, where that has another name."""
_AS_WORDS = "No entry has that in such a field; searched as words"


class Search:
    """Finds entries of a tree."""

    def __init__(self, tree: Tree, gone: Gone) -> None:
        self._tree = tree
        self._gone = gone
        self.tell_damaged: Callable[[], object] = lambda: None
        """Called from any thread when a search that does not wait finds the index unusable: the next `update`
        writes it anew, and until then no search finds anything."""
        self._whole: tuple[Snapshot, Facets] | None = None
        """The facets of all entries, and the snapshot they were counted of: asked for at every key."""

    @once
    def _index(self) -> LiveIndex:
        return LiveIndex(self._tree.folder, self._tree.catalogue)

    @once
    def _deleted(self) -> DeletedSearch:
        from index.search.engines.memory_index import DeletedSearch

        return DeletedSearch()

    @once
    def meaning(self) -> Meaning:
        """Finds by meaning; `learn` makes the vectors for that."""
        from index.search.meaning.related import Meaning

        return Meaning(self._tree.folder / "meaning.sqlite")

    def update(self, progress: Progress | None = None) -> int:
        """Bring the search index up to date; returns the number of entries written.

        Raises IndexBusy: another memarium is writing it; search goes on with what there is.
        """
        snapshot = self._tree.ready()
        self._tree.reader.remember(page=False)
        return self._index.update(snapshot, progress)

    @property
    def engine(self) -> str:
        """Name of the engine that has the index, not of the one asked for; empty before the first update."""
        return self._index.engine

    def rebuild(self, progress: Progress | None = None) -> int:
        """Read every file again and write the index anew."""
        self._tree.catalogue.forget()
        self._tree.load()
        return self._index.rebuild(self._tree.snapshot, progress)

    def close(self) -> None:
        """Let go of the index, and of the model."""
        for part in ("meaning", "_index"):
            if part in self.__dict__:
                self.__dict__[part].close()

    # ── hits ──────────────────────────────────────────────────────────────────

    def find(
        self, query: str | Query, limit: int = 50, sort: str = "relevance", *, wait: bool = True
    ) -> SearchResults:
        """Find entries; an empty query finds all of them, newest first.

        Args:
            query: typed text, or a parsed query.
            limit: how many hits to return; `SearchResults.total` counts them all.
            sort: one of `SORTS`: `relevance`, `date`, `oldest`, `title`, `kind`, `level` or `file`.
            wait: bring the index up to date first; the app passes False and searches the index as it is.
        """
        asked = parse(query, entered=True) if isinstance(query, str) else query
        gone, complete = self._gone(wait) if asked.asks_deleted else ((), True)
        found = self._search(asked, self._tree.ready(), limit, sort, gone, wait=wait)
        found.partial = not complete
        return found

    def _search(
        self, query: Query, snapshot: Snapshot, limit: int, sort: str, gone: Sequence[Deleted], *, wait: bool
    ) -> SearchResults:
        """Find the entries of a snapshot, and those that are `gone`, that a query asks for; see `find`."""
        started, known = time.perf_counter(), self._index.damaged
        if wait and not query.is_empty:
            self._index.update_quietly(snapshot)
        hits, total = self._find(query, snapshot, limit, sort, gone)
        hint = query.hint or unknown(query, snapshot.by_id)
        if not total and self._index.usable:
            words = query.as_words(lambda part: not self._total(query, part.written, snapshot, gone))
            more = self._find(words, snapshot, limit, sort, gone) if words is not None else ([], 0)
            if words is not None and more[1]:
                query, hits, total, hint = words, *more, hint or _AS_WORDS
        results = SearchResults(query, hits, total, hint=hint)
        if not total and self._index.usable and not query.is_empty:
            self._find_ways_on(results, snapshot, limit, gone)
        if self._index.damaged and wait:
            self._index.update(snapshot)
            return self._search(query, snapshot, limit, sort, gone, wait=False)
        if self._index.damaged and not known:
            self.tell_damaged()
        results.took_ms = (time.perf_counter() - started) * 1000
        return results

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
            matched = self._matched(query, snapshot, gone)
            shown = order(matched, sort)[:limit]
            return [dead.get(id(entry)) or Hit(entry, 0.0, light) for entry in shown], len(matched)
        states = self._states(query, snapshot)
        most = max(limit, SIMILAR, _LEADING)
        found = self._index.ask(lambda index: index.search(query, limit=most, states=states), _NOTHING)
        hits = _hits(found, snapshot, light)
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
            results.facets = count_facets(called)
            return
        results.suggestion = self._index.ask(
            lambda index: respelled(query, index.suggest, partial(values_in, entries)), ""
        )
        results.omissions = omissions(query, lambda text: self._total(query, text, snapshot, gone))
        near = results.suggestion and self._total(query, results.suggestion, snapshot, gone)
        if near or query.asks_meaning:
            return
        texts = dict.fromkeys((results.suggestion, query.text)) if results.suggestion else (query.text,)
        results.suggestion = ""  # it would find nothing either
        most = min(limit, MOST_PARTIAL)
        for text in texts:
            some = looser(query.again(text))
            hits = worth_showing(self._find(some, snapshot, most, "relevance", gone)[0]) if some else []
            if some and hits:
                results.query, results.hits, results.total = some, hits, len(hits)
                results.some_words, results.facets = True, count_facets(hit.entry for hit in hits)
                results.hint = results.hint or best_have(some, hits)
                results.suggestion = text if text != query.text else ""
                return

    def _total(self, query: Query, text: str, snapshot: Snapshot, gone: Sequence[Deleted]) -> int:
        """Return the number of results of `text`, a variant of `query`."""
        return self._find(query.again(text), snapshot, 1, "relevance", gone)[1]

    def _dead(self, query: Query, gone: Sequence[Deleted]) -> list[tuple[Deleted, float]]:
        return self._deleted.find(query, gone) if query.asks_deleted else []

    def _states(self, query: Query, snapshot: Snapshot) -> States:
        """Return the entries in a state that no index knows, and those that a `similar:` lets through."""
        found: dict[str, Collection[str]] = {"new": self._tree.seen.news().ids} if query.asks("new") else {}
        for value, entry_id in similar_ids(query).items():
            entry = called(entry_id, snapshot.by_id)
            found[value] = [hit.id for hit in self._similar(entry, snapshot, SIMILAR)] if entry else []
        return found

    # ── all that match ────────────────────────────────────────────────────────

    def matched(self, query: Query, *, wait: bool = True) -> set[str]:
        """Return the ids of all entries that `query` finds; see `find`."""
        found = self.find(query, limit=1, wait=wait)
        if found.facets is not None:
            return set() if found.some_words else {hit.id for hit in found.hits}
        asked = found.query
        gone = self._gone(False)[0] if asked.asks_deleted else ()
        return {entry.id for entry in self._matched(asked, self._tree.ready(), gone)}

    def _matched(self, query: Query, snapshot: Snapshot, gone: Sequence[Deleted]) -> list[Entry]:
        """Return all entries that match, and those of `gone` that do, in no order."""
        if query.is_empty:
            return [entry for entry in snapshot.entries if not entry.template]
        states = self._states(query, snapshot)
        ids = self._index.ask(lambda index: index.matched(query, states=states), list[str]())
        live = [entry for entry in map(snapshot.by_id.get, ids) if entry is not None]
        return live + [one.entry for one, _ in self._dead(query, gone)]

    def facets(self, query: Query | None = None, *, files: bool = True) -> Facets:
        """Count kinds, projects, tags … of the whole tree, or of the finds of a query.

        Those of the whole tree are counted once for as long as nothing changes; a chosen facet is counted as
        if it were not, to show the others.

        Args:
            query: None for the whole tree.
            files: count the entries of each file too, of which there may be so many that this takes longer
                than all else.
        """
        return self._count(query, FACETS if files else [name for name in FACETS if name != "file"])

    def file_counts(self, query: Query) -> Counts:
        """Return the `Facets.files` of a query."""
        return self._count(query, ["file"]).files

    def _count(self, query: Query | None, names: Collection[str]) -> Facets:
        """Count the facets of these names; of the others nothing is counted where that takes time."""
        snapshot = self._tree.ready()
        whole = self._count_whole(snapshot)
        if query is None or query.is_empty:
            return whole
        if query.asks_deleted:
            return count_facets(self._matched(query, snapshot, self._gone(False)[0]))
        asked: dict[Query, list[str]] = {}
        for facet in names:
            asked.setdefault(_without(query, _CHOOSES.get(facet, facet)), []).append(facet)
        states = self._states(query, snapshot)

        from index.search.engines.entry_terms import EXACTLY

        def count(index: SearchEngine) -> ValueCounts:
            parts = (index.facets(wider, facets, states=states) for wider, facets in asked.items())
            counts = dict(chain.from_iterable(part.items() for part in parts))
            kinds = counts.get("kind", {}).items()
            exact = {kind.removeprefix(EXACTLY): n for kind, n in kinds if kind.startswith(EXACTLY)}
            return {**counts, "kind": exact}

        nothing: ValueCounts = {}
        return named_facets(self._index.ask(count, nothing), whole)

    def _count_whole(self, snapshot: Snapshot) -> Facets:
        if self._whole is None or self._whole[0] is not snapshot:
            self._whole = snapshot, count_facets(entry for entry in snapshot.entries if not entry.template)
        return self._whole[1]

    # ── entries like one ──────────────────────────────────────────────────────

    def similar(self, entry: Entry, limit: int = SIMILAR, *, wait: bool = True) -> list[Hit]:
        """Return the entries that share most of the rare words of one, the nearest first.

        Args:
            entry: one of the tree, or one that is to be.
            wait: bring the index up to date first.
        """
        snapshot = self._tree.ready()
        if wait:
            self._index.update_quietly(snapshot)
        return self._similar(entry, snapshot, limit)

    def _similar(self, entry: Entry, snapshot: Snapshot, limit: int) -> list[Hit]:
        return _hits(self._index.ask(lambda index: index.similar(entry, limit), _NOTHING), snapshot)

    def alike(self, entry: Entry, limit: int = 5) -> list[Entry]:
        """Return entries that may say nearly the same as a new one; a small tree is indexed first."""
        small = self._tree.known().kinds().total() <= _SMALL
        if small:
            with suppress(TreeError):  # where there is no index, what is new is added all the same
                return [hit.entry for hit in self.similar(entry, limit)]
        return self.nearest(entry, limit)

    def nearest(self, entry: Entry, limit: int = 5) -> list[Entry]:
        """Return the indexed entries most like one, and the newest of its kind; the tree is not read."""
        self._index.open()
        known = self._tree.known()
        ids = self._index.ask(lambda index: index.similar(entry, limit), _NOTHING).ids
        files = dict.fromkeys(id_file(entry_id) for entry_id in ids)
        found = [one for file in files for one in known.in_file(file) if one.id in ids]
        return [*found, *known.newest(entry.kind, _NEWEST)]

    def learn(self, progress: Progress, *, helpers: int, behind: bool = False) -> None:
        """Have the meaning of every entry read that has not been yet; see `Meaning.learn`."""
        self.meaning.learn(self._tree.ready(), progress, helpers, behind=behind)

    def related(
        self, query: Query, without: Collection[str] = (), limit: int = RELATED, *, wait: bool = True
    ) -> list[Hit]:
        """Return the entries nearest in meaning to the words of a query, as far as its filters let them.

        Args:
            without: ids of entries that were found by their words.
            wait: bring the index up to date first, where there are filters.

        Raises:
            MeaningUnusable: the extra is not installed, or does not work.
        """
        snapshot, (words, filters) = self._tree.ready(), question(query)
        if not words.strip():
            return []
        among = self.matched(parse(filters, typing=False), wait=wait) if filters else None
        found = self.meaning.find(words, snapshot, limit + len(without), among)
        return [Hit(one.entry, one.cosine) for one in found if one.entry.id not in without][:limit]


_NOTHING = Found([], [], 0)


def _hits(found: Found, snapshot: Snapshot, light: Highlighter | None = None) -> list[Hit]:
    scored = zip(map(snapshot.by_id.get, found.ids), found.scores, strict=True)
    return [Hit(entry, score, light) for entry, score in scored if entry is not None]


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
