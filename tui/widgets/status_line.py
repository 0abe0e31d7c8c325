"""The first line: what is open, how much it holds, what is wrong with it, what is being done."""

from __future__ import annotations

from typing import NamedTuple

from textual.content import Content
from textual.reactive import reactive

from tui.look import BLANK, bar, hot, plain, progress, t
from tui.widgets.drawn import Drawn

WIDE, MIDDLE = 100, 70
"""From these widths on the line tells all, or most."""


class Status(NamedTuple):
    """What the status line says of the open tree."""

    tree: str = ""
    branch: str = ""
    dirty: bool = False
    """Files of the tree differ from the last commit."""
    entries: int | None = None
    """None until they are counted."""
    files: int = 0
    problems: int = 0
    """Files that are broken."""
    new: int = 0
    """Entries that others added or changed since the user last looked."""
    task: str = ""
    """What goes on in the background: "indexing"."""
    done: int = 0
    to_do: int = 0


class StatusLine(Drawn):
    """Draws a `Status`; a click on problems, on what is new or not committed leads there."""

    DEFAULT_CSS = "StatusLine { height: 1; }"

    status: reactive[Status] = reactive(Status())

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line; the size and the branch go first when it gets narrow."""
        return [bar(width, self._left(width), self._right(width) + t(" "))]

    def _left(self, width: int) -> Content:
        status = self.status
        line = t(" ", ("memarium", "strong"))
        if status.tree:
            line += t("  ", plain(status.tree if width >= MIDDLE else status.tree.split("/")[0]))
        if status.branch and width >= MIDDLE:
            line += t("  ", plain(status.branch, "muted"), " ")
            line += hot(t(("±", "accent")), "pending") if status.dirty else t(("✓", "ok"))
        return line

    def _right(self, width: int) -> Content:
        status = self.status
        if status.task:
            numbers = f"{status.done:,} of {status.to_do:,}"
            room = 30 if width >= WIDE else 16 if width >= MIDDLE else 8
            words = t((f"{status.task} ", "muted"), progress(status.done, status.to_do, room))
            line = words + t((f"  {numbers}", "muted")) if status.to_do else t((status.task, "muted"))
        elif status.entries is None:
            line = BLANK
        else:
            files = f" · {_count(status.files, 'file')}" if width >= WIDE or not status.entries else ""
            line = t((_count(status.entries, "entry", "entries") + files, "muted"))
        if status.new:
            text = f"+ {status.new:,} new" if width >= MIDDLE else f"+ {status.new:,}"
            line += t("   ", hot(t((text, "accent")), "find_new"))
        if status.problems:
            text = f"▲ {_count(status.problems, 'problem')}" if width >= MIDDLE else f"▲ {status.problems:,}"
            line += t("   ", hot(t((text, "warn")), "problems"))
        return line


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
