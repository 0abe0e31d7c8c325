"""Reuse: memories that other entries refer to, and those that count their uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from index.model.entry import Entry
from index.model.trend_counts import Reuse
from index.model.vocabulary import role

_OWN = re.compile(r"(?=.*\d)[A-Za-z][A-Za-z0-9_-]{2,79}")
_APART = {place: " " for place in range(128) if not (chr(place).isalnum() or chr(place) in "_-")}
"""Separators of words, mapped to a space; `-` and `_` are parts of an id."""
_DIGIT = re.compile(r"\d")
_FEW = 30
"""Beginnings of ids, as `DEBUG-`, up to which a text is searched for each of them."""
_NUMBER = re.compile(r"\d{1,6}")


def reused(entries: Sequence[Entry]) -> list[Reuse]:
    """Return the entries that are used again, the most used first.

    A reference is an entry's own id, such as DEBUG-014, in a field of another one; an id that two entries
    share refers to neither, and one without a letter and a number says nothing. A use is what a field such
    as `reuse-count` says.
    """
    own = {entry.id: text for entry in entries if _OWN.fullmatch(text := entry.own_id)}
    holders: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.id in own:
            holders.setdefault(own[entry.id], []).append(entry)
    named = {text: held[0] for text, held in holders.items() if len(held) == 1}
    by: dict[str, list[str]] = {}
    starts = {_DIGIT.split(text, 1)[0] for text in named}
    for entry in entries if named else ():
        for text in named.keys() & _words(entry, own.get(entry.id), starts):
            if named[text] is not entry:
                by.setdefault(named[text].id, []).append(entry.id)
    found = [Reuse(entry, tuple(by.get(entry.id, ())), _uses(entry)) for entry in entries]
    return sorted((one for one in found if one.total), key=lambda one: -one.total)


def _words(entry: Entry, own: str | None, starts: Collection[str]) -> set[str]:
    """Return the words of an entry; none where it is sure that no id is among them, but its own."""
    text = "\n".join([field.text for field in entry.fields if field.text != own])
    if len(starts) <= _FEW and not any(start in text for start in starts):  # a tenth of the time of cutting
        return set()
    return set(text.translate(_APART).split())


def _uses(entry: Entry) -> int:
    for name, text, _, _ in entry.fields:
        if text.isdigit() and role(name) == "uses" and _NUMBER.fullmatch(text):
            return int(text)
    return 0
