"""The traces of a user in stores that were trees by themselves, for the tree that they are together now."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from index.library.mark_table import MarkTable
from index.model.draft import Draft
from index.model.store_places import BESIDE, is_beside, is_documented
from index.storage.drafts import Drafts
from index.storage.journal import JOURNAL, Journal
from index.storage.memory_stores import TreeLocation
from index.storage.user_folders import state_folder
from index.storage.user_state import StateUnavailable, UserState

_JOINED = "joined"
"""The kind of the rows, among a tree's bookmarks, that name the trees whose state it has taken over."""
_OF_ENTRIES = ("pin", "read")


class _Alone(NamedTuple):
    """A store as the tree that it is by itself."""

    folder: Path
    """Its state folder."""
    renamed: Callable[[str], str]
    """Returns a path or an id of that tree as it is among several stores."""


def take_over(state: UserState, tree: TreeLocation) -> None:
    """Let a tree take over the state of its stores that were opened alone before, once.

    That is pins, queries, what was read and seen, what can be undone, and drafts, which are moved. The ids
    of entries get longer by the place of their store; those of the tree itself stay.
    """
    folder = state_folder(tree.home)
    stores = [one for one in _stores(tree) if one.folder != folder]
    if not stores:
        return
    if state.exists():
        with suppress(StateUnavailable, ValueError):
            _take_rows(state, folder.name, stores)
    with suppress(OSError):  # that costs the undo of earlier changes, and nothing else
        journals = [(one.folder / JOURNAL, one.renamed) for one in stores]
        Journal(folder / JOURNAL).take_over(journals)
    for one in stores:
        with suppress(OSError):
            left = Drafts(one.folder / "drafts")
            Drafts(folder / "drafts").take_over(left, partial(_renamed, renamed=one.renamed))


def _stores(tree: TreeLocation) -> Iterator[_Alone]:
    for place in tree.scope.places if not tree.scope.is_one else ():
        start = f"{place}/" if is_documented(place) else ""
        yield _Alone(state_folder(tree.root / place), partial(_below, start))
    if tree.beside is not None:
        yield _Alone(state_folder(tree.beside), lambda path: BESIDE + path.removeprefix("memory/"))


def _below(start: str, path: str) -> str:
    return path if is_beside(path) else start + path


def _take_rows(state: UserState, name: str, stores: list[_Alone]) -> None:
    """Take over the rows of the database: bookmarks, and marks of files that the tree has none of."""
    olds = {one.folder.name: one for one in stores}
    with state.transaction() as database:
        known = _names(database, "SELECT name FROM bookmarks WHERE tree = ? AND kind = ?", name, _JOINED)
        new = [
            old
            for old in olds.keys() - known
            if _names(database, "SELECT tree FROM bookmarks WHERE tree = ?", old)
            or MarkTable(database, old).begun
        ]
    if not new:
        return
    with state.transaction(change=True) as database:
        for old in new:
            renamed = olds[old].renamed
            rows = database.execute("SELECT kind, name, value, used FROM bookmarks WHERE tree = ?", (old,))
            for kind, what, value, used in rows.fetchall():
                if kind != _JOINED:
                    row = name, kind, renamed(what) if kind in _OF_ENTRIES else what, value, used
                    database.execute("INSERT OR IGNORE INTO bookmarks VALUES (?, ?, ?, ?, ?)", row)
            MarkTable(database, name).join(MarkTable(database, old), renamed)
            row = name, _JOINED, old, "", 0
            database.execute("INSERT OR IGNORE INTO bookmarks VALUES (?, ?, ?, ?, ?)", row)


def _names(database: sqlite3.Connection, query: str, *values: str) -> set[str]:
    return {name for (name,) in database.execute(query, values)}


def _renamed(draft: Draft, renamed: Callable[[str], str]) -> Draft:
    """Return a draft with its entry, or its entries or its file, as they are among several stores."""
    if draft.sort == "add":
        return replace(draft, file=renamed(draft.file) if draft.file else "")
    return draft.of_entries(renamed)
