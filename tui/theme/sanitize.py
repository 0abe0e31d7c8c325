"""Filters of every painted line: nothing in a memory steers the terminal; glyphs it lacks are drawn plain."""

from __future__ import annotations

import os
import re
import sys
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from index.model.display import STEERING, whole

CONTROLS: Final = re.compile(f"[\t\n\u2028\u2029{STEERING}]")
"""All that no line may hold: letters that steer a terminal, tabs, and ends of lines."""
_OBEYED: Final = re.compile(rf"(?!\r)[{STEERING}]")
"""Those of them that a text has no use for, and a terminal that it is pasted into may obey."""


def copyable(text: str) -> str:
    """Return the text as it leaves for the clipboard: `\ufffd` for letters that are none or steer a terminal.

    It may be pasted into a shell: an escape in it could end the pasting, and type on.

    >>> copyable("a\\x1b[201~;b\\n\\tc")
    'a\ufffd[201~;b\\n\\tc'
    """
    return whole(_OBEYED.sub("\ufffd", text))


class Sanitize(LineFilter):
    """Drop control characters from every painted line.

    Memories are written by agents from web pages. All widgets pass raw escapes on; a filter of the app is
    the one place that every cell goes through. What it drops has no width, so the layout stays.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without control characters; Textual's own control segments stay."""
        return [
            segment
            if segment.control or (segment.text.isascii() and segment.text.isprintable())
            else Segment(whole(CONTROLS.sub("", segment.text)), segment.style)
            for segment in segments
        ]


ASCII: Final = str.maketrans(
    {
        **dict(zip("◆◇●○◐§·■□▣▲✓−±", "*+o.(&.#-=!v-~", strict=True)),
        **dict(zip("━─│┃┬┴┼▌▏‹›", "=-||+++>|<>", strict=True)),
        **dict(zip("╭╮╰╯↓↑←→⏎…", "++++v^<>>~", strict=True)),
        **dict(zip("▁▂▃▄▅▆▇█", "_.:-=+*#", strict=True)),
    }
)
"""A plain sign of one cell for each of our own glyphs."""


class Ascii(LineFilter):
    """Draw in ASCII, where a terminal has no Unicode or gives our glyphs two cells."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with our glyphs replaced."""
        return [Segment(s.text.translate(ASCII), s.style, s.control) for s in segments]


def wants_ascii() -> bool:
    """Return whether the user asked for ASCII, with `MEMARIUM_ASCII=1`, or the terminal speaks no UTF-8."""
    asked = os.environ.get("MEMARIUM_ASCII", "")
    encoding = (getattr(sys.__stdout__, "encoding", None) or "utf-8").lower().replace("-", "")
    return asked not in ("", "0") or encoding != "utf8"
