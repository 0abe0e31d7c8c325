"""The matcher: two versions of a list, and which item of one is which of the other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Matching(Generic[Item]):
    """The pairs found so far, by place; each round adds to them and never takes one back."""

    def __init__(self, before: Sequence[Item], after: Sequence[Item]) -> None:
        self._before, self._after = before, after
        self._old: dict[int, None] = dict.fromkeys(range(len(before)))
        self._new: dict[int, None] = dict.fromkeys(range(len(after)))
        self.found: dict[int, int] = {}
        """Places before, each with its place after."""

    @property
    def gone(self) -> list[int]:
        """The places before that have no pair, in order."""
        return list(self._old)

    def by(
        self,
        sign: Callable[[Item], Hashable],
        when: Callable[[Item, Item], bool] | None = None,
        *,
        later: Callable[[Item], Hashable] | None = None,
    ) -> None:
        """Pair those whose sign is said once on each side; an empty sign says nothing.

        `later` is the sign of those after, where it is another one.
        """
        for olds, news in self._groups(sign, later or sign):
            if len(olds) == len(news) == 1:
                old, new = olds[0], news[0]
                if when is None or when(self._before[old], self._after[new]):
                    self._match(old, new)

    def in_order(self, sign: Callable[[Item], Hashable]) -> None:
        """Pair those that share a sign, the first with the first."""
        for olds, news in self._groups(sign, sign):
            for old, new in zip(olds, news, strict=False):
                self._match(old, new)

    def by_likeness(
        self, sort: Callable[[Item], Hashable], likeness: Callable[[Item, Item], float], most: int
    ) -> None:
        """Pair those of one sort that are alike, the likest first; neighbours win a tie.

        `likeness` is 0 for two that are not. With more than `most` pairs to compare, none are.
        """
        if not self._old or not self._new or len(self._old) * len(self._new) > most:
            return
        scored = [
            (-likeness(self._before[old], self._after[new]), abs(old - new), old, new)
            for olds, news in self._groups(sort)
            for old in olds
            for new in news
        ]
        for score, _, old, new in sorted(scored):
            if score and old in self._old and new in self._new:
                self._match(old, new)

    def in_place(self, when: Callable[[Item, Item], bool]) -> None:
        """Pair those that come right behind a pair, or first on both sides."""
        for old in list(self._old):
            new = self.found[old - 1] + 1 if old - 1 in self.found else 0 if old == 0 else None
            if new in self._new and new is not None and when(self._before[old], self._after[new]):
                self._match(old, new)

    def _groups(
        self, sign: Callable[[Item], Hashable], later: Callable[[Item], Hashable] | None = None
    ) -> list[tuple[list[int], list[int]]]:
        if not self._old or not self._new:
            return []
        groups: dict[Hashable, tuple[list[int], list[int]]] = {}
        for old in self._old:
            if key := sign(self._before[old]):
                groups.setdefault(key, ([], []))[0].append(old)
        for new in self._new:
            key = (later or sign)(self._after[new])
            if key in groups:
                groups[key][1].append(new)
        return list(groups.values())

    def _match(self, old: int, new: int) -> None:
        self.found[old] = new
        del self._old[old], self._new[new]
