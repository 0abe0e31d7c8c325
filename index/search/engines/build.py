"""Writing entries into the Whoosh index."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from index.model.entry import Entry
from index.search.engines.schema import document
from index.search.engines.writer import Writer

_ADDING = 0.6
"""The share of a build that entries take until they are committed; the rest writes their postings.
Measured on 8,000 entries."""
_TELL_EVERY = 100
"""Entries between two words on progress."""
_SMALL = 1000
"""Entries below which a segment is soon written again."""
_MANY = 4
"""Small segments that are put together; every word is looked up in each of them."""


class Build:
    """One update: entries that go and entries that come, in one commit."""

    def __init__(
        self,
        index: Any,
        roles: Callable[[str], str],
        documents: Callable[[str], list[int]],
        progress: Callable[[float], None],
    ) -> None:
        """Begin to write.

        Args:
            index: the Whoosh index.
            roles: the role of a field name.
            documents: the documents that the index holds of a file.
            progress: called now and then with how many entries' work is done.
        """
        self._roles = roles
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
        self._writer.add_document(**document(entry, self._roles))
        self._added += 1
        if self._added % _TELL_EVERY == 0:
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
