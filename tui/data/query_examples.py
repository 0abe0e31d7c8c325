"""The search language by examples, for the help of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from index.model.facets import Facets

EXAMPLES = (
    ("pool exh", "both words, the last unfinished"),
    ("exhaust*", "any word that starts so"),
    ('"connection pool"', "the exact phrase"),
    ("-kafka", "entries without it"),
    ("redis OR valkey", "one or the other"),
    ("exhaustoin~", "a word with typos"),
    ("C++  .NET  =>", "words with signs"),
    ("kind:solution", "a kind, or a group of kinds"),
    ("project: tag: tech:", "a value, as tag:redis"),
    ("level:>=3", "a level; also 2..4"),
    ("after:2025-10", "dates; before: on: changed:7d"),
    ("is:new", "malformed, pending, deleted too"),
    ("file:lessons", "a part of the path; id: too"),
    ("similar:DEBUG-010", "entries that say the same"),
    ("~ charged twice", "what is meant, in other words"),
)
"""Texts as typed, each with a few words on its finds; at most 21 and 31 letters."""


def hint(facets: Facets | None, width: int, broken: int) -> str:
    """Return the words of an empty search: with filters that find something, as many as fit `width`.

    `broken` is the number of malformed files.
    """
    from index.search.language.syntax import exactly

    found: list[tuple[str, str]] = []
    if facets is not None:
        kinds = sorted(facets.groups, key=lambda group: (group[0] == "other", -group[1]))
        kinds = [group for group in kinds if group[1] and group[0] != "other"] or [*facets.kinds]
        topics = {"tag": facets.tags, "tech": facets.tech, "project": facets.projects, "store": facets.stores}
        found += [("kind", kind) for kind, _ in kinds[:1]]
        found += [(name, values[0][0]) for name, values in topics.items() if values][:1]
    found += [("is", "malformed")] if broken else []
    words = "search"
    for name, value in found:
        longer = f"{words}{', or' if words == 'search' else ''}  {exactly(name, value)}"
        words = longer if cell_len(longer) <= width else words
    return words
