"""Bringing the search index up to date with the files that changed since it was written."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from index.library.catalogue import Catalogue
from index.library.partial_view import Lookup
from index.model.file_record import FileRecord
from index.search.engine import IndexUnusable, SearchEngine
from index.search.language.query import parse
from index.storage.helper_process import Helper, cores, serve

_BATCH = 100
"""Files whose records are fetched at once."""


class Stale(NamedTuple):
    """The differences of an index from the files, by their paths."""

    changed: list[str]
    """Their content is not the one that was indexed."""
    removed: list[str]
    known: set[str]
    """Paths of the files that the index has entries of."""

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)


def compare(engine: SearchEngine, catalogue: Catalogue, digests: Mapping[str, str]) -> Stale:
    """Return how the index differs from the files, of which `digests` has every path.

    Raises IndexUnusable: nothing is known of what it holds, as after another engine has searched here.
    """
    held = catalogue.indexed(engine.stamp)
    engine.refresh()  # what is noted was written before, and by another process maybe
    if not held and not catalogue.unusable and engine.search(parse(""), limit=1).total:
        raise IndexUnusable("Nothing is known of what the search index holds.")
    changed = [path for path, digest in digests.items() if held.get(path) != digest]
    # Where nobody could note what the index holds, it may hold every one of them.
    known = set(held) | set(changed if catalogue.unusable else ())
    return Stale(changed, [path for path in held if path not in digests], known)


def update(
    engine: SearchEngine,
    catalogue: Catalogue,
    stale: Stale,
    fetch: Callable[[Sequence[str]], Iterable[FileRecord]],
    tell: Callable[[float], None] = lambda done: None,
) -> None:
    """Index the stale files; a long update is made, and can be searched, in steps.

    In each the index is written first and noted after: should the program die in between, those files are
    indexed once more, which changes nothing.

    Args:
        catalogue: keeps the list of indexed files.
        tell: called now and then with how many entries' work is done; it may raise, to stop that.

    Raises:
        IndexBusy: another memarium is writing the index.
        IndexUnusable: see there.
    """
    done, removed = 0, stale.removed
    for records in _steps(_fetched(fetch, stale.changed), *engine.steps):
        entries = [entry for record in records for entry in record.entries]
        gone = [record.path for record in records if record.path in stale.known] + removed
        engine.update(gone, entries, _after(done, tell))
        catalogue.set_indexed(engine.stamp, [(r.path, r.digest) for r in records], removed)
        done, removed = done + len(entries), []
    if removed:
        engine.update(removed, [])
        catalogue.set_indexed(engine.stamp, [], removed)


def _after(done: int, tell: Callable[[float], None]) -> Callable[[float], None]:
    return lambda part: tell(done + part)


def _fetched(
    fetch: Callable[[Sequence[str]], Iterable[FileRecord]], paths: Sequence[str]
) -> Iterator[FileRecord]:
    for at in range(0, len(paths), _BATCH):
        yield from fetch(paths[at : at + _BATCH])


def _steps(records: Iterator[FileRecord], step: int, largest: int) -> Iterator[list[FileRecord]]:
    """Yield the records in steps of so many entries, each twice the one before, up to the largest."""
    held: list[FileRecord] = []
    count = 0
    for record in records:
        held.append(record)
        count += len(record.entries)
        if count >= step:
            yield held
            held, count, step = [], 0, min(2 * step, largest)
    if held:
        yield held


WORTH_IT = 5_000
"""Entries from which it is worth a process, that is some five seconds of work."""

_NICE = 5
"""By how much the process makes way for others."""


def update_apart(folder: Path, catalogue: Catalogue, tell: Callable[[float], None]) -> None:
    """Bring the index in `folder` up to date with the catalogue, as far as that goes.

    Where no process is to be had, or it ends early, some of it is left to do.

    Args:
        folder: the folder of the index, in which no one else writes.
        tell: see `index.search.engines.index_update.update`.
    """
    if cores() < 2:
        return
    try:
        helper = Helper(__name__)
    except OSError:
        return
    try:
        helper.tell((os.fspath(folder), os.fspath(catalogue.path)))
        while (done := helper.hear()) is not None:
            tell(done)
    except (EOFError, OSError):
        return
    finally:
        helper.leave()


def _update_here(question: tuple[str, str], tell: Callable[[float | None], None]) -> None:
    """Answer the requests of `update_apart`; None is the last one."""
    from index.search.engines.choice import open_engine

    engine, catalogue = open_engine(Path(question[0])), Catalogue(Path(question[1]))
    known = Lookup(catalogue)
    digests = {path: digest for path, (_, _, digest) in known.files.items()}
    update(engine, catalogue, compare(engine, catalogue, digests), known.fetch, tell)
    tell(None)


if __name__ == "__main__":
    os.nice(_NICE)
    gc.disable()  # what a helper makes goes away whole
    serve(_update_here)
