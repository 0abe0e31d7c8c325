"""The search of one tree: its index kept up to date, and everything that is found through it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from index.library.reader import Progress
from index.model.cached import once
from index.model.entry import id_file
from index.model.errors import TreeError
from index.search.engine import FACETS
from index.search.finder import Finder
from index.search.language.query import Query, parse
from index.search.language.variants import question
from index.search.results import Hit, SearchResults
from index.search.similar import SIMILAR

if TYPE_CHECKING:
    from index.library.tree import Tree
    from index.model.entry import Deleted, Entry
    from index.model.facets import Counts, Facets
    from index.search.meaning.related import Meaning

Gone = Callable[[bool], tuple[Sequence["Deleted"], bool]]
"""Returns the deleted entries, and whether those are all; with True it waits for all."""


RELATED = 20
"""Entries that are related by meaning, at most."""
_NEWEST = 20
"""The newest entries of a kind that a new one is compared with: they may be indexed by nobody yet."""
_SMALL = 3_000
"""Entries up to which a tree is indexed within some seconds."""


class Search:
    """Finds entries of a tree."""

    def __init__(self, tree: Tree, gone: Gone) -> None:
        self._tree = tree
        self._gone = gone
        self.tell_damaged: Callable[[], object] = lambda: None
        """Called from any thread when the index turns out to be unusable; `update` writes it anew."""

    @once
    def _finder(self) -> Finder:
        tree = self._tree
        finder = Finder(tree.folder, tree.catalogue, lambda: {"new": tree.seen.news().ids})
        finder.on_damage = lambda: self.tell_damaged()  # noqa: PLW0108  # whoever listens then
        return finder

    def update(self, progress: Progress | None = None) -> int:
        """Bring the search index up to date; returns the number of entries written.

        Raises IndexBusy: another memarium is writing it; search goes on with what there is.
        """
        snapshot = self._tree.ready()
        self._tree.remember(page=False)
        return self._finder.update(snapshot, progress)

    @property
    def engine(self) -> str:
        """Name of the engine that has the index, not of the one asked for; empty before the first update."""
        return self._finder.engine

    def rebuild(self, progress: Progress | None = None) -> int:
        """Read every file again and write the index anew."""
        self._tree.catalogue.forget()
        self._tree.load()
        return self._finder.rebuild(self._tree.snapshot, progress)

    def find(
        self,
        query: str | Query,
        limit: int = 50,
        sort: str = "relevance",
        *,
        wait: bool = True,
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
        found = self._finder.search(asked, self._tree.ready(), limit, sort, wait=wait, gone=gone)
        found.partial = not complete
        return found

    def similar(self, entry: Entry, limit: int = SIMILAR, *, wait: bool = True) -> list[Hit]:
        """Return the entries that share most of the rare words of one, the nearest first.

        Args:
            entry: one of the tree, or one that is to be.
            limit: how many at most.
            wait: bring the index up to date first.
        """
        return self._finder.similar(entry, self._tree.ready(), limit, wait=wait)

    def alike(self, entry: Entry, limit: int = 5) -> list[Entry]:
        """Return entries that may say nearly the same as a new one; a small tree is indexed first."""
        small = self._tree.known().kinds().total() <= _SMALL
        if small:
            with suppress(TreeError):  # where there is no index, what is new is added all the same
                return [hit.entry for hit in self.similar(entry, limit)]
        return self.nearest(entry, limit)

    def nearest(self, entry: Entry, limit: int = 5) -> list[Entry]:
        """Return the indexed entries most like one, and the newest of its kind; the tree is not read."""
        known, ids = self._tree.known(), self._finder.alike(entry, limit)
        files = dict.fromkeys(id_file(entry_id) for entry_id in ids)
        found = [one for file in files for one in known.in_file(file) if one.id in ids]
        return [*found, *known.newest(entry.kind, _NEWEST)]

    @once
    def meaning(self) -> Meaning:
        """Finds by meaning; `learn` makes the vectors for that."""
        from index.search.meaning.related import Meaning

        return Meaning(self._tree.folder / "meaning.sqlite")

    def learn(self, progress: Progress, *, helpers: int, behind: bool = False) -> None:
        """Have the meaning of every entry read that has not been yet; see `Meaning.learn`."""
        self.meaning.learn(self._tree.ready(), progress, helpers, behind=behind)

    def related(
        self, query: Query, without: Collection[str] = (), limit: int = RELATED, *, wait: bool = True
    ) -> list[Hit]:
        """Return the entries nearest in meaning to the words of a query, as far as its filters let them.

        Args:
            query: the query.
            without: ids of entries that were found by their words.
            limit: how many at most.
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

    def matched(self, query: Query, *, wait: bool = True) -> set[str]:
        """Return the ids of all entries that `query` finds; see `find`."""
        found = self.find(query, limit=1, wait=wait)
        if found.some_words:
            return set()
        asked = found.query
        gone = self._gone(False)[0] if asked.asks_deleted else ()
        return {entry.id for entry in self._finder.matched(asked, self._tree.ready(), gone)}

    def facets(self, query: Query | None = None, *, files: bool = True) -> Facets:
        """Count kinds, projects, tags … of the whole tree, or of the finds of a query.

        Those of the whole tree are counted once for as long as nothing changes.

        Args:
            query: None for the whole tree.
            files: count the entries of each file too, of which there may be so many that this takes longer
                than all else.
        """
        if query is None:
            return self._finder.whole(self._tree.ready())
        return self._count(query, FACETS if files else [name for name in FACETS if name != "file"])

    def file_counts(self, query: Query) -> Counts:
        """Return the `Facets.files` of a query."""
        return self._count(query, ["file"]).files

    def _count(self, query: Query, names: Collection[str]) -> Facets:
        gone = self._gone(False)[0] if query.asks_deleted else ()
        return self._finder.facets(query, self._tree.ready(), gone, names)

    def close(self) -> None:
        """Let go of the index, and of the model."""
        if "meaning" in self.__dict__:
            self.meaning.close()
        if "_finder" in self.__dict__:
            self._finder.close()
