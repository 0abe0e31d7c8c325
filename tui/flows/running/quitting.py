"""The keys that lead back and out of the app: a write is waited for, and a screen may ask first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Final

from textual.content import Content
from textual.message_pump import MessagePump
from textual.widget import Widget

from index.storage import writes
from tui.actions import key
from tui.runtime.trouble import Guarded
from tui.screens.base.frame import Frame
from tui.theme.drawing import t

LOOK: Final = 0.1
"""Seconds between two looks at a write that is waited for."""


def pass_on(nodes: Sequence[MessagePump], then: Callable[[], object]) -> None:
    """Wait in the queue of each node in turn."""
    if nodes:
        nodes[0].call_later(pass_on, nodes[1:], then)
    else:
        then()


class Quitting(Guarded, inherit_bindings=False):
    """The part of the app that knows how it is left."""

    hurried = False
    """Whether to end in the midst of a write."""
    _asked_to_leave = False

    @abstractmethod
    def tell(self, line: Content, *, stay: bool = False) -> None:
        """Tell of an event on the screen in front."""

    def action_leave(self) -> None:
        """Go back as `back` does, and from the first screen leave the app."""
        screen = self.screen
        if isinstance(screen, Frame) and not screen.at_start:
            screen.action_back()
        else:
            self.after_typing(self._leave)

    async def action_quit(self) -> None:
        """Leave, unless a screen has something to ask first."""
        self.after_typing(self._leave)

    def after_typing(self, then: Callable[[], object]) -> None:
        """Call `then` once everything typed so far has arrived.

        A key that goes ahead of all others would else overtake the letters typed before it, which are still
        on their way to the focused widget, or as its messages from there to the screen.
        """
        focused = self.focused
        if focused is None:
            then()
        else:
            pass_on([focused, *(n for n in focused.ancestors_with_self if isinstance(n, Widget))], then)

    def _leave(self) -> None:
        if writes.is_writing() and not self._asked_to_leave:
            self._asked_to_leave = True
            words = " Still saving: memarium quits when that is done, or at once with another "
            self.tell(t(("!", "warn"), words, (key("quit"), "strong")), stay=True)
            self._leave_when_written()
        elif writes.is_writing():
            self.hurried = True
            self.exit()
        else:
            self._leave_now()

    def _leave_when_written(self) -> None:
        if writes.is_writing():
            self.set_timer(LOOK, self._leave_when_written)
        elif not self.hurried:
            self._asked_to_leave = False
            self.set_timer(LOOK, self._leave_now)  # what the write says comes first: it may be refused

    def _leave_now(self) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Frame) and screen.unsaved:
                while self.screen is not screen:
                    self.pop_screen()
                screen.action_back()
                return
        self.exit()
