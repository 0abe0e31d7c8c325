"""New entries that repeat an entry of the tree, or nearly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from index.editing.doubts import Doubt, entries_in
from index.model.display import shorten
from index.model.entry import Entry
from index.model.path_spelling import shown
from index.model.plan import Plan
from index.model.vocabulary import role
from index.search.language.spelling import similarity, words_in

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
    return list(_found(plan, near))


def _found(plan: Plan, near: Callable[[Entry], Iterable[Entry]]) -> Iterator[Doubt]:
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
