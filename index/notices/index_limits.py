"""Indexes that grew past the part of them that an agent reads."""

from __future__ import annotations

from collections.abc import Iterator

from index.formats.registry import format_of
from index.library.snapshot import Snapshot
from index.model.file_record import FileProblem
from index.model.load_limits import Gauge, LoadLimit
from index.notices.sources import Sources

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


def _cut(text: str, limit: LoadLimit) -> int:
    """Return the offset from which on nothing is read."""
    lines = text.splitlines(keepends=True)
    by_lines = sum(map(len, lines[: limit.lines]))
    by_size = len(text.encode("utf-8", "surrogatepass")[: limit.size].decode("utf-8", "ignore"))
    return max(0, min(by_lines, by_size, len(text) - 1))
