"""Asking the workspace while someone types: in threads, and only for answers that are still wanted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from tui.context import context_of
from tui.data.learning import Learner, related_rows
from tui.data.search_rows import NONE_RELATED, SearchAnswered, SearchRequest, answer, answers
from tui.runtime.threads import look_up_all
from tui.runtime.trouble import Trouble

if TYPE_CHECKING:
    from textual.screen import Screen

    from index.model.facets import Facets
    from index.search.language.query import Query
    from index.workspace import Workspace

AT_REST = 0.2
"""Seconds without another question after which nobody types on."""


class Asker:
    """Asks for one screen, which gets `SearchAnswered`; who asks again wants no earlier answer."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen
        self._number = self._question = 0
        """The last number that was given, and the last one of other than more rows."""
        self._searching = threading.Lock()
        """Held by the search that runs: of those that wait for it, only the last one is still wanted."""
        self._relating = threading.Lock()
        self._learner: Learner | None = None
        self._asked_on = threading.Event()
        """Set once the answer that was counted last is not the last any more."""

    def is_last(self, asked: SearchRequest) -> bool:
        """Whether nothing was asked after this."""
        return asked.number == self._number

    def is_answered_by(self, asked: SearchRequest) -> bool:
        """Whether nothing else was asked after this than more rows of it."""
        return asked.number >= self._question

    def ask(self, query: Query, sort: str, limit: int, *, more: bool) -> None:
        """Search for the best `limit` entries; for `more` rows of those shown already."""
        self._number += 1
        if not more:
            self._question = self._number
            self._asked_on.set()
        workspace = context_of(self._screen).workspace
        if workspace is not None:
            asked = SearchRequest(self._number, query.text, sort, limit, more)
            search = partial(self._search, workspace, asked, query)
            context_of(self._screen).in_thread(search, "search", self._screen)

    def count(self, reply: SearchAnswered, before: Facets | None, show: Callable[[Facets], object]) -> None:
        """Count the finds, and show it unless something else is counted by then.

        The files come last, when nobody has typed on for a while: 10,000 of them cost as much as all else.
        Until then their counts are those of `before`. This serves the rows `key to painted` of the benchmark.
        """
        query, workspace = reply.query, context_of(self._screen).workspace
        if query is None or workspace is None:
            return
        self._asked_on.set()
        asked_on = self._asked_on = threading.Event()

        def counts() -> Iterator[Facets]:
            facets = workspace.search.facets(query, files=False)
            yield facets._replace(files=before.files if before else ())
            if not asked_on.wait(AT_REST):
                yield facets._replace(files=workspace.search.file_counts(query))

        look_up_all(self._screen, "count", counts, show, self._failed)

    def _failed(self, error: Exception) -> None:
        context_of(self._screen).post_message(Trouble(str(error)))

    def _search(self, workspace: Workspace, asked: SearchRequest, query: Query) -> None:
        from index.model.errors import Refused, TreeError

        related = query.asks_meaning
        with self._searching:
            if not self.is_last(asked):
                return
            try:
                for reply in answers(workspace, asked, query, partial(self.is_last, asked)):
                    reply.related = None if related else NONE_RELATED
                    self._screen.post_message(reply)
            except (TreeError, Refused, OSError) as error:
                self._failed(error)
                return
        if related and not asked.more:
            self._relate(workspace, asked, query)

    def _relate(self, workspace: Workspace, asked: SearchRequest, query: Query) -> None:
        """Answer once more, with entries related by meaning: the hits do not wait for it."""
        if self._learner is None or self._learner.workspace is not workspace:
            self._learner = Learner(self._screen, workspace)
        self._learner.ask()
        with self._relating:
            if not self.is_last(asked):
                return
            found = related_rows(workspace, query, reading=self._learner.working)
            reply = answer(workspace, asked, query)
            reply.related = found.besides(reply.rows)
            self._screen.post_message(reply)
