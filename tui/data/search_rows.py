"""Questions of the browse screen to the workspace while someone types, and the answers; asked in a thread."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from textual.content import Content
from textual.message import Message

from tui.theme.drawing import hot, plain, t

if TYPE_CHECKING:
    from index.model.entry import Deleted, Entry
    from index.model.facets import Facets
    from index.model.remembered_page import RememberedPage
    from index.search.language.query import Query
    from index.search.results import Hit, SearchResults
    from index.workspace import Workspace
    from tui.context import StatusLineFacts

Spans = Callable[[str], Sequence[tuple[int, int]]]

ORDERS = {
    "relevance": "by relevance",
    "date": "newest first",
    "oldest": "oldest first",
    "title": "by title",
    "kind": "by kind",
    "level": "by level",
    "file": "by file",
}
"""The orders of the results, and how each is told."""
ROOMY = 90
"""Columns from which the note beside the search has room for more than numbers."""
READ_ON = 0.2
"""Seconds that the history is read on before the deleted entries found by then are shown."""
FACETS = ("kind", "store", "project", "tag", "tech", "level", "file")
"""The filters that the sidebar toggles."""
EVERYTHING = 1 << 30
"""As a limit of rows: all of them."""
FIRST = 200
"""Rows of the first answer; the rest comes when the list is scrolled there."""


class SearchRequest(NamedTuple):
    """A question."""

    number: int
    """Answers to any but the last question are dropped."""
    text: str
    sort: str
    limit: int = FIRST
    more: bool = False
    """Only more rows of the same answer are wanted."""


class FirstRow(NamedTuple):
    """A row of the first page, which is shown before the search is loaded."""

    entry: Entry
    title_spans: Sequence[tuple[int, int]] = ()
    deleted: Deleted | None = None

    @property
    def id(self) -> str:
        """The entry's id."""
        return self.entry.id

    def snippet_of(self, width: int) -> tuple[str, Sequence[tuple[int, int]]]:
        """Return the beginning of the field that says most of the entry."""
        from index.search.language.highlight import Highlighter, snippet

        return snippet(self.entry, Highlighter(), width)


EntryRow: TypeAlias = "Hit | FirstRow"
"""An entry in the list."""


class RelatedRows(NamedTuple):
    """The entries that are related by meaning, as a group below the hits."""

    rows: Sequence[EntryRow] = ()
    words: str = ""
    """The heading of the group, or why there is none."""

    def besides(self, rows: Sequence[EntryRow]) -> RelatedRows:
        """Return the group without entries among the hits."""
        found = {row.id for row in rows}
        return self._replace(rows=[row for row in self.rows if row.id not in found])


NONE_RELATED = RelatedRows()


@dataclass
class SearchAnswered(Message):
    """A search was answered."""

    asked: SearchRequest
    query: Query | None
    """None: nothing was asked, these are the newest."""
    rows: Sequence[EntryRow]
    total: int
    facets: Facets | None
    """None: they are counted next."""
    everything: Facets | None
    """The facets of the whole tree: a value that counts nothing now is still shown."""
    results: SearchResults | None = None
    """All that the search said; None for the first page."""
    related: RelatedRows | None = NONE_RELATED
    """Entries related by meaning, where they are asked for; None while they are looked for."""

    @property
    def is_everything(self) -> bool:
        """Whether the query lets every entry through."""
        return self.query is None or self.query.is_empty

    @property
    def is_ranked(self) -> bool:
        """Whether the rows match more or less: words were searched for, or the like of an entry."""
        query = self.query
        return query is not None and bool(query.words or query.asks_meaning or query.chosen("similar"))

    @property
    def took_ms(self) -> float:
        """How long the search took."""
        return self.results.took_ms if self.results is not None else 0.0

    @property
    def chosen(self) -> dict[str, frozenset[str]]:
        """The values that the query narrows to, by the filters that the sidebar toggles."""
        query = self.query
        return {name: frozenset(query.chosen(name)) if query is not None else frozenset() for name in FACETS}

    @property
    def spans(self) -> Spans | None:
        """Finds the matches in a text; None when the query has no words."""
        if self.query is None or not self.query.words:
            return None
        from index.search.language.highlight import Highlighter

        return Highlighter(self.query).spans


def answer(workspace: Workspace, asked: SearchRequest, query: Query) -> SearchAnswered:
    """Ask the workspace. Slow: for a thread."""
    results = workspace.search.find(query, limit=asked.limit, sort=asked.sort, wait=False)
    query = results.query
    everything = None if asked.more else workspace.search.facets()
    counted = everything if query.is_empty else results.facets
    return SearchAnswered(asked, query, results.hits, results.total, counted, everything, results)


def answers(
    workspace: Workspace, asked: SearchRequest, query: Query, wanted: Callable[[], bool]
) -> Iterator[SearchAnswered]:
    """Ask the workspace, and again while there are more deleted entries to know of. Slow: for a thread."""
    while True:
        reply = answer(workspace, asked, query)
        yield reply
        if reply.results is None or not reply.results.partial or not wanted():
            return
        workspace.history.read_deleted(READ_ON)


def cause_of(workspace: Workspace | None, entry: Entry | None) -> str:
    """Return the fault of the file of an entry, empty when there is none."""
    if entry is None or not entry.broken or workspace is None:
        return ""
    record = workspace.tree.snapshot.records.get(entry.file)
    errors = [problem for problem in record.problems if problem.level == "error"] if record else []
    return f"line {errors[0].line}: {errors[0].message}" if errors else "the file is broken"


def next_order(order: str, *, ranked: bool) -> str:
    """Return the order after this one, the first after the last; only ranked entries have a relevance."""
    orders = [name for name in ORDERS if ranked or name != "relevance"]
    shown = order_of(order, ranked=ranked)
    return orders[(orders.index(shown) + 1) % len(orders)] if shown in orders else orders[0]


def order_of(order: str, *, ranked: bool) -> str:
    """Return the order that rows are in: where nothing ranks them, by relevance is newest first."""
    return order if order in ORDERS and (ranked or order != "relevance") else "date"


def hinted(hint: str) -> Content:
    """Return the words behind the finds that say how the query was read; empty when as it is."""
    return t(("  ! ", "warn"), plain(hint)) if hint else Content()


_SPARED: Final = (r"Did you mean .*\? (?=\w)", r"; .*", r"(?<=!) No entry .*")
"""Parts of a note that are left out, one after the other, where there is no room for them."""


def shorter(note: Content, room: int) -> Content:
    """Leave out as many parts of a note as it takes to fit `room` cells, and then cut it.

    >>> shorter(Content("3 of 9  ! Did you mean pool? No entry has both words; these have one"), 40).plain
    '3 of 9  ! No entry has both words'
    >>> shorter(Content("3 of 9  ! No entry has both words; these have one"), 20).plain
    '3 of 9  !'
    """
    for part in _SPARED:
        found = re.search(part, note.plain) if note.cell_length > room else None
        note = note[: found.start()] + note[found.end() :] if found else note
    return note.truncate(room, ellipsis=True)


def first_answer(page: RememberedPage, sort: str) -> SearchAnswered:
    """Return the tree as it was left last time, as an answer to an empty query."""
    rows = [FirstRow(entry) for entry in page.entries]
    return SearchAnswered(SearchRequest(0, "", sort), None, rows, page.total, page.facets, page.facets)


def answer_note(reply: SearchAnswered | None, status: StatusLineFacts, order: str, width: int) -> Content:
    """Tell at the right of the search the number shown, and the parts taken as words."""
    if reply is None or reply.is_everything:
        if reply is None or not reply.total:
            return t(("reading" if status.task or status.entries is None else "watching", "muted"))
        indexing = status.task == "indexing" and width >= ROOMY
        rest = " · search covers what is indexed" if indexing else ""
        if reply.query is not None and sum(map(str.isalnum, reply.query.text)) == 1:
            return t(("from two letters on", "muted"))
        return _order_note(order, ranked=False) + t((rest, "muted"))
    others = reply.query is not None and (reply.query.asks_deleted or reply.query.asks_templates)
    rest = "" if others else f" of {status.entries or 0:,}"
    if reply.results is not None and reply.results.hint:
        hint, near = reply.results.hint, reply.results.suggestion
        hint = f"Did you mean {near}? {hint}" if near and reply.results.some_words else hint
        return t((f"{reply.total:,}", "strong"), (rest, "muted"), hinted(hint))
    early = bool(status.task) and not reply.total  # as the list says
    rest += " so far" if early or (reply.results is not None and reply.results.partial) else ""
    note = t((f"{reply.total:,}", "strong"), (rest, "muted"))
    if reply.total and width >= ROOMY:
        note += t((" · ", "muted"), _order_note(order, ranked=reply.is_ranked))
    return note + t((f" · {reply.took_ms:.0f} ms" if width >= 70 else "", "muted"))


def _order_note(order: str, *, ranked: bool) -> Content:
    """Return the order in words; a click takes the next one."""
    return hot(t((ORDERS[order_of(order, ranked=ranked)], "muted")), "order")
