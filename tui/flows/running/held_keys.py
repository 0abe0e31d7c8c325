"""Keys that came too early wait, in their order: before the entries are read, or another key is answered."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from textual import events
from textual.screen import Screen

from tui.actions import ACTIONS, MOVE, key, keys_of
from tui.flows.running.quitting import pass_on
from tui.screens.base.frame import Base, Frame, is_typing
from tui.theme.drawing import t

if TYPE_CHECKING:
    from textual.content import Content
    from textual.message_pump import MessagePump
    from textual.widget import Widget

    from tui.runtime.trouble import Guarded

TICK: Final = 0.02
"""Seconds between two looks at the work of a key."""
LONGEST: Final = 1.0
"""Seconds that a key waits for the one before it; while longer work goes on, keys act."""
_LEADING: Final = {action.id for action in ACTIONS if action.group != MOVE} | {"accept", "left", "right"}
"""Actions behind which another screen, or another pane, may have the keys."""
_TEXTS_OWN: Final = {"copy", "undo", "redo", "undo_text", "text_start", "text_end"}
_OF_TEXTS: Final = (_LEADING | {"up", "down", "scroll_up", "scroll_down", "submit"}) - _TEXTS_OWN
"""The same while text is typed; a text of one line has nothing to scroll: its arrows are those of a list."""
_GOING_ON: Final = ("tree", "sync", "keys", "count")
"""Groups of the workers that no key waits for: they have no end soon, or wait for an answer themselves."""


Focus: TypeAlias = "tuple[Screen[Any], Widget | None]"


class HeldKeys:
    """Holds all that is typed from the first key on that needs the entries, until these are shown.

    What is typed behind a key that leads elsewhere, `⏎` in the search, waits too until that is answered: in
    one burst, as a slow line hands them over, it would be for the place that was left. A press of the mouse
    and escape drop it. The key that interrupts never waits; the one that quits waits for keys that act, once,
    so that a letter before it is seen by the form that asks whether to keep it.

    Args:
        early: whether a key needs the entries where it is pressed; asked while they are read.
    """

    def __init__(self, app: Guarded, early: Callable[[events.Key], bool]) -> None:
        self._app, self._early = app, early
        self._reading = False
        self._events: deque[tuple[events.Event, Screen[Any]]] = deque()
        """Those that wait, each with the screen on which it was typed."""
        self._given: deque[events.Event] = deque()
        """Those that waited and are on their way to the app."""
        self._acting = False
        self._screen: Screen[Any] | None = None
        """The screen on which the first key that waits for the entries was pressed."""
        self._told: Content | None = None

    def begin(self) -> None:
        """Note that a tree is going to be read; keys typed for another one are forgotten."""
        self._events.clear()
        self._screen, self._reading = None, True

    @property
    def waiting(self) -> bool:
        """Whether keys wait, or act after having waited: a key that is typed now comes behind them."""
        return bool(self._events) or self._acting

    def takes(self, event: events.Event) -> bool:
        """Keep a key or a pasted text if it has to wait; return whether it does, or comes too late."""
        if not self._app.screen_stack:  # the app ends
            return isinstance(event, events.InputEvent | events.Paste)
        if self._given and event is self._given[0]:
            self._given.popleft()
            return False
        if isinstance(event, events.MouseDown):
            self.drop()
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            return False
        if self._reading and isinstance(event, events.Key) and event.key == "ctrl+j":
            # An enter that was pressed before the terminal gave single keys arrives as the end of a line.
            event.key, event.character = "enter", "\r"
        pressed = event.key if isinstance(event, events.Key) else ""
        if pressed in keys_of("interrupt") or (pressed in keys_of("quit") and not self._may_lose(pressed)):
            return False
        if self._events and self._screen is not None and pressed in keys_of("back"):
            self.drop()
            return True
        if not self.waiting:
            if not self._is_too_early(event):
                if _leads(self._app, event):
                    self._begin(self._follow(self._place))
                return False
            self._wait_for_entries()
        self._events.append((event, self._app.screen))
        return True

    def _may_lose(self, pressed: str) -> bool:
        """Return whether to quit now would go ahead of keys that act; asked for again, it may."""
        asked = any(isinstance(one, events.Key) and one.key == pressed for one, _ in self._events)
        return self._acting and bool(self._events) and not asked

    def _is_too_early(self, event: events.Event) -> bool:
        return self._reading and isinstance(event, events.Key) and self._early(event)

    def _wait_for_entries(self) -> None:
        self._screen = self._app.screen
        self._say(f" The entries are still being read: your keys wait, {key('back')} drops them.")

    def drop(self) -> bool:
        """Forget the keys that wait, and say so; return whether there were any."""
        dropped, self._screen = bool(self._events), None
        self._events.clear()
        if dropped:
            self._say(" The keys that waited are dropped.")
        return dropped

    def _drop_those_before(self, screen: Screen[Any]) -> None:
        """Forget the keys that were typed before the screen was there: none of them is an answer to it."""
        answers = [one for one in self._events if one[1] is screen]
        if len(answers) < len(self._events):
            self.drop()
            self._events.extend(answers)

    def fail(self) -> bool:
        """Note that the entries cannot be read: keys no longer wait; return whether any are dropped."""
        self._reading = False
        return not self._acting and self.drop()

    def let_act(self) -> None:
        """Let the keys act: the entries are read and shown."""
        self._reading = False
        if self._events and not self._acting:
            self._begin(self._act())

    def _begin(self, acting: Coroutine[Any, Any, None]) -> None:
        self._acting = True
        self._app.run_worker(acting, group="keys")

    async def _act(self) -> None:
        with self._guarded():
            await self._rest()
            if self._app.screen is not self._screen:
                self._drop_those_before(self._app.screen)  # a question has come meanwhile
            elif isinstance(self._screen, Frame) and self._told is not None:
                self._screen.toast.take_back(self._told)
            while self._events:
                place = self._place
                self._give()
                await self._rest(place)

    async def _follow(self, place: Focus) -> None:
        """Let the keys act that come behind one that leads elsewhere, once that is answered."""
        with self._guarded():
            led = True
            while led or self._events:
                if led:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LONGEST):
                            await self._rest(place)
                place = self._place
                if isinstance(place[0], Base) and place[0].ASKS:
                    self._drop_those_before(place[0])
                if self._events and self._is_too_early(self._events[0][0]):
                    break
                led = bool(self._events) and _leads(self._app, self._give())
        if self._events:
            self._wait_for_entries()

    def _give(self) -> events.Event:
        event, _ = self._events.popleft()
        self._given.append(event)
        self._app.post_message(event)
        return event

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # the boundary: the next key may work
            self._events.clear()
            if self._app.screen_stack:  # else the app ends, and no key has a place any more
                self._app.unexpected(error)
        finally:
            self._acting, self._screen = False, None
            self._given.clear()

    @property
    def _place(self) -> Focus:
        """The screen and the widget that have the keys."""
        return self._app.screen, self._app.focused

    async def _rest(self, left: Focus | None = None) -> None:
        """Wait until everything that was begun is done, so that the next key finds its place.

        It is found already where the last key has led away from the place that it `left`: a list that is
        still being read can be gone through.
        """
        app = self._app
        while True:
            screen, focused = before = self._place
            nodes = list((focused or screen).ancestors_with_self)
            await _passed([app, *nodes, *nodes])
            done = asyncio.Event()
            if screen.is_running and screen.call_after_refresh(done.set):
                await _until(done, [screen])
            there = screen.is_mounted and before == self._place
            if there and (not self._busy() or left not in (None, before)):
                return
            await asyncio.sleep(TICK)

    def _busy(self) -> bool:
        return any(not one.is_finished and one.group not in _GOING_ON for one in self._app.workers)

    def _say(self, words: str) -> None:
        screen = self._app.screen
        if isinstance(screen, Frame):
            self._told = t(("!", "warn"), words)
            screen.tell(self._told, stay=True)


def _leads(app: Guarded, event: events.Event) -> bool:
    """Whether a key may lead elsewhere from where it is pressed."""
    focused = app.focused
    if not isinstance(event, events.Key) or (is_typing(focused) and event.is_printable):
        return False
    if event.key in getattr(focused, "kept_keys", ()):
        return False
    bound = app.screen.active_bindings.get(event.key)
    return bound is not None and bound.binding.action in (_OF_TEXTS if is_typing(focused) else _LEADING)


async def _passed(nodes: list[MessagePump]) -> None:
    """Wait until each of the nodes, one after the other, has answered all that it was sent."""
    done = asyncio.Event()
    pass_on(nodes, done.set)
    await _until(done, nodes)


async def _until(done: asyncio.Event, nodes: list[MessagePump]) -> None:
    """Wait for an event, unless a node that is to bring it ends before."""
    while not done.is_set() and all(node.is_running for node in nodes):
        with suppress(TimeoutError):
            async with asyncio.timeout(TICK):  # `wait_for` of Python 3.11 loses an end that comes with it
                await done.wait()
