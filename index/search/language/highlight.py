"""Highlights: a query's words in a text, and the line of an entry that shows them best."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from index.formats.registry import format_of
from index.model.display import STEERING, shorten, unfenced, whole
from index.model.entry import Entry
from index.model.vocabulary import role
from index.search.language.analysis import MAX_WORD, WordAt, tokens
from index.search.language.query import Query
from index.search.language.terms import Slot, places, ways

Spans = list[tuple[int, int]]
"""Start and end of each lit part, in order, none touching the next."""

_MAX_TEXT = 100_000
"""Letters of a field that are searched for matches; a screen shows far fewer."""
_MAX_PLAIN = 20_000
"""Letters of a field that are looked through for marks."""
_MAX_WORDS = 50
"""Words of a query that light up; who pastes a page has no use for more."""
_MAX_KNOWN = 50_000
_MAX_KEPT = 2_000
"""Letters of a text whose words are kept for the next key."""
_MAX_MATCHES = 200
"""Matches of a field that are weighed for where to cut it."""
_HIDDEN = re.compile(rf"(?!\s)[{STEERING}\u200b\ufeff]")
"""Characters that steer a terminal, and those that it draws nothing for; white space is none of them."""
_BULLET = re.compile(r"(?:^|\n)[ \t]*[-*•] +")
_SPOKEN = {"solution": 0, "text": 1, "problem": 2, "": 3}
"""Roles of fields to prefer where as many words match, or none, the best first."""
_TOLD = {"id", "time", "level", "project"}
"""Roles of fields that say nothing more where no word is in them: a list shows these itself."""
_SAYS_LITTLE = 20
"""Letters below which a field says less than another of its rank: a version, a name."""


class _Match(NamedTuple):
    start: int
    end: int
    term: int
    """Number of the word in the query."""


class _Lengths(dict[str, int]):
    """The letters of each word that light up for a word of the query; 0 when it does not match."""

    def __init__(self, slot: Slot) -> None:
        self.slot = slot

    def __missing__(self, word: str) -> int:
        if len(self) > _MAX_KNOWN:
            self.clear()
        found = self[word] = _matching(self.slot, word)
        return found


class Highlighter:
    """Finds a query's matches in any text; the highlighted words are those that the index found."""

    def __init__(self, query: Query | None = None) -> None:
        self._ways: list[tuple[int, list[Slot]]] = []
        for term, node in enumerate(query.words[:_MAX_WORDS] if query else ()):
            self._ways += [(term, way) for way in ways(node)]
        self._lengths = {slot: _Lengths(slot) for _, way in self._ways for slot in way}

    def __bool__(self) -> bool:
        return bool(self._ways)

    def spans(self, text: str) -> Spans:
        """Return the spans to highlight in `text`; of a longer word, only the typed beginning.

        >>> from index.search.language.query import parse
        >>> Highlighter(parse("pool exh")).spans("pool exhaustion")
        [(0, 4), (5, 8)]
        """
        return _merged(sorted(self.matches(text)))

    def matches(self, text: str) -> list[_Match]:
        """Return each place of a word of the query in `text`, in no order."""
        if not self._ways:
            return []
        held = _known_tokens(text) if len(text) <= _MAX_KEPT else tokens(text[:_MAX_TEXT])
        found: list[_Match] = []
        for term, way in self._ways:
            lengths = self._lengths[way[-1]]
            pairs = (
                places(way, held)
                if len(way) > 1
                else ((token, token) for token in held if lengths[token.word])
            )
            found += [
                _Match(first.start, last.start + _lit(last, lengths[last.word]), term)
                for first, last in pairs
            ]
        return found


_known_tokens = lru_cache(maxsize=512)(tokens)
"""As `tokens`: most entries stay in view from one key to the next. This serves the row `key to painted`."""


def _lit(token: WordAt, length: int) -> int:
    """Return how many letters of a word in a text to light, of which `length` match."""
    whole_length = token.end - token.start
    # Where folding changed the number of letters, a part of the word cannot be told.
    return whole_length if length and min(whole_length, MAX_WORD) != len(token.word) else length


def _merged(matches: list[_Match]) -> Spans:
    """Return the spans of matches that are in order."""
    merged: Spans = []
    for start, end, _ in matches:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _matching(slot: Slot, word: str) -> int:
    if not slot.weight(word):
        return 0
    return len(slot.word) if slot.prefix and word.startswith(slot.word) else len(word)


# ── one line ──────────────────────────────────────────────────────────────────


def one_line(text: str) -> str:
    """Return `text` as one line: white space folded, lists as `a · b`, nothing that steers a terminal.

    >>> one_line("- first\\n- second\\x1b[2J"), one_line("a\\n   b")
    ('first · second[2J', 'a b')
    """
    text = _BULLET.sub(lambda found: " · " if found.start() else "", text[:_MAX_TEXT])
    return whole(" ".join(_HIDDEN.sub("", text).split()))


def _lines(text: str, plain: Callable[[str], str]) -> tuple[str, str]:
    """Return a text of a file in one line, without its marks and with them."""
    return one_line(unfenced(plain(text[:_MAX_PLAIN]))), one_line(text)


_known_lines = lru_cache(maxsize=512)(_lines)
"""As `_lines`, for the same row."""


def snippet(entry: Entry, highlighter: Highlighter, width: int = 160) -> tuple[str, Spans]:
    """Return the line of an entry that holds most of the query's words, and the spans to highlight.

    It starts a little before the first of them, at a word, with `…` where something was left out, and is
    at most `width` characters long. Of a query without words it is the beginning of the most telling field.
    """
    plain = format_of(entry.file).plain
    best: tuple[int, int] | None = None
    line, lit, start = "", [], 0
    for field in entry.fields:
        text, written = (_known_lines if len(field.text) <= _MAX_KEPT else _lines)(field.text, plain)
        if not text or text == entry.title:
            continue
        matches = sorted(highlighter.matches(text))
        # Or the words are in the address of a link, the language of code.
        if not matches and written != text and (found := sorted(highlighter.matches(written))):
            text, matches = written, found
        if not matches and role(field.name) in _TOLD:
            continue
        words, first = _view(text, matches[:_MAX_MATCHES], width)
        score = (words, -_SPOKEN.get(role(field.name), len(_SPOKEN)) - (len(text) < _SAYS_LITTLE))
        if best is None or score > best:
            best, line, start = score, text, first
            lit = _merged(matches) if words else []
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
