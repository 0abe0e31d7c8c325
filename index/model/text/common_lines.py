"""Lines that two texts have in common, wherever they are."""

from __future__ import annotations

from collections import Counter

ALIKE = 0.5
"""Share of two texts in common from which one is the other, renamed or edited; git's own for lines:
https://git-scm.com/docs/git-diff#Documentation/git-diff.txt---find-renamesltngt."""


def common_lines(one: bytes, other: bytes) -> int:
    """Return the bytes of those lines that both texts have, each as often as both have it."""
    both = Counter(one.splitlines(keepends=True)) & Counter(other.splitlines(keepends=True))
    return sum(len(line) * times for line, times in both.items())


def common_share(one: bytes, other: bytes) -> float:
    """Return how much of the longer one of two texts is lines that both have."""
    return common_lines(one, other) / max(len(one), len(other), 1)
