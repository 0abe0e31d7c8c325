"""Writing a segment as Whoosh does, but for the postings, which are gathered by term."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from index.search.engines.schema import codec

with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)  # as in `schema`
    from whoosh.writing import PostingPool, SegmentWriter

Term = tuple[str, bytes]
"""The name of a field, and a term of it."""
Posting = tuple[int, float, bytes | None]
"""Document, weight, value; an empty value read from another segment is None."""

_MOST = 2_000_000
"""Postings that are held, in some 270 MB, before they are sorted on disk."""

_TELL_EVERY = 20_000
"""Postings between two words on progress."""

# What Whoosh passes on is both in one: name, term, document, weight, value.
_TERM = itemgetter(0, 1)
_POSTING = itemgetter(2, 3, 4)


class _Pool(PostingPool):  # type: ignore[misc]  # Whoosh carries no types
    """Holds the postings of each term together: to sort there are the terms, a hundredth of them."""

    def __init__(self, storage: Any, segment: Any, most: int) -> None:
        super().__init__(storage, segment)
        self._terms: defaultdict[Term, list[Posting]] = defaultdict(list)
        self._held = 0
        self._most = most
        self.total = 0
        """Postings that were taken in."""

    def add(self, item: tuple[Any, ...]) -> None:
        """Take in a posting; those of a term come in the order of their documents."""
        self._terms[_TERM(item)].append(_POSTING(item))
        self._held += 1
        self.total += 1
        if self._held > self._most:
            self.save()

    def save(self) -> None:
        """Write the terms held to a file, to be merged with others in the end."""
        self.current = [(*term, *posting) for term, held in self._sorted() for posting in held]
        super().save()

    def terms(self) -> Iterator[tuple[Term, Iterable[Posting]]]:
        """Yield each term in order, with its postings; the terms are let go."""
        if not self.runs:
            yield from self._sorted()
            return
        for term, postings in groupby(self.items(), _TERM):
            yield term, map(_POSTING, postings)

    def _sorted(self) -> list[tuple[Term, list[Posting]]]:
        terms = sorted(self._terms.items(), key=itemgetter(0))
        self._terms.clear()
        self._held = 0
        return terms


class Writer(SegmentWriter):  # type: ignore[misc]  # Whoosh carries no types
    """Writes a segment of the fields of `schema`."""

    def __init__(self, index: Any, most: int = _MOST) -> None:
        """Begin a segment; `most` postings are held in memory."""
        # Whoosh would lock the folder: `store.writing` has, also where a file system knows no locks.
        super().__init__(index, codec=codec(), _lk=False)
        self.pool = _Pool(self._tempstorage, self.newsegment, most)
        self.written: Callable[[float], None] = lambda share: None
        """Called while a commit writes the postings, with the share of them that is written."""

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        write = self.fieldwriter
        done = tell_at = 0
        for name, terms in groupby(self.pool.terms(), lambda held: held[0][0]):
            write.start_field(name, self.schema[name])
            for (_, term), postings in terms:
                write.start_term(term)
                for document, weight, value in postings:
                    write.add(document, weight, value or b"", 0)
                    done += 1
                write.finish_term()
                if done > tell_at:
                    self.written(done / self.pool.total)
                    tell_at = done + _TELL_EVERY
            write.finish_field()
        write.close()
