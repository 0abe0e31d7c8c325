"""Keys that came before the entries were read: they wait, in their order, and act once these are shown."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.screen import Screen

from tui.actions import key, keys_of
from tui.flows.running.quitting import pass_on
from tui.screens.base.frame import Frame
from tui.theme.drawing import t

if TYPE_CHECKING:
    from textual.content import Content
    from textual.message_pump import MessagePump

    from tui.runtime.trouble import Guarded

TICK: Final = 0.02
"""Seconds between two looks at the work of a key."""
_GOING_ON: Final = ("tree", "sync", "keys")
"""Groups of the workers that no key waits for: they have no end soon, or wait for an answer themselves."""


class HeldKeys:
    """Holds all that is typed from the first key on that needs the entries, until these are shown.

    A press of the mouse and escape drop it. The keys that quit or interrupt never wait.

    Args:
        early: whether a key needs the entries where it is pressed; asked while they are read.
    """

    def __init__(self, app: Guarded, early: Callable[[events.Key], bool]) -> None:
        self._app, self._early = app, early
        self._reading = False
        self._events: deque[events.Event] = deque()
        self._given: events.Event | None = None
        """The event that acts now."""
        self._acting = False
        self._screen: Screen[Any] | None = None
        """The screen on which the first key was pressed."""
        self._told: Content | None = None

    def begin(self) -> None:
        """Note that a tree is going to be read; keys typed for another one are forgotten."""
        self._events.clear()
        self._reading = True

    @property
    def waiting(self) -> bool:
        """Whether keys wait, or act after having waited: a key that is typed now comes behind them."""
        return bool(self._events) or self._acting

    def takes(self, event: events.Event) -> bool:
        """Keep a key or a pasted text if it has to wait; return whether it does."""
        if not (self._reading or self.waiting) or event is self._given:
            return False
        if isinstance(event, events.MouseDown):
            self.drop()
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        if self._reading and isinstance(event, events.Key) and event.key == "ctrl+j":
            # An enter that was pressed before the terminal gave single keys arrives as the end of a line.
            event.key, event.character = "enter", "\r"
        pressed = event.key if isinstance(event, events.Key) else ""
        if pressed in (*keys_of("quit"), *keys_of("interrupt")):
            return False
        if self._events and pressed in keys_of("back"):
            self.drop()
            return True
        if not self.waiting:
            if not isinstance(event, events.Key) or not self._early(event):
                return False
            self._screen = self._app.screen
            self._say(f" The entries are still being read: your keys wait, {key('back')} drops them.")
        self._events.append(event)
        return True

    def drop(self) -> bool:
        """Forget the keys that wait, and say so; return whether there were any."""
        dropped = bool(self._events)
        self._events.clear()
        if dropped:
            self._say(" The keys that waited are dropped.")
        return dropped

    def fail(self) -> bool:
        """Note that the entries cannot be read: keys no longer wait; return whether any are dropped."""
        self._reading = False
        return not self._acting and self.drop()

    def let_act(self) -> None:
        """Let the keys act: the entries are read and shown."""
        self._reading = False
        if self._events and not self._acting:
            self._acting = True
            self._app.run_worker(self._act(), group="keys")

    async def _act(self) -> None:
        try:
            await self._rest()
            if self._app.screen is not self._screen:
                self.drop()  # a question has come meanwhile, which they are no answer to
            elif isinstance(self._screen, Frame) and self._told is not None:
                self._screen.toast.take_back(self._told)
            while self._events:
                self._given = self._events.popleft()
                self._app.post_message(self._given)
                await self._rest()
        except Exception as error:  # the boundary: the next key may work
            self._app.unexpected(error)
        finally:
            self._given, self._acting = None, False

    async def _rest(self) -> None:
        """Wait until everything that was begun is done, so that the next key finds its place."""
        app = self._app
        while True:
            screen, focused = before = app.screen, app.focused
            nodes = list((focused or screen).ancestors_with_self)
            await _passed([app, *nodes, *nodes])
            done = asyncio.Event()
            if screen.is_running and screen.call_after_refresh(done.set):
                await _until(done, [screen])
            if screen.is_mounted and not self._busy() and before == (app.screen, app.focused):
                return
            await asyncio.sleep(TICK)

    def _busy(self) -> bool:
        return any(not one.is_finished and one.group not in _GOING_ON for one in self._app.workers)

    def _say(self, words: str) -> None:
        screen = self._app.screen
        if isinstance(screen, Frame):
            self._told = t(("!", "warn"), words)
            screen.tell(self._told, stay=True)


async def _passed(nodes: list[MessagePump]) -> None:
    """Wait until each of the nodes, one after the other, has answered all that it was sent."""
    done = asyncio.Event()
    pass_on(nodes, done.set)
    await _until(done, nodes)


async def _until(done: asyncio.Event, nodes: list[MessagePump]) -> None:
    """Wait for an event, unless a node that is to bring it ends before."""
    while not done.is_set() and all(node.is_running for node in nodes):
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), TICK)
