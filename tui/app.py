"""The app: which screen is open, in which theme, and the one state they all show."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from textual import events
from textual.filter import LineFilter
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker

from index.model.counts import count_words
from index.model.days import local
from index.model.news import News
from tui import settings as remembered
from tui.context import StatusLineFacts
from tui.data.tree_workers import (
    Damaged,
    FirstPage,
    GitState,
    Indexed,
    Indexer,
    LeftOver,
    Marks,
    Progress,
    TreeRead,
    Waiting,
    mark_seen,
    read_again,
    read_tree,
    until_stopped,
)
from tui.flows.moving.trail import Place, Trail, here
from tui.flows.routing import Routing
from tui.flows.running.configuring import configure, told
from tui.flows.running.held_keys import HeldKeys
from tui.flows.running.leaving import KEEPING, close
from tui.flows.running.left_over import tell_left_over
from tui.flows.running.preload_screens import import_ahead
from tui.runtime.idle_gc import IDLE, Collector
from tui.runtime.key_priority import Turns
from tui.runtime.prefetch import Prefetch
from tui.runtime.trouble import Trouble, hear_of_threads
from tui.theme.drawing import t
from tui.theme.sanitize import Ascii, Sanitize, copyable, wants_ascii
from tui.theme.themes import legible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from index.model.remembered_page import RememberedPage
    from index.workspace import Workspace
    from tui.context import Flushing
    from tui.runtime.suspend import Pauser
    from tui.runtime.terminal_watchdog import Lifeline

_DAY_CHECK = 20.0
"""Seconds between two looks at the calendar."""


class Memarium(Routing):
    """memarium in a terminal."""

    TITLE = "memarium"
    # Textual reads none of the first screen's own; with one that it meets later, it reads all others again,
    # and the timeline must not wait for that.
    CSS_PATH = ["screens/base/frame.tcss", "screens/browse/browse.tcss", "screens/sessions/timeline.tcss"]
    ENABLE_COMMAND_PALETTE = False

    status: reactive[StatusLineFacts] = reactive(StatusLineFacts())
    """Contents of the status line; screens watch it."""
    generation: reactive[int] = reactive(0)
    """Counts up whenever entries, problems or commits changed; screens watch it and ask the workspace."""
    indexed: reactive[int] = reactive(0)
    """Counts up whenever the search covers more; who shows hits watches it."""
    syncing: reactive[bool] = reactive(False)
    """Whether a sync goes on; screens watch it and show the key that stops it."""
    news: reactive[News] = reactive(News())
    """Entries that the user has not seen; screens that mark them watch it."""

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
            first: its first page, where it is being read already.
            start: the folder where no tree was found, for the welcome.
            now: the clock, for "7 weeks ago"; tests pass a fixed one.
            settings_file: the user's choices are kept beside it; None: at their own place.
        """
        super().__init__()
        self.workspace = workspace
        self._first = first or (Prefetch(workspace) if workspace is not None else None)
        self.start = start or Path.cwd()
        self.now = now or (lambda: local(datetime.now(UTC)))
        self.page: RememberedPage | None = None
        """The tree as it was left last time, until it is read."""
        self.read = False
        """Whether the tree was read as a whole."""
        self.lifeline: Lifeline | None = None
        """Ends it when a signal asks for that."""
        self.keepers: WeakSet[Flushing] = WeakSet()
        """Keep the typed texts of the screens that are open."""
        self._pauser: Pauser | None = None
        self._copied = ""
        self.trail = Trail()
        self._left_at: dict[Path, Place | None] = {}
        """The last place in each tree that was open before this one."""
        self.started = False
        """Whether all was looked at that is looked at on the start."""
        self._words: list[str] = []
        """Sentences of the time before there is a screen."""
        self._kept = remembered.open_settings(settings_file, self._words.append)
        self.config, self.settings = configure(self, remembered.load(self._kept))
        self._lines: list[LineFilter] = [Sanitize(), *([Ascii()] if wants_ascii() else [])]
        self._stop = threading.Event()
        self._head: str | None = None
        self.turns = Turns()
        self.held = HeldKeys(self, self._is_early)
        self.painted = threading.Event()
        """Set once the first page is on the screen."""

    def get_default_screen(self) -> Screen[None]:
        """Return the first screen."""
        if self.workspace is None:
            from tui.screens.base.welcome import Welcome

            return Welcome()
        from tui.screens.browse.browse import Browse

        return Browse()

    def get_css_variables(self) -> dict[str, str]:
        """Return the colours of the theme, made legible; an ansi theme leaves them to the terminal."""
        colours = super().get_css_variables()
        self.theme_variables = colours if self.current_theme.ansi else legible(colours)
        return self.theme_variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters, and the one that keeps escapes in memories from the terminal."""
        return [*super().get_line_filters(), *self._lines]

    def copy_to_clipboard(self, text: str) -> None:
        """Hand a text to the terminal, whatever it holds; within the app it is pasted as it is."""
        super().copy_to_clipboard(copyable(text))
        self._copied = text

    @property
    def clipboard(self) -> str:
        """The text that was copied or cut in the app last."""
        return self._copied

    def on_mount(self) -> None:
        """Read the tree behind the first screen."""
        hear_of_threads(self)
        if self.lifeline is not None:
            self.lifeline.begin(asyncio.get_running_loop())
        self._collector = Collector()
        self.set_interval(IDLE, self._collector.tidy)
        self._shown_day = self._today()
        self.set_interval(_DAY_CHECK, self.check_day)
        if not self.is_headless:
            from tui.runtime.suspend import Pauser

            self._pauser = Pauser(self)
        self._kept.tell = self._hear_waiting
        for words in self._words:
            self._hear_waiting(words)
        if (wrong := told(self.config)) is not None:
            self.call_after_refresh(self.tell, wrong, stay=True)
        if self.workspace is not None and self._first is not None:
            self._begin(self.workspace, self._first)

    def open(self, workspace: Workspace) -> None:
        """Show another tree; one that was open before, where it was left."""
        self._stop.set()
        if self.workspace is not None:
            self._left_at[self.workspace.tree.home] = here(self.screen_stack)
            close(self.workspace)
        self._stop, self.painted = threading.Event(), threading.Event()
        self.workspace, self.page, self.read, self._head = workspace, None, False, None
        self.started, self.trail = False, Trail()
        if self.is_screen_installed("timeline"):
            self.uninstall_screen("timeline")
        self.browse_anew()
        self._begin(workspace, Prefetch(workspace))
        self.go_on_at(self._left_at.get(workspace.tree.home))

    def _begin(self, workspace: Workspace, first: Prefetch) -> None:
        self.status, self.news = StatusLineFacts(tree=workspace.tree.name), News()
        workspace.tree.tell_waiting = self._hear_waiting
        self.held.begin()
        if (page := first.now()) is not None:
            self._show_page(page)
        painted, stop = self.painted, self._stop
        post = until_stopped(self.post_message, stop)
        self.indexer = indexer = Indexer(workspace, post, stop)

        def read() -> None:
            read_tree(workspace, post, first, indexer, painted, stop, import_ahead, self.start)

        self.in_thread(read, "tree")

    def _hear_waiting(self, words: str) -> None:
        self.post_message(Waiting(words))  # from the thread that saves

    def keep_typed(self) -> None:
        for keeper in list(self.keepers):
            keeper.flush()

    def panic(self, *renderables: RenderableType) -> None:
        """End because of an error, or because the terminal is gone, which the driver takes for one."""
        from tui.runtime.terminal_watchdog import GONE, is_there

        with suppress(Exception):  # whatever is broken, the end goes on
            self.keep_typed()
        if self.is_headless or is_there():
            super().panic(*renderables)
        else:
            self.end(GONE)

    def end(self, status: int) -> None:
        self.exit(return_code=status)

    def action_suspend(self) -> None:
        """Go to the background, and leave the terminal to the shell."""
        if self._pauser is None:
            self.tell(t(("!", "warn"), " This terminal has no background to go to."))
        else:
            self.keep_typed()
            self._pauser.pause()

    def on_unmount(self) -> None:
        """Let the threads end."""
        self._stop.set()
        self._collector.end()
        self.lanes.lane("settings").wait(KEEPING)

    def on_resize(self, event: events.Resize) -> None:
        """Tell the screens below too: of those that are covered, Textual tells the topmost alone."""
        for screen in self.screen_stack[:-2]:
            screen.post_message(event)

    async def on_event(self, event: events.Event) -> None:
        """Note that someone uses the app, and hold the keys that are too early."""
        if isinstance(event, events.InputEvent):
            self._collector.used()
            self.turns.begin()
        if not self.held.takes(event):
            await super().on_event(event)

    def _is_early(self, event: events.Key) -> bool:
        from tui.screens.browse.browse import Browse
        from tui.screens.browse.early_keys import needs_entries

        return isinstance(self.screen, Browse) and needs_entries(self.screen, event.key)

    def on_entry_keys_shown(self) -> None:
        """Let the keys act that waited for the entries."""
        self.held.let_act()

    # ── what the background tells ─────────────────────────────────────────────

    def on_first_page(self, message: FirstPage) -> None:
        """Show the tree as it was left, unless that is shown already."""
        if self.page is None:
            self._show_page(message.page)

    def _show_page(self, page: RememberedPage) -> None:
        self.page = page
        self.status = self.status._replace(entries=page.total, files=page.files, problems=page.problems)
        self.generation += 1

    def on_tree_read(self, message: TreeRead) -> None:
        """Show the tree as it is."""
        if message.complete:
            self.page, self.read = None, True
        self.status = self.status._replace(
            entries=message.entries, files=message.files, problems=message.broken
        )
        self.generation += 1

    def on_marks(self, message: Marks) -> None:
        """Show the new entries; after everything was called seen, search again for `is:new`."""
        self.news = message.news
        self.status = self.status._replace(new=len(self.news.added), changed=len(self.news.changed))
        if message.told is not None:
            many = f" {count_words(message.told, 'entry is', 'entries are')} no longer new"
            self.tell(t(("✓", "ok"), many if message.told else " Nothing was new"))
            self.generation += 1

    def on_indexed(self, message: Indexed) -> None:
        """Search again: the answer may be another one."""
        self.indexed += 1

    def on_damaged(self, message: Damaged) -> None:
        """Write the index anew, behind the screen."""
        self.tell(t(("!", "warn"), " The search index was damaged: it is built again."))
        self.indexer.ask()

    def on_progress(self, message: Progress) -> None:
        """Show how far a long task is."""
        self.status = self.status._replace(task=message.task, done=message.done, to_do=message.total)

    def on_git_state(self, message: GitState) -> None:
        """Show branch and cleanliness; with another commit, the history is read anew."""
        state = message.state
        head = state.head if state else None
        if self._head is not None and head != self._head:
            self.generation += 1
        self._head = head
        self.status = self.status._replace(
            branch=state.branch if state else "",
            kept=bool(state and state.kept),
            dirty=bool(state and state.dirty),
            ahead=state.ahead if state else 0,
            behind=state.behind if state else 0,
        )

    def on_left_over(self, message: LeftOver) -> None:
        """Tell of drafts, uncommitted files and interrupted changes, once; drafts stay in view."""
        self.started = True
        tell_left_over(self, message, self.size.width)

    def on_trouble(self, message: Trouble) -> None:
        """Tell of a failure, which the keys that wait for the entries do not outlive."""
        lost = " The keys that waited are dropped." if self.held.fail() else ""
        self.tell(t(("▲ ", "err"), message.text + lost), stay=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Know whether a sync goes on."""
        if event.worker.group == "sync":
            self.syncing = not event.worker.is_finished

    def on_waiting(self, message: Waiting) -> None:
        """Tell the reason for which a save waits."""
        self.tell(t((message.text, "muted")))

    def check_day(self) -> None:
        """Tell every screen when midnight has passed, or the machine was taken to another time zone."""
        time.tzset()
        calendar = self._today()
        if calendar != self._shown_day:
            self._shown_day = calendar
            self.generation += 1

    def _today(self) -> tuple[date, str]:
        now = local(self.now())
        return now.date(), f"{now:%z}"

    # ── what screens ask for ──────────────────────────────────────────────────

    def remember(self, settings: remembered.Settings) -> None:
        """Keep choices of the user for the next start."""
        save = partial(remembered.save, self._kept, settings, self.settings)
        self.settings = settings
        self.in_thread(save, "settings", exclusive=False)

    def use_theme(self, name: str) -> None:
        """Put a theme on and remember it; an ansi theme is refused where there is no colour."""
        if self.no_color and self.available_themes[name].ansi:
            self.tell(t(("!", "warn"), f" {name} needs colours, and NO_COLOR is set."))
            return
        self.theme = name
        self.remember(replace(self.settings, theme=name))

    def action_seen(self) -> None:
        """Count everything as seen."""
        self.see(None)

    def see(self, entry_id: str | None) -> None:
        """Count an entry as seen, or everything."""
        workspace = self.workspace
        if workspace is not None and self.page is None:
            self.in_thread(lambda: mark_seen(workspace, self.post_message, entry_id), "seen", exclusive=False)

    def action_reload(self) -> None:
        """Read the changes on disk."""
        workspace = self.workspace
        if workspace is not None:
            self.in_thread(partial(read_again, workspace, self.post_message, self.indexer), "reload")
