"""Bringing the search index up to date with the files: only what changed since it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from index.memory.tree import FileRecord
from index.search.catalogue import Catalogue
from index.search.engine import IndexUnusable, SearchEngine
from index.search.whoosh_engine import WhooshEngine

Progress = Callable[[int, int], None]
"""Called with entries done and entries to do."""


def open_engine(folder: Path) -> SearchEngine:
    """Open the index in `folder`, a private folder of the user's; one that cannot be used is replaced."""
    try:
        return WhooshEngine.open(folder)
    except IndexUnusable:
        return WhooshEngine.create(folder)


def update(
    engine: SearchEngine,
    catalogue: Catalogue,
    records: Mapping[str, FileRecord],
    progress: Progress | None = None,
) -> int:
    """Index the files whose content is not the one that was indexed; return how many entries were written.

    The index is written first and noted after: should the program die in between, those files are
    indexed once more, which changes nothing.

    Raises:
        IndexBusy: another memarium is writing the index.
    """
    held = catalogue.indexed(engine.stamp)
    changed = [r for r in records.values() if held.get(r.path) != r.digest]
    removed = [path for path in held if path not in records]
    if not changed and not removed:
        return 0
    entries = [entry for record in changed for entry in record.entries]
    stale = [r.path for r in changed if r.path in held] + removed
    total = len(entries)
    engine.update(stale, entries, (lambda done: progress(done, total)) if progress else None)
    catalogue.set_indexed(engine.stamp, [(r.path, r.digest) for r in changed], removed)
    return total
