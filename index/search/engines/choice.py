"""Chooses the engine that searches: the native one where it is installed, unless the user names another."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.search.engine import IndexUnusable, SearchEngine
from index.storage.config_file import read_config

if TYPE_CHECKING:
    from index.search.engines.tantivy_engine import TantivyEngine
    from index.search.engines.whoosh_engine import WhooshEngine

VARIABLE = "MEMARIUM_ENGINE"
NAMES = ("auto", "whoosh", "tantivy")
"""Values of the variable; the first one is also the meaning of an empty one."""

_FOLDERS = {"whoosh": ".", "tantivy": "tantivy"}


class Choice(NamedTuple):
    """The engine that searches."""

    name: str
    note: str = ""
    """One sentence where it is not the one that the user asked for."""


def chosen() -> Choice:
    """Return the engine that `$MEMARIUM_ENGINE` or the settings name, or the best one that is installed."""
    asked = os.environ.get(VARIABLE, "").strip().lower() or read_config().engine or NAMES[0]
    native = find_spec("tantivy") is not None
    best = "tantivy" if native else "whoosh"
    if asked not in NAMES:
        known = ", ".join(NAMES)
        return Choice(best, f"{VARIABLE} is “{asked}”, and there is {known}: {best.title()} searches.")
    if asked == "tantivy" and not native:
        return Choice(best, "Tantivy is not installed, so Whoosh searches: pip install 'memarium[native]'.")
    return Choice(best if asked == "auto" else asked)


def open_engine(folder: Path) -> SearchEngine:
    """Open the index in `folder`, a private folder of the user's; one that cannot be used is replaced.

    Raises:
        IndexBusy: another process is writing it.
        OSError: it cannot be made or written.
    """
    try:
        return _kind()(folder / _FOLDERS[chosen().name])
    except IndexUnusable:
        return create_engine(folder, again=False)


def create_engine(folder: Path, *, again: bool = True) -> SearchEngine:
    """Put an empty index in the place of the one in `folder`; the errors are those of `open_engine`.

    Where Tantivy cannot begin one, as on a file system without locks, Whoosh takes over: with the index
    that it has there, unless that is to begin `again`.
    """
    try:
        return _kind().create(folder / _FOLDERS[chosen().name])
    except IndexUnusable:
        if chosen().name == "whoosh":
            raise
    from index.search.engines.whoosh_engine import WhooshEngine

    place = folder / _FOLDERS["whoosh"]
    with suppress(IndexUnusable):
        if not again:
            return WhooshEngine(place)
    return WhooshEngine.create(place)


def _kind() -> type[WhooshEngine | TantivyEngine]:
    if chosen().name == "tantivy":
        from index.search.engines.tantivy_engine import TantivyEngine

        return TantivyEngine
    from index.search.engines.whoosh_engine import WhooshEngine

    return WhooshEngine
