"""A store of memories that is started: the files that its keeper's documentation asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from index.editing.store_shapes import tables
from index.editing.templates import file_for, shape_of
from index.formats.registry import WRITTEN
from index.model.errors import TreeError
from index.model.known_entries import NONE
from index.model.path_spelling import shown
from index.model.store_places import PLACES, STARTS
from index.storage.files import write_atomic


class NewStore(NamedTuple):
    """A store that was started."""

    folder: Path
    files: tuple[str, ...]
    """Paths from its folder on, in the order in which they were written."""


def start_store(project: Path, name: str, now: datetime) -> NewStore:
    """Write the files of a store into a project; nothing that is there is touched.

    Raises:
        TreeError: there is no store of this name, the folder holds something, or it cannot be written.
    """
    if name not in (start.name for start in STARTS):
        names = ", ".join(start.name for start in STARTS)
        raise TreeError(f"No store is called {shown(name)[:60]}: choose {names}.")
    place = next(place.path for place in PLACES if place.name == name)
    root = Path(project).absolute()
    folder = root / place
    try:
        held = folder.exists() and (not folder.is_dir() or any(True for _ in folder.iterdir()))
    except OSError as error:
        raise TreeError(f"{shown(folder)} cannot be read: {error.strerror}.") from error
    if held:
        raise TreeError(f"{shown(folder)} is there already, and nothing was written: memarium opens it.")
    if not root.is_dir():
        raise TreeError(f"{shown(root)} is no folder: name that of the project.")
    files = dict(_files(name, root.name, now))
    for path, data in files.items():
        write_atomic(folder / path, data, None, root)
    return NewStore(folder, tuple(files))


def _files(name: str, project: str, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield each file of a store and its content."""
    table = tables()[name]
    for kind in table.get("kinds", ()):
        path = file_for(kind, NONE, project)
        yield path, WRITTEN.blank(path, shape_of(kind, NONE, path), now)
    for path, text in table.get("files", {}).items():
        yield path, text.lstrip("\n").replace("{project}", project).encode("utf-8", "surrogateescape")
