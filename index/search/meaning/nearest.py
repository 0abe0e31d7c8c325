"""The vectors of a store in memory, and those among them that are nearest to a question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.search.meaning.sentence_model import Vectors
from index.search.meaning.store import SIZE, VectorStore

_UNIT = 0.01
"""By how much the length of a vector may differ from 1; another one was damaged, and is left out."""


class Nearest:
    """Looks at every vector: at 100,000 that takes less time than one key may."""

    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._row = 0
        """The row of the store that was read last."""
        self._clear()

    def _clear(self) -> None:
        self._digests: list[bytes] = []
        self._places: dict[bytes, int] = {}
        self._vectors: Vectors = np.zeros((0, SIZE), np.float32)

    def refresh(self) -> None:
        """Take in the vectors that were added to the store."""
        last = self._store.last()
        if last < self._row:  # it was thrown away, and counts anew
            self._row = 0
            self._clear()
        if last == self._row:
            return
        digests, packed = [], []
        for row, digest, vector in self._store.after(self._row):
            self._row = row
            digests.append(digest)
            packed.append(vector)
        self.add(digests, np.frombuffer(b"".join(packed), "<f2").reshape(-1, SIZE).astype(np.float32))

    def add(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        """Take in vectors, each with the digest of its text."""
        whole = np.abs(np.einsum("ij,ij->i", vectors, vectors) - 1) < 2 * _UNIT
        for digest, is_whole in zip(digests, whole, strict=True):
            if is_whole:
                self._places[digest] = len(self._digests)
                self._digests.append(digest)
        self._vectors = np.concatenate([self._vectors, vectors[whole]])

    def find(
        self, vector: Vectors, floor: float, limit: int, among: Sequence[bytes] | None = None
    ) -> list[tuple[bytes, float]]:
        """Return the digests nearest to a vector and the cosine of each, the nearest first.

        Args:
            vector: of length 1.
            floor: the smallest cosine that counts.
            among: the digests to choose from; None for all.
        """
        digests, vectors = self._digests, self._vectors
        if among is not None:
            places = [self._places[digest] for digest in among if digest in self._places]
            digests, vectors = [digests[place] for place in places], vectors[places]
        cosines = vectors @ vector
        near = np.flatnonzero(cosines >= floor)
        if len(near) > limit:
            near = near[np.argpartition(-cosines[near], limit)[:limit]]
        best = near[np.argsort(-cosines[near], kind="stable")]
        return [(digests[place], float(cosines[place])) for place in best]
