"""The results of a search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from index.model.entry import Entry
from index.search.language.highlight import Highlighter, Spans, snippet
from index.search.language.query import Query

if TYPE_CHECKING:
    from index.model.entry import Deleted
    from index.model.facets import Facets

SNIPPET_WIDTH = 160
"""Characters of a snippet where no one says how many there is room for."""


@dataclass
class Hit:
    """An entry that was found; its snippet is made when it is looked at."""

    entry: Entry
    score: float
    """Weight of the match; only the order within one search means something."""
    highlighter: Highlighter | None = None
    deleted: Deleted | None = None
    """The commit that deleted it; None when it is there."""

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.entry.id

    @cached_property
    def title_spans(self) -> Spans:
        """The spans of the title to highlight."""
        return self.highlighter.spans(self.entry.title) if self.highlighter else []

    @cached_property
    def snippet(self) -> str:
        """The line of the entry that shows most of the query's words."""
        return self.snippet_of(SNIPPET_WIDTH)[0]

    def snippet_of(self, width: int) -> tuple[str, Spans]:
        """Return a snippet of at most `width` characters, and the spans to highlight."""
        return snippet(self.entry, self.highlighter or Highlighter(), width)


class Omission(NamedTuple):
    """A filter that could be left out."""

    text: str
    """The filter as typed."""
    query: str
    """The query without it."""
    hits: int
    """Number of entries that it finds."""


@dataclass
class SearchResults:
    """The best hits of a search, best first; iterating goes over them."""

    query: Query
    """The query that was searched for in the end: see `hint`."""
    hits: Sequence[Hit]
    total: int
    """Number of entries that match, shown or not."""
    took_ms: float = 0.0
    hint: str = ""
    """One plain line where a part of the query was not taken as typed, or empty."""
    suggestion: str = ""
    """A query spelled nearly alike that finds more, when nothing was found."""
    omissions: Sequence[Omission] = ()
    """The filters that could be left out, when nothing was found; most hits first."""
    some_words: bool = False
    """No entry has all the words: these have some, and `hint` says how many."""
    partial: bool = False
    """More deleted entries may match: the history is not read to its end yet."""
    facets: Facets | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)
