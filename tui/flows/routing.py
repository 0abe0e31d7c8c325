"""Where an action leads: which screen it opens, and who does it when it is chosen by name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from tui.actions import BY_ID, bindings, chords, hints, key
from tui.flows.moving.trail import Place, Trail, begin_anew, come_back, go_to, here
from tui.flows.running.configuring import offered_themes
from tui.flows.running.quitting import Quitting
from tui.runtime.threads import look_up
from tui.screens.base.frame import Frame, front, is_typing
from tui.theme.drawing import t

if TYPE_CHECKING:
    from textual.worker import Worker

    from index.model.user_config import UserConfig
    from index.workspace import Workspace
    from tui.context import AppContext
    from tui.data.tree_workers import StoresJoined
    from tui.requests import Request
    from tui.screens.base.picker import Item
    from tui.screens.browse.browse import Browse
    from tui.screens.browse.entry_keys import EntryKeys

Answer = TypeVar("Answer")

_LEADS_AWAY = {
    *("search", "find_new", "timeline", "problems", "deleted", "status", "sync", "end_session"),
    *("undo", "redo", "add", "rename_tag", "brief", "trends", "lately", "stores"),
    *("go_back", "go_forward"),
}
"""Actions that need a tree, and that a screen with something unsaved does not let through."""


class Routing(Quitting, inherit_bindings=False):
    """The actions that every screen has."""

    BINDINGS = [
        *bindings("search", priority=True),
        *chords("palette", "help", "quit", "reload", "go_back", "go_forward"),
        *bindings("help", "leave", "quit", "interrupt", "suspend", "undo", "redo"),
        *bindings("timeline", "problems", "deleted", "status", "go_back", "go_forward"),
        *bindings("sync", "end_session", "add", "rename_tag", "seen", "brief", "trends", "lately", "stores"),
    ]

    trail: Trail
    """The places that jumps led away from, in the tree that is open."""

    workspace: Workspace | None
    """The open tree; None on the welcome."""

    config: UserConfig
    """The settings as they were read at the start, and their faults."""

    def tell(self, line: Content, *, stay: bool = False) -> None:
        """Tell of an event on the screen in front that has a place for it."""
        if self.screen_stack:  # else it has ended
            front(self.screen_stack).tell(line, stay=stay)

    def refuse(self, error: Exception | str) -> None:
        """Say why something cannot be done; it stays until it is read."""
        self.tell(t(("▲ ", "err"), str(error)), stay=True)

    def look_up(
        self,
        group: str,
        work: Callable[[Workspace], Answer],
        show: Callable[[Answer], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> Worker[None]:
        """Do as a screen's `look_up`, whatever screens are left meanwhile."""
        workspace = self.workspace
        assert workspace is not None
        return look_up(self, group, lambda: work(workspace), show, failed or self.refuse)

    def ask(self, request: Request) -> None:
        from tui.flows.answering import answer

        answer(cast("AppContext", self), request)

    def show_entry(self, entry_id: str) -> None:
        self.trail.leave(here(self.screen_stack))
        browse = self._browse()
        if browse is not None:
            browse.show_entry(entry_id)

    async def action_go_back(self) -> None:
        """Go back to the place before the jump: its screen, query, entry and lines."""
        await self._go(self.trail.back, "back")

    async def action_go_forward(self) -> None:
        """Go forward to where one came back from."""
        await self._go(self.trail.forward, "forward")

    async def _go(self, step: Callable[[Place | None], Place | None], way: str) -> None:
        place = step(here(self.screen_stack))
        browse = self._browse() if place is not None else None
        if place is None or browse is None:
            self.tell(t((f"There is nowhere to go {way} to.", "muted")))
            return
        go_to(browse, place)
        for over in place.over:
            if isinstance(over.opener, str):
                await self.run_action(over.opener)
            else:
                self.ask(over.opener)
            self.screen.call_after_refresh(come_back, self.screen, over)

    def follow(self, entry_id: str) -> None:
        from tui.screens.browse.browse import Browse

        if isinstance(self.screen, Browse):
            self.screen.show_entry(entry_id)

    def holder(self, action: str) -> DOMNode | None:
        """Return the widget that would do an action now: the focused one, one around it, or the app."""
        screen = self.screen
        nodes: list[DOMNode] = list(screen.focused.ancestors_with_self) if screen.focused else [screen, self]
        for node in [*filter(None, (self._bound().get(action),)), *nodes]:
            if hasattr(node, f"action_{action}") and node.check_action(action, ()):
                return node
        return None

    def _bound(self) -> dict[str, DOMNode]:
        """Return the actions of the registry that have a key where the focus is, each with its widget.

        A text of Textual's has actions of its own, which undo and copy within it.
        """
        keys = self.screen.active_bindings.values()
        return {key.binding.action: key.node for key in keys if key.enabled and key.binding.id}

    def possible(self) -> set[str]:
        """Return the ids of those that would do something now."""
        idle = self.screen.idle() if isinstance(self.screen, Frame) else set()
        status = cast("AppContext", self).status
        idle |= set() if status.new or status.changed else {"seen"}
        return {*self._bound()} - idle - self.trail.idle()

    async def perform(self, action: str) -> bool:
        """Do an action of the registry as if its key were pressed; False when nothing here does it."""
        node = self.holder(action)
        return node is not None and await self.run_action(action, node)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keep letters for the text that is typed, and the screen behind a question as it is."""
        screen = self.screen
        if action == "search" and is_typing(self.focused):
            return False
        unsaved = isinstance(screen, Frame) and screen.unsaved
        if action in _LEADS_AWAY and (unsaved or self.workspace is None):
            return False
        if action in ("seen", "reload") and self.workspace is None:
            return False
        return action in ("quit", "suspend") or isinstance(screen, Frame)

    def action_search(self) -> None:
        """Go to the search box, whatever screen is in front; to its own where it has one.

        The focus moves before this returns: the letters typed after `/` in one burst are already for it.
        """
        screen = self.screen
        if isinstance(screen, Frame) and screen.search_here():
            return
        browse = self._browse()
        if browse is not None:
            browse.action_search()

    def _browse(self) -> Browse | None:
        """Return the browse screen, in front of all others now."""
        from tui.screens.browse.browse import Browse

        browse = next((screen for screen in self.screen_stack if isinstance(screen, Browse)), None)
        while browse is not None and self.screen is not browse:
            self.pop_screen()
        return browse

    def browse_anew(self) -> None:
        """Show the browse screen in front of all others, without anything of the tree before."""
        from tui.screens.browse.browse import Browse

        if (browse := self._browse()) is not None:
            begin_anew(browse)
        else:
            self.push_screen(Browse())

    def go_on_at(self, place: Place | None) -> None:
        """Go to the place where a tree was left; None: it was not open before."""
        if place is not None and (browse := self._browse()) is not None:
            go_to(browse, place)

    def action_timeline(self) -> None:
        """Open the timeline; it is kept, and comes back as it was left."""
        from tui.screens.sessions.timeline import Timeline

        if self.screen.is_modal:
            return
        while any(isinstance(screen, Timeline) for screen in self.screen_stack):
            if isinstance(self.screen, Timeline):
                return
            self.pop_screen()
        if not self.is_screen_installed("timeline"):
            self.install_screen(Timeline(), "timeline")
        self.push_screen("timeline")

    def action_brief(self) -> None:
        """Open the brief."""
        from tui.screens.sessions.brief import BriefScreen

        self._show(BriefScreen)

    def action_lately(self) -> None:
        """Offer the entries that are pinned or were read lately."""
        from tui.flows.moving.going_back import go_lately

        go_lately(cast("AppContext", self))

    def action_stores(self) -> None:
        """Offer the stores of the project."""
        from tui.flows.editing.store_choice import choose_store

        choose_store(cast("AppContext", self))

    def on_stores_joined(self, message: StoresJoined) -> None:
        """Tell of new stores of the project, or open the tree with them."""
        from tui.flows.editing.store_choice import join

        join(cast("AppContext", self), message)

    def action_trends(self) -> None:
        """Open the trends."""
        from tui.screens.sessions.trends import Trends

        self._show(Trends)

    def action_problems(self) -> None:
        """Open the problems."""
        from tui.screens.problems.problems import Problems

        self._show(Problems)

    def action_deleted(self) -> None:
        """Open the entries that are deleted."""
        from tui.screens.history.deleted import DeletedEntries

        self._show(DeletedEntries)

    def action_status(self) -> None:
        """Open the status: uncommitted edits and drafts."""
        from tui.screens.status.status import StatusScreen

        front(self.screen_stack).toast.put_away()  # it leads here
        self._show(StatusScreen)

    def _show(self, screen: type[Screen[None]]) -> None:
        if not isinstance(self.screen, screen):
            self.push_screen(screen())

    def action_add(self) -> None:
        """Add an entry, like the one under the cursor if nothing else is chosen."""
        from tui.flows.editing.change_flow import add

        holder = self._entry_keys()
        add(cast("AppContext", self), holder.entry if holder is not None else None)

    def action_rename_tag(self) -> None:
        """Rename a tag in the marked entries, or in all."""
        from tui.flows.editing.change_flow import rename_tag

        holder = self._entry_keys()
        rename_tag(cast("AppContext", self), holder.marked if holder is not None else ())

    def unmark(self) -> None:
        holder = self._entry_keys()
        if holder is not None:
            holder.unmark()

    def _entry_keys(self) -> EntryKeys | None:
        """Return the screen in front if it has a current entry, and marks."""
        from tui.screens.browse.entry_keys import EntryKeys

        return self.screen if isinstance(self.screen, EntryKeys) else None

    def action_end_session(self) -> None:
        """End the session: its state, the decisions, the archive and a lesson, as one change."""
        from tui.flows.editing.change_flow import end_session

        end_session(cast("AppContext", self))

    def action_sync(self) -> None:
        """Fetch, merge by entry, and send."""
        from tui.flows.sync_flow import sync

        sync(cast("AppContext", self))

    def action_undo(self) -> None:
        """Take back the last change made with memarium."""
        from tui.flows.editing.edit_flow import undo

        undo(cast("AppContext", self))

    def action_redo(self) -> None:
        """Do the last undone change again."""
        from tui.flows.editing.edit_flow import redo

        redo(cast("AppContext", self))

    def action_find_new(self) -> None:
        """Search for new entries."""
        self.search_for("is:new")

    def search_for(self, query: str) -> None:
        self.trail.leave(here(self.screen_stack))
        browse = self._browse()
        if browse is not None:
            browse.ask_for(query)
            browse.to_rows()

    @abstractmethod
    def action_seen(self) -> None:
        """Count everything as seen."""

    @abstractmethod
    def action_reload(self) -> None:
        """Read the changes on disk."""

    @abstractmethod
    def use_theme(self, name: str) -> None:
        """Put a theme on and remember it."""

    def action_palette(self) -> None:
        """Open the list of every action."""
        from tui.flows.moving.going_back import idle_in
        from tui.screens.base.palette import Palette, items

        themes, workspace = offered_themes(self, self.config.problems), self.workspace
        possible, torn = self.possible(), {*themes} - {*self.available_themes}
        holder, now = self._entry_keys(), cast("AppContext", self).now()
        entry = None if holder is None or holder.marks else holder.entry

        def offers() -> list[Item]:
            idle = idle_in(workspace, entry, now) if workspace is not None else set()
            return items(possible - idle, themes, torn)

        self.push_screen(Palette(offers), self._chosen)

    async def _chosen(self, action: str | None) -> None:
        if action and action.startswith("theme:"):
            self._choose_theme(action.removeprefix("theme:"))
        elif action and not await self.perform(action):
            self.tell(t(("!", "warn"), f" {BY_ID[action].title} is not possible here."))

    def _choose_theme(self, name: str) -> None:
        """Put a theme on, and tell the faults of its file."""
        if name in self.available_themes:
            self.use_theme(name)
        if wrong := [str(one) for one in self.config.problems if one.place == f"themes/{name}.toml"]:
            self.refuse(" ".join(wrong))

    def action_help(self) -> None:
        """Show the keys of the focused pane."""
        from tui.screens.base.help import Help

        footer = self.screen.footer_keys(self.focused) if isinstance(self.screen, Frame) else []
        title = getattr(self.focused, "HELP_TITLE", "") or getattr(self.screen, "HELP_TITLE", "Keys")
        labels, typing = {name: label for name, _, label in hints(footer)}, is_typing(self.focused)
        examples, bound = getattr(self.focused, "HELP_EXAMPLES", ()), {*self._bound()}
        own = {} if typing or "edit_file" not in bound else self.config.commands
        ids, idle = bound | {*labels}, bound - self.possible()
        self.push_screen(Help(ids, title, examples, own, labels, idle, typing=typing), self._chosen)

    def action_interrupt(self) -> None:
        """Copy the text selected by mouse; without that say how to leave: ctrl+c often comes by habit."""
        if text := self.screen.get_selected_text():
            front(self.screen_stack).copy_text(text, "the selection")
            self.screen.clear_selection()
            return
        self.tell(t(("press ", "muted"), (key("quit"), "strong"), (" to quit", "muted")))

    @abstractmethod
    def action_suspend(self) -> None:
        """Go to the background."""
