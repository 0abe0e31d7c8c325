"""The repository that holds the versions of a tree: the user's around it, else one that memarium keeps."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.git.discovery import not_followed
from index.model.errors import Refused, Unreadable
from index.model.store_places import BESIDE, WHOLE, Scope
from index.storage.intents import Intents
from index.storage.memory_stores import manager_of, tree_at
from index.storage.user_folders import intents_folder, versions_folder

if TYPE_CHECKING:
    from index.git.repository import Repository


class Versioning(NamedTuple):
    """The repository that a tree lies in, or why its changes are not versioned."""

    repository: Repository | None
    why_not: str = ""
    """One plain sentence; empty with a repository."""
    unreadable: Refused | None = None
    """The reason why the repository that is there cannot be used."""


def find_repository(root: Path, scope: Scope = WHOLE) -> Versioning:
    """Return the repository that the tree at `root`, `scope` of it, is saved in: its own, or a kept one."""
    from index.git.repository import Repository
    from index.git.saving.preflight import ignores_all

    why = manager_of(root)
    try:
        found = None if why else Repository.find(root, scope)
        rule = ignores_all(found.checkout) if found is not None else ""
    except Refused as error:
        return Versioning(None, f"It is not versioned: {error}", error)
    if found is None or rule:
        hint = not_followed(root)
        why = why or (f"git ignores it ({rule})" if rule else "the tree is in no git repository")
        if found is not None:
            found.close()
        return _kept(root, scope, why, f" {hint}" if hint else "")
    found.intents = Intents(intents_folder(found.root))
    return Versioning(found)


def find_beside(store: Path) -> Versioning:
    """Return the repository of Claude Code's own memory, as the tree of its project knows its files.

    It is the one in which a tree of that store alone is saved.
    """
    place = tree_at(store)
    found = find_repository(place.root, place.scope)
    if found.repository is None:
        return found
    kept = found.repository.kept.replace("the tree", "it", 1)
    return found._replace(repository=found.repository.beside(Path(os.path.realpath(store)), BESIDE, kept))


def _kept(root: Path, scope: Scope, why: str, hint: str) -> Versioning:
    from index.git.kept_repository import NoPlace
    from index.git.repository import Repository

    try:
        said = f"{why}.{hint}".removesuffix(".")
        return Versioning(Repository.keep(root, versions_folder(), said, scope))
    except NoPlace as error:
        return Versioning(None, f"It is not versioned: {why}, and {error}.{hint}")
    except Unreadable as error:
        return Versioning(None, f"It is not versioned: {error}", error)
