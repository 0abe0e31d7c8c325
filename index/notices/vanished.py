"""Entries that are gone since the user last looked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.model.counts import count_words, listed
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.notices.sources import file_notice

_NAMED = 3
"""Entries that a sentence names; of more it counts the rest."""


def vanished(removed: Iterable[str]) -> Iterator[FileProblem]:
    """Yield a notice about each file that lost entries; `removed` are their ids."""
    files: dict[str, list[str]] = {}
    for entry_id in removed:
        file, _, key = entry_id.rpartition("#")
        files.setdefault(file, []).append(shown(key))
    for file, keys in files.items():
        many = count_words(len(keys), "entry is", "entries are")
        words = f"{many} gone since you last looked: {listed(keys, _NAMED)}. Restore what should have stayed."
        yield file_notice(file, "vanished", words)
