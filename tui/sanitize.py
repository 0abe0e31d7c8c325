"""The last line of defence: nothing in a memory can steer the terminal it is shown in."""

from __future__ import annotations

import re
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""C0, DEL and C1 controls, line separators, and what turns the direction of text."""


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
            else Segment(CONTROLS.sub("", segment.text), segment.style)
            for segment in segments
        ]
