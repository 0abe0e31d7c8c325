"""The interface that every search engine offers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from index.model.entry import Entry
from index.search.language.query import Query


class IndexUnusable(Exception):
    """The index cannot be read: damaged, foreign or of another version. Build it anew."""


class Found(NamedTuple):
    """The best of the entries that match a query."""

    ids: list[str]
    """Best first, up to the limit; equals by date, newest first."""
    scores: list[float]
    """One for each of `ids`; only their order means something."""
    total: int
    """Number of all entries that match."""


States = Mapping[str, Collection[str]]
"""For an `is:` or `similar:` that only the caller knows, its value → the ids of the entries it is true of."""

FACETS = ("group", "kind", "store", "project", "tag", "tech", "level", "file")
"""The properties whose values an engine counts."""

Counts = dict[str, dict[str, int]]
"""Property → value → number of entries. The values are as the index compares them, in no order."""


class SearchEngine(Protocol):
    """An index of entries that can be searched while it is being written.

    Templates are in no answer, unless the query asks for them.
    """

    @property
    def name(self) -> str:
        """The name of the engine, as the user chooses it."""

    @property
    def stamp(self) -> str:
        """Identity of the index; another one once it was built anew."""

    @property
    def steps(self) -> tuple[int, int]:
        """Entries after which a long update can be searched first, and after which at the latest."""

    def update(
        self, remove: Iterable[str], add: Iterable[Entry], progress: Callable[[float], None] | None = None
    ) -> None:
        """Bring the index up to date, in one step.

        Args:
            remove: files whose entries go.
            add: entries that come; those of their files in the index go.
            progress: called now and then with how many entries' work is done; it may raise, to stop that.

        Raises:
            IndexBusy: another process is writing; nothing was changed.
            IndexUnusable: see there.
            OSError: the disk is full, or not to be written.
        """

    def search(self, query: Query, *, limit: int, states: States | None = None) -> Found:
        """Return the best entries that match the query.

        Args:
            query: an empty one finds everything.
            limit: how many of the best to put in order.
            states: see `States`.

        Raises:
            IndexUnusable: see there.
        """

    def matched(self, query: Query, *, states: States | None = None) -> list[str]:
        """Return the ids of all entries that match, in no order; the errors are those of `search`."""

    def facets(self, query: Query, names: Collection[str], *, states: States | None = None) -> Counts:
        """Count the values that the entries which match have of some of `FACETS`; errors as of `search`."""

    def similar(self, entry: Entry, limit: int) -> Found:
        """Return the entries that share most of the rare words of `entry`, without itself.

        The total is the number of those that share any of them. Raises IndexUnusable: see there.
        """

    def suggest(self, word: str, *, prefix: bool = False) -> list[str]:
        """Return words of the index spelled nearly like `word`, the likeliest first.

        Nothing for a word that the index knows, or with `prefix` knows the beginning of.
        """

    def refresh(self) -> bool:
        """Take in the changes of another process; return whether there were any."""

    def close(self) -> None:
        """Let go of the files."""
