"""The search by meaning: the nearest of 100,000 vectors, and how fast meanings are read."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from benchmarks.make_tree import make_tree
from benchmarks.rows import Row, clock, in_turn
from index.search.meaning.nearest import Nearest
from index.search.meaning.related import FLOOR, text_of
from index.search.meaning.sentence_model import Model
from index.search.meaning.store import SIZE, VectorStore
from index.workspace import Workspace

ENTRIES, FEW = 100_000, 200


def meaning(folder: Path, runs: int) -> list[Row]:
    """The entries nearest to a question, beside the bare product of a matrix and a vector."""
    chance = np.random.default_rng(7)
    vectors = chance.standard_normal((ENTRIES, SIZE), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = Nearest(VectorStore(folder / "meaning.sqlite"))
    nearest.add([place.to_bytes(16) for place in range(ENTRIES)], vectors)
    asked = vectors[ENTRIES // 2]
    ours, bare = in_turn(
        max(15, runs),
        lambda: clock(lambda: nearest.find(asked, FLOOR, 20)),
        lambda: clock(lambda: vectors @ asked),
    )
    return [
        Row("nearest in meaning, of 100,000", ours * 1000, bare * 1000, "ms", 1.5),
        Row("entries whose meaning is read", _rate(folder), None, "/s", 20),
    ]


def _rate(folder: Path) -> float:
    """Return how many entries a processor reads the meaning of in a second."""
    root = folder / "meaning" / "memories"
    make_tree(root, FEW)
    workspace = Workspace.open(root)
    texts = [text_of(entry) for entry in workspace.tree.entries()]
    workspace.close()
    model = Model()
    before = time.process_time()
    model.vectors(texts)
    return len(texts) / (time.process_time() - before)
