"""Keeping typed texts in the user's state folder."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from textual.css.query import NoMatches

from tui.context import context_of

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from index.model.draft import Draft
    from index.workspace import Workspace

DELAY: Final = 0.3
"""Seconds between the first key and its being kept; text typed meanwhile goes with it."""


class Keeper:
    """Keeps the typed text of one screen, in a thread, at most every `DELAY` seconds.

    Args:
        screen: where it is typed.
        workspace: keeps the drafts, and knows which ids entries have by then.
        blank: what the draft is about, with nothing typed.
        typed: gives the draft as it is now; None when nothing differs.
    """

    def __init__(
        self, screen: Screen[Any], workspace: Workspace, blank: Draft, typed: Callable[[], Draft | None]
    ) -> None:
        self._screen, self.blank, self._typed = screen, blank, typed
        self._drafts = workspace.status.drafts
        self._by_now = workspace.tree.successors.from_now()
        self._timer: Timer | None = None
        self._number = 0
        self._lock = Lock()
        self._ended = False
        self._taken: list[Draft] = []
        """Drafts of other sessions that this one goes on with: dropped once it is kept itself."""
        context_of(screen).keepers.add(self)

    def touch(self) -> None:
        """Know that something was typed."""
        if self._timer is None and not self._ended:
            self._timer = self._screen.set_timer(DELAY, self.flush)

    def flush(self) -> None:
        """Keep the typed text now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if not self._ended:
            try:
                draft = self._typed()
            except NoMatches:
                return  # the screen is being taken down: what was kept last stays
            self._number += 1
            number = self._number
            self._run(lambda: self._put(number, draft))

    def take_over(self, left: Draft) -> None:
        """Go on with a draft that another session left."""
        self._taken.append(left)
        self.flush()

    def end(self) -> None:
        """Forget the typed text: it is saved, or dropped."""
        self._ended = True
        if self._timer is not None:
            self._timer.stop()
        if self._number:
            self._run(self._drop)

    def _run(self, work: Callable[[], None]) -> None:
        context_of(self._screen).in_thread(work, "draft", exclusive=False)

    def _put(self, number: int, draft: Draft | None) -> None:
        """Write it, unless something newer is on its way; runs in a thread."""
        with self._lock:
            if number != self._number or self._ended:
                return
            try:
                if draft is None:
                    self._drafts.drop(self.blank.of_entries(self._by_now))
                    return
                self._drafts.keep(draft.of_entries(self._by_now))
            except OSError:
                return  # a state folder that cannot be written costs the safety net, not the edit
            self._drop_taken()

    def _drop(self) -> None:
        with self._lock:
            self._drafts.drop(self.blank.of_entries(self._by_now))
            self._drop_taken()

    def _drop_taken(self) -> None:
        while self._taken:
            self._drafts.drop(self._taken.pop())
