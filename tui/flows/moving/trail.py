"""The places where one has been, for the way back from a jump, and forward again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from textual.screen import Screen

from tui import requests
from tui.screens.base.frame import Frame
from tui.screens.browse.browse import Browse
from tui.widgets.base.list_and_page import ListAndPage


class Over(NamedTuple):
    """A screen over the results, and where one was on it."""

    opener: str | requests.Place
    """The action, or the request, that opens it."""
    cursor: int
    """The row under its cursor."""
    place: int | None
    """The part of that row that was chosen; None for all of it."""


class Place(NamedTuple):
    """A place that a jump leads away from."""

    query: str = ""
    entry_id: str = ""
    top: int = 0
    """The first line of the page that is in view."""
    reading: bool = False
    """Whether the page has the focus."""
    over: tuple[Over, ...] = ()
    """The screens over it, the one in front last."""
    later: Callable[[str], str] = str
    """From the ids of then to those that entries have by now."""

    def by_now(self) -> Place:
        """Return the place with the ids that its entries have by now."""
        over = (one._replace(opener=self._opener(one.opener)) for one in self.over)
        return self._replace(entry_id=self.later(self.entry_id), over=tuple(over))

    def _opener(self, opener: str | requests.Place) -> str | requests.Place:
        if not isinstance(opener, requests.OpenHistory):
            return opener
        return opener._replace(entry_id=self.later(opener.entry_id))


class Trail:
    """The places behind, the last one last, and those ahead."""

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def idle(self) -> set[str]:
        """Return the ways that lead nowhere."""
        return {way for way, places in (("go_back", self._behind), ("go_forward", self._ahead)) if not places}

    def leave(self, here: Place | None) -> None:
        """Know that a jump leads away from a place."""
        if here is not None and self._behind[-1:] != [here]:
            self._behind.append(here)
        self._ahead.clear()

    def back(self, here: Place | None) -> Place | None:
        """Return the place before; None where there is none."""
        return _step(self._behind, self._ahead, here)

    def forward(self, here: Place | None) -> Place | None:
        """Return the place that was gone back from; None where there is none."""
        return _step(self._ahead, self._behind, here)


def _step(where: list[Place], other: list[Place], here: Place | None) -> Place | None:
    if not where or here is None:
        return None
    other.append(here)
    return where.pop().by_now()


def here(screens: Sequence[Screen[Any]]) -> Place | None:
    """Return where one is, the last screen in front; None on the welcome."""
    browse = next((screen for screen in screens if isinstance(screen, Browse)), None)
    if browse is None:
        return None
    entry, preview = browse.results.current, browse.preview
    entry_id = entry.id if entry is not None else ""
    reading = browse.focused is preview
    over = tuple(_over(screen) for screen in screens if isinstance(screen, Frame) and screen.opener)
    later = browse.workspace.tree.successors.from_now()
    return Place(browse.search.text, entry_id, preview.top, reading, over, later)


def _over(screen: Frame[Any]) -> Over:
    at = next(((panes.rows.cursor, panes.rows.place) for panes in screen.query(ListAndPage)), (0, None))
    return Over(screen.opener, *at)


def come_back(screen: Screen[Any], over: Over) -> None:
    """Put the cursor of a screen that is open again where it was."""
    for panes in screen.query(ListAndPage):
        panes.return_to(over.cursor, over.place)


def begin_anew(browse: Browse) -> None:
    """Show nothing of a tree any more, before another one is shown."""
    browse.unmark()
    browse.results.clear([], [])
    browse.ask_for("")


def go_to(browse: Browse, place: Place) -> None:
    """Show the query, the entry and the lines of a place."""
    browse.preview.return_to(place.entry_id, place.top)
    browse.show_entry(place.entry_id, place.query)
    if place.reading:
        browse.action_right()
    else:
        browse.to_rows()
