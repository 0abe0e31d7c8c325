"""The frame of every screen: status, title, rule, panes, footer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.types import CSSPathType
from textual.widget import Widget

from tui.actions import Hint, bindings, key
from tui.context import AppContext, StatusLineFacts, context_of
from tui.runtime.clipboard import copy
from tui.runtime.threads import look_up_all, threaded
from tui.theme.drawing import BLANK, plain, t
from tui.theme.sanitize import copyable
from tui.widgets.base.drawn import Run
from tui.widgets.base.footer import Footer
from tui.widgets.base.pane import Pane
from tui.widgets.base.rule import Rule
from tui.widgets.base.search_line import SearchBox
from tui.widgets.base.status_line import StatusLine
from tui.widgets.base.title_line import TitleLine
from tui.widgets.base.toast import Toast

if TYPE_CHECKING:
    from index.workspace import Workspace
    from tui.requests import Place

Result = TypeVar("Result")
Answer = TypeVar("Answer")

WIDTHS = [(0, "-page"), (90, "-narrow"), (110, "-wide"), (150, "-full")]
"""Class of a screen from this many columns on: how many panes are side by side."""
HEIGHTS = [(0, "-short"), (30, "-tall")]
"""Under 30 rows both empty lines go."""


class Base(Screen[Result], Generic[Result], inherit_bindings=False):
    """Screens and boxes alike: they know the app and their size, and close once."""

    CSS_PATH: ClassVar[CSSPathType | None] = None
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    ASKS = False
    """A key may save or discard here: those that were typed before it was there are no answer to it."""

    @property
    def context(self) -> AppContext:
        """The app, as far as it is asked for anything."""
        return context_of(self)

    def on_compose(self) -> None:
        """Know the size before there is anything to lay out."""
        fit(self)

    async def on_event(self, event: events.Event) -> None:
        """Pass over a size from before: while two are on their way, each is laid out and comes again."""
        if not isinstance(event, events.Resize) or event.size == self.app.size:
            await super().on_event(event)

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close, once: the second click of a double click must not close the screen below."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class Frame(Base[Result], Generic[Result], inherit_bindings=False):
    """A screen: a subclass yields its panes, sets the title and names the keys of its footer."""

    BINDINGS = [*bindings("next", "previous", priority=True), *bindings("back", "left", "right")]
    FOOTER: Sequence[Hint] = ()
    """The keys to show while the focused widget names none in a `FOOTER` of its own."""
    PLACE = ""
    """The action that opens it, for the way back to it; empty for a screen that no action opens."""
    HELP_TITLE = "Keys"
    """Title of the help, unless the focused widget has a `HELP_TITLE` of its own."""

    @property
    def opener(self) -> str | Place:
        """The action, or the request, that opens it again; empty for a screen that nothing leads back to."""
        return self.PLACE

    def compose(self) -> ComposeResult:
        """Yield the frame, the panes within."""
        yield StatusLine(id="status")
        yield from self.compose_title()
        yield from self.compose_body()
        yield Footer(id="footer")
        yield Toast()

    def compose_title(self) -> Iterable[Widget]:
        """Yield the title's line; a search box can be in its place. Its class is `title`."""
        yield TitleLine(id="title", classes="title")

    def compose_body(self) -> ComposeResult:
        """Yield the rule, and the panes below it."""
        yield Rule(id="rule")
        yield self.make_panes()

    def make_panes(self) -> Widget:
        """Return the panes, with the id `panes`: side by side, or a `ListAndPage`."""
        return self.abreast()

    def abreast(self, *panes: Widget) -> Widget:
        """Return panes side by side."""
        return Horizontal(*panes, id="panes")

    def on_mount(self) -> None:
        """Follow the app's status and the focus."""
        self.watch(self.app, "status", self._show_status)
        self.watch(self, "focused", self._show_keys)
        self.watch(self.app, "syncing", self.refresh_keys, init=False)

    def on_resize(self) -> None:
        """Keep the toast at the edge, and name the keys that the new width leaves in use."""
        self.toast.place()
        self.call_after_refresh(self.refresh_keys)

    def _show_status(self, status: StatusLineFacts) -> None:
        self.query_one(StatusLine).status = status

    def _show_keys(self, focused: Widget | None = None) -> None:
        footer = self.query_one(Footer)
        idle, alone = self.idle(), len(self.panes()) < 2
        hints = (hint for hint in self.footer_keys(focused) if not (alone and hint == "next"))
        keys = tuple(hint for hint in hints if _name(hint) not in idle)
        if self.context.syncing and not is_typing(focused) and not self.unsaved:
            keys = (("sync", "stop the sync"), *keys)
        footer.keys, footer.typing = keys, is_typing(focused)
        footer.lead = "" if footer.typing else self.footer_lead()

    def footer_lead(self) -> str:
        """Return the words before the keys: how many entries they take, where that is not one."""
        return ""

    def footer_keys(self, focused: Widget | None) -> Sequence[Hint]:
        """Return the keys to show while `focused` has the focus."""
        return getattr(focused, "footer", None) or getattr(focused, "FOOTER", None) or self.FOOTER

    @on(Pane.KeysChanged)
    def _other_keys(self) -> None:
        self.refresh_keys()

    def refresh_keys(self) -> None:
        """Show the keys anew, when they depend on more than the focus."""
        self._show_keys(self.focused)

    @property
    def toast(self) -> Toast:
        """The line that tells of the last event."""
        return self.query_one(Toast)

    def search_here(self) -> bool:
        """Go to the search of this screen; False where it has none of its own."""
        return False

    def set_title(self, heading: Content, note: Content = BLANK, path: str = "") -> None:
        """Write the title line; `path` is a file that ends the heading."""
        line = self.query_one(TitleLine)
        line.heading, line.path, line.note = heading, path, note

    def tell(self, line: Content, *, stay: bool = False) -> None:
        """Tell of an event, bottom right; `stay` for a line that must be read."""
        self.toast.tell(line, stay)

    @property
    def workspace(self) -> Workspace:
        """The open tree; only the welcome has none."""
        assert self.context.workspace is not None
        return self.context.workspace

    def warn(self, sentence: str) -> None:
        """Say why something is not done here."""
        self.tell(t(("!", "warn"), f" {sentence}"))

    @on(SearchBox.TooLong)
    def _too_long(self) -> None:
        self.warn("The text is too long to search for: none of it was taken.")

    def refuse(self, error: Exception | str) -> None:
        """Say why something cannot be done; it stays until it is read."""
        self.tell(t(("▲ ", "err"), str(error)), stay=True)

    def look_up(
        self,
        group: str,
        work: Callable[[Workspace], Answer],
        show: Callable[[Answer], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Ask the workspace in a thread, and show the last answer; an error is told or goes to `failed`."""
        self.look_up_all(group, lambda workspace: iter((work(workspace),)), show, failed)

    def look_up_all(
        self,
        group: str,
        work: Callable[[Workspace], Iterator[Answer]],
        show: Callable[[Answer], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Do as `look_up`, for work that yields one answer after the other."""
        workspace = self.workspace
        look_up_all(self, group, lambda: work(workspace), show, failed or self.refuse)

    @threaded("copy", exclusive=False)
    def copy_text(self, text: str, what: str, *, told: bool = False) -> None:
        """Copy a text, and say so: "Copied" and its name; also that it cannot be copied as it is.

        With `told` a menu says it already: then only what was lost is said.
        """
        app, sound = self.context, copyable(text)
        copy(sound, lambda _: app.call_from_thread(app.copy_to_clipboard, text))
        lost = "" if sound == text else "with \ufffd for what is not text"
        if lost or not told:
            self.call_later(self.tell, t(("✓", "ok"), " Copied ", plain(what), " ", (lost, "muted")))

    @on(events.TextSelected)
    def _selected(self) -> None:
        """Say how to copy a text selected by mouse."""
        if self.get_selected_text():
            self.tell(t((key("interrupt"), "strong"), (" copies the selection", "muted")))

    async def on_run(self, message: Run) -> None:
        """Do the clicked action."""
        message.stop()
        await self.context.perform(message.action)

    @property
    def unsaved(self) -> bool:
        """Whether leaving would lose typed text: then quitting asks as `action_back` does."""
        return False

    def idle(self) -> set[str]:
        """Return the actions that would do nothing now: their keys say why, and nothing offers them."""
        return {self.PLACE} - {""}

    def panes(self) -> list[Widget]:
        """Return the widgets the focus can go to, from left to right."""
        return [widget for widget in self.focus_chain if isinstance(widget, Widget)]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave tab to a widget that has a use of its own for it."""
        return not (action == "next" and hasattr(self.focused, "action_next"))

    def action_next(self) -> None:
        """Focus the next pane; at once, so that letters typed right after it reach that pane."""
        self.focus_next()

    def action_previous(self) -> None:
        """Focus the pane before."""
        self.focus_previous()

    def action_left(self) -> None:
        """Focus the pane to the left."""
        self._focus_beside(-1)

    def action_right(self) -> None:
        """Focus the pane to the right."""
        self._focus_beside(1)

    def action_back(self) -> None:
        """Go back to the screen before; the first one stays."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()

    @property
    def at_start(self) -> bool:
        """Whether nothing is behind it to go back to: leaving it leaves the app."""
        return len(self.app.screen_stack) == 1

    def _focus_beside(self, step: int) -> None:
        beside = [pane for pane in self.panes() if isinstance(pane, Pane)]
        if self.focused in beside:
            place = beside.index(self.focused) + step
            if 0 <= place < len(beside):
                self.set_focus(beside[place])


class Float(ModalScreen[Result], Base[Result], Generic[Result], inherit_bindings=False):
    """A box that floats over a screen, with the only borders there are: help, palette, a question.

    A subclass yields its widgets inside a container with the id `box`.
    """

    BINDINGS = bindings("back", "leave", "next", "previous")

    def on_click(self, event: events.Click) -> None:
        """Close at a click beside the box."""
        if event.widget is self:
            self.action_back()

    def action_back(self) -> None:
        """Close without an answer."""
        self.dismiss()

    def action_leave(self) -> None:
        """Close without an answer."""
        self.action_back()

    def action_next(self) -> None:
        """Focus the next part."""
        self.focus_next()

    def action_previous(self) -> None:
        """Focus the part before."""
        self.focus_previous()


def fit(screen: Screen[Any]) -> None:
    """Give a screen the classes of its size; else it is laid out without them first, then again with them."""
    for size, steps in zip(screen.app.size, (WIDTHS, HEIGHTS), strict=True):
        screen.add_class(max(step for step in steps if step[0] <= size)[1])


def front(screens: Sequence[Screen[Any]]) -> Frame[Any]:
    """Return the screen in front, whatever floats over it."""
    return next(screen for screen in reversed(screens) if isinstance(screen, Frame))


def _name(hint: Hint) -> str:
    return hint if isinstance(hint, str) else hint[0]


def is_typing(focused: Widget | None) -> bool:
    """Return whether letters go into a text: then they are no keys.

    Every widget of Textual that takes text has `insert_text_at_cursor` or `insert`, and a `selection`.
    """
    return focused is not None and hasattr(focused, "selection") and hasattr(focused, "cursor_blink")
