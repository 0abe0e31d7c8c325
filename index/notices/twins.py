"""Entries that repeat another one exactly."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import inf

from index.editing.duplicates import said_by
from index.model.days import seconds
from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.notices.sources import Sources

_LEAST = 40
"""Characters that two entries must share: two headlines are soon alike."""


def twins(entries: Sequence[Entry], copies: Collection[str], sources: Sources) -> Iterator[FileProblem]:
    """Yield a notice about each entry that repeats an older one.

    Args:
        entries: those of the tree.
        copies: files that a sync tool made of others, which are told as such.
        sources: the texts.
    """
    first: dict[int, Entry] = {}
    for entry in sorted(entries, key=_oldest_first):
        if entry.template or entry.file in copies:
            continue
        other = first.setdefault(hash((entry.kind, *map(hash, _texts(entry)))), entry)
        if other is not entry and _texts(other) == _texts(entry) and sum(map(len, _texts(entry))) >= _LEAST:
            message = f"This says exactly what {shown(other.id)} says: keep one of them."
            yield sources.notice_at(entry.file, entry.line, "", "twin", message)


def _oldest_first(entry: Entry) -> tuple[float, str, int]:
    return seconds(entry.when) if entry.when is not None else inf, entry.file, entry.line


def _texts(entry: Entry) -> list[str]:
    return sorted(said_by(entry))
