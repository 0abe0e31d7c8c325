"""Texts of one line: a paste into them keeps all its lines, with a space where a line ended."""

from __future__ import annotations

import re
from typing import Final

from textual import events
from textual.reactive import reactive
from textual.widgets import Input

_ENDS: Final = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
"""Ends of lines, as `str.splitlines` knows them, and tabs, which a terminal gives no cells of their own."""


def in_one_line(text: str) -> str:
    """Return the text with a space for line ends and tabs; those around it are dropped.

    >>> in_one_line("pool exhausted:\\r\\n\\r\\n\\tno client\\n")
    'pool exhausted: no client'
    """
    return _ENDS.sub(" ", _ENDS.sub("\n", text).strip("\n"))


class OneLine(Input):
    """A text of one line; `Input` by itself takes the first of several pasted lines and drops the others."""

    DEFAULT_CSS = """
    OneLine, OneLine:focus { width: 1fr; background: transparent; background-tint: transparent; }
    """

    cursor_blink = reactive(False, init=False)
    """Nothing on the screen moves by itself."""

    def on_paste(self, event: events.Paste) -> None:
        """Make one line of a paste, before `Input` puts it in."""
        event.text = in_one_line(event.text)

    def action_paste(self) -> None:
        """Paste the text cut or copied in the app."""
        self.replace(in_one_line(self.app.clipboard), *self.selection)
