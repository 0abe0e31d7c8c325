"""The first line: the open tree, its size, its problems, the work being done."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content
from textual.reactive import reactive

from index.model.counts import count_words
from tui.context import StatusLineFacts
from tui.theme.drawing import BLANK, bar, hot, plain, progress, t
from tui.widgets.base.drawn import Drawn

WIDE, MIDDLE = 100, 70
"""From these widths on the line tells all, or most."""
_GAP = 2
"""Cells between the left and the right part."""
_SHORTEST = 6
"""Cells of a bar that still shows something."""


class StatusLine(Drawn):
    """Draws a `StatusLineFacts`; a click on problems, on new or uncommitted ones leads there."""

    DEFAULT_CSS = "StatusLine { height: 1; }"

    status: reactive[StatusLineFacts] = reactive(StatusLineFacts())

    def draw(self, width: int, height: int) -> list[Content]:
        """Draw the line; the size and the branch go first when it gets narrow."""
        for versions in self._versions(width):
            left = self._left(width) + versions
            right = self._right(width, width - left.cell_length - _GAP) + t(" ")
            if left.cell_length + _GAP + right.cell_length <= width:
                break
        return [bar(width, left, right)]

    def _left(self, width: int) -> Content:
        status = self.status
        line = t(" ", ("memarium", "strong"))
        if status.tree:
            whole = width >= MIDDLE or status.tree.startswith(".")  # .claude alone is no store
            line += t("  ", plain(status.tree if whole else status.tree.split("/")[0]))
        return line

    def _versions(self, width: int) -> Iterator[Content]:
        """Yield the branch, or who keeps the versions, and whether all is in one; then ever less of it."""
        status = self.status
        if status.branch and width >= MIDDLE:
            sign = hot(t(("±", "accent")), "status") if status.dirty else t(("✓", "ok"))
            names = (
                ("versions kept by memarium", "versions kept", "kept") if status.kept else (status.branch,)
            )
            apart = self._apart()
            yield from (t("  ", plain(name, "muted"), " ", sign, apart) for name in names)
        yield BLANK

    def _apart(self) -> Content:
        """Draw how many commits are to be sent, and to be merged; a click syncs."""
        both = (("↑", self.status.ahead), ("↓", self.status.behind))
        signs = " ".join(f"{sign}{count:,}" for sign, count in both if count)
        return t("  ", hot(t((signs, "accent")), "sync")) if signs else BLANK

    def _right(self, width: int, room: int) -> Content:
        status, marks = self.status, self._marks(width)
        if status.task and status.to_do:
            line = self._progress(room - 1 - marks.cell_length, 30 if width >= WIDE else 16)
        elif status.task:
            line = t((status.task, "muted"))
        elif status.entries is None:
            line = BLANK
        else:
            files = f" · {count_words(status.files, 'file')}" if width >= WIDE or not status.entries else ""
            line = t((count_words(status.entries, "entry", "entries") + files, "muted"))
        return line + marks

    def _progress(self, room: int, longest: int) -> Content:
        """Draw how far it is, shorter where there is less room: `indexing ━━━───  4,783 of 99,796`."""
        task, done, to_do = self.status[-3:]
        share = f"{100 * done // to_do} %"
        for numbers in (f"{done:,} of {to_do:,}", share):
            cells = min(longest, room - len(f"{task}   {numbers}"))
            if cells >= _SHORTEST:
                return t((f"{task} ", "muted"), progress(done, to_do, cells), (f"  {numbers}", "muted"))
        return t((f"{task} {share}", "muted"))

    def _marks(self, width: int) -> Content:
        status, line = self.status, BLANK
        news = (("+", status.new, "new"), ("±", status.changed, "changed"))
        texts = [f"{sign} {n:,}" + (f" {word}" if width >= MIDDLE else "") for sign, n, word in news if n]
        if texts:
            line += t("   ", hot(t(("  ".join(texts), "accent")), "find_new"))
        if status.problems:
            broken = (
                count_words(status.problems, "broken file") if width >= MIDDLE else f"{status.problems:,}"
            )
            text = f"▲ {broken}"
            line += t("   ", hot(t((text, "warn")), "problems"))
        return line
