"""Parts of a file that a tool keeps by itself."""

from __future__ import annotations

from typing import NamedTuple


class ToolBlock(NamedTuple):
    """A part of a file that a tool writes, and may write anew."""

    name: str
    """As the file calls it."""
    text: str
