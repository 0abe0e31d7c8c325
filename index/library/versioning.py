"""The repository around a tree, and why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.git.discovery import not_followed
from index.model.errors import Refused
from index.model.store_places import WHOLE, Scope
from index.storage.intents import Intents
from index.storage.user_folders import intents_folder

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
    """Return the repository around the tree at `root`, of which `scope` is the part that it saves."""
    from index.git.repository import Repository

    hint = not_followed(root)
    try:
        found = Repository.find(root, scope)
    except Refused as error:
        return Versioning(None, f"It is not versioned: {error}", error)
    if found is None:
        where = f" {hint}" if hint else ""
        return Versioning(None, f"It is not versioned: the tree is in no git repository.{where}")
    found.intents = Intents(intents_folder(found.root))
    return Versioning(found)
