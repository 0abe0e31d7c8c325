"""The rule between title and panes: it carries the focus."""

from __future__ import annotations

from typing import Unpack

from textual.content import Content
from textual.geometry import Region
from textual.widget import Widget

from index.model.counts import count_words
from tui.theme.drawing import BLANK, t
from tui.widgets.base.drawn import Drawn, Options
from tui.widgets.base.pane import Extent, Hair, Pane


class Rule(Drawn):
    """`─` in the line tone, `━` in the accent over the part that has the focus."""

    DEFAULT_CSS = "Rule { height: 1; }"

    def __init__(self, below: str = "", **options: Unpack[Options]) -> None:
        """Draw a rule; `below` is the selector of the pane above whose lines below the view it counts."""
        super().__init__(**options)
        self._below = below

    def on_mount(self) -> None:
        """Follow the focus, and the part that hangs from the rule."""
        if self._below:
            self.watch(self.screen.query_one(self._below, Pane), "extent", self._follow)
        self.watch(self.screen, "focused", self._follow, init=False)
        self.screen.screen_layout_refresh_signal.subscribe(self, self._follow, immediate=True)

    def _follow(self, _what: object) -> None:
        self.refresh()

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the rule; hairlines above and below join it."""
        own = self.region
        heavy = self._heavy(own)
        joints = self._joints(own)
        parts: list[tuple[str, str]] = []
        for x in range(width):
            beside = x - 1 in heavy and x + 1 in heavy
            if x in heavy and (x not in joints or beside):
                parts.append(("━", "accent"))
            else:
                parts.append((joints.get(x, "─"), "line"))
        return [_with_note(t(*parts), self._rest())]

    def _rest(self) -> Content:
        """Return how many lines are below those in view; empty where there are none."""
        extent = self.screen.query_one(self._below, Pane).extent if self._below else Extent()
        rest = extent.total - extent.top - extent.height
        return t(" ", (f"↓ {count_words(rest, 'more line')}", "text"), " ") if rest > 0 else BLANK

    def _heavy(self, own: Region) -> range:
        """Return the columns over the focused pane: it hangs from this rule, or is the title above it."""
        bottoms = {rule.region.bottom for rule in self.screen.query(Rule)}
        node = self.screen.focused
        while node is not None and node.id != "panes":
            region = node.region
            if node.has_class("title") and region.bottom == own.y:
                return range(own.width)
            if region.y in bottoms:
                return range(region.x - own.x, region.right - own.x) if region.y == own.bottom else range(0)
            node = node.parent if isinstance(node.parent, Widget) else None
        return range(0)

    def _joints(self, own: Region) -> dict[int, str]:
        above, below = set(), set()
        for hair in self.screen.query(Hair):
            region = hair.region
            if region.height and region.y == own.bottom:
                below.add(region.x)
            if region.height and region.bottom == own.y:
                above.add(region.x)
        return {x: "┼" if x in above and x in below else "┬" if x in below else "┴" for x in above | below}


def _with_note(line: Content, note: Content) -> Content:
    """Write a note into the right end of a rule, as far as there is room for it."""
    start = line.cell_length - note.cell_length - 2
    return line[:start] + note + line[-2:] if note.plain and start > 0 else line
