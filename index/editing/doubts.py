"""Doubts about a plan: values that look wrong for their field, new entries that repeat one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import NamedTuple

from index.formats.entry_making import level_of
from index.formats.registry import read_file
from index.model.counts import kind_words, plural
from index.model.display import shorten
from index.model.entry import Entry
from index.model.facets import LEVELS
from index.model.known_entries import KnownEntries
from index.model.path_spelling import shown
from index.model.plan import Doubtful, Plan
from index.model.timestamps import parse
from index.model.vocabulary import fold, role
from index.search.language.spelling import similarity, words_in

_FEW = 3
"""Entries of a kind from which on their statuses are a habit."""
_MANY = 8
"""Statuses of a kind from which on they are free prose."""


class Doubt(NamedTuple):
    """Something that looks wrong in a plan."""

    words: str
    """One plain sentence."""
    firm: bool
    """No entry of the tree is so: it is rather a mistake than a habit."""


def doubts(plan: Plan, entries: KnownEntries) -> list[Doubt]:
    """Return doubts about the values that a plan writes.

    Args:
        plan: a planned change; the former content of its files is not looked at again.
        entries: those of the tree, whose habits count.
    """
    return list(dict.fromkeys(_found(plan, entries)))


def weighed(plan: Plan, found: Sequence[Doubt], *, allowed: bool) -> Plan:
    """Return a plan with a warning of its doubts.

    Raises Doubtful: one of them is firm, and that is not `allowed`.
    """
    firm = [doubt.words for doubt in found if doubt.firm]
    if firm and not allowed:
        raise Doubtful(f"{firm[0]} Nothing was written.")
    return replace(plan, warning=" ".join(filter(None, (plan.warning, *(doubt.words for doubt in found)))))


def _found(plan: Plan, entries: KnownEntries) -> Iterator[Doubt]:
    held: set[tuple[str, str]] = set()
    sides = [[entries_in(data, one.file) for data in (one.before, one.after)] for one in plan.changes]
    for before, after in sides:
        for entry in before:
            held |= {(role(field.name), field.text) for field in entry.fields}
        ids = [Counter(entry.own_id for entry in entries if entry.own_id) for entries in (before, after)]
        for own in ids[1] - ids[0]:
            if ids[1][own] > 1:
                yield Doubt(f"{shown(own)} is the id of another entry in {shown(after[0].file)}.", True)
    for _, after in sides:
        for entry in after:
            for field in () if entry.template else entry.fields:
                part = role(field.name)
                check = _CHECKS.get(part)
                known = field.path.is_nested or not field.text or (part, field.text) in held
                if check is not None and not known:
                    yield from check(field.name, field.text, entry.kind, entries)


def entries_in(data: bytes | None, file: str) -> list[Entry]:
    """Return the entries that a file of this content has."""
    return read_file(data, file).entries if data else []


def _level(name: str, text: str, kind: str, entries: KnownEntries) -> Iterator[Doubt]:
    if not is_level(text):
        usual = not any(_differs(entry, "level", is_level) for entry in entries.every())
        yield Doubt(f"The {shown(name)} {shown(text)[:40]} is not a level: levels go from 1 to 7.", usual)


def _time(name: str, text: str, kind: str, entries: KnownEntries) -> Iterator[Doubt]:
    if not is_time(text):
        usual = not any(_differs(entry, "time", is_time) for entry in entries.every() if entry.kind == kind)
        yield Doubt(
            f"The {shown(name)} {shown(text)[:40]} is not a date: write 2025-10-03 or 2025-10-03T14:30:00Z.",
            usual,
        )


def _status(name: str, text: str, kind: str, entries: KnownEntries) -> Iterator[Doubt]:
    known = entries.statuses(kind)
    words = {fold(status): status for status in known}
    if len(known) < _FEW or len(words) > _MANY or fold(text) in words:
        return
    near = get_close_matches(fold(text), words, 1, 0.75)
    others = ", ".join(shown(words[word]) for word in sorted(words))
    hint = f"did you mean {shown(words[near[0]])}?" if near else f"others say {others}."
    yield Doubt(
        f"The {shown(name)} {shown(text)[:40]} is new among {plural(kind_words(kind))}; {hint}", False
    )


def is_level(text: str) -> bool:
    """Whether a text names one of the levels 1 to 7."""
    return level_of(text) in LEVELS


def is_time(text: str) -> bool:
    """Whether a text names a day or a moment."""
    return parse(text) is not None


def _differs(entry: Entry, part: str, is_usual: Callable[[str], bool]) -> bool:
    """Whether an entry has a value for this role that is not as it should be."""
    own = (field for field in entry.fields if field.text and not field.path.is_nested)
    return not entry.template and not all(is_usual(field.text) for field in own if role(field.name) == part)


_CHECKS = {"level": _level, "time": _time, "status": _status}
"""Role → check of its values."""


ALIKE = 0.75
"""Share of words from which on two entries say nearly the same."""
_FEWEST = 4
"""Words that an entry must have to be compared by them: two headlines are soon alike."""
_OWN = frozenset({"id", "time"})
"""Roles of fields that every entry has for itself."""


def duplicates(plan: Plan, near: Callable[[Entry], Iterable[Entry]]) -> list[Doubt]:
    """Return doubts about the entries that a plan adds; firm where one repeats another exactly.

    Args:
        plan: a plan whose `entries` are new.
        near: returns entries of the tree that may be like one; those of the plan's files always are.
    """
    return list(_repeats(plan, near))


def _repeats(plan: Plan, near: Callable[[Entry], Iterable[Entry]]) -> Iterator[Doubt]:
    held = [entry for change in plan.changes for entry in entries_in(change.before, change.file)]
    new = [entry for change in plan.changes for entry in entries_in(change.after, change.file)]
    new = [entry for entry in new if entry.id in plan.entries]
    for place, one in enumerate(new):
        most, other = _most_alike(one, [*held, *near(one)])
        if most < ALIKE:
            most, other = _most_alike(one, new[:place])
            who, how = "Two of the new entries say", "exactly the same" if most > 1 else "nearly the same"
        else:
            who, how = f"{shown(other.id)} says", "exactly this already" if most > 1 else "nearly the same"
        if most >= ALIKE:
            yield Doubt(f"{who} {how}: {shorten(shown(other.title), 60)}.", firm=most > 1)


def _most_alike(new: Entry, others: Iterable[Entry]) -> tuple[float, Entry]:
    """Return the entry that is most like one, and how much."""
    alike = [(_likeness(new, other), other) for other in others if not other.template]
    return max(alike, key=lambda pair: pair[0], default=(0.0, new))


def _likeness(one: Entry, other: Entry) -> float:
    """Return the share of words that two entries have in common; 2 where they say exactly the same."""
    texts, others = said_by(one), said_by(other)
    if one.kind == other.kind and sorted(texts) == sorted(others):
        return 2.0
    if one.kind == other.kind and texts[:1] == others[:1] and " " in one.title:
        return 1.0
    words, known = words_in(texts), words_in(others)
    return similarity(words, known) if min(len(words), len(known)) >= _FEWEST else 0.0


def said_by(entry: Entry) -> list[str]:
    """Return the title of an entry and its other texts, white space aside."""
    texts = (field.text for field in entry.fields if role(field.name) not in _OWN)
    title, *plain = (" ".join(text.split()) for text in (entry.title, *texts))
    return [title, *(text for text in plain if text not in ("", title))]
