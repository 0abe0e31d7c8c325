"""The message of a commit: a subject, and a body where it is longer or one is pasted."""

from __future__ import annotations

from textual import events
from textual.message import Message

from tui.actions import keys_of
from tui.widgets.editing.wrapped_text import WrappedText

MOST = 30_000
"""Characters of a message: git is handed it as one argument, which Linux bounds at 128 KiB."""


class MessageText(WrappedText):
    """Takes the message; `⏎` commits, and a paste keeps its lines.

    While `held` nothing reaches it, and its letters are no keys of the screen either: what is typed while a
    commit runs may be meant for a program that asks for a secret.
    """

    HELP_TITLE = "Keys: message"
    DEFAULT_CSS = """
    MessageText, MessageText.-textual-compact, MessageText:focus {
        height: auto; max-height: 5; scrollbar-size: 0 0; background-tint: transparent;
    }
    """

    class Entered(Message):
        """The message is as it is to be."""

    class TooLong(Message):
        """A text was pasted that no message can hold; nothing of it was taken."""

    def __init__(self, message: str) -> None:
        super().__init__("subject", message)
        self.move_cursor((0, len(self.document.get_line(0))))

    @property
    def held(self) -> bool:
        """Whether it takes no keys for now."""
        return self.read_only

    @held.setter
    def held(self, held: bool) -> None:
        self.read_only = held

    async def on_key(self, event: events.Key) -> None:
        """Commit with `⏎`; take no other key while it is held."""
        if event.key in keys_of("accept"):
            self.post_message(self.Entered())
        elif not (self.held and event.is_printable):
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Refuse a text that is too long to be a message."""
        if len(event.text) + len(self.text) > MOST:
            event.prevent_default()
            self.post_message(self.TooLong())

    def undo(self) -> None:
        """Take back the last typing."""
        if not self.held:
            super().undo()

    def redo(self) -> None:
        """Do the undone typing again."""
        if not self.held:
            super().redo()
