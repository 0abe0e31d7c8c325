"""The app as screens, widgets and flows see it: all that they may ask of it, not how it is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from weakref import WeakSet

    from textual.content import Content
    from textual.dom import DOMNode
    from textual.message import Message
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.widget import Widget
    from textual.worker import Worker
    from textual.worker_manager import WorkerManager

    from index.model.remembered_page import RememberedPage
    from index.model.user_config import UserConfig
    from index.workspace import Workspace
    from tui.requests import Request
    from tui.settings import Settings

Result = TypeVar("Result")
"""The result of a screen or of a call."""


class StatusLineFacts(NamedTuple):
    """Facts about the open tree in the status line."""

    tree: str = ""
    branch: str = ""
    kept: bool = False
    """memarium keeps the versions itself: the tree is in no repository of the user's."""
    dirty: bool = False
    """Files of the tree differ from the last commit."""
    ahead: int = 0
    """Commits that the upstream of the branch has not, as last fetched."""
    behind: int = 0
    """Commits of the upstream that the branch has not."""
    entries: int | None = None
    """None until they are counted."""
    files: int = 0
    problems: int = 0
    """Files that are broken."""
    new: int = 0
    """Entries that others added since the user last looked."""
    changed: int = 0
    """Entries that others changed since then."""
    task: str = ""
    """Work in the background, such as "indexing"; empty without any."""
    done: int = 0
    to_do: int = 0


class Flushing(Protocol):
    """Something that keeps the typed text, as `autosave.Keeper` does."""

    def flush(self) -> None:
        """Keep the typed text now."""


class Resting(Protocol):
    """Somewhere for work to rest between two pieces, as `key_priority.Turns` is."""

    def rest(self) -> None:
        """Wait while a key is answered."""


class Loop(Protocol):
    """Work beside the app's loop, and the way back into it: Textual's part of the app, and the threads."""

    def in_thread(
        self, work: Callable[[], object], group: str, node: DOMNode | None = None, *, exclusive: bool = True
    ) -> Worker[None]:
        """Do something in a thread; see `threads.start`."""

    def call_from_thread(self, callback: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """Call something in the app's loop from a thread, and wait for its result."""

    def call_later(self, callback: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
        """Call something once the messages before it are handled."""

    def set_timer(self, delay: float, callback: Callable[[], object] | None = None) -> Timer:
        """Call something after `delay` seconds."""

    def post_message(self, message: Message) -> bool:
        """Put a message into the app's queue; from any thread."""

    @property
    def workers(self) -> WorkerManager:
        """All that goes on in threads."""


class Stack(Protocol):
    """The screens that are open."""

    @property
    def screen(self) -> Screen[Any]:
        """The screen in front."""

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]:
        """All of them, the one in front last."""

    @property
    def focused(self) -> Widget | None:
        """The widget that takes the keys."""

    def push_screen(
        self, screen: Screen[Result], callback: Callable[[Result | None], None] | None = None
    ) -> object:
        """Open a screen in front of the others; `callback` gets its result."""

    def show_entry(self, entry_id: str) -> None:
        """Go back to the browse screen, to this entry."""

    def follow(self, entry_id: str) -> None:
        """Put the cursor on an entry that was just made, if the browse screen is in front."""

    def search_for(self, query: str) -> None:
        """Go back to the browse screen, and run a query."""

    def ask(self, request: Request) -> None:
        """Have the screen opened, or the flow begun, that answers a request."""

    def unmark(self) -> None:
        """Take the marks away once their action is done."""


class AppContext(Loop, Stack, Protocol):
    """The app: the tree that is open, the user's choices, and the words that tell of events."""

    @property
    def workspace(self) -> Workspace | None:
        """The open tree; None on the welcome."""

    @property
    def page(self) -> RememberedPage | None:
        """The tree as it was left last time, until it is read."""

    @property
    def read(self) -> bool:
        """Whether the tree was read as a whole."""

    @property
    def indexed(self) -> int:
        """Counts up whenever the search covers more; 0 while entries may be missing from it."""

    @property
    def start(self) -> Path:
        """The folder where the app was started."""

    @property
    def status(self) -> StatusLineFacts:
        """The text of the status line."""

    @property
    def syncing(self) -> bool:
        """Whether a sync goes on."""

    @property
    def settings(self) -> Settings:
        """The settings that the user chose."""

    @property
    def config(self) -> UserConfig:
        """The settings that the user wrote down."""

    @property
    def painted(self) -> Event:
        """Set once the first page is on the screen."""

    @property
    def turns(self) -> Resting:
        """Lets work in threads wait while a key is answered."""

    @property
    def keepers(self) -> WeakSet[Flushing]:
        """Keep the typed texts of the screens that are open."""

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock."""

    def open(self, workspace: Workspace) -> None:
        """Show another tree."""

    def tell(self, line: Content, *, stay: bool = False) -> None:
        """Tell of an event; `stay` for a line that must be read."""

    def refuse(self, error: Exception | str) -> None:
        """Say why something cannot be done; it stays until it is read."""

    def look_up(
        self,
        group: str,
        work: Callable[[Workspace], Result],
        show: Callable[[Result], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> Worker[None]:
        """Ask the workspace in a thread, whatever screens are left meanwhile, and show the last answer.

        An error whose words are a sentence for the user is told, unless `failed` takes it.
        """

    async def perform(self, action: str) -> bool:
        """Do an action of the registry as if its key were pressed; False when nothing here does it."""

    def remember(self, settings: Settings) -> None:
        """Keep choices of the user for the next start."""

    def see(self, entry_id: str | None) -> None:
        """Count an entry as seen, or everything."""

    def action_reload(self) -> None:
        """Read the changes on disk."""

    def simulate_key(self, key: str) -> None:
        """Do as if a key was pressed."""

    def copy_to_clipboard(self, text: str) -> None:
        """Hand a text to the terminal."""

    def suspend(self) -> AbstractContextManager[None]:
        """Hand the terminal to another program until the block ends."""

    def refresh(self, *, layout: bool = False) -> object:
        """Draw everything anew."""


def context_of(node: DOMNode) -> AppContext:
    """Return the app that a screen or a widget belongs to: Textual knows it as any app."""
    return cast("AppContext", node.app)


def opened(app: AppContext) -> Workspace:
    """Return the open tree; where there is none, on the welcome, nothing that needs it can be asked for."""
    assert app.workspace is not None
    return app.workspace
