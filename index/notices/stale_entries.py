"""Entries that grew old: they wait for long, or name files of the project that are not there."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from index.model.counts import count_words
from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.model.vocabulary import fold, vocabulary
from index.notices.sources import Sources

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
            message = f"Not changed for {months} months, and about the present: bring it up to date."
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
