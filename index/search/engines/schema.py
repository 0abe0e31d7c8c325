"""The schema of the Whoosh index: the terms of an entry, field by field."""

from __future__ import annotations

import struct
import warnings
from array import array
from collections.abc import Iterable
from math import floor
from typing import Any

from index.model import days
from index.model.entry import Entry
from index.search.engines.entry_terms import COMPARED, OFTEN, is_often, places, properties
from index.search.language import analysis, spelling

with warnings.catch_warnings():
    # The sources hold escapes that newer compilers warn of when they first read them.
    warnings.simplefilter("ignore", SyntaxWarning)
    from whoosh import versionstring
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.fields import COLUMN, FieldType, Schema
    from whoosh.formats import Existence, Format

FORMAT = f"10, whoosh {versionstring()}"
"""The number is raised whenever the indexed terms change, in form or in meaning; indexes of another
format are built anew."""

_TIME = struct.Struct(">q")
Item = tuple[bytes, int, float, bytes]
"""A posting as Whoosh takes it: term, frequency, weight, value."""


class _Terms(FieldType):  # type: ignore[misc]  # Whoosh carries no types
    """A field whose postings come ready made: Whoosh's analysis is slower and knows no identifiers."""

    indexed = True

    def __init__(self, posting_format: Any) -> None:
        super().__init__(posting_format, None)

    def index(self, value: Iterable[Item], **_options: Any) -> Iterable[Item]:
        return value

    def to_bytes(self, value: bytes | str) -> bytes:
        return value if isinstance(value, bytes) else encode(value)

    def from_bytes(self, value: bytes) -> str:
        return value.decode("utf-8", "surrogatepass")


class _Codec(W3Codec):  # type: ignore[misc]  # Whoosh carries no types
    """Postings uncompressed and without field lengths: twice as fast to write, and ranking needs none."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(compression=0)


def codec() -> Any:
    """Return how postings are written."""
    return _Codec()


def schema() -> Any:
    """Return the fields of the index.

    `text` holds every word with its positions, `stem` the stems of those words that are not their own;
    both weighted by place. The other fields hold what filters compare: `day` a date without a clock,
    `utc_day` the day in UTC of an instant, whose own day is the user's and known when it is asked.
    `entry` is a column: the time and the id of each entry.
    """
    fields = {name: _Terms(Existence()) for name in ("stem", *COMPARED, "level", "day", "utc_day")}
    return Schema(text=_Terms(Format()), entry=COLUMN(), **fields)


def encode(text: str) -> bytes:
    """Return `text` as a term; file names that are no Unicode keep their bytes."""
    return text.encode("utf-8", "surrogatepass")


def number(value: int) -> bytes:
    """Return a level or a day as a term; terms sort as the numbers do."""
    return b"%07d" % min(max(value, 0), 9_999_999)


def read_column(value: bytes) -> tuple[int, str]:
    """Return the time, in seconds, and the id of an entry."""
    if len(value) < _TIME.size:
        raise ValueError("the index lost an entry")
    return _TIME.unpack_from(value)[0], value[_TIME.size :].decode("utf-8", "surrogatepass")


def read_positions(value: bytes) -> array[int]:
    """Return the positions that a posting of `text` holds."""
    return array("I", value)


def document(entry: Entry) -> dict[str, Any]:
    """Return the terms of an entry."""
    text, stems = _postings(places(entry))
    when = entry.when
    clock = when is not None and days.has_clock(when)
    seconds = floor(days.seconds(when)) if when else -(1 << 62)
    return {
        "entry": _TIME.pack(seconds) + encode(entry.id),
        "text": text,
        "stem": stems,
        **{
            name: [(encode(value), 1, 1.0, b"") for value in held] for name, held in properties(entry).items()
        },
        "level": [] if entry.level is None else _number(entry.level),
        "day": _number(when.toordinal()) if when and not clock else [],
        "utc_day": _number(days.utc_ordinal(seconds)) if clock else [],
    }


def _number(value: int) -> list[Item]:
    return [(number(value), 1, 1.0, b"")]


def _postings(places: Iterable[tuple[str, int]]) -> tuple[list[Item], list[Item]]:
    positions: dict[str, list[int]] = {}
    best: dict[str, int] = {}
    at = 0
    for text, place in places:
        last = 0
        for word, first, last, _, _ in analysis.tokens(text):
            here = [at + first] if first == last else [at + first, at + last]
            if word in positions:
                positions[word] += here
            else:
                positions[word] = here
                best[word] = place
        at += (last // analysis.STRIDE + 2) * analysis.STRIDE  # no phrase runs from one field into the next
    length = at // analysis.STRIDE
    text_items: list[Item] = []
    stems: dict[str, float] = {}
    stem = spelling.stem
    for word, found in positions.items():
        weight = best[word] + (OFTEN if is_often(len(found), length) else 0.0)
        text_items.append((word.encode("utf-8", "surrogatepass"), 1, weight, array("I", found).tobytes()))
        root = stem(word)
        if root != word and stems.get(root, 0.0) < weight:
            stems[root] = weight
    return text_items, [(root.encode(), 1, weight, b"") for root, weight in stems.items()]
