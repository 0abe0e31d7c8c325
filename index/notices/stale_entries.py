"""Entries that grew old, that are gone from their files, or that say the same as another."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from math import inf
from pathlib import Path

from index.editing.doubts import said_by
from index.history.rewrites import Rewrite
from index.model.counts import count_words, listed
from index.model.days import seconds
from index.model.entry import Entry, id_file, id_key
from index.model.file_record import FileProblem
from index.model.path_spelling import shown
from index.model.vocabulary import fold, vocabulary
from index.notices.sources import Sources, file_notice

WAITS = timedelta(days=180)
"""Time after which something that is open is told."""
LASTS = timedelta(days=90)
"""Time for which a file about the present may be left alone."""
_MOST_FILES = 50
"""Files of which git is asked for the last commit."""
_PATH = re.compile(r"(?<![\w/.:@~$%-])(?:\./)?((?:[\w@.-]+/)+[\w.-]*\w\.[A-Za-z][A-Za-z0-9]{0,5})(?![\w/(])")
_NAMED = 3
"""Files that a sentence names; of more it counts the rest."""


def waiting_long(entries: Iterable[Entry], now: datetime, sources: Sources) -> Iterator[FileProblem]:
    """Yield a notice about each entry that is open for half a year or longer."""
    words = frozenset(vocabulary().pending)
    for entry in entries:
        is_open = entry.group == "pending" or fold(entry.status) in words
        if is_open and not entry.template and entry.when is not None and now - entry.when > WAITS:
            months = (now - entry.when).days // 30
            message = (
                f"This has waited for {months} months ({entry.status or 'pending'}): settle it, or delete it."
            )
            yield sources.notice_at(entry.file, entry.line, "", "waits-long", message)


def out_of_date(
    entries: Iterable[Entry], changed: Callable[[str], datetime | None], now: datetime, sources: Sources
) -> Iterator[FileProblem]:
    """Yield a notice about each file about the present that was not touched for months.

    `changed` returns the time of a file's last commit, None where git knows none.
    """
    kinds = vocabulary().current
    files = dict.fromkeys(entry.file for entry in entries if entry.kind in kinds and not entry.template)
    for file in list(files)[:_MOST_FILES]:
        when = changed(file)
        if when is not None and now - when > LASTS:
            months = (now - when).days // 30
            message = f"It is about the present, but {months} months old: bring it up to date."
            yield sources.notice(file, 0, "out-of-date", message)


def names_gone_files(entries: Sequence[Entry], project: Path, sources: Sources) -> Iterator[FileProblem]:
    """Yield a notice about each entry that names files which are not in the project.

    A path counts where its first folder is one of the project: others are examples, or are meant from
    elsewhere. What a session tells of its work was so then, and counts as that.
    """
    folders: set[str] = set()
    with suppress(OSError):
        folders = {one.name for one in os.scandir(project) if one.is_dir(follow_symlinks=False)}
    known: dict[str, bool] = {}
    for entry in entries if folders else ():
        if entry.template or entry.group == "session":
            continue
        gone = []
        for path in dict.fromkeys(_PATH.findall("\n".join([field.text for field in entry.fields]))):
            if path.partition("/")[0] in folders and ".." not in path:
                if path not in known:
                    known[path] = os.path.lexists(project / path)
                gone += [] if known[path] else [path]
        if gone:
            more = f" and {count_words(len(gone) - _NAMED, 'more', 'more')}" if len(gone) > _NAMED else ""
            are = "which is" if len(gone) == 1 else "which are"
            said = f"{', '.join(gone[:_NAMED])}{more}"
            message = f"This names {said}, {are} not in the project: correct it, or delete it."
            yield sources.notice_at(entry.file, entry.line, gone[0], "names-gone-file", message)


_LEAST = 40
"""Characters that two entries must share: two headlines are soon alike."""


def twins(entries: Sequence[Entry], copies: Collection[str], sources: Sources) -> Iterator[FileProblem]:
    """Yield a notice about each entry that repeats an older one.

    Args:
        copies: files that a sync tool made of others, which are told as such.
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
            many = count_words(len(ids), "entry was", "entries were")
            words = f"{many} lost when {one.rev[:7]} rewrote this file: {_keys(ids)}. {_TO_DO}"
            yield file_notice(one.path, "vanished", words)


def _keys(ids: Iterable[str]) -> str:
    return listed([shown(id_key(entry_id)) for entry_id in ids], _NAMED)
