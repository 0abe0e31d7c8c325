"""Finding again: earlier queries, named searches and pinned entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tui.screens.base.picker import Item, Picker, pick
from tui.theme.drawing import t
from tui.widgets.base.search_line import SearchLine
from tui.widgets.browse.sidebar_rows import FILES, NAMED, PINNED, Kept

if TYPE_CHECKING:
    from index.workspace import Workspace
    from tui.screens.base.frame import Frame

_GROUP = "bookmarks"
_FORGET = "\0"
"""Before the name of a search that is to be forgotten: no name can begin so."""


class FindAgain:
    """Keeps and shows the bookmarks for one screen.

    Args:
        screen: the screen.
        changed: called whenever the bookmarks were read.
        toggle: puts a filter into the query, or takes it out: name and value.
    """

    def __init__(
        self, screen: Frame[None], changed: Callable[[], object], toggle: Callable[[str, str], object]
    ) -> None:
        self._screen, self._changed, self._toggle = screen, changed, toggle
        self.kept = Kept()

    def read(self) -> None:
        """Read them; asked for again whenever the tree changes."""
        self._do(lambda workspace: None)

    def _do(self, change: Callable[[Workspace], object]) -> None:
        """Change something in a thread, and show the rows then."""

        def work(workspace: Workspace) -> Kept:
            change(workspace)
            bookmarks, there = workspace.tree.bookmarks, workspace.tree.snapshot.by_id
            pins = [(entry_id, there[entry_id].title) for entry_id in bookmarks.pins() if entry_id in there]
            return Kept(bookmarks.queries(), bookmarks.searches(), pins)

        self._screen.look_up(_GROUP, work, self._show)

    def _show(self, kept: Kept) -> None:
        if kept != self.kept:
            self.kept = kept
            self._changed()

    def note_query(self, text: str) -> None:
        """Keep a query that was used."""
        if text.strip() and self.kept.queries[:1] != [text.strip()]:
            self._do(lambda workspace: workspace.tree.bookmarks.note_query(text))

    def lead(self, name: str, value: str) -> bool:
        """Go where a row of the sidebar leads; False for one that is a filter of this name."""
        if name == PINNED:
            self._screen.context.show_entry(value)
        elif name == NAMED:
            self._screen.context.search_for(value)
        elif name == FILES:
            self._ask_file()
        return name in (PINNED, NAMED, FILES)

    def _ask_file(self) -> None:
        """Ask for a file by its name, and put it into the query."""
        facets = self._screen.query_one(SearchLine).facets
        items = [Item(path, path, note=f"{count:,}") for path, count in facets.files] if facets else []
        picker = Picker(items, "Show the entries of which file?", "files")
        pick(self._screen.context, picker, partial(self._toggle, "file"))

    def ask_name(self, query: str) -> None:
        """Ask for the name of a search, and keep it; a name that has one gets this query."""
        searches = self.kept.searches
        items = [Item(name, f"@{name}", note=query) for name, query in searches.items()]
        items += [Item(_FORGET + name, f"Forget @{name}") for name in searches]

        def named(name: str) -> None:
            if name.startswith(_FORGET):
                self._do(lambda workspace: workspace.tree.bookmarks.drop_search(name[1:]))
                self._screen.tell(t(("✓", "ok"), f" Forgot @{name[1:]}"))
            elif query.strip():
                self._do(lambda workspace: workspace.tree.bookmarks.name_search(name, query))
                self._screen.tell(t(("✓", "ok"), f" Saved the search as @{name.strip().lstrip('@')}"))

        if query.strip() or searches:
            question = "Save this search as" if query.strip() else "Forget which search?"
            shown = items if query.strip() else items[len(searches) :]
            pick(self._screen.context, Picker(shown, question, "searches", free="a new name"), named)
