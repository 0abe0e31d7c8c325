"""How many entries there are of each kind, project, tag, technology, level and file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from index.memory.entries import Entry

GROUPS = ("solution", "pattern", "decision", "pending", "session", "knowledge", "other")
LEVELS = 7
"""The protocol's levels of intervention run from 1 to 7."""

Counts = tuple[tuple[str, int], ...]
"""Value and number of entries, most first."""


class Facets(NamedTuple):
    """What the sidebar shows of a set of entries."""

    groups: Counts
    """In the order of `GROUPS`, those without entries too."""
    projects: Counts
    tags: Counts
    tech: Counts
    levels: tuple[int, ...]
    """Entries of level 1 to 7."""
    files: Counts
    """In the order of their paths."""


def count_facets(entries: Iterable[Entry]) -> Facets:
    """Count the values that `entries` have; runs at every key, so the counting is left to `Counter`."""
    held = list(entries)
    groups = Counter([entry.group for entry in held])
    projects = Counter([entry.project for entry in held])
    levels = Counter([entry.level for entry in held])
    files = Counter([entry.file for entry in held])
    tags = Counter(chain.from_iterable([entry.tags for entry in held]))
    tech = Counter(chain.from_iterable([entry.tech for entry in held]))
    del projects[""]
    return Facets(
        tuple((g, groups[g]) for g in GROUPS),
        _most(projects),
        _most(tags),
        _most(tech),
        tuple(levels[level] for level in range(1, LEVELS + 1)),
        tuple(sorted(files.items())),
    )


def _most(count: Counter[str]) -> Counts:
    return tuple(sorted(count.items(), key=lambda item: (-item[1], item[0].lower())))
