"""Welcome screen, shown where there is no tree: how to get one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from index.model.store_places import PLACES, STARTS
from tui.actions import bindings, key
from tui.runtime.threads import look_up
from tui.screens.base.frame import Frame
from tui.theme.drawing import BLANK, empty_state, hot, plain, t, wrap
from tui.widgets.base.drawn import Drawn

if TYPE_CHECKING:
    from index.workspace import Workspace

MEASURE = 56
_LOOK_EVERY = 1.0
"""Seconds between two looks for memories that somebody else makes."""
_CHOICES = (
    ("demo", "open the demo, a small tree with a history"),
    ("open_tree", "open another folder"),
    ("new_tree", "start memories here: XML, Claude Code, Serena …"),
)


def _looked_for() -> list[str]:
    """Return a place of each tool's memories, folders with a `/`."""
    first = {place.keeper: place.path for place in reversed(PLACES)}
    paths = [place.path for place in PLACES if place.path == first[place.keeper]]
    return [path if "." in path.rpartition("/")[2][1:] else f"{path}/" for path in paths]


class WelcomeMenu(Drawn, can_focus=True):
    """The three ways to go on, as a list."""

    HELP_TITLE = "Keys: welcome"
    DEFAULT_CSS = "WelcomeMenu { height: 1fr; margin-top: 1; }"
    FOOTER = ("demo", "open_tree", "new_tree", "quit")
    BINDINGS = bindings("up", "down", "accept")

    def __init__(self, start: str) -> None:
        super().__init__(id="choice")
        self._start = start
        self._cursor = 0
        self.hidden = ""
        """Says that git hides memories here, and how to have them."""

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the places looked in, and the choices."""
        room = min(width - 4, MEASURE)
        where = t(plain(self._start), (" and the folders above it hold none of: ", "muted"))
        looked = t(where, (", ".join(_looked_for()), "text"))
        title = "No memories on the disk here" if self.hidden else "No memories here yet"
        told = plain(self.hidden) if self.hidden else looked
        lines = [t((title, "strong")), BLANK, *wrap(told, room), BLANK]
        for n, (action, label) in enumerate(_CHOICES):
            edge = t(("▌", "accent")) if n == self._cursor else t(" ")
            lines.append(hot(t(edge, " ", (key(action), "strong"), (f"   {label}", "text")), action))
        lines += [BLANK, t(("Or name a tree:  ", "muted"), ("memarium PATH", "text"))]
        return empty_state(lines, width, height, MEASURE)

    def action_up(self) -> None:
        """Go to the choice above."""
        self._cursor = max(0, self._cursor - 1)
        self.refresh()

    def action_down(self) -> None:
        """Go to the choice below."""
        self._cursor = min(len(_CHOICES) - 1, self._cursor + 1)
        self.refresh()

    async def action_accept(self) -> None:
        """Take the choice the cursor is on."""
        await self.run_action(f"screen.{_CHOICES[self._cursor][0]}")


class Welcome(Frame[None]):
    """The first screen of someone who has no tree yet."""

    BINDINGS = bindings("demo", "open_tree", "new_tree", "reload")

    _looking = False
    """Whether a look goes on: a folder may be on a disk that does not answer."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no way to another pane, nor back from the first screen: there is none."""
        return action not in ("next", "previous", "left", "right", *(["back"] if self.at_start else []))

    def make_panes(self) -> Widget:
        """Return the choices."""
        start = str(self.context.start)
        home = str(Path.home())
        told = "~" + start.removeprefix(home) if start.startswith(home + "/") else start
        return self.abreast(WelcomeMenu(told))

    def on_mount(self) -> None:
        """Write the title, and look from time to time whether there are memories by now."""
        from index.workspace import Workspace

        self.set_title(t(("Welcome", "strong")))
        self.set_interval(_LOOK_EVERY, self._look_again)
        start = self.context.start
        look_up(self, "hidden", lambda: Workspace.left_out(start), self._show_hidden, self.refuse)

    def _look_again(self) -> None:
        if self.app.screen is self and not self._looking:
            self._look(asked=False)

    def action_reload(self) -> None:
        """Look for memories at once."""
        self._look(asked=True)

    def _look(self, *, asked: bool) -> None:
        from index.workspace import Workspace

        self._looking, start = True, self.context.start
        look_up(self, "reload", lambda: Workspace.around(start), partial(self.show, asked=asked), self.refuse)

    def _show_hidden(self, words: str) -> None:
        """Show how to have the memories that git hides."""
        menu = self.query_one(WelcomeMenu)
        menu.hidden = words
        menu.refresh()

    def show(self, found: Workspace | None, *, asked: bool = False) -> None:
        """Open the tree that was found, unless another screen is in front by now; say so if there is none."""
        self._looking = False
        if found is None and asked:
            self.tell(t(("There are no memories here yet.", "muted")))
        elif found is not None and self.app.screen is self:
            self.context.open(found)
        elif found is not None:
            found.close()

    def action_demo(self) -> None:
        """Open a fresh copy of the sample tree."""
        self.tell(t(("Making the demo …", "muted")))
        look_up(self, "open", _make_demo, self._open, self.refuse)

    def action_open_tree(self) -> None:
        """Ask for a folder and open it."""
        from tui.screens.base.ask_folder import AskFolder

        self.app.push_screen(AskFolder(self.context.settings.opened or str(self.context.start)), self._chosen)

    def _chosen(self, path: Path | None) -> None:
        if path is not None:
            self.context.remember(replace(self.context.settings, opened=str(path)))
            self._open(path)

    def _open(self, path: Path) -> None:
        from index.workspace import Workspace

        self._try(lambda: Workspace.open(path))

    def action_new_tree(self) -> None:
        """Ask which store to start here, write its files and open it."""
        from tui.screens.base.picker import Item, Picker, pick

        items = [Item(start.name, start.about) for start in STARTS]
        pick(self.context, Picker(items, "Start which store?", "stores"), self._start)

    def _start(self, name: str) -> None:
        from index.workspace import Workspace

        start, now = self.context.start, self.context.now()
        self._try(lambda: Workspace.open(Workspace.start(start, name, now).folder))

    def _try(self, make: Callable[[], Workspace]) -> None:
        """Show the tree that is made, or say why there is none."""
        from index.model.errors import TreeError

        try:
            self.context.open(make())
        except TreeError as error:
            self.refuse(error)


def _make_demo() -> Path:
    from index.commands.demo import demo_target, make_demo_project
    from index.model.days import today

    return make_demo_project(demo_target(), today())
