"""The trends of a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from index.library.tree import Tree
from index.model.trend_counts import Recurring, Reuse, TrendCounts


class TreeTrends:
    """Counts the entries of a tree over time; each looks at the tree as it is then."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def count(self, today: date) -> TrendCounts:
        """Count the entries by kind, level, project and tag, on a scale that ends with today."""
        from index.trends.counting import count

        return count(self._tree.entries(), today)

    def recurring(self) -> Sequence[Recurring]:
        """Return the problems that came back, the most frequent first."""
        return self.begin_recurring()()

    def begin_recurring(self) -> Callable[[], Sequence[Recurring]]:
        """Begin to look for them, beside this process where that pays; the function returned waits."""
        from index.trends.recurring import begin_recurring

        return begin_recurring(self._tree.entries())

    def reused(self) -> Sequence[Reuse]:
        """Return the entries that are used again, the most used first."""
        from index.trends.counting import reused

        return reused(self._tree.entries())
