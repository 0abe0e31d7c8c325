"""The repository around a tree, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.cache import intents_folder
from index.history.discovery import not_followed
from index.history.errors import Refused
from index.history.intent import Intents

if TYPE_CHECKING:
    from index.history.repository import Repository
    from index.tree import Tree


def find_repository(tree: Tree) -> Repository | None:
    """Return the repository that a tree lies in; without, the tree is told why."""
    from index.history.repository import Repository

    hint = not_followed(tree.root)
    try:
        found = Repository.find(tree.root)
    except Refused as error:
        tree.unreadable = error
        tree.unversioned = f"It is not versioned: {error}"
        return None
    if found is None:
        where = f" {hint}" if hint else ""
        tree.unversioned = f"It is not versioned: the tree is in no git repository.{where}"
    else:
        found.detached = "detached" in tree.allowed
        found.intents = Intents(intents_folder(found.root))
    return found
