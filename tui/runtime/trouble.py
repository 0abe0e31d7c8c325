"""The app's boundary: an error that nobody expected is shown in one sentence and written down."""

from __future__ import annotations

import asyncio
import errno
import io
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from textual.app import App
from textual.message import Message

from index.storage.failure_log import report, shown_log, write_down
from tui.runtime.lanes import Lanes
from tui.runtime.threads import start

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.worker import Worker

ENDED = (
    "memarium: an unexpected error ended it; what you typed is kept, and offered again on the next start. "
    "Details are in {log}.\n"
)


class Trouble(Message):
    """Something failed; one plain sentence."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Log(io.StringIO):
    """The file that Textual's account of an error goes to, in the place of the terminal."""

    def write(self, text: str) -> int:
        """Write it down, and keep none of it."""
        write_down(text)
        return len(text)


class Guarded(App[None], inherit_bindings=False):
    """An app that goes on after an error where it can, and ends in one sentence where it cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.lanes = Lanes()
        self.broken = False
        """Whether an error ended it."""
        # Textual prints its account of an error here: many lines that only who mends it can read.
        self.error_console = Console(file=_Log(), width=120, color_system=None, markup=False, highlight=False)

    def unexpected(self, error: BaseException) -> None:
        """Show an error and write it down; from any thread. After the end there is nobody to be told."""
        if self.is_running:
            self.post_message(Trouble(report(error)))

    def in_thread(
        self, work: Callable[[], object], group: str, node: DOMNode | None = None, *, exclusive: bool = True
    ) -> Worker[None]:
        """Do something in a thread; see `threads.start`."""
        lane = self.lanes.lane(group)
        return start(node or self, lane, work, self.unexpected, group, exclusive=exclusive)

    def on_mount(self) -> None:
        """Hear of errors that nobody waits for."""
        asyncio.get_running_loop().set_exception_handler(self._lost)

    def _lost(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.unexpected(error if isinstance(error, Exception) else RuntimeError(context["message"]))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do the action of a key; an error of that ends nothing but the action."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:  # the boundary: the next key may work
            self.unexpected(error)
            return True

    def panic(self, *renderables: RenderableType) -> None:
        """End because of an error."""
        self.broken = True
        super().panic(*renderables)


def hear_of_threads(app: Guarded) -> None:
    """Show errors of threads that are nobody's worker: Python would print them over the screen."""

    def failed(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None and not _without_terminal(told.exc_value):
            app.unexpected(told.exc_value)

    threading.excepthook = failed


def _without_terminal(error: BaseException) -> bool:
    """Return whether an error only says that the terminal is gone: the app ends, and there is no fault."""
    from tui.runtime.terminal_watchdog import is_there

    return isinstance(error, OSError) and error.errno in (errno.EIO, errno.ENXIO) and not is_there()


def last_words() -> str:
    """Return the words for an error that ended the app."""
    return ENDED.format(log=shown_log())
