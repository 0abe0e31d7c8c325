"""New files: of entries that are like no other, and of a store that is started."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from index.editing.store_shapes import tables
from index.editing.templates import file_for, shape_of
from index.formats.registry import NOTES, WRITTEN, is_memory
from index.git.sparse import left_out
from index.model.errors import TreeError
from index.model.known_entries import NONE
from index.model.path_spelling import shown
from index.model.plan import CannotEdit
from index.model.store_places import PLACES, STARTS, Scope, is_documented
from index.storage.files import write_atomic

_FOLDER = re.compile(r"[^\W_][^/\\\x00-\x1f\x7f-\x9f]{0,99}")
"""A project that can be the name of a folder."""


def start_of_new(scope: Scope) -> str:
    """Return the beginning of a new file's path: the first store that is a folder, with `/`; else nothing."""
    folders = [place for place in scope.places if not is_memory(place)]
    return f"{folders[0]}/" if folders else ""


def new_file(scope: Scope, path: str) -> str:
    """Return the path of a file for new entries where a tree of these places can have it.

    Stores that agents keep by themselves have no folders by kind, and are not in XML; where every store is
    one file, a new entry goes into the first.
    """
    start = start_of_new(scope)
    if scope.places and not start:
        return path if scope.rest(path) is not None else scope.places[0]
    if not start or is_documented(start) or not path.startswith(start):
        return path
    return f"{start}{path.rpartition('/')[2].rpartition('.')[0]}{NOTES.suffix}"


def check_folder(project: str) -> None:
    """Check that a project's name can be that of its folder of knowledge.

    Raises CannotEdit: it cannot: it would lead elsewhere.
    """
    if not _FOLDER.fullmatch(project):
        raise CannotEdit(
            f"The project {shown(project)[:60]} cannot name a folder: name the file with --file."
        )


class NewStore(NamedTuple):
    """A store that was started."""

    folder: Path
    files: tuple[str, ...]
    """Paths from its folder on, in the order in which they were written."""


def start_store(project: Path, name: str, now: datetime) -> NewStore:
    """Write the files of a store into a project; nothing that is there is touched.

    Raises TreeError: there is no store of this name, the folder holds something, or it cannot be written.
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
    if hidden := left_out(folder).words:
        raise TreeError(f"{shown(folder)} is in git already, and nothing was written. {hidden}")
    if not root.is_dir():
        raise TreeError(f"{shown(root)} is not a folder: name that of the project.")
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
