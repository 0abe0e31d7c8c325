"""Highlights: a query's words in a text, and the line of an entry that shows them best."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.model.display import STEERING, shorten, whole
from index.model.entry import Entry
from index.model.vocabulary import role
from index.search.language import analysis
from index.search.language.query import Query, Word
from index.search.language.terms import Slot, ways

Spans = list[tuple[int, int]]
"""Start and end of each lit part, in order, none touching the next."""

_MAX_TEXT = 100_000
"""Letters of a field that are searched for matches; a screen shows far fewer."""
_MAX_WORDS = 50
"""Words of a query that light up; who pastes a page has no use for more."""
_MAX_KNOWN = 50_000
_MAX_MATCHES = 200
"""Matches of a field that are weighed for where to cut it."""
_HIDDEN = re.compile(rf"(?!\s)[{STEERING}\u200b\ufeff]")
"""Characters that steer a terminal, and those that it draws nothing for; white space is none of them."""
_BULLET = re.compile(r"(?:^|\n)[ \t]*[-*•] +")
_SPOKEN = {"solution": 0, "text": 1, "problem": 2, "": 3}
"""Roles of fields to prefer where as many words match, or none, the best first."""
_SAYS_LITTLE = 20
"""Letters below which a field says less than another of its rank: a version, a name."""


class _Match(NamedTuple):
    start: int
    end: int
    term: int
    """Number of the word in the query."""


class _Place(NamedTuple):
    """A word of the text and its span."""

    word: str
    position: int
    start: int
    end: int


class Highlighter:
    """Finds a query's matches in any text; the highlighted words are those that the index found."""

    def __init__(self, query: Query | None = None) -> None:
        self._ways: list[tuple[int, bool, list[Slot]]] = []
        for term, node in enumerate(query.words[:_MAX_WORDS] if query else ()):
            for way in ways(node):
                self._ways.append((term, isinstance(node, Word), way))
        self._lengths: dict[tuple[Slot, bool, str], int] = {}

    def __bool__(self) -> bool:
        return bool(self._ways)

    def spans(self, text: str) -> Spans:
        """Return the spans to highlight in `text`; of a longer word, only the typed beginning.

        >>> from index.search.language.query import parse
        >>> Highlighter(parse("pool exh")).spans("pool exhaustion")
        [(0, 4), (5, 8)]
        """
        merged: Spans = []
        for start, end, _ in sorted(self.matches(text)):
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged

    def matches(self, text: str) -> list[_Match]:
        """Return each place of a word of the query in `text`, in no order."""
        if not self._ways:
            return []
        places = _places(text[:_MAX_TEXT])
        found: list[_Match] = []
        for term, is_word, way in self._ways:
            if len(way) == 1:
                for place in places:
                    length = self._lit(way[0], is_word, place)
                    if length:
                        found.append(_Match(place.start, place.start + length, term))
            else:
                found += self._together(term, way, places)
        return found

    def _together(self, term: int, way: list[Slot], places: list[_Place]) -> list[_Match]:
        """Return where the words of a phrase follow one another."""
        rows: dict[int, int] = {}  # position of the last word so far → where the phrase starts
        for place in places:
            if self._lit(way[0], False, place):
                rows.setdefault(place.position, place.start)
        ends: dict[int, int] = {}
        for slot in way[1:]:
            starts: dict[int, int] = {}
            for place in places:
                start = next((rows[p] for p in analysis.before(place.position) if p in rows), None)
                lit = 0 if start is None else self._lit(slot, False, place)
                if start is not None and lit:
                    starts[place.position] = start
                    ends[place.position] = place.start + lit
            rows = starts
        return [_Match(start, ends[position], term) for position, start in rows.items()]

    def _lit(self, slot: Slot, stems: bool, place: _Place) -> int:
        """Return how many letters of the word at `place` to light; 0 when it does not match."""
        key = (slot, stems, place.word)
        found = self._lengths.get(key)
        if found is None:
            if len(self._lengths) > _MAX_KNOWN:
                self._lengths.clear()
            found = self._lengths[key] = _matching(slot, stems, place.word)
        length = place.end - place.start
        # Where folding changed the number of letters, a part of the word cannot be told.
        folded = min(length, analysis.MAX_WORD) != len(place.word)
        return length if found and (folded or found == len(place.word)) else found


def _matching(slot: Slot, stems: bool, word: str) -> int:
    if word == slot.word:
        return len(word)
    if slot.prefix and word.startswith(slot.word):
        return len(slot.word)
    if stems and analysis.stem(word) == analysis.stem(slot.word):
        return len(word)
    if slot.fuzzy and analysis.slips(slot.word, word):
        return len(word)
    return 0


def _places(text: str) -> list[_Place]:
    return [
        _Place(form.word, number * analysis.STRIDE + form.part, start + form.start, start + form.end)
        for number, (run, start) in enumerate(analysis.spans(text))
        for form in analysis.forms(run)
    ]


# ── one line ──────────────────────────────────────────────────────────────────


def one_line(text: str) -> str:
    """Return `text` as one line: white space folded, lists as `a · b`, nothing that steers a terminal.

    >>> one_line("- first\\n- second\\x1b[2J"), one_line("a\\n   b")
    ('first · second[2J', 'a b')
    """
    text = _BULLET.sub(lambda found: " · " if found.start() else "", text[:_MAX_TEXT])
    return whole(" ".join(_HIDDEN.sub("", text).split()))


def snippet(entry: Entry, highlighter: Highlighter, width: int = 160) -> tuple[str, Spans]:
    """Return the line of an entry that holds most of the query's words, and the spans to highlight.

    It starts a little before the first of them, at a word, with `…` where something was left out, and is
    at most `width` characters long. Of a query without words it is the beginning of the most telling field.
    """
    best: tuple[int, int] | None = None
    line, lit, start = "", [], 0
    for field in entry.fields:
        text = one_line(field.text)
        if not text or text == entry.title:
            continue
        matches = sorted(highlighter.matches(text))[:_MAX_MATCHES]
        words, first = _view(text, matches, width)
        score = (words, -_SPOKEN.get(role(field.name), len(_SPOKEN)) - (len(text) < _SAYS_LITTLE))
        if best is None or score > best:
            best, line, start = score, text, first
            lit = highlighter.spans(text) if words else []
    shown = shorten(("…" if start else "") + line[start:], width)
    moved = start - 1 if start else 0
    ends = len(shown) - shown.endswith("…")
    inside = [(max(a - moved, 0), min(b - moved, ends)) for a, b in lit if b > start]
    return shown, [(a, b) for a, b in inside if a < b]


def _view(line: str, matches: list[_Match], width: int) -> tuple[int, int]:
    """Return how many words of the query a cut of the line shows at most, and where it begins.

    There is some room before the first of them, and it begins at a word.
    """
    if len(line) <= width or not matches:
        return len({match.term for match in matches}), 0
    room = width // 5
    seen = [
        len({at.term, *(m.term for m in matches[n:] if m.end <= at.start + width - room - 1)})
        for n, at in enumerate(matches)
    ]
    words = max(seen)
    first = matches[seen.index(words)].start
    if first <= room:
        return words, 0
    space = line.find(" ", first - room, first)
    return words, space + 1 if space >= 0 else first
