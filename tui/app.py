"""The app: which screen is open, in which theme, and the one state they all show."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App
from textual.content import Content
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen

from tui import settings as remembered
from tui.actions import BY_ID, bindings, chords
from tui.background import FirstPage, GitState, Indexed, Progress, TreeRead, Trouble, read_again, read_tree
from tui.look import t
from tui.prefetch import Prefetch
from tui.sanitize import Sanitize
from tui.screens.frame import Frame, is_typing
from tui.themes import THEMES, choose
from tui.widgets.status_line import Status

if TYPE_CHECKING:
    from index.workspace import Page, Workspace
    from tui.screens.browse import Browse


class Memarium(App[None], inherit_bindings=False):
    """memarium in a terminal."""

    TITLE = "memarium"
    CSS_PATH = ["screens/frame.tcss", "screens/browse.tcss"]  # Textual reads none of the first screen's own
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS = [
        *bindings("search", priority=True),
        *chords("palette", "help", "quit", "reload"),
        *bindings("help", "quit", "interrupt", "timeline", "problems", "undo"),
    ]

    status: reactive[Status] = reactive(Status())
    """What the status line says; screens watch it."""
    generation: reactive[int] = reactive(0)
    """Counts up whenever entries, problems or the index changed; screens watch it and ask the workspace."""

    def __init__(
        self,
        workspace: Workspace | None,
        *,
        first: Prefetch | None = None,
        start: Path | None = None,
        now: Callable[[], datetime] | None = None,
        settings_file: Path | None = None,
    ) -> None:
        """Open `workspace`, or the welcome when it is None.

        Args:
            workspace: the tree to show.
            first: its first page, where it is being read already.
            start: the folder where no tree was found, for the welcome.
            now: the clock, for "7 weeks ago"; tests pass a fixed one.
            settings_file: where choices are remembered; the user's own when None.
        """
        super().__init__()
        self.workspace = workspace
        self._first = first or (Prefetch(workspace) if workspace is not None else None)
        self.start = start or Path.cwd()
        self.now = now or (lambda: datetime.now().astimezone())
        self.page: Page | None = None
        """The tree as it was left last time, until it is read."""
        self._settings_file = settings_file or remembered.settings_file()
        self.settings = remembered.load(self._settings_file)
        self._stop = threading.Event()
        self.painted = threading.Event()
        """Set once the first page is on the screen."""
        for theme in THEMES:
            self.register_theme(theme)
        colours = self.console.color_system
        self.theme = choose(
            self.settings.theme, self.available_themes, colours=colours, no_color=self.no_color
        )

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen."""
        if self.workspace is None:
            from tui.screens.welcome import Welcome

            return Welcome()
        from tui.screens.browse import Browse

        return Browse()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, and the one that keeps escapes in memories from the terminal."""
        return [*super().get_line_filters(), Sanitize()]

    def on_mount(self) -> None:
        """Read the tree behind the first screen."""
        if self.workspace is not None and self._first is not None:
            self._begin(self.workspace, self._first)

    def open(self, workspace: Workspace) -> None:
        """Show another tree."""
        from tui.screens.browse import Browse

        self._stop.set()
        self._stop, self.painted = threading.Event(), threading.Event()
        self.workspace, self.page = workspace, None
        self.push_screen(Browse())
        self._begin(workspace, Prefetch(workspace))

    def _begin(self, workspace: Workspace, first: Prefetch) -> None:
        self.status = Status(tree=workspace.name)
        page = first.now()
        if page is not None:
            self._show_page(page)
        painted, stop = self.painted, self._stop
        self.run_worker(
            lambda: read_tree(workspace, self.post_message, first, painted, stop),
            thread=True, exclusive=True, exit_on_error=False, group="tree",
        )  # fmt: skip

    def on_unmount(self) -> None:
        """Let the threads end."""
        self._stop.set()

    # ── what the background tells ─────────────────────────────────────────────

    def on_first_page(self, message: FirstPage) -> None:
        """Show the tree as it was left, unless that is shown already."""
        if self.page is None:
            self._show_page(message.page)

    def _show_page(self, page: Page) -> None:
        self.page = page
        self.status = self.status._replace(entries=page.total, files=page.files, problems=page.problems)
        self.generation += 1

    def on_tree_read(self, message: TreeRead) -> None:
        """Show the tree as it is."""
        assert self.workspace is not None
        snapshot = self.workspace.snapshot
        if message.complete:
            self.page = None
        broken = {p.file for p in snapshot.problems() if p.level == "error"}
        self.status = self.status._replace(
            entries=snapshot.total, files=len(snapshot.records), problems=len(broken)
        )
        self.generation += 1

    def on_indexed(self, message: Indexed) -> None:
        """Search again: the answer may be another one."""
        self.generation += 1

    def on_progress(self, message: Progress) -> None:
        """Show how far a long task is."""
        self.status = self.status._replace(task=message.task, done=message.done, to_do=message.total)

    def on_git_state(self, message: GitState) -> None:
        """Show branch and cleanliness."""
        state = message.state
        self.status = self.status._replace(
            branch=state.branch if state else "", dirty=bool(state and state.dirty)
        )

    def on_trouble(self, message: Trouble) -> None:
        """Say what failed."""
        self.tell(t(("▲ ", "err"), message.text), stay=True)

    # ── what screens ask for ──────────────────────────────────────────────────

    def tell(self, line: Content, *, stay: bool = False) -> None:
        """Say what happened on the screen in front that has a place for it."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Frame):
                screen.tell(line, stay=stay)
                return

    def remember(self, **choices: str | bool) -> None:
        """Keep choices of the user for the next start."""
        from dataclasses import replace

        self.settings = replace(self.settings, **choices)  # type: ignore[arg-type]  # checked by `load`
        remembered.save(self._settings_file, self.settings)

    def use_theme(self, name: str) -> None:
        """Put a theme on and remember it; an ansi theme is refused where there is no colour."""
        if self.no_color and self.available_themes[name].ansi:
            self.tell(t(("!", "warn"), f" {name} needs colours, and NO_COLOR is set."))
            return
        self.theme = name
        self.remember(theme=name)

    def show_entry(self, entry_id: str) -> None:
        """Go back to the browse screen, to this entry."""
        browse = self._browse()
        if browse is not None:
            browse.show_entry(entry_id)

    def holder(self, action: str) -> DOMNode | None:
        """Return what would do an action now: the focused widget, what is around it, or the app."""
        screen = self.screen
        nodes: list[DOMNode] = list(screen.focused.ancestors_with_self) if screen.focused else [screen, self]
        for node in nodes:
            if hasattr(node, f"action_{action}") and node.check_action(action, ()):
                return node
        return None

    def possible(self) -> set[str]:
        """Return the ids of the actions that have a key where the focus is."""
        return {active.binding.action for active in self.screen.active_bindings.values() if active.enabled}

    async def perform(self, action: str) -> bool:
        """Do an action of the registry as if its key were pressed; False when nothing here does it."""
        node = self.holder(action)
        return node is not None and await self.run_action(action, node)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep letters for the text that is typed, and the screen behind a question as it is."""
        screen = self.screen
        if action == "search" and is_typing(self.focused):
            return False
        leads_away = action in {"search", "timeline", "problems", "undo"}
        if leads_away and isinstance(screen, Frame) and screen.unsaved:
            return False
        return action == "quit" or isinstance(screen, Frame)

    def action_search(self) -> None:
        """Go to the search box, whatever screen is in front.

        The focus moves before this returns: the letters typed after `/` in one burst are already for it.
        """
        browse = self._browse()
        if browse is not None:
            browse.action_search()

    def _browse(self) -> Browse | None:
        """Return the browse screen, in front of all others now."""
        from tui.screens.browse import Browse

        browse = next((screen for screen in self.screen_stack if isinstance(screen, Browse)), None)
        while browse is not None and self.screen is not browse:
            self.pop_screen()
        return browse

    def action_timeline(self) -> None:
        """Open the timeline."""
        from tui.screens.timeline import Timeline

        self._show(Timeline)

    def action_problems(self) -> None:
        """Open the problems."""
        from tui.screens.problems import Problems

        self._show(Problems)

    def _show(self, screen: type[Screen[None]]) -> None:
        if self.workspace is not None and not isinstance(self.screen, screen):
            self.push_screen(screen())

    def action_undo(self) -> None:
        """Take back the last edit of this session."""
        from tui.flows import undo

        undo(self)

    def action_palette(self) -> None:
        """Open the list of every action."""
        from tui.screens.palette import Palette

        themes = [name for name, theme in self.available_themes.items() if not (self.no_color and theme.ansi)]
        self.push_screen(
            Palette(self.possible(), [name for name in themes if name != self.theme]), self._chosen
        )

    async def _chosen(self, action: str | None) -> None:
        if action and action.startswith("theme:"):
            self.use_theme(action.removeprefix("theme:"))
        elif action and not await self.perform(action):
            self.tell(t(("!", "warn"), f" {BY_ID[action].title} is not possible here."))

    def action_help(self) -> None:
        """Show the keys of the focused pane."""
        from tui.screens.help import Help

        title = getattr(self.focused, "HELP_TITLE", "") or getattr(self.screen, "HELP_TITLE", "Keys")
        self.push_screen(Help(self.possible(), title))

    def action_reload(self) -> None:
        """Read what changed on disk."""
        workspace = self.workspace
        if workspace is not None:
            self.run_worker(
                lambda: read_again(workspace, self.post_message),
                thread=True, exclusive=True, exit_on_error=False, group="reload",
            )  # fmt: skip

    def action_interrupt(self) -> None:
        """Say how to leave: ctrl+c copies in a text, and often comes by habit."""
        self.tell(t(("ctrl+q", "strong"), (" quits", "muted")))

    async def action_quit(self) -> None:
        """Leave, unless a screen has something to ask first."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Frame) and screen.unsaved:
                while self.screen is not screen:
                    self.pop_screen()
                screen.action_back()
                return
        self.exit()
