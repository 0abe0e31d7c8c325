"""The interface that every search engine offers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from index.model.entry import Entry
from index.search.language.query import Query


class IndexUnusable(Exception):
    """The index cannot be read: damaged, foreign or of another version. Build it anew."""


class IndexBusy(Exception):
    """Another process is writing the index."""


class EngineHits(NamedTuple):
    """The entries that match a query."""

    ids: list[str]
    """The best entries, best first, up to the limit; equals by date, newest first."""
    scores: list[float]
    """One for each of `ids`; only their order means something."""
    matched: list[str]
    """The ids of all entries that match, in no order."""


class SearchEngine(Protocol):
    """An index of entries that can be searched while it is being written."""

    @property
    def stamp(self) -> str:
        """Identity of the index; another one once it was built anew."""

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

    def search(
        self, query: Query, *, limit: int, states: Mapping[str, Collection[str]] | None = None
    ) -> EngineHits:
        """Return the entries that match the query. Templates stay out unless it asks for them.

        Args:
            query: an empty one finds everything.
            limit: how many of the best to put in order.
            states: for an `is:` that only the caller knows, the ids of the entries it is true of.

        Raises:
            IndexUnusable: see there.
        """

    def suggest(self, word: str, *, prefix: bool = False) -> list[str]:
        """Return words of the index spelled nearly like `word`, the likeliest first.

        Nothing for a word that the index knows, or with `prefix` knows the beginning of.
        """

    def refresh(self) -> bool:
        """Take in the changes of another process; return whether there were any."""

    def close(self) -> None:
        """Let go of the files."""
