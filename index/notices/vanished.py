"""Entries that are gone since the user last looked, or that a rewrite of their file dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from index.history.rewrites import Rewrite
from index.model.counts import count_words, listed
from index.model.days import written
from index.model.entry import id_file, id_key
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.notices.sources import file_notice

_NAMED = 3
"""Entries that a sentence names; of more it counts the rest."""
_TO_DO = "Restore what should have stayed."


def vanished(removed: Iterable[str]) -> Iterator[FileProblem]:
    """Yield a notice about each file that lost entries; `removed` are their ids."""
    files: dict[str, list[str]] = {}
    for entry_id in removed:
        files.setdefault(id_file(entry_id), []).append(entry_id)
    for file, ids in files.items():
        many = count_words(len(ids), "entry is", "entries are")
        words = f"{many} gone since you last looked: {_keys(ids)}. {_TO_DO}"
        yield file_notice(file, "vanished", words)


def dropped(rewrites: Iterable[Rewrite], told: Collection[str]) -> Iterator[FileProblem]:
    """Yield a notice about each rewrite of a file that dropped entries, but for those that are `told`."""
    for one in rewrites:
        ids = [entry.id for entry in one.gone if entry.id not in told]
        if ids:
            many = count_words(len(ids), "entry", "entries")
            when = f"{one.rev[:7]} of {written(one.when)}"
            words = f"{many} went as this file was written anew ({when}): {_keys(ids)}. {_TO_DO}"
            yield file_notice(one.path, "vanished", words)


def _keys(ids: Iterable[str]) -> str:
    return listed([shown(id_key(entry_id)) for entry_id in ids], _NAMED)
