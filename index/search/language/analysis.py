"""Text → the words it is found by: one reading for every index, the query and the highlights.

A text is cut into chains: runs of letters and digits, with what joins them (`pg-pool`, `node.js`, `don't`).
A run may carry a sign that makes another word of it (C++, .NET, $HOME, --force). It is found by itself with
and without the sign, by the parts of its name (`maxPool2`), and joined with its neighbours (`utf-8`, `utf8`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from index.model.text.letters import bare, in_usual_form

MAX_WORD = 64
"""Letters that a word may have: a longer one is data, not a word."""
STRIDE = 8
"""Positions from one run to the next; the parts of an identifier take those in between."""
JOINERS = "-_.'’"
"""Signs that go on a chain; one at the end of a typed text waits for more of it."""
_MAX_PARTS = 5
"""Parts of a name; a word of more is a checksum."""
_MAX_JOINED = 4
"""Runs of a chain that are joined in every way; of a longer one, neighbours and all of them."""

# Scripts without spaces, and pictographs: every character is a word of its own, and a query of
# several characters is a phrase of them.
_SINGLE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\u1100-\u11ff\uac00-\ud7ff"  # Hangul
    "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"  # pictographs
)
# What goes on a word without being a letter: accents, points, vowel signs; whole blocks where they mix.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u0816-\u082d"
    "\u0859-\u085b\u08d3-\u0963\u0971-\u0df3\u0f18\u0f19\u0f35-\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u135d-\u135f"
    "\u1712-\u1734\u18a9\u1920-\u193b\u1a17-\u1a1b\u1ab0-\u1aff\u1b00-\u1b44\u1b80-\u1bf3\u1c24-\u1c37"
    "\u1cd0-\u1cff\u1dc0-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2de0-\u2dff\ua66f-\ua67d\ua69e\ua69f\ua802-\ua82c"
    "\ua880-\ua8c5\ua8e0-\ua953\ua980-\ua9c0\uaa29-\uaa4d\uaaeb-\uaaf6\uabe3-\uabed\ufb1e\ufe20-\ufe2f"
    "\U00011000-\U000116ff"
)
# Voiced half-width kana, vowels and ends of a Hangul syllable, and what is not seen belong to what is before.
_CLUSTER = (
    rf"[\s\S][{_MARKS}\u3099\u309a\uff9e\uff9f\u1160-\u11ff\u00ad\u034f\u061c\u200c-\u200f\u202a-\u202e"
    r"\u2060-\u2069\ufe00-\ufe0f\ufeff]*"
)
_SYMBOLS = (
    "\u00a2-\u00a9\u00ac\u00ae-\u00b1\u00b6\u00d7\u00f7\u20a0-\u20c0\u2100-\u214f\u2190-\u23ff\u25a0-\u25ff"
    "\u27c0-\u27ff\u2900-\u2aff"
)
_SIGN = r"-!%&*+/:<=>?\\^|~"
_BEFORE = r"(?<![\w-])--(?=[^\W\d_])|[.@](?=[^\W\d_])|#|\$\{?"
_AFTER = r"\+\+(?![^\W\d_])|[+#](?![^\W_])"
_OPERATOR = rf"(?<![{_SIGN}])(?=[{_SIGN}]*[%&/:<=>\\^|~+])[{_SIGN}]{{2,4}}(?![{_SIGN}])"


def _chain(letter: str, marks: str) -> str:
    """Return the pattern of a chain, of a script's `letter` and the `marks` that follow one."""
    run = f"(?:{letter}{marks})+(?:{_AFTER})?"
    return rf"(?:{_BEFORE})?{run}(?:[{JOINERS}]{run})*"


_ASCII = re.compile(rf"{_chain('[A-Za-z0-9]', '')}|(?P<sign>{_OPERATOR})")
_PLAIN = re.compile(r"[a-z]+")
_PART = re.compile(rf"({_BEFORE})?([^\W_]+)({_AFTER})?")
_UNICODE_PART = rf"({_BEFORE})?((?:[^\W_][{_MARKS}]*)+)({_AFTER})?"
_CUT = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=[0-9])|(?<=[0-9])(?=[^\W\d_])"
)


class WordAt(NamedTuple):
    """A word that a text is found by, and where."""

    word: str
    """Folded; at most `MAX_WORD` letters, or a few more with its signs."""
    first: int
    """Its position among the words of the text; see `STRIDE`."""
    last: int
    """Another one than `first` where it is joined of several runs or parts."""
    start: int
    """Offset of its first letter in the text as written; `end` is behind its last one."""
    end: int


class QueryRun(NamedTuple):
    """A run of letters and digits, for a query."""

    word: str
    """With the signs that it carries at its beginning and end."""
    parts: tuple[str, ...]
    """The parts of the name that it is; one where it is none."""
    joins: bool
    """It goes on the run before it without a space."""


@cache
def _unicode() -> re.Pattern[str]:
    """Return the pattern for all scripts; it takes 15 ms to compile, so not before it is needed."""
    chain = _chain(rf"[^\W_{_SINGLE}]", f"[{_MARKS}]*")
    return re.compile(rf"(?P<single>[{_SINGLE}])|{chain}|(?P<sign>{_OPERATOR}|[{_SYMBOLS}])")


def tokens(text: str) -> list[WordAt]:
    """Return the words that a text is found by, in the order of the runs that they begin in.

    >>> [token.word for token in tokens("C++ and node.js")]
    ['c', 'c++', 'and', 'node', 'js', '.js', 'nodejs']
    """
    if text.isascii():
        return _tokens(text, _ASCII)
    usual, starts, ends = _usual(text)
    found = _tokens(usual, _unicode())
    if not starts:
        return found
    return [token._replace(start=starts[token.start], end=ends[token.end - 1]) for token in found]


def _usual(text: str) -> tuple[str, list[int], list[int]]:
    """Return a text in the usual form of its letters, and which part of `text` each of them is made of.

    The lists are empty where the text is in that form already.
    """
    if unicodedata.is_normalized("NFKC", text) and in_usual_form(text) == text:
        return text, [], []
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in re.finditer(_CLUSTER, text):
        usual = in_usual_form(found[0])
        out.append(usual)
        starts += [found.start()] * len(usual)
        ends += [found.end()] * len(usual)
    return "".join(out), starts, ends


def _tokens(text: str, pattern: re.Pattern[str]) -> list[WordAt]:
    """Return the words of a text in its usual form; lean, as it runs for every word that is indexed."""
    out: list[WordAt] = []
    add, make, forms_of = out.append, WordAt._make, _forms
    at = 0
    for found in pattern.finditer(text):
        kind = found.lastgroup
        if kind is None:
            start = found.start()
            runs, forms = forms_of(found[0])
            for word, first, last, begins, ends in forms:
                add(make((word, at + first, at + last, start + begins, start + ends)))
            at += runs * STRIDE
        elif kind == "single":
            add(WordAt(_single(found[0]), at, at, *found.span()))
            at += STRIDE
        else:
            add(WordAt(found[0], max(at - 1, 0), max(at - 1, 0), *found.span()))
    return out


def _single(character: str) -> str:
    """Return a character that is a word; a Hangul syllable as its sounds, which are typed one by one."""
    word = bare(character)
    return unicodedata.normalize("NFD", word) if "\uac00" <= word <= "\ud7a3" else word


@lru_cache(maxsize=1 << 16)
def _forms(chain: str) -> tuple[int, tuple[WordAt, ...]]:
    """Return the number of runs of a chain, and all words that it is found by."""
    if _PLAIN.fullmatch(chain):
        return 1, (WordAt(chain[:MAX_WORD], 0, 0, 0, len(chain)),)
    forms: list[WordAt] = []
    runs: list[WordAt] = []
    for number, found in enumerate(_parts(chain)):
        sign, run, after = _signs(found)
        start, end = found.span(2)
        at = number * STRIDE
        word = bare(run)[:MAX_WORD]
        runs.append(WordAt(word, at, at, start, end))
        forms.append(runs[-1])
        if sign:
            forms.append(WordAt(sign + word, at, at, found.start(), end))
        if after:
            forms.append(WordAt(word + after, at, at, start, found.end()))
        if sign and after:
            forms.append(WordAt(sign + word + after, at, at, found.start(), found.end()))
        forms += _names(run, at, start)
    return len(runs), (*forms, *_joined(runs))


def _parts(chain: str) -> Iterator[re.Match[str]]:
    return re.finditer(_PART if chain.isascii() else _UNICODE_PART, chain)


def _signs(found: re.Match[str]) -> tuple[str, str, str]:
    return (found[1] or "").rstrip("{"), found[2], found[3] or ""


def _edges(run: str) -> list[int]:
    """Return where the parts of a name begin, and its end; no more than two where it is none."""
    whole = [0, len(run)]
    if len(run) > MAX_WORD or (run.isalpha() and (run.islower() or run.isupper() or run[1:].islower())):
        return whole
    cuts = [cut.start() for cut in _CUT.finditer(run)]
    return [0, *cuts, len(run)] if len(cuts) < _MAX_PARTS else whole


def _names(run: str, at: int, start: int) -> Iterator[WordAt]:
    """Yield the parts of the name that a run is, alone and joined; a single letter is none."""
    edges = _edges(run)
    count = len(edges) - 1
    for first in range(count if count > 1 else 0):
        for last in range(first, count if first else count - 1):
            begins, ends = edges[first], edges[last + 1]
            if ends - begins > 1 or run[begins].isdigit():
                yield WordAt(bare(run[begins:ends]), at + first, at + last, start + begins, start + ends)


def _joined(runs: list[WordAt]) -> Iterator[WordAt]:
    """Yield neighbouring runs as one word; numbers stay apart, 3.11 is not 311."""
    count = len(runs)
    for first in range(count - 1):
        word = runs[first].word
        for last in range(first + 1, count):
            if not _joins(word, runs[last].word):
                break
            word += runs[last].word
            if len(word) > MAX_WORD:
                break
            if count <= _MAX_JOINED or last == first + 1 or last - first == count - 1:
                yield WordAt(word, runs[first].first, runs[last].last, runs[first].start, runs[last].end)


def _joins(word: str, other: str) -> bool:
    return not (word[-1:].isdigit() and other[:1].isdigit())


# ── of many texts ─────────────────────────────────────────────────────────────


def chains(text: str) -> list[str]:
    """Return the chains of a text, and the signs and characters that are words, in their usual form.

    Many texts are read so in a third of the time, since what a chain is found by is known once it was seen.

    >>> chains("use pg-pool => C++")
    ['use', 'pg-pool', '=>', 'C++']
    """
    if text.isascii():
        return _ungrouped(_ASCII).findall(text)
    return _ungrouped(_unicode()).findall(_usual(text)[0])


def words_of(chain: str) -> tuple[int, tuple[WordAt, ...]]:
    """Return the number of runs of a chain, none for a sign, and the words that it is found by."""
    found = (_ASCII if chain.isascii() else _unicode()).fullmatch(chain)
    match found.lastgroup if found else None:
        case "sign":
            return 0, (WordAt(chain, 0, 0, 0, len(chain)),)
        case "single":
            return 1, (WordAt(_single(chain), 0, 0, 0, len(chain)),)
    return _forms(chain)


@cache
def _ungrouped(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Return a pattern without its names, so that it finds whole texts."""
    return re.compile(re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern))


# ── of a query ────────────────────────────────────────────────────────────────


def _chains(text: str) -> Iterator[re.Match[str]]:
    usual = text if text.isascii() else _usual(text)[0]
    return (_ASCII if usual.isascii() else _unicode()).finditer(usual)


def runs(text: str) -> list[QueryRun]:
    """Return the runs of a text, each with the terms that a query asks for by it.

    >>> [run.word for run in runs("pg-pool: C#, .NET")], runs("")
    (['pg', 'pool', 'c#', '.net'], [])
    """
    found: list[QueryRun] = []
    for chain in _chains(text):
        if chain.lastgroup == "single":
            found.append(QueryRun(_single(chain[0]), (_single(chain[0]),), False))
        elif chain.lastgroup is None:
            for number, part in enumerate(_parts(chain[0])):
                sign, run, after = _signs(part)
                edges = _edges(run)
                word = bare(run)[:MAX_WORD]
                cut = tuple(bare(run[a:b]) for a, b in pairwise(edges))
                signed = (sign if not number else "") + word + after
                parts = (signed,) if signed != word or len(cut) == 1 else cut
                joins = number > 0 and signed == word and _joins(found[-1].word, word)
                found.append(QueryRun(signed, parts, joins))
    return found


def end(text: str) -> int:
    """Return where the last word of a text ends; 0 when it has none."""
    return max((token.end for token in tokens(text)), default=0)


def operators(text: str) -> list[str]:
    """Return the signs that are words by themselves: =>, &&, →.

    >>> operators("a => b != c"), operators("(a, b) - c")
    (['=>', '!='], [])
    """
    return [found[0] for found in _chains(text) if found.lastgroup == "sign"]


def plain_words(text: str) -> list[str]:
    """Return each run of a text as a folded word, without its signs and parts."""
    found: list[str] = []
    for chain in _chains(text):
        if chain.lastgroup == "single":
            found.append(_single(chain[0]))
        elif chain.lastgroup is None:
            found += [bare(part[2]) for part in _parts(chain[0])]
    return found


def is_single(word: str) -> bool:
    """Whether a word is a character that is one by itself: an ideograph, an emoji."""
    return not word.isascii() and re.match(f"[{_SINGLE}]", word) is not None


def is_hangul(word: str) -> bool:
    """Whether a word is a Hangul syllable: one more sound may make another one of it."""
    return "\u1100" <= word[:1] <= "\u11ff"


# ── positions ─────────────────────────────────────────────────────────────────


def before(position: int) -> range:
    """Return the positions that a word at `position` comes next after.

    Those of the run before it; for a part of an identifier, the part before it. So "connection pool" is
    in connectionPool, and "postgresql server" in "PostgreSQL server".
    """
    return range(position - 1, position) if position % STRIDE else range(position - STRIDE, position)


def following(ends: Collection[int], after: Iterable[int]) -> set[int]:
    """Return the positions in `after` that come next after one of `ends`; see `before`."""
    next_ones = {end + 1 for end in ends if (end + 1) % STRIDE}
    next_ones |= {(end // STRIDE + 1) * STRIDE for end in ends}
    return next_ones.intersection(after)
