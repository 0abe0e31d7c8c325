"""One state of the Whoosh index, open for reading."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from heapq import nsmallest
from typing import Any, NamedTuple

from index.model.text.letters import bare
from index.search.engines.schema import encode, number, read_column, read_positions
from index.search.language import spelling
from index.search.language.query import Node

Weights = dict[int, float]
"""Document number → weight."""

_Leaf = tuple[Any, int]
"""The reader of a segment, and the number of its first document."""

_MAX_EXPANSIONS = 400
"""Words that a prefix is tried as; of more, those in most entries. One letter more and there are fewer."""
_NEARLY = 0.000_01
"""Difference of two scores that comes of how they were added up, and of nothing else."""
_MAX_ANSWERS = 16
"""Words of the last queries whose documents are kept, for the next key and for the counts."""
_MAX_CACHED = 500_000
"""Postings kept from one keystroke to the next, about 100 bytes each."""


class IndexReader:
    """The index, read by document number; answers are kept, so never change one."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._leaves: list[_Leaf] = [
            (leaf, offset) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()
        ]
        self._ends = [offset + leaf.doc_count_all() for leaf, offset in self._leaves]
        self._postings: dict[tuple[str, bytes], Weights] = {}
        self._cached = 0
        self._answers: dict[Node, Weights] = {}
        self.ids: list[str] = []
        """The id of each document, deleted ones too."""
        self._times: list[int] = []
        for leaf, _ in self._leaves:
            column = leaf.column_reader("entry", translate=False)
            for document in range(leaf.doc_count_all()):
                time, entry = read_column(column[document])
                self._times.append(time)
                self.ids.append(entry)
        self.all: frozenset[int] = frozenset(reader.all_doc_ids())
        self._newest = sorted(self.all, key=lambda document: (-self._times[document], self.ids[document]))
        self._rank = {document: rank for rank, document in enumerate(self._newest)}

    def close(self) -> None:
        """Let go of the files."""
        self._reader.close()

    def once(self, node: Node, find: Callable[[], Weights]) -> Weights:
        """Return the finds of `find` for a word; it is kept for the next queries."""
        found = self._answers.pop(node, None)
        if found is None:
            found = find()
        if len(self._answers) >= _MAX_ANSWERS:
            del self._answers[next(iter(self._answers))]
        self._answers[node] = found
        return found

    # ── terms ─────────────────────────────────────────────────────────────────

    def weights(self, field: str, term: bytes) -> Weights:
        key = (field, term)
        found = self._postings.get(key)
        if found is None:
            found = self._read(key, (leaf for leaf in self._leaves if key in leaf[0]))
        return found

    def _read(self, key: tuple[str, bytes], leaves: Iterable[_Leaf]) -> Weights:
        found: Weights = {}
        for leaf, offset in leaves:
            matcher = leaf.postings(*key)
            while matcher.is_active():
                found[offset + matcher.id()] = matcher.weight()
                matcher.next()
        self._cached += len(found) + 10
        if self._cached > _MAX_CACHED:
            self._postings.clear()
            self._cached = len(found)
        self._postings[key] = found
        return found

    def starting(self, field: str, prefix: bytes) -> list[bytes]:
        """Return the terms that start with `prefix`, those of most documents if they are too many."""
        holders: dict[bytes, list[_Leaf]] = {}
        counts: Counter[bytes] = Counter()
        for leaf in self._leaves:
            for term, info in leaf[0].iter_prefix(field, prefix):
                holders.setdefault(term, []).append(leaf)
                counts[term] += info.doc_frequency()
        terms = sorted(counts)
        if len(terms) > _MAX_EXPANSIONS:
            terms = nsmallest(_MAX_EXPANSIONS, terms, key=lambda term: -counts[term])
        for term in terms:
            if (field, term) not in self._postings:
                self._read((field, term), holders[term])
        return terms

    def frequency(self, field: str, term: bytes) -> int:
        """Return in how many documents the term is, some deleted ones among them."""
        return sum(leaf.doc_frequency(field, term) for leaf, _ in self._leaves if (field, term) in leaf)

    def between(self, field: str, low: int | None, high: int | None) -> Iterator[bytes]:
        start = number(low or 0)
        end = number(9_999_999 if high is None else high)
        for leaf, _ in self._leaves:
            for name, term in leaf.terms_from(field, start):
                if name != field or term > end:
                    break
                yield term

    def time(self, document: int) -> int:
        return self._times[document]

    @cached_property
    def files(self) -> list[tuple[str, bytes]]:
        terms = {term for leaf, _ in self._leaves for term in leaf.lexicon("file")}
        return [(bare(term.decode("utf-8", "surrogatepass")), term) for term in sorted(terms)]

    @cached_property
    def masks(self) -> FacetMasks:
        """The values of the documents, to be counted."""
        return FacetMasks(len(self.ids), self._holders)

    def _holders(self, field: str) -> Iterator[tuple[str, list[int]]]:
        held: dict[bytes, list[int]] = {}
        for leaf, offset in self._leaves:
            for term in leaf.lexicon(field):
                documents = leaf.postings(field, term).all_ids()
                held.setdefault(term, []).extend(offset + document for document in documents)
        for term, documents in held.items():
            value = term.decode("utf-8", "surrogatepass")
            yield str(int(value)) if field == "level" else value, documents

    def near(self, word: str) -> dict[str, int]:
        # Whoosh counts a swap as two slips, so the swaps are tried one by one.
        found = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
        for leaf, _ in self._leaves:
            if len(word) >= 3:
                found.update(leaf.terms_within("text", word, 1))
            if len(word) >= 6:
                found.update(leaf.terms_within("text", word, 2, prefix=1))
        slips = {other: spelling.slips(word, other) for other in found}
        near = [
            (count, -self.frequency("text", encode(other)), other) for other, count in slips.items() if count
        ]
        return {other: count for count, frequency, other in sorted(near) if frequency}

    def positions(self, terms: Iterable[bytes], documents: Iterable[int]) -> dict[int, list[int]]:
        wanted = set(documents)
        found: dict[int, list[int]] = {document: [] for document in wanted}
        for term in terms:
            here = sorted(wanted.intersection(self.weights("text", term)))
            for (leaf, offset), end in zip(self._leaves, self._ends, strict=True):
                mine = here[bisect_left(here, offset) : bisect_left(here, end)]
                if mine:
                    matcher = leaf.postings("text", term)
                    for document in mine:
                        matcher.skip_to(document - offset)
                        found[document].extend(read_positions(matcher.value()))
        return found

    # ── documents ─────────────────────────────────────────────────────────────

    @cached_property
    def by_id(self) -> dict[str, int]:
        return {self.ids[document]: document for document in self.all}

    @cached_property
    def folded_ids(self) -> dict[int, str]:
        return {document: bare(self.ids[document]) for document in self.all}

    def best(self, scores: Weights, limit: int) -> list[int]:
        """Return the documents of the highest scores; equals by date, newest first."""
        if scores.keys() == self.all and not any(scores.values()):
            return self._newest[:limit]
        rank = self._rank
        # Scores alone are sorted without a call for each of them; that leaves few documents to rank.
        least = min(sorted(scores.values(), reverse=True)[:limit], default=0.0)
        likely = [d for d, score in scores.items() if score > least - _NEARLY]
        return sorted(likely, key=lambda document: (-round(scores[document], 5), rank[document]))[:limit]


_FEW = 50
"""Documents of a value that are faster looked up one by one; most files and many tags have so few."""

Holders = Callable[[str], Iterable[tuple[str, Sequence[int]]]]
"""Returns each value of a property, with the numbers of its documents."""


class _Masks(NamedTuple):
    many: list[tuple[str, int]]
    """Value → its documents as bits."""
    few: list[tuple[str, Sequence[int]]]


class FacetMasks:
    """The documents of each value of each property, in one state of an index."""

    def __init__(self, size: int, holders: Holders) -> None:
        """Take the values from `holders`, a property when it is first counted; documents end at `size`."""
        self._size = size
        self._holders = holders
        self._masks: dict[str, _Masks] = {}

    def count(self, found: Collection[int], names: Collection[str]) -> dict[str, dict[str, int]]:
        """Count the values of the documents in `found`, of which one asks quickly whether one is in it."""
        bits = _bits(found, self._size)
        return {name: self._count(found, bits, self._of(name)) for name in names}

    def _count(self, found: Collection[int], bits: int, masks: _Masks) -> dict[str, int]:
        counts = {value: (mask & bits).bit_count() for value, mask in masks.many}
        counts |= {value: sum(map(found.__contains__, held)) for value, held in masks.few}
        return {value: count for value, count in counts.items() if count}

    def _of(self, name: str) -> _Masks:
        masks = self._masks.get(name)
        if masks is None:
            masks = self._masks[name] = _Masks([], [])
            for value, held in self._holders(name):
                if len(held) > _FEW:
                    masks.many.append((value, _bits(held, self._size)))
                else:
                    masks.few.append((value, tuple(held)))
        return masks


def _bits(documents: Iterable[int], size: int) -> int:
    # A text of zeros and ones is the fastest way to a large number: it is read in one go.
    digits = bytearray(b"0") * (size + 1)
    for document in documents:
        digits[size - document] = 49
    return int(digits, 2)
