"""A long update of the index in a process of its own: who reads and types waits for none of it."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

from index.library.catalogue import Catalogue
from index.library.lookup import Lookup
from index.storage.helper_process import Helper, cores, serve

WORTH_IT = 5_000
"""Entries from which it is worth a process, that is some five seconds of work."""

_NICE = 5
"""By how much the process makes way for others."""


def update_apart(folder: Path, catalogue: Catalogue, tell: Callable[[float], None]) -> None:
    """Bring the index in `folder` up to date with the catalogue, as far as that goes.

    Where no process is to be had, or it ends early, some of it is left to do.

    Args:
        folder: the folder of the index, in which no one else writes.
        catalogue: holds the records of all files.
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


def _update(question: tuple[str, str], tell: Callable[[float | None], None]) -> None:
    """Answer the requests of `update_apart`; None is the last one."""
    from index.search.engines.choice import open_engine
    from index.search.engines.index_update import compare, update

    engine, catalogue = open_engine(Path(question[0])), Catalogue(Path(question[1]))
    known = Lookup(catalogue)
    digests = {path: digest for path, (_, _, digest) in known.files.items()}
    update(engine, catalogue, compare(engine, catalogue, digests), known.fetch, tell)
    tell(None)


if __name__ == "__main__":
    os.nice(_NICE)
    gc.disable()  # what a helper makes goes away whole
    serve(_update)
