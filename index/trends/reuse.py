"""Reuse: memories that other entries refer to, and those that count their uses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.library.known_references import references
from index.model.entry import Entry
from index.model.trend_counts import Reuse
from index.model.vocabulary import role

_NUMBER = re.compile(r"\d{1,6}")


def reused(entries: Sequence[Entry]) -> list[Reuse]:
    """Return the entries that are used again, the most used first.

    A use is a reference by another entry, and what a field such as `reuse-count` says.
    """
    by = references(entries).by
    found = [Reuse(entry, tuple(by.get(entry.id, ())), _uses(entry)) for entry in entries]
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def _uses(entry: Entry) -> int:
    for name, text, _, _ in entry.fields:
        if text.isdigit() and role(name) == "uses" and _NUMBER.fullmatch(text):
            return int(text)
    return 0
