"""A query as a question to the model that finds by meaning."""

from __future__ import annotations

from typing import NamedTuple

from index.search.language.query import Query


class Question(NamedTuple):
    """The parts of a query."""

    words: str
    """Its words and phrases as typed, without those that are not wanted."""
    filters: str
    """The text of its filters, which hold for hits by meaning too."""


def question(query: Query) -> Question:
    """Return a query as a question.

    >>> from index.search.language.query import parse
    >>> question(parse('~ how did we fix "too many" conns -redis kind:solution'))
    Question(words='how did we fix too many conns', filters='kind:solution')
    """
    unwanted = {term.start for term in query.terms if term.negated}
    said = [
        query.text[span.start : span.end].strip('"')
        for span in query.spans
        if span.role in ("word", "phrase") and span.start not in unwanted
    ]
    kept = [f"{'-' * part.negated}{part.written}" for part in query.filters if part.filter is not None]
    return Question(" ".join(said), " ".join(kept))
