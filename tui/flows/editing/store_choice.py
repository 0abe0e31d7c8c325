"""The way to one of the stores of a project: those of the tree by a filter, others as a tree of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.model.counts import count_words
from index.model.errors import TreeError
from index.search.language.syntax import written
from index.workspace import Workspace
from tui.actions import key
from tui.context import opened
from tui.screens.base.picker import Item, Picker, pick
from tui.screens.browse.browse import Browse
from tui.theme.drawing import plain, t

if TYPE_CHECKING:
    from tui.context import AppContext
    from tui.data.tree_workers import StoresJoined

_FILTER, _ALL = "store:", "all stores of the project"
"""The choices that are no path: a query for a store of the tree, and the tree of the whole project."""


def choose_store(app: AppContext) -> None:
    """Offer the stores of the project around the tree, else of that where the app was started."""
    workspace, start = opened(app), app.start

    def chosen(choice: str) -> None:
        if choice.startswith(_FILTER):
            app.search_for(choice)
        else:
            _open(app, workspace, choice)

    none = "This project has no other store of memories."
    items = lambda: list(_items(workspace, start))  # noqa: E731
    pick(app, Picker(items, "Which store?", "stores", none=none), chosen)


def _items(workspace: Workspace, start: Path) -> Iterator[Item]:
    """Yield the stores of the tree with the numbers of their entries, then those to be opened."""
    tree = workspace.tree
    around = tree.stores(start)
    count = Counter(entry.store for entry in tree.snapshot.entries if not entry.template)
    if around.together and not around.here:
        yield Item(_ALL, _ALL, note=around.together.root.name)
    for store in around.stores:
        if around.here:
            keeper = f"{store.keeper} · " if store.keeper != store.name else ""
            note = count_words(count[store.name], "entry", "entries")
            yield Item(written("store", store.name), store.name, note=keeper + note)
        elif store.path != tree.home:
            title, note = (store.name, store.keeper) if store.inside else (store.keeper, "not in the project")
            yield Item(str(store.path), title, note=note)


def join(app: AppContext, found: StoresJoined) -> None:
    """Open the tree with stores that are new, where that was asked for; else say that they are there."""
    names = " and ".join(found.names)
    grown = app.workspace.grown() if app.workspace is not None else None
    if found.asked and grown is not None and isinstance(app.screen, Browse):
        app.open(Workspace.open(grown.place))
    else:
        what = " is a new store" if len(found.names) == 1 else " are new stores"
        opens = (f"   {key('reload')}", "strong"), (" open", "muted")
        app.tell(t(("!", "warn"), " ", plain(names), f"{what} of this project", *opens), stay=True)


def _open(app: AppContext, workspace: Workspace, choice: str) -> None:
    project = workspace.tree.stores(app.start).together if choice == _ALL else None
    try:
        app.open(Workspace.open(project or choice))
    except TreeError as error:
        app.refuse(error)
