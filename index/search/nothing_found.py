"""Ways on where a query finds nothing: another spelling, fewer words, fewer filters; ids and titles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from index.library.snapshot import Snapshot
from index.model.entry import Entry
from index.model.text.letters import bare
from index.search.language import analysis, filters
from index.search.language.query import FilterText, Query, Word, parse
from index.search.language.syntax import meant, written
from index.search.language.variants import held, question, words_of
from index.search.results import Hit, Omission

MOST_PARTIAL = 20
"""Entries with some of the words that are shown; those behind them have little to do with the query."""
_WORTH = 0.3
"""Share of the best entry's weight below which another one with some of the words is not shown."""
_ALIKE = 0.72
"""Likeness of a value to one that was typed from which on it may be meant; 1 is the same."""

Values = Callable[[str], Iterable[str]]
"""Returns the values in the tree that a filter chooses from."""


Suggest = Callable[..., list[str]]
"""As `SearchEngine.suggest`."""


def respelled(query: Query, suggest: Suggest, values: Values = lambda name: ()) -> str:
    """Return the query's text with misspelt parts as the nearest there are: words, filters, their values.

    It is empty where nothing is.
    """
    changes: dict[tuple[int, int], str] = {}
    for term in query.terms:
        if isinstance(term.node, Word) and not term.negated:
            filter_meant = meant(term.node.text)
            usable = [filter_meant] if parse(filter_meant, entered=True).filters else []
            near = usable if filter_meant else suggest(term.node.text, prefix=term.node.prefix)
            if near:
                changes[term.start, term.end] = near[0]
    for part in query.filters:
        value = "" if part.negated else _near_value(part, values)
        if value:
            changes[part.start, part.end] = written(part.name, value)
    return query.replaced(changes) if changes else ""


def _near_value(part: FilterText, values: Values) -> str:
    """Return the value nearest to that of a filter which no entry has, empty where some have it."""
    if part.name not in filters.OPEN or not part.value:
        return ""
    known = {filters.key(part.name, value): value for value in values(part.name)}
    typed = part.value.rstrip("*")
    if any(typed in key for key in known):
        return ""
    near = get_close_matches(typed, known, 1, _ALIKE)
    return known[near[0]] if near else ""


def values_in(entries: Sequence[Entry], name: str) -> Iterable[str]:
    """Return the values that the entries have for a filter to choose from."""
    of_entry: Mapping[str, Callable[[Entry], Iterable[str]]] = {
        "kind": lambda entry: (entry.group, entry.kind),
        "project": lambda entry: (entry.project,),
        "store": lambda entry: (entry.store,),
        "tag": lambda entry: entry.tags,
        "tech": lambda entry: entry.tech,
        "agent": lambda entry: (entry.agent,),
        "status": lambda entry: (entry.status,),
        "file": lambda entry: (entry.file, entry.file.rpartition("/")[2].partition(".")[0]),
        "id": lambda entry: (entry.key,),
    }
    values = of_entry[name]
    return dict.fromkeys(value for entry in entries for value in values(entry) if value)


def omissions(query: Query, count: Callable[[str], int]) -> list[Omission]:
    """Return the number of hits without each of the filters, most first; `count` counts a query's hits."""
    found = []
    for part in query.filters:
        if part.filter is not None:
            text = query.without(part)
            hits = count(text) if text.strip() else 0
            if hits:
                found.append(Omission(query.text[part.start : part.end], text, hits))
    return sorted(found, key=lambda omission: -omission.hits)


def worth_showing(hits: Sequence[Hit]) -> list[Hit]:
    """Return those of the best entries with some of the words that are not far behind the first."""
    return [hit for hit in hits if hit.score >= _WORTH * hits[0].score]


def best_have(query: Query, hits: Iterable[Hit]) -> str:
    """Return one line on how many of the words of a `looser` query the entries found have."""
    words = words_of(query)
    called = (
        "characters" if all(isinstance(one, Word) and _is_character(one.text) for one in words) else "words"
    )
    have = [held(query, _text(hit.entry)) for hit in hits]
    if max(have) == len(words):
        apart = "here are some that have them apart" if len(words) > 1 else "these have one"
        return f"No entry has these {called} together; {apart}"
    all_of = "both" if len(words) == 2 else f"all {len(words)}"
    these = "these have one" if max(have) == 1 else f"the best have {max(have)}"
    return f"No entry has {all_of} {called}; {these}"


def _is_character(text: str) -> bool:
    return analysis.is_single(text) and len(analysis.plain_words(text)) == 1


def _text(entry: Entry) -> str:
    return "\n".join((entry.title, *(field.text for field in entry.fields), entry.project))


# ── an id or a title ──────────────────────────────────────────────────────────


def called_so(query: Query, snapshot: Snapshot) -> list[Entry]:
    """Return the entries whose id is the query, word for word; its filters do not count."""
    asked, ids = _plain(question(query).words), snapshot.bare_ids
    if not asked or not any(f"{before}{asked}\n" in ids for before in "\n#"):
        return []  # as for nearly every key: each id by itself would take 0.1 s in a large tree
    return [entry for entry in snapshot.entries if _is_id(entry, asked)]


def exact_first(query: Query, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with the one whose id is the query first, one whose title is it next."""
    asked = _plain(question(query).words)
    ranks = [0 if _is_id(hit.entry, asked) else 1 if _plain(hit.entry.title) == asked else 2 for hit in hits]
    if not asked or min(ranks, default=2) == 2:
        return list(hits)
    best = max(hit.score for hit in hits)
    first = sorted((rank, place) for place, rank in enumerate(ranks) if rank < 2)
    for rank, place in first:
        hits[place].score = best + 2 - rank
    rest = [hit for hit, rank in zip(hits, ranks, strict=True) if rank == 2]
    return [*(hits[place] for _, place in first), *rest]


def _is_id(entry: Entry, asked: str) -> bool:
    return asked in (bare(entry.id), bare(entry.key))


def _plain(text: str) -> str:
    return " ".join(bare(text).split())
