"""Whatever a footer or the palette offers does something: on every screen, in every pane."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget

from tests.support.leaving import leave_draft
from tests.support.pilot import WIDE, open_app, press, ready, said, settle
from tests.support.shop import FILE, make_shop
from tests.support.shop_clones import make_conflict
from tests.support.shop_past import BILLING, commit, make_past
from tui.actions import BOTH, BY_ID, hints
from tui.app import Memarium
from tui.flows.moving.going_back import idle_in
from tui.screens.base.frame import Frame
from tui.screens.browse.browse import Browse
from tui.widgets.base.footer import Footer
from tui.widgets.base.toast import Toast

_NO_TERMINAL = {"suspend"}
"""Actions that Pilot has no terminal for."""
_WAYS = {**BOTH, **{back: way for way, back in BOTH.items()}, "previous_item": "next_item"}
"""Where the one way ends, the other goes on."""
_FOUND = ("slash", *"pool exh", "enter")
EMPTY: dict[str, Sequence[str]] = {
    "no entries": (),
    "no problems": ("p",),
    "nothing deleted": ("D",),
    "all committed": ("P",),
    "no trends": ("i",),
}
CONFLICTS: dict[str, Sequence[str]] = {"conflicts": ("S",), "text of a conflict": ("S", "e", "x")}
FULL: dict[str, Sequence[str]] = {
    "no results": ("slash", *"qzxqzx", "down"),
    "search": ("slash", *"pool"),
    "results": _FOUND,
    "marked": (*_FOUND, "space"),
    "page": (*_FOUND, "enter"),
    "history of one version": ("slash", *"retry", "enter", "H"),
    "history": (*_FOUND, "H"),
    "older version": (*_FOUND, "H", "down"),
    "comparison": (*_FOUND, "H", "enter"),
    "history of the file": (*_FOUND, "F"),
    "deleted": ("D",),
    "timeline": ("t",),
    "story": ("t", "right"),
    "calendar": ("t", "shift+tab"),
    "as it was": ("t", "right", "down", "enter"),
    "brief": ("w", "down"),
    "trends": ("i",),
    "chart": ("i", "tab"),
    "problems": ("p",),
    "a draft": ("P",),
    "a file": ("P", "down"),
    "form": (*_FOUND, "e", "x"),
    "source of an entry": (*_FOUND, "X", "x"),
    "new entry": ("a", *"lesson", "enter", "x"),
    "end of the session": ("W", "x"),
    "review": (*_FOUND, "C"),
}
"""Keys from the results to each screen; one that has nothing comes before one that has."""


class Watched:
    """An app whose actions are watched; no other screen opens, and it does not end."""

    def __init__(self, pilot: Pilot[None], patch: pytest.MonkeyPatch, known: set[tuple[type, str]]) -> None:
        assert isinstance(pilot.app, Memarium)
        self.app, self.pilot, self.patch = pilot.app, pilot, patch
        self.known = known
        """The actions that were done before, each with the class that does it."""
        self.done: list[object] = []
        patch.setenv("EDITOR", "true")
        patch.setattr(self.app, "suspend", nullcontext)
        patch.setattr(self.app, "exit", lambda *_, **__: self.done.append("exit"))

    async def go(self, keys: Sequence[str]) -> object:
        """Go to a screen, from the results of no query; return what has the focus there."""
        app = self.app
        while len(app.screen_stack) > 1:
            app.screen.dismiss()
            await settle(self.pilot)
        if app.is_screen_installed("timeline"):
            app.uninstall_screen("timeline")
        if isinstance(app.screen, Browse):
            app.screen.unmark()
            app.screen.ask_for("")
            app.screen.to_rows()
        await settle(self.pilot)
        await press(self.pilot, *keys)
        return self.place

    @property
    def place(self) -> object:
        """The screen in front, and what has the focus."""
        return type(self.app.screen), type(self.app.focused)

    def offered(self) -> set[str]:
        """Return the actions in palette and footer that were not done before."""
        app, screen = self.app, self.app.screen
        assert isinstance(screen, Frame)
        named = {name for name, _, _ in hints(screen.query_one(Footer).keys)}
        idle = idle_in(app.workspace, None, app.now()) if app.workspace is not None else set()
        every = named | {name for name in app.possible() - idle if BY_ID[name].title}
        return {name for name in every - _NO_TERMINAL if (type(app.holder(name)), name) not in self.known}

    async def does_nothing(self, name: str) -> str:
        """Do an action; return its excuse, or `nothing`, if nothing came of it."""
        app = self.app
        toast = app.screen.query_one(Toast)
        toast.display = False
        self.done.clear()
        self.known.add((type(app.holder(name)), name))
        before = state(app), picture(app)
        with self.patch.context() as within:
            within.setattr(app, "push_screen", lambda *given: self.done.append(given))
            await app.perform(name)
            await settle(self.pilot)
        if self.done or state(app) != before[0]:
            return ""
        words = said(toast).strip() if toast.display else ""
        if words:
            return words if words[0] in "!▲" else ""
        return "" if picture(app) != before[1] else "nothing"

    async def idle_offers(self, keys: Sequence[str]) -> dict[str, str]:
        """Do each action that is offered on a screen; return those that do nothing."""
        place, found = await self.go(keys), {}
        for name in sorted(self.offered(), key=lambda name: (name != "undo_text", name)):
            if self.place != place or name not in self.offered():
                assert await self.go(keys) == place
            if name not in self.offered():
                continue  # it belonged to another row
            excuse = await self.does_nothing(name)
            if excuse and name in _WAYS:
                excuse = await self.does_nothing(_WAYS[name])
            if excuse:
                found[name] = excuse
        return found


def state(app: Memarium) -> object:
    """Return the state that shows on the next screen only, or goes to the disk or the clipboard."""
    return [*app.screen_stack], app.focused, app.clipboard, app.settings, app.generation


def picture(app: Memarium) -> object:
    """Return the text of all that is in view, and its place."""
    return [
        (widget, widget.region, [strip.text for strip in widget.render_lines(Region(0, 0, *widget.size))])
        for widget in app.screen.walk_children(Widget)
        if widget.region
    ]


async def test_every_offer_does_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known: set[tuple[type, str]] = set()
    idle: dict[str, dict[str, str]] = {}
    for place in ("none", "mine", "full"):
        (tmp_path / place).mkdir()
    full = make_past(tmp_path / "full")
    commit(full, BILLING, None, "memory: drop the lessons", "2025-10-09T08:00:00Z")
    leave_draft(full, entry=f"{FILE}#debugging-solution-2025-09-28T09:10:00Z", title="Retry storm")
    (full / "new.xml").write_text("<lessons><lesson><title>A new one</title></lesson></lessons>", "utf-8")
    trees = (
        (make_shop(tmp_path / "none", files={"a.xml": "<as/>"}), EMPTY),
        (make_conflict(tmp_path / "mine")[0], CONFLICTS),
        (full, FULL),
    )
    for root, scenes in trees:
        app = open_app(root)
        async with app.run_test(size=WIDE) as pilot:
            await ready(pilot)
            watched = Watched(pilot, monkeypatch, known)
            idle |= {name: await watched.idle_offers(keys) for name, keys in scenes.items()}
    assert [f"{place}: {name} {found[name]}" for place, found in idle.items() for name in found] == []
