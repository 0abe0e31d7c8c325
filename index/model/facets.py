"""Facets: the number of entries of each kind, project, tag, technology, level and file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from sys import intern
from typing import NamedTuple

from index.model.counts import most_first
from index.model.entry import Entry
from index.model.store_places import store_of
from index.model.text.letters import normal
from index.model.vocabulary import kind_key

GROUPS = ("solution", "pattern", "decision", "pending", "session", "knowledge", "other")
LEVELS = range(1, 8)
"""The protocol's levels of intervention run from 1 to 7."""

Counts = tuple[tuple[str, int], ...]
"""Value and number of entries, most first."""


class Facets(NamedTuple):
    """The counts that the sidebar shows of a set of entries."""

    groups: Counts
    """In the order of `GROUPS`, those without entries too."""
    projects: Counts
    tags: Counts
    tech: Counts
    levels: tuple[int, ...]
    """Entries of level 1 to 7."""
    files: Counts
    """In the order of their paths."""
    stores: Counts = ()
    """Those whose places tell them apart from others."""
    kinds: Counts = ()
    """The kinds that belong to no other group, as `vocabulary.kind_key` spells them."""


def count_facets(entries: Iterable[Entry]) -> Facets:
    """Count the values that `entries` have; runs at every key, so the counting is left to `Counter`."""
    held = list(entries)
    groups = Counter([entry.group for entry in held])
    levels = Counter([entry.level for entry in held])
    files = Counter([entry.file for entry in held])
    return Facets(
        tuple((g, groups[g]) for g in GROUPS),
        _values([(entry.project,) for entry in held if entry.project]),
        _values([entry.tags for entry in held]),
        _values([entry.tech for entry in held]),
        tuple(levels[level] for level in LEVELS),
        tuple(sorted(files.items())),
        _stores(files.items()),
        _most(_other_kinds(held)),
    )


def _stores(files: Iterable[tuple[str, int]]) -> Counts:
    """Count the entries of each store from those of each file."""
    count: Counter[str] = Counter()
    for file, number in files:
        count[store_of(file)] += number
    del count[""]
    return _most(count)


def _other_kinds(entries: Sequence[Entry]) -> Counter[str]:
    """Count the entries of each kind that belongs to no other group."""
    kinds: Counter[str] = Counter()
    for kind, count in Counter([entry.kind for entry in entries]).items():
        kinds[kind_key(kind)] += count
    others = {kind_key(kind) for kind in {entry.kind for entry in entries if entry.group == "other"}}
    return Counter({kind: count for kind, count in kinds.items() if kind in others})


def named_facets(counts: Mapping[str, Mapping[str, int]], whole: Facets) -> Facets:
    """Return the counts of an index, with the values as they are usually spelled in the tree.

    Args:
        counts: property → value in the one spelling that is compared → number of entries; kinds by their
            whole names.
    """
    groups = counts.get("group", {})
    levels, kinds = counts.get("level", {}), counts.get("kind", {})
    return Facets(
        tuple((group, groups.get(group, 0)) for group in GROUPS),
        _as_usual(counts.get("project", {}), whole.projects),
        _as_usual(counts.get("tag", {}), whole.tags),
        _as_usual(counts.get("tech", {}), whole.tech),
        tuple(levels.get(str(level), 0) for level in LEVELS),
        # The paths are those of the entries: each count of 10,000 files would hold them once more.
        tuple(sorted([(intern(path), count) for path, count in counts.get("file", {}).items()])),
        _as_usual(counts.get("store", {}), whole.stores),
        _most({kind: kinds[kind] for kind, _ in whole.kinds if kind in kinds}),
    )


def _as_usual(counts: Mapping[str, int], whole: Counts) -> Counts:
    usual = {normal(value): value for value, _ in whole}
    return _most({usual.get(value, value): count for value, count in counts.items()})


def _values(of_entries: Sequence[Sequence[str]]) -> Counts:
    """Count the entries of each value; spellings that a filter takes for one value are one, the usual."""
    count = Counter(chain.from_iterable(of_entries))
    if twins := twins_of(count):  # an entry may have several spellings of one value
        both = Counter(one for values in of_entries for one in {twins[v] for v in values if v in twins})
        for value in twins:
            del count[value]
        count |= both
    del count[""]
    return _most(count)


def twins_of(count: Counter[str], normal: Callable[[str], str] = normal) -> dict[str, str]:
    """Return each value that is spelled in several ways with its usual spelling, that one too.

    Args:
        count: how often each spelling comes.
    """
    usual: dict[str, str] = {}
    twins: dict[str, str] = {}
    for value, _ in count.most_common():
        known = usual.setdefault(normal(value), value)
        if known != value:
            twins |= {value: known, known: known}
    return twins


def _most(count: Mapping[str, int]) -> Counts:
    return tuple(most_first(count))
