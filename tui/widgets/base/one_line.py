"""Texts of one line: a paste into them keeps all its lines, with a space where a line ended.

Every text answers its keys by `answer`, in the order in which they came.
"""

from __future__ import annotations

import re
from typing import Final

from textual import events
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input

_ENDS: Final = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
"""Ends of lines, as `str.splitlines` knows them, and tabs, which a terminal gives no cells of their own."""


def in_one_line(text: str) -> str:
    """Return the text with a space for line ends and tabs; those around it are dropped.

    >>> in_one_line("pool exhausted:\\r\\n\\r\\n\\tno client\\n")
    'pool exhausted: no client'
    """
    return _ENDS.sub(" ", _ENDS.sub("\n", text).strip("\n"))


async def answer(widget: Widget, event: events.Key) -> None:
    """Run the action of a key that edits the text at once; letters go on into it.

    Textual lets such a key go up to the app first. The letters that came behind it in one burst, as a slow
    line or a busy machine hands them over, were in the text by then. `⏎` goes up behind the arrows that
    came before it: they are the list's.
    """
    own = not event.is_printable and event.key != "enter"
    bound = widget.screen.active_bindings.get(event.key) if own else None
    if bound is None or bound.node is not widget or not bound.enabled:
        return
    if await widget.app.run_action(
        bound.binding.action, widget
    ):  # it skips the arrows that scroll, of `Input`
        event.stop()
        event.prevent_default()


class OneLine(Input):
    """A text of one line; `Input` by itself takes the first of several pasted lines and drops the others."""

    DEFAULT_CSS = """
    OneLine, OneLine:focus { width: 1fr; background: transparent; background-tint: transparent; }
    """

    cursor_blink = reactive(False, init=False)
    """Nothing on the screen moves by itself."""

    async def on_key(self, event: events.Key) -> None:
        """Answer it before the keys behind it."""
        await answer(self, event)

    def on_paste(self, event: events.Paste) -> None:
        """Make one line of a paste, before `Input` puts it in."""
        event.text = in_one_line(event.text)

    def action_paste(self) -> None:
        """Paste the text cut or copied in the app."""
        self.replace(in_one_line(self.app.clipboard), *self.selection)
