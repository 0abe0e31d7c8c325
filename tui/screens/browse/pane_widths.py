"""Room for the panes of the browse screen: which are side by side, and how wide each is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.screens.base.frame import Frame
    from tui.settings import Settings
    from tui.widgets.base.pane import Pane

NARROW, WIDE, FULL = 90, 110, 150
"""Columns from which the page is beside the results, the sidebar too, and each has all the room it likes."""
STEP: Final = 4
"""Columns by which the split between results and page moves."""
WORDS: Final = 54
"""Columns of the words in the place of results."""
_USUAL: Final = 33
"""Columns that the results have at least, unless one likes fewer."""
_LEAST: Final = 24
"""Columns that results and page have at least."""


class Room(NamedTuple):
    """Room for the panes; widths in columns."""

    alone: bool
    """Results or page, one in the place of the other."""
    sidebar_fits: bool
    """Whether the sidebar can be beside them."""
    sidebar: int
    """Its width; 0: there is none."""
    results: int
    """Its width where the page is beside it."""


def room(width: int, settings: Settings) -> Room:
    """Return the room on a screen of `width` columns: half of it or more for the page, or as one likes."""
    alone = width < NARROW or settings.zoom
    fits = width >= WIDE and not alone
    sidebar = (28 if width >= FULL else 25) if settings.sidebar and fits else 0
    there = width - (sidebar + 1 if sidebar else 0) - 1
    liked = 54 if width >= FULL else 42 if width >= WIDE else 40
    usual = max(_USUAL, min(liked, there - -(-width // 2)))
    return Room(alone, fits, sidebar, max(_LEAST, min(usual + settings.split, there - _LEAST)))


class PaneWidths:
    """The widths on one screen, as the user wants them."""

    def __init__(self, screen: Frame[None], arrange: Callable[[], None]) -> None:
        """`arrange` places the panes anew."""
        self._screen, self._arrange = screen, arrange
        self._instead: tuple[Pane, int] | None = None
        """The pane that has the focus as the sidebar has no room, and its cursor then."""

    @property
    def room(self) -> Room:
        """The room for the panes now."""
        return self._room(self._screen.context.settings)

    def _room(self, settings: Settings) -> Room:
        return room(self._screen.app.size.width, settings)

    def _take(self, settings: Settings) -> None:
        self._screen.context.remember(settings)
        self._arrange()

    def idle(self) -> set[str]:
        """Return the keys that move nothing: those of the split, where one pane is alone."""
        return {"split_left", "split_right"} if self.room.alone else set()

    def focus_shown(self, sidebar: Pane, pane: Pane) -> None:
        """Focus `pane` where the focused one is hidden; the sidebar again with its room, if nobody moved."""
        focused = self._screen.focused
        if focused is not None and not focused.display:
            self._instead = (pane, pane.cursor) if focused is sidebar else None
            self._screen.set_focus(pane)
        elif self._instead is not None and sidebar.display:
            if self._instead == (focused, pane.cursor):
                self._screen.set_focus(sidebar)
            self._instead = None

    def zoom(self) -> None:
        """Show one pane alone from now on, or all again."""
        settings = self._screen.context.settings
        self._take(replace(settings, zoom=not settings.zoom))

    def toggle_sidebar(self) -> None:
        """Show the sidebar from now on, or no longer."""
        settings = self._screen.context.settings
        self._take(replace(settings, sidebar=not settings.sidebar))

    def move(self, by: int) -> None:
        """Give the results some columns more, or fewer, as far as there is room."""
        settings, now = self._screen.context.settings, self.room
        then = self._room(replace(settings, split=settings.split + by))
        if not now.alone and then != now:
            self._take(replace(settings, split=settings.split + then.results - now.results))
