"""Writing entries into the Whoosh index: as Whoosh does, but for the postings, which are gathered by term."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from typing import Any

from index.model.entry import Entry
from index.search.engines.schema import codec, document

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

    def __init__(self, storage: Any, segment: Any) -> None:
        super().__init__(storage, segment)
        self._terms: defaultdict[Term, list[Posting]] = defaultdict(list)
        self._held = 0
        self.total = 0
        """Postings that were taken in."""

    def add(self, item: tuple[Any, ...]) -> None:
        """Take in a posting; those of a term come in the order of their documents."""
        self._terms[_TERM(item)].append(_POSTING(item))
        self._held += 1
        self.total += 1
        if self._held > _MOST:
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

    def __init__(self, index: Any) -> None:
        # Whoosh would lock the folder: `index_folder.writing` has, also where a file system knows no locks.
        super().__init__(index, codec=codec(), _lk=False)
        self.pool = _Pool(self._tempstorage, self.newsegment)
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
                for number, weight, value in postings:
                    write.add(number, weight, value or b"", 0)
                    done += 1
                write.finish_term()
                if done > tell_at:
                    self.written(done / self.pool.total)
                    tell_at = done + _TELL_EVERY
            write.finish_field()
        write.close()


_ADDING = 0.6
"""The share of a build that entries take until they are committed; the rest writes their postings.
Measured on 8,000 entries."""
_ENTRIES_BETWEEN = 100
"""Entries between two words on progress."""
_SMALL = 1000
"""Entries below which a segment is soon written again."""
_MANY = 4
"""Small segments that are put together; every word is looked up in each of them."""


class Build:
    """One update: entries that go and entries that come, in one commit."""

    def __init__(
        self, index: Any, documents: Callable[[str], list[int]], progress: Callable[[float], None]
    ) -> None:
        """Begin to write.

        Args:
            documents: the documents that the index holds of a file.
            progress: called now and then with how many entries' work is done.
        """
        self._documents = documents
        self._progress = progress
        self._files: set[str] = set()
        self._added = 0
        self._writer = Writer(index)
        self._writer.written = self._tell_of_writing

    def remove(self, file: str) -> None:
        """Take out the entries that the index held of a file before this update."""
        if file not in self._files:
            self._files.add(file)
            for number in self._documents(file):
                self._writer.delete_document(number)

    def add(self, entry: Entry) -> None:
        """Put an entry in; the first one of a file replaces those held of it."""
        self.remove(entry.file)
        self._writer.add_document(**document(entry))
        self._added += 1
        if self._added % _ENTRIES_BETWEEN == 0:
            self._progress(self._added * _ADDING)

    def commit(self) -> None:
        """Make it last."""
        self._writer.commit(mergetype=_merge)
        self._progress(self._added)

    def _tell_of_writing(self, share: float) -> None:
        self._progress(self._added * (_ADDING + (1 - _ADDING) * share))

    def cancel(self) -> None:
        """Give up the changes that were not committed."""
        if not self._writer.is_closed:
            with suppress(OSError):  # the disk that made us give up
                self._writer.cancel()


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Return the segments that stay as they are; the others are written again with the new entries."""
    from whoosh.reading import SegmentReader

    segments = [segment for segment in segments if segment.doc_count()]
    small = [s for s in segments if s.doc_count() < _SMALL or s.deleted_count() > s.doc_count()]
    if len(small) < _MANY:
        return segments
    for segment in small:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in segments if segment not in small]
