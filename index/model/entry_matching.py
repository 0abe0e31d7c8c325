"""Matching the entries of two versions of a file: memories are followed, not their places."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from operator import attrgetter
from typing import NamedTuple

from index.model.entry import Entry
from index.model.matching import Matching
from index.model.timestamps import has_clock
from index.model.vocabulary import role

_OWN_ID = attrgetter("own_id")
_ABOUT = frozenset({"id", "time", "level", "status", "project", "agent"})
_WORD = re.compile(r"\w+")
_TITLE_KEPT = 0.6
"""Likeness of two titles from which one is the other reworded: https://docs.python.org/3/library/difflib.html."""
_TEXT_KEPT = 0.75
"""Share of all words in common from which two entries are one, whatever they are called.

Of the 546 pairs of one kind in the sample tree none has more than 0.21; entries made after one form do."""
_COMPARABLE = 2_500
"""Old times new entries compared word by word; past it only ids and titles count."""


class Pair(NamedTuple):
    """One memory before and after; None on the side where it is not there."""

    before: Entry | None
    after: Entry | None


def pair(before: Sequence[Entry], after: Sequence[Entry]) -> list[Pair]:
    """Find every entry again: those of `after` in their order, then those that are gone.

    The surest sign first, and each only where it is unique: everything equal; the own id, unless nothing
    else agrees (ids are numbered anew); everything but the id; the id alone; kind and time; kind and
    title; twins by their order; the likest titles and texts.
    """
    matching = Matching(before, after)
    matching.by(content)
    matching.by(_OWN_ID, _agree)
    matching.by(lambda entry: content(entry, named=False))
    matching.by(_OWN_ID)
    matching.by(_kind_and_time, _may_be)
    matching.by(_kind_and_title)
    matching.in_order(content)
    matching.in_order(_kind_and_title)
    matching.by_likeness(lambda entry: entry.kind, likeness, _COMPARABLE)
    matching.by(_key, lambda old, new: _text_kept(old, new) >= _TEXT_KEPT)  # of another kind now
    _whole_files(matching, before, after)
    old_of = {new: before[old] for old, new in matching.found.items()}
    return [
        *(Pair(old_of.get(new), entry) for new, entry in enumerate(after)),
        *(Pair(before[old], None) for old in matching.gone),
    ]


def successors(before: Sequence[Entry], after: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Return each entry that is still there, with its successor; both in the order of `after`.

    For a merge, which must not take an entry that was rewritten for one that is gone: of those that nothing
    else tells, two with one id are one.
    """
    found = pair(before, after)
    gone = {old.id: old for old, new in found if old and not new}
    return [(was, new) for old, new in found if new and (was := old or gone.get(new.id))]


def find(entries: Iterable[Entry], like: Entry) -> Entry | None:
    """Return the entry that is surely `like`, without knowing those beside it; None when in doubt."""
    named = like.own_id
    found = [entry for entry in entries if entry.own_id == named and _agree(entry, like)]
    if not named:
        found = [e for e in found if _same_title(e, like) and _kind_and_time(e) == _kind_and_time(like) != ""]
    return found[0] if len(found) == 1 else None


def content(entry: Entry, *, named: bool = True) -> tuple[object, ...]:
    """Return an entry's fields, wherever it is; without its own id when not `named`."""
    texts = [(field.name, field.text) for field in entry.fields if named or role(field.name) != "id"]
    return entry.kind, *texts


def is_called(one: Entry, other: Entry) -> bool:
    """Whether two entries have one id, or one title."""
    return one.own_id == other.own_id != "" or _same_title(one, other)


def _agree(one: Entry, other: Entry) -> bool:
    """Whether two entries have a title or a moment in common."""
    same_moment = has_clock(one.timestamp) and one.timestamp == other.timestamp and one.kind == other.kind
    return same_moment or _same_title(one, other)


def _same_title(one: Entry, other: Entry) -> bool:
    return bool(one.title) and one.title.casefold() == other.title.casefold()


def likeness(one: Entry, other: Entry) -> float:
    """Return how surely one entry is the other, edited: 0 not at all, else above 0."""
    title = SequenceMatcher(None, one.title.casefold(), other.title.casefold(), autojunk=False).ratio()
    text = _text_kept(one, other)
    return max(title, text) if title >= _TITLE_KEPT or text >= _TEXT_KEPT else 0.0


def _text_kept(one: Entry, other: Entry) -> float:
    """Return the share of all words of two entries that both have."""
    left, right = _words(one), _words(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def _words(entry: Entry) -> set[str]:
    """Return the words of the entry's own text, without its metadata."""
    telling = [field.text for field in entry.fields if role(field.name) not in _ABOUT]
    return {word for text in telling for word in _WORD.findall(text.lower())}


def _kind_and_time(entry: Entry) -> Hashable:
    return (entry.kind, entry.timestamp) if entry.when is not None and entry.timestamp else ""


def _kind_and_title(entry: Entry) -> Hashable:
    return (entry.kind, entry.title.casefold())


def _key(entry: Entry) -> str:
    return entry.key


def _may_be(one: Entry, other: Entry) -> bool:
    """Whether nothing says that two entries of one time are two: a day is no moment, and ids differ."""
    if one.own_id == other.own_id and _agree(one, other):
        return True
    return likeness(one, other) > 0


def _whole_files(matching: Matching[Entry], before: Sequence[Entry], after: Sequence[Entry]) -> None:
    """Pair entries that are all of their file and goes by the file's root: its state, whatever it says."""
    if len(before) == len(after) == 1:
        matching.by(_root, lambda old, new: old.kind == new.kind)


def _root(entry: Entry) -> str:
    """Return the key of an entry, empty where it is made of its time or title."""
    key = _key(entry)
    return "" if key.startswith(f"{entry.kind}-") else key
