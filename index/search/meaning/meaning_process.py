"""The process that knows the model: it makes vectors of texts, and finds those nearest to a question."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.storage.helper_process import serve

if TYPE_CHECKING:
    from index.search.meaning.nearest import Nearest
    from index.search.meaning.sentence_model import Model


def _answer(question: tuple[str, Any], tell: Callable[[Any], None]) -> None:
    """Answer a request of `Thinker`: ("", the answer), or one plain sentence and nothing."""
    from index.search.meaning.sentence_model import ModelUnusable

    name, asked = question
    try:
        tell(("", _ANSWERS[name](*asked)))
    except ModelUnusable as error:
        tell((str(error), None))
    except ImportError as error:
        tell((f"memarium[semantic] is damaged: {error}.", None))


def _learn(texts: Sequence[str]) -> list[bytes]:
    """Return the vector of each text, as the store keeps it."""
    return [vector.tobytes() for vector in _model().vectors(texts).astype("<f2")]


def _nearest(
    path: str, text: str, floor: float, limit: int, among: Sequence[bytes] | None
) -> list[tuple[bytes, float]]:
    """Return the texts nearest to one, by their digests, with the cosine of each: see `Nearest.find`."""
    nearest = _store(path)
    nearest.refresh()
    return nearest.find(_model().vectors([text])[0], floor, limit, among)


@cache
def _model() -> Model:
    from index.search.meaning.sentence_model import Model

    return Model()


@cache
def _store(path: str) -> Nearest:
    from index.search.meaning.nearest import Nearest
    from index.search.meaning.store import VectorStore

    return Nearest(VectorStore(Path(path)))


_ANSWERS: dict[str, Callable[..., Any]] = {
    "learn": _learn,
    "nearest": _nearest,
    "make way": lambda: os.nice(10),  # leaves the processor to those who wait for it
}

if __name__ == "__main__":
    serve(_answer)
