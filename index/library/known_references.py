"""References between entries: the ids that texts name, and who names an entry."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from index.formats.registry import format_of
from index.library.tree_links import TreeLinks
from index.model.file_links import References

if TYPE_CHECKING:
    from index.library.snapshot import Snapshot
    from index.model.entry import Entry

_OWN = re.compile(r"(?=.*\d)[A-Za-z][A-Za-z0-9_-]{2,79}")
_APART = {place: " " for place in range(128) if not (chr(place).isalnum() or chr(place) in "_-")}
"""Separators of words, mapped to a space; `-` and `_` are parts of an id."""
_DIGIT = re.compile(r"\d")
_FEW = 30
"""Beginnings of ids, as `DEBUG-`, up to which a text is searched for each of them."""


def references(entries: Sequence[Entry]) -> References:
    """Return the references between entries; it goes through all texts: for a thread."""
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
    return References({text: entry.id for text, entry in named.items()}, by)


def _words(entry: Entry, own: str | None, starts: Collection[str]) -> set[str]:
    """Return the words of an entry; none where it is sure that no id is among them, but its own."""
    text = "\n".join([field.text for field in entry.fields if field.text != own])
    if len(starts) <= _FEW and not any(start in text for start in starts):  # a tenth of the time of cutting
        return set()
    return set(text.translate(_APART).split())


def _with_links(found: References, entries: Sequence[Entry]) -> References:
    """Return references with those besides that are links between files: each leads to its first entry."""
    links, by = TreeLinks(entries, lambda file: ""), {one: [*others] for one, others in found.by.items()}
    for file, held in links.entries.items():
        linking = format_of(file).linking
        for entry in held:
            text = "\n".join([field.text for field in entry.fields])
            told = linking.links(text) if linking is not None else ()
            for target in {one for link in told for one in links.targets(file, link)} - {file}:
                by.setdefault(links.entries[target][0].id, []).append(entry.id)
    return found._replace(by={one: [*dict.fromkeys(others)] for one, others in by.items()})


class KnownReferences:
    """The references of a tree as it is, found out once for each state of it. Any thread may ask."""

    def __init__(self, snapshot: Callable[[], Snapshot]) -> None:
        self._snapshot = snapshot
        self._lock = threading.Lock()
        self._known: tuple[Snapshot, References] | None = None

    def now(self) -> References:
        """Return the references; it may go through all texts: for a thread."""
        snapshot = self._snapshot()
        with self._lock:
            if self._known is None or self._known[0] is not snapshot:
                filled = [entry for entry in snapshot.entries if not entry.template]
                self._known = snapshot, _with_links(references(filled), filled)
            return self._known[1]
