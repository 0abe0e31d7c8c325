"""How many entries there are of each kind, project, tag, technology, level and file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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
    """Count the values that `entries` have."""
    groups: Counter[str] = Counter()
    projects: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    tech: Counter[str] = Counter()
    levels = [0] * LEVELS
    files: Counter[str] = Counter()
    for entry in entries:
        groups[entry.group] += 1
        files[entry.file] += 1
        if entry.project:
            projects[entry.project] += 1
        if entry.tags:
            tags.update(entry.tags)
        if entry.tech:
            tech.update(entry.tech)
        if entry.level and entry.level <= LEVELS:
            levels[entry.level - 1] += 1
    return Facets(
        tuple((g, groups[g]) for g in GROUPS),
        _most(projects),
        _most(tags),
        _most(tech),
        tuple(levels),
        tuple(sorted(files.items())),
    )


def _most(count: Counter[str]) -> Counts:
    return tuple(sorted(count.items(), key=lambda item: (-item[1], item[0].lower())))
