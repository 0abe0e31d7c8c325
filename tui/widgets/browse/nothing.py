"""Text in place of an empty list: why it is empty, and how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style

from index.model.counts import count_words
from tui.actions import key
from tui.context import StatusLineFacts
from tui.theme.drawing import BLANK, hot, plain, t, wrap

if TYPE_CHECKING:
    from index.search.language.query import Query
    from index.search.results import SearchResults
    from tui.data.search_rows import RelatedRows

MOST = 5
"""Filters that are proposed to be left out."""


_NARROWEST = 36
"""Columns of the lines in the narrowest list of results."""
Nothing = tuple[list[Content], list[str]]
"""Lines, and the queries that they offer, the best first."""


def no_rows(results: SearchResults | None, status: StatusLineFacts) -> Nothing:
    """Return the text in the place of the rows of a query, or of all (None)."""
    return _empty_tree(status) if results is None else _nothing_found(results, bool(status.task))


def about_related(related: RelatedRows | None) -> list[Content]:
    """Return the lines below that no words were found, where entries related by meaning are asked for."""
    words = "Looking for what is related by meaning" if related is None else related.words
    return [BLANK, *wrap(plain(words, "muted"), _NARROWEST)] if words else []


def _nothing_found(results: SearchResults, indexing: bool) -> Nothing:
    if indexing:
        return [
            t(("Nothing found so far", "strong")),
            BLANK,
            t(("The search covers what is indexed,", "muted")),
            t(("and hits appear as that goes on.", "muted")),
        ], []
    lines = [t(("Nothing found", "strong"))]
    proposals: list[str] = []
    if results.suggestion:
        query = results.suggestion
        lines += [BLANK, t(("Did you mean", "muted")), _proposal(_coloured(query), query, True)]
        proposals.append(query)
    if results.omissions:
        lines += [BLANK, t(("Or leave out" if proposals else "Leave out", "muted"))]
        for other in results.omissions[:MOST]:
            line = t(plain(other.text), ("     " + count_words(other.hits, "hit"), "muted"))
            lines.append(_proposal(line, other.query, not proposals))
            proposals.append(other.query)
    if proposals:
        return [*lines, BLANK, t((key("accept"), "strong"), (" use first", "muted"))], proposals
    lines.append(BLANK)
    if results.query.words and not results.query.asks_meaning:  # a filter has no meaning to search by
        lines.append(t(("~", "strong"), ("    in front searches by meaning, too", "text")))
    return [*lines, t((key("back").ljust(5), "strong"), ("clear", "text"))], proposals


def _proposal(line: Content, query: str, first: bool) -> Content:
    edge = t(("▌", "accent"), " ") if first else Content("  ")
    return (edge + line).stylize(Style.from_meta({"query": query}))


def _coloured(text: str) -> Content:
    from index.search.language.query import parse

    query: Query = parse(text)
    line = plain(text)
    for term in query.terms:
        line = line.stylize("strong", term.start, term.end)
    return line


def _empty_tree(status: StatusLineFacts) -> Nothing:
    """The query is that which shows the tree's templates."""
    if status.task or status.entries is None:
        return [], []
    filled = f"{count_words(status.files, 'file')}, none with an entry that is filled in."
    why = filled if status.files else "There is no memory file in it."
    lines = [
        t(("This tree has no entries", "strong")),
        BLANK,
        *wrap(f"{why} Entries appear here as soon as you or an agent adds one.", 54, "muted"),
        BLANK,
        hot(t("  ", (key("add").ljust(5), "strong"), ("add an entry", "text")), "add"),
    ]
    if not status.files:
        return [*lines, t("  ", (key("reload").ljust(5), "strong"), ("refresh", "text"))], []
    proposals = ["is:template"] if status.files > status.problems else []
    for query in proposals:
        see = t((key("accept").ljust(5), "strong"), ("see the empty templates", "text"))
        lines.append(_proposal(see, query, True))
    if status.problems:
        lines.append(t("  ", (key("problems").ljust(5), "strong"), ("see the problems", "text")))
    return lines, proposals
