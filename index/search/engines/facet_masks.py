"""Counting values of hits: one bit mask for each value, so that a count is an AND."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

_FEW = 50
"""Documents of a value that are faster looked up one by one; most files and many tags have so few."""

Holders = Callable[[str], Iterable[tuple[str, Sequence[int]]]]
"""Returns each value of a property, with the numbers of its documents."""


class _Masks(NamedTuple):
    many: list[tuple[str, int]]
    """Value → its documents as bits."""
    few: list[tuple[str, Sequence[int]]]


class FacetMasks:
    """The documents of each value of each property, in one state of an index."""

    def __init__(self, size: int, holders: Holders) -> None:
        """Take the values from `holders`, a property when it is first counted; documents end at `size`."""
        self._size = size
        self._holders = holders
        self._masks: dict[str, _Masks] = {}

    def count(self, found: Collection[int], names: Collection[str]) -> dict[str, dict[str, int]]:
        """Count the values of the documents in `found`, of which one asks quickly whether one is in it."""
        bits = _bits(found, self._size)
        return {name: self._count(found, bits, self._of(name)) for name in names}

    def _count(self, found: Collection[int], bits: int, masks: _Masks) -> dict[str, int]:
        counts = {value: (mask & bits).bit_count() for value, mask in masks.many}
        counts |= {value: sum(map(found.__contains__, held)) for value, held in masks.few}
        return {value: count for value, count in counts.items() if count}

    def _of(self, name: str) -> _Masks:
        masks = self._masks.get(name)
        if masks is None:
            masks = self._masks[name] = _Masks([], [])
            for value, held in self._holders(name):
                if len(held) > _FEW:
                    masks.many.append((value, _bits(held, self._size)))
                else:
                    masks.few.append((value, tuple(held)))
        return masks


def _bits(documents: Iterable[int], size: int) -> int:
    # A text of zeros and ones is the fastest way to a large number: it is read in one go.
    digits = bytearray(b"0") * (size + 1)
    for document in documents:
        digits[size - document] = 49
    return int(digits, 2)
