"""Texts of the files of a tree as they are on disk, read once each, and the places in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from index.formats.registry import format_of
from index.library.snapshot import Snapshot
from index.model.errors import TreeError
from index.model.file_record import FileProblem, FileRecord, Gauge, LoadLimit, whole_file
from index.model.text.line_index import LineIndex
from index.search.engines.entry_terms import SEARCHED, is_too_long


class Sources:
    """The texts of files; that of a file which cannot be read is empty."""

    def __init__(self, data: Callable[[str], bytes | None]) -> None:
        """Read with `data`, as `Tree.data` does."""
        self._data = data
        self._texts: dict[str, tuple[str, LineIndex]] = {}

    def text(self, file: str) -> str:
        """Return the text of a file."""
        return self._read(file)[0]

    def size(self, file: str) -> int:
        """Return the length of a file in bytes."""
        try:
            return len(self._data(file) or b"")
        except TreeError:
            return 0

    def notice(self, file: str, offset: int, code: str, message: str) -> FileProblem:
        """Return a notice about a place in a file."""
        line, column = self._read(file)[1].locate(offset)
        return FileProblem(file, line, column, code, message, "note", repairable=False, guesses=False)

    def notice_at(self, file: str, line: int, words: str, code: str, message: str) -> FileProblem:
        """Return a notice about words of an entry that begins at a line; about the line without any."""
        text, index = self._read(file)
        start = index.offset(line) if line else 0
        found = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)").search(text, start) if words else None
        return self.notice(file, found.start() if found else start, code, message)

    def _read(self, file: str) -> tuple[str, LineIndex]:
        if file not in self._texts:
            try:
                data = self._data(file) or b""
            except TreeError:
                data = b""
            text = format_of(file).text(data)
            self._texts[file] = text, LineIndex(text)
        return self._texts[file]


def file_notice(file: str, code: str, message: str) -> FileProblem:
    """Return a notice about a whole file."""
    return whole_file(file, code, message, "note")


NEARLY = 0.9
"""Share of a limit from which on it is told."""


def gauges(snapshot: Snapshot, sources: Sources) -> list[Gauge]:
    """Return the extents of the files that have a limit, the fullest first."""
    found = []
    for file in snapshot.records:
        limit = format_of(file).load_limit(file)
        if limit is not None:
            lines = len(sources.text(file).splitlines())
            found.append(Gauge(file, lines, sources.size(file), limit))
    return sorted(found, key=lambda gauge: -gauge.share)


def over_limit(found: list[Gauge], sources: Sources) -> Iterator[FileProblem]:
    """Yield a notice about each file that is over its limit, or nearly."""
    for gauge in found:
        reader = gauge.limit.reader
        if gauge.share > 1:
            words = f"{reader} reads only the beginning of this file ({gauge}): move text into other files."
            yield sources.notice(gauge.file, _cut(sources.text(gauge.file), gauge.limit), "over-limit", words)
        elif gauge.share >= NEARLY:
            words = f"{reader} soon reads only the beginning of this file ({gauge}): move text elsewhere."
            yield sources.notice(gauge.file, 0, "near-limit", words)


def too_long(records: Iterable[FileRecord], sources: Sources) -> Iterator[FileProblem]:
    """Yield a notice about each entry that is searched in part; a small file holds none."""
    words = f"Search finds only the first {SEARCHED:,} letters of this entry: split it."
    large = [record for record in records if record.size > SEARCHED // 2]
    for entry in chain.from_iterable(record.entries for record in large):
        if is_too_long(entry):
            yield sources.notice_at(entry.file, entry.line, "", "too-long", words)


def _cut(text: str, limit: LoadLimit) -> int:
    """Return the offset from which on nothing is read."""
    lines = text.splitlines(keepends=True)
    by_lines = sum(map(len, lines[: limit.lines]))
    by_size = len(text.encode("utf-8", "surrogatepass")[: limit.size].decode("utf-8", "ignore"))
    return max(0, min(by_lines, by_size, len(text) - 1))
