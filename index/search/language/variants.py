"""A query as other queries: one for as many of its words as there are, a question to the model."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from index.search.language import analysis
from index.search.language.operators import SAY_NOTHING
from index.search.language.query import And, Node, Or, Phrase, Query, Word
from index.search.language.terms import says, ways


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


def looser(query: Query) -> Query | None:
    """Return the query with any of its words for all of them; None where there are not several.

    Of several in one name, those that say nothing are left out.

    What it leaves out and its filters hold as before.

    >>> from index.search.language.query import parse
    >>> found = looser(parse("pool leak kind:solution"))
    >>> found and [word.text for word in found.words]
    ['pool', 'leak']
    """
    if query.node is None:
        return None
    parts = query.node.nodes if isinstance(query.node, And) else (query.node,)
    said = [part for part in parts if _is_said(part)]
    words: list[Node] = said if len(said) > 1 else [word for part in said for word in _pieces(part)]
    if not words:
        return None
    rest = [part for part in parts if part not in said]
    any_word = Or(tuple(words)) if len(words) > 1 else words[0]
    return replace(query, node=And((any_word, *rest)) if rest else any_word)


def held(query: Query, text: str) -> int:
    """Return how many of the words of a `looser` query a text has."""
    return sum(_has(word, text) for word in words_of(query))


def words_of(query: Query) -> tuple[Node, ...]:
    """Return the words of a `looser` query, any of which it asks for."""
    node = query.node.nodes[0] if isinstance(query.node, And) else query.node
    return node.nodes if isinstance(node, Or) else (node,) if node is not None else ()


def _has(node: Node, text: str) -> bool:
    if isinstance(node, Or):
        return any(_has(one, text) for one in node.nodes)
    return isinstance(node, Word | Phrase) and says(node, text)


def _is_said(node: Node) -> bool:
    if isinstance(node, Or):
        return all(_is_said(one) for one in node.nodes)
    return isinstance(node, Word | Phrase)


def _pieces(node: Node) -> list[Word]:
    """Return the words of a phrase or a name, without their signs."""
    if not isinstance(node, Word | Phrase) or not ways(node):
        return []
    texts = dict.fromkeys(analysis.plain_words(node.text))
    words = [] if len(texts) < 2 else [Word(text) for text in texts if text not in SAY_NOTHING]
    if words and node.prefix:
        words[-1] = replace(words[-1], prefix=True)
    return words
