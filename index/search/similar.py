"""`similar:ID` in a query: the entries that say nearly the same as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from index.model.entry import Entry, id_key
from index.search.engine import States
from index.search.language.query import Query
from index.search.results import Hit

SIMILAR = 20
"""Entries that are similar to one; of entries that cite each other, 85 % are among the first ten."""


def similar_ids(query: Query) -> dict[str, str]:
    """Return the values of the `similar:` of a query, as engines compare them, each with the id in it."""
    asked = [part.filter.value for part in query.filters if part.name == "similar" and part.filter]
    return {value: value.partition(":")[2] for value in asked if isinstance(value, str)}


def called(entry_id: str, by_id: Mapping[str, Entry]) -> Entry | None:
    """Return the entry that has this id, or as the only one this after the `#` of its id; else None."""
    if entry_id in by_id:
        return by_id[entry_id]
    key = entry_id.casefold()
    ids = ((full.casefold(), entry) for full, entry in by_id.items())
    found = [entry for full, entry in ids if key in (full, id_key(full))]
    return found[0] if len(found) == 1 else None


def by_likeness(hits: Sequence[Hit], query: Query, states: States) -> list[Hit]:
    """Return hits in the order of their likeness to the entry that a query names; the others come last."""
    places: dict[str, int] = {}
    for value in similar_ids(query):
        for place, entry_id in enumerate(states.get(value, ())):
            places[entry_id] = min(place, places.get(entry_id, place))
    return sorted(hits, key=lambda hit: places.get(hit.id, inf))


def unknown(query: Query, by_id: Mapping[str, Entry]) -> str:
    """Return one line on a `similar:` that names no entry; empty where there is none."""
    missing = [entry_id for entry_id in similar_ids(query).values() if called(entry_id, by_id) is None]
    return f"similar: no entry has the id {missing[0]}" if missing else ""
