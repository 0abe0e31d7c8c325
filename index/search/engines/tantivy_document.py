"""The schema of the Tantivy index: the words and properties of an entry, field by field."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import chain
from math import floor
from typing import Any, NamedTuple

from index.model import days
from index.model.entry import Entry
from index.model.text.letters import bare
from index.search.engines.entry_terms import COMPARED, LEAD, OFTEN, REST, TITLE, is_often, places, properties
from index.search.language import analysis, spelling

FORMAT = "7"
"""Raised whenever the indexed terms change; indexes of another format are built anew."""

RAW = (*COMPARED, "id", "any_id", "any_file")
"""Fields of which each value is one term. `any_id` and `any_file` hold them without case, to look inside."""
COUNTED = frozenset({"file", "group", "kind", "project", "store", "tag", "tech"})
"""Those of them that are also kept by document, to be counted."""
STEM = "~"
"""Before a stem where it is among words; no word begins so."""

WEIGHTS = {
    "words": REST,
    "often": REST + OFTEN,
    "lead": LEAD,
    "lead_often": LEAD + OFTEN,
    "title": TITLE,
    "title_often": TITLE + OFTEN,
}
"""Field of words → their weight there; a word is in `words` and at most in one of the others."""
_LONE = re.compile("[\ud800-\udfff]")
_SURROGATES = {0xD800 + n: 0x10F000 + n for n in range(0x800)}
"""Lone surrogates, of file names that are no Unicode, → letters of the last private plane."""
_SHORT = 40
"""Letters of a text that may come again."""
_BESIDE = 3
"""Runs on either side of another form of one: `1.1.1` is found in `v1.1.1`."""
LONGEST = 1000
"""Letters of a term; Tantivy drops one of more than 65,530 bytes without a word."""


@cache
def schema() -> Any:
    """Return the fields of the index.

    `words` holds every word with its positions, `stems` the stems of those that are not their own. Words
    and stems that weigh more are once more in the field for what they weigh: see `WEIGHTS`. `instant` is a
    time of day in seconds, `day` a date without a clock, `time` the one of both by which hits are ordered.
    """
    from tantivy import SchemaBuilder

    made = SchemaBuilder()
    made.add_text_field("words", tokenizer_name="whitespace", index_option="position")
    for name in ("stems", *(name for name in WEIGHTS if name != "words")):
        made.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in RAW:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in COUNTED)
    for name in ("level", "day", "instant"):
        made.add_integer_field(name, indexed=True, fast=True)
    made.add_integer_field("time", fast=True)
    made.add_bytes_field("name", stored=True)
    return made.build()


@lru_cache(maxsize=1 << 15)
def term(value: str) -> str:
    """Return a value as it is indexed: without letters that Tantivy cannot keep, and not too long."""
    if not value.isascii() and _LONE.search(value):
        value = value.translate(_SURROGATES)
    if len(value) > LONGEST:
        digest = hashlib.sha256(value.encode()).hexdigest()
        value = f"{value[:LONGEST]}…{digest}"
    return value


def document(entry: Entry) -> Any:
    """Return the entry as Tantivy takes it."""
    from tantivy import Document

    values: dict[str, Any] = {
        name: [term(value) for value in held] for name, held in properties(entry).items()
    }
    values |= _words(places(entry))
    values |= {
        "id": term(entry.id),
        "any_id": term(bare(entry.id)),
        "any_file": term(bare(entry.file)),
        "name": entry.id.encode("utf-8", "surrogatepass"),
        "level": [] if entry.level is None else [min(max(entry.level, 0), 9_999_999)],
        **_times(entry),
    }
    return Document(**values)


def _times(entry: Entry) -> dict[str, list[int]]:
    when = entry.when
    if when is None:
        return {"time": [-(1 << 62)]}
    seconds = floor(days.seconds(when))
    if days.has_clock(when):
        return {"time": [seconds], "instant": [seconds]}
    return {"time": [seconds], "day": [when.toordinal()]}


def _words(texts: Iterable[tuple[str, int]]) -> dict[str, Any]:
    lines: list[str] = []
    held: dict[int, list[str]] = {TITLE: [], LEAD: [], REST: []}
    length = 0
    for text, place in texts:
        read = _short(text) if len(text) < _SHORT else _text(text)
        lines += read.lines
        held[place] += read.counted
        length += read.length
    count = Counter(chain.from_iterable(held.values()))
    roots = zip(count, map(spelling.stem, count), strict=True)
    stems = {word: STEM + root for word, root in roots if root != word}
    often = {word for word, times in count.items() if times > 1 and is_often(times, length)}
    title = set(held[TITLE])
    lead = set(held[LEAD]) - title
    fields = {
        "title": title - often,
        "title_often": title & often,
        "lead": lead - often,
        "lead_often": lead & often,
        "often": often - title - lead,
    }
    return {
        "words": lines,
        "stems": " ".join({stem[1:] for stem in stems.values()}),
        **{
            name: " ".join([*words, *{stems[word] for word in words if word in stems}])
            for name, words in fields.items()
        },
    }


class _Text(NamedTuple):
    """A text, as it is indexed."""

    lines: list[str]
    counted: list[str]
    """Every word, as often as it has a position."""
    length: int
    """Its runs, and one for the gap between texts."""


def _text(text: str) -> _Text:
    read = [_read(one) for one in analysis.chains(text)]
    counted = list(chain.from_iterable([one.counted for one in read]))
    return _Text(_lines(read), counted, sum([one.runs for one in read]) + (1 if read else 2))


_short = lru_cache(maxsize=1 << 13)(_text)
"""As `_text`: a project, a status, a technology come in many entries."""


class _Chain(NamedTuple):
    """A chain of a text, as it is indexed."""

    runs: int
    plain: str
    """Its runs in a line."""
    cut: str
    """As `plain`, names in their parts."""
    forms: tuple[tuple[str, str, str], ...]
    """Its other forms, each with the runs before and after it; empty where the chain ends."""
    counted: tuple[str, ...]
    """Every word of it, as often as it has a position."""


@lru_cache(maxsize=1 << 16)
def _read(text: str) -> _Chain:
    runs, words = analysis.words_of(text)
    plain: list[str] = []
    cut: list[str] = []
    parts: dict[int, list[str]] = {}
    joined: list[tuple[str, int, int]] = []
    length = 0
    for word, first, last, start, end in words:
        run = first // analysis.STRIDE
        if run == len(plain) and runs:
            plain.append(word)
            cut.append(word)
            length = end - start
        elif first == last:
            parts.setdefault(run, []).append(word)
            if end - start < length:
                cut[run] = word if first % analysis.STRIDE == 0 else f"{cut[run]} {word}"
        else:
            joined.append((word, run, last // analysis.STRIDE))
    forms = [(" ".join(held), run, run) for run, held in parts.items()] + joined
    return _Chain(
        runs,
        " ".join(plain),
        " ".join(cut),
        tuple(
            (" ".join(plain[max(first - _BESIDE, 0) : first]), form, " ".join(plain[last + 1 :][:_BESIDE]))
            for form, first, last in forms
        ),
        tuple(word for word, first, last, _, _ in words for _ in range(1 if first == last else 2)),
    )


def _lines(read: list[_Chain]) -> list[str]:
    """Return the words of a text in a line, names in their parts in another, and one for each other form.

    Tantivy counts positions by spaces, and every line is a text of its own. So a word that is joined of
    several, or the parts of one name, are once more beside their runs, and phrases find them there.
    """
    plain = " ".join([one.plain for one in read if one.plain])
    lines = dict.fromkeys([plain, " ".join([one.cut for one in read if one.plain])] if plain else [])
    if not any(one.forms for one in read):  # so it is with most texts
        return list(lines)
    words, at = plain.split(" "), 0
    for one in read:
        behind = at + one.runs
        for before, form, after in one.forms:
            missing = [_BESIDE - len(beside.split()) for beside in (before, after)]
            around = words[max(at - missing[0], 0) : at], words[behind : behind + missing[1]]
            lines[" ".join([*around[0], before, form, after, *around[1]])] = None
        at = behind
    return list(lines)
