"""What the browse screen asks the workspace while someone types, and what it gets back; runs in a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

if TYPE_CHECKING:
    from index.search.facets import Facets
    from index.search.query import Query
    from index.search.results import Results
    from index.workspace import Page, Workspace

Spans = Callable[[str], Sequence[tuple[int, int]]]

FIRST = 200
"""Rows of the first answer; the rest comes when the list is scrolled there."""


class Asked(NamedTuple):
    """A question."""

    number: int
    """Answers to any but the last question are dropped."""
    text: str
    sort: str
    limit: int = FIRST
    more: bool = False
    """Only more rows of the same answer are wanted."""


class Answer(Message):
    """What was found."""

    def __init__(self, asked: Asked, query: Query, results: Results, everything: Facets | None) -> None:
        super().__init__()
        self.asked = asked
        self.query = query
        self.results = results
        self.everything = everything
        """The facets of the whole tree: what counts nothing now is still shown."""

    @property
    def spans(self) -> Spans | None:
        """Finds the matches in a text; None when the query has no words."""
        from index.search.highlight import Highlighter

        return Highlighter(self.query).spans if self.query.words else None


def answer(workspace: Workspace, asked: Asked, query: Query) -> Answer:
    """Ask the workspace. Slow: for a thread."""
    results = workspace.search(query, limit=asked.limit, sort=asked.sort, wait=False, facets=not asked.more)
    everything = None
    if not asked.more:
        everything = results.facets if query.is_empty else workspace.search("", limit=0, facets=True).facets
    return Answer(asked, query, results, everything)


def first_answer(page: Page, sort: str) -> Answer:
    """Return the tree as it was left last time, as an answer to an empty query."""
    from index.search.query import parse
    from index.search.results import Hit, Results

    hits = [Hit(entry, 0.0) for entry in page.entries]
    return Answer(Asked(0, "", sort), parse(""), Results(hits, page.total, facets=page.facets), page.facets)
