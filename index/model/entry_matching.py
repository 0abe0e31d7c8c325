"""Matching the entries of two versions of a file: memories are followed, not their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from index.model.entry import Entry
from index.model.timestamps import has_clock
from index.model.vocabulary import role

Item = TypeVar("Item")


class Matching(Generic[Item]):
    """The pairs found so far, by place; each round adds to them and never takes one back."""

    def __init__(self, before: Sequence[Item], after: Sequence[Item]) -> None:
        self._before, self._after = before, after
        self._old: dict[int, None] = dict.fromkeys(range(len(before)))
        self._new: dict[int, None] = dict.fromkeys(range(len(after)))
        self.found: dict[int, int] = {}
        """Places before, each with its place after."""

    @property
    def gone(self) -> list[int]:
        """The places before that have no pair, in order."""
        return list(self._old)

    def by(
        self,
        sign: Callable[[Item], Hashable],
        when: Callable[[Item, Item], bool] | None = None,
        *,
        later: Callable[[Item], Hashable] | None = None,
    ) -> None:
        """Pair those whose sign is said once on each side; an empty sign says nothing.

        `later` is the sign of those after, where it is another one.
        """
        for olds, news in self._groups(sign, later or sign):
            if len(olds) == len(news) == 1:
                old, new = olds[0], news[0]
                if when is None or when(self._before[old], self._after[new]):
                    self._match(old, new)

    def in_order(self, sign: Callable[[Item], Hashable]) -> None:
        """Pair those that share a sign, the first with the first."""
        for olds, news in self._groups(sign, sign):
            for old, new in zip(olds, news, strict=False):
                self._match(old, new)

    def by_likeness(
        self, sort: Callable[[Item], Hashable], likeness: Callable[[Item, Item], float], most: int
    ) -> None:
        """Pair those of one sort that are alike, the likest first; neighbours win a tie.

        `likeness` is 0 for two that are not. With more than `most` pairs to compare, none are.
        """
        if not self._old or not self._new or len(self._old) * len(self._new) > most:
            return
        scored = [
            (-likeness(self._before[old], self._after[new]), abs(old - new), old, new)
            for olds, news in self._groups(sort)
            for old in olds
            for new in news
        ]
        for score, _, old, new in sorted(scored):
            if score and old in self._old and new in self._new:
                self._match(old, new)

    def in_place(self, when: Callable[[Item, Item], bool]) -> None:
        """Pair those that come right behind a pair, or first on both sides."""
        for old in list(self._old):
            new = self.found[old - 1] + 1 if old - 1 in self.found else 0 if old == 0 else None
            if new in self._new and new is not None and when(self._before[old], self._after[new]):
                self._match(old, new)

    def _groups(
        self, sign: Callable[[Item], Hashable], later: Callable[[Item], Hashable] | None = None
    ) -> list[tuple[list[int], list[int]]]:
        if not self._old or not self._new:
            return []
        groups: dict[Hashable, tuple[list[int], list[int]]] = {}
        for old in self._old:
            if key := sign(self._before[old]):
                groups.setdefault(key, ([], []))[0].append(old)
        for new in self._new:
            key = (later or sign)(self._after[new])
            if key in groups:
                groups[key][1].append(new)
        return list(groups.values())

    def _match(self, old: int, new: int) -> None:
        self.found[old] = new
        del self._old[old], self._new[new]


_OWN_ID = attrgetter("own_id")
_ABOUT = frozenset({"id", "time", "level", "status", "project", "agent"})
_WORD = re.compile(r"\w+")
_TITLE_KEPT = 0.6
"""Likeness of two titles from which one is the other reworded: https://docs.python.org/3/library/difflib.html."""
_TEXT_KEPT = 0.75
"""Share of all words in common from which two entries are one, whatever they are called.

Of the 546 pairs of one kind in the sample tree none has more than 0.21; entries made after one form do."""
_NAMED_KEPT = 0.3
"""The same for two entries of one id, which says much already."""
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
    else tells, two with one id are one. Nor one that came for one that went, which is only like it.
    """
    found: list[tuple[Entry | None, Entry | None]] = []
    for old, new in pair(before, after):
        found += [(old, None), (None, new)] if old and new and _are_two(old, new) else [(old, new)]
    gone = {old.id: old for old, new in found if old and not new}
    return [(was, new) for old, new in found if new and (was := old or gone.get(new.id))]


def moves(gone: Sequence[Entry], came: Sequence[Entry]) -> dict[int, int]:
    """Return which of the entries that went out of files is which of those that came into others, by place.

    By their fields, for a kind may be that of the file; else by their own id: see `is_doubtful`; else by
    the words of all fields, whose names may be those of another format; else those without an id by their
    title and some of their words, or by most of these.
    """
    matching = Matching(gone, came)
    matching.by(lambda entry: content(entry)[1:])
    matching.by(_OWN_ID, _agree)
    matching.by(lambda entry: content(entry, named=False)[1:])
    matching.by(_OWN_ID)
    matching.by(_texts)
    matching.by(
        lambda entry: entry.title.casefold(), lambda one, other: _kept_unnamed(one, other) >= _NAMED_KEPT
    )
    matching.by_likeness(
        lambda _: True, lambda one, other: max(0.0, _kept_unnamed(one, other) - _TEXT_KEPT), _COMPARABLE
    )
    return matching.found


def _texts(entry: Entry) -> tuple[str, frozenset[str]] | None:
    """Return the words of an entry's title and fields; None where there is a title at most."""
    texts = (field.text for field in entry.fields if role(field.name) != "id")
    title, kind, *said = (
        " ".join(_WORD.findall(text)).casefold() for text in (entry.title, entry.kind, *texts)
    )
    own = frozenset(said) - {title, kind, ""}
    return (title, own) if title and own else None


def _kept_unnamed(one: Entry, other: Entry) -> float:
    """Return the share of words that two entries have in common, 0 where both have an id."""
    return 0.0 if one.own_id and other.own_id else _text_kept(one, other)


def is_doubtful(one: Entry, other: Entry) -> bool:
    """Whether nothing but an id, which agents number anew, tells that two entries are one."""
    same = content(one, named=False)[1:] == content(other, named=False)[1:]
    return not (same or _agree(one, other) or _text_kept(one, other) >= _NAMED_KEPT)


def _are_two(one: Entry, other: Entry) -> bool:
    """Whether two ids tell that entries are two, and neither a moment nor their texts say otherwise.

    A title does not: it may be a sort, as `correction`.
    """
    if "" in (one.own_id, other.own_id) or one.own_id == other.own_id or _same_moment(one, other):
        return False
    return content(one, named=False) != content(other, named=False) and _text_kept(one, other) < _TEXT_KEPT


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
    return _same_moment(one, other) or _same_title(one, other)


def _same_moment(one: Entry, other: Entry) -> bool:
    return has_clock(one.timestamp) and one.timestamp == other.timestamp and one.kind == other.kind


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
