"""Ids that texts name and no entry has."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from index.model.entry import Entry
from index.model.file_record import FileProblem
from index.notices.sources import Sources

_OWN = re.compile(r"(?=[^\d]*\d)[A-Za-z][A-Za-z0-9_]*[-_][A-Za-z0-9_-]{1,70}")
_DIGIT = re.compile(r"\d")
_HABIT = 3
"""Ids of one form from which on another one of that form is meant for an entry of the tree."""


def dead_ids(entries: Sequence[Entry], sources: Sources) -> Iterator[FileProblem]:
    """Yield the ids in texts that have the form of a tree's own ids and that no entry has, once an entry.

    `DEBUG-021` is one where DEBUG-014, DEBUG-015 and DEBUG-016 are entries.
    """
    own = {entry.own_id for entry in entries if _OWN.fullmatch(entry.own_id)}
    forms = Counter(map(_form, own))
    known = {form for form, number in forms.items() if number >= _HABIT}
    if not known:
        return
    starts = {_DIGIT.split(form, maxsplit=1)[0] for form in known}
    pattern = re.compile(rf"(?<![\w/.-])(?:{'|'.join(map(re.escape, sorted(starts)))})\d[\w-]*(?![\w/]|\.\w)")
    own |= _in_names(entries, pattern)
    for entry in entries:
        if entry.template:
            continue
        told = "\n".join([field.text for field in entry.fields])
        for word in dict.fromkeys(pattern.findall(told)):
            if word not in own and _form(word) in known:
                message = f"No entry has the id {word}: correct it, or restore that entry."
                yield sources.notice_at(entry.file, entry.line, word, "dead-id", message)


def _in_names(entries: Iterable[Entry], pattern: re.Pattern[str]) -> set[str]:
    """Return the ids that titles, headings and the names of files begin with: `adr-017-pool.md`."""
    names = {name for entry in entries for name in (entry.title, *[field.name for field in entry.fields])}
    names |= {re.sub(r"(-\d+)\D.*", r"\1", posixpath.basename(entry.file)).upper() for entry in entries}
    return {found[0] for name in names if (found := pattern.match(name))}


def _form(own: str) -> str:
    """Return an id with `0` for each digit."""
    return _DIGIT.sub("0", own)
