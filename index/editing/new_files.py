"""The files of entries that are like no other: in a store of the tree, and as that store is kept."""

from __future__ import annotations

import re

from index.formats.registry import NOTES, is_memory
from index.model.path_spelling import shown
from index.model.plan import CannotEdit
from index.model.store_places import Scope, is_documented

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

    Raises:
        CannotEdit: it cannot: it would lead elsewhere.
    """
    if not _FOLDER.fullmatch(project):
        raise CannotEdit(
            f"The project {shown(project)[:60]} cannot name a folder: name the file with --file."
        )
