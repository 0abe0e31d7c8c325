"""The content of an element: its own text, and all text inside it, piece by piece."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from index.formats.xml.markup import Elements, Opaque


class TextStretch(NamedTuple):
    """A stretch of source that is text; in ``verbatim`` text (CDATA) an ``&`` is an ``&``."""

    start: int
    end: int
    verbatim: bool


def children(elements: Elements, element: int) -> Iterator[int]:
    """The child elements; of -1, the roots."""
    last = elements.last
    child = element + 1
    end = last[element] if element >= 0 else len(last) - 1
    while child <= end:
        yield child
        child = last[child] + 1


def own_text(elements: Elements, element: int) -> Iterator[TextStretch]:
    """The text directly in an element: not that of its children, nor comments."""
    start, end = elements.content_starts[element], elements.content_ends[element]
    cuts = opaque_in(elements.opaque, start, end)
    if not cuts:
        return _between_children(elements, element)
    for child in children(elements, element):
        child_start = elements.starts[child]
        cuts.append(Opaque(child_start, elements.ends[child], child_start, child_start))
    return _between(start, end, cuts)


def opaque_in(spans: list[Opaque], start: int, end: int) -> list[Opaque]:
    """Those of the comments, CDATA sections and the like that begin in ``[start, end)``."""
    if not spans or spans[-1].start < start:
        return []
    low = bisect_left(spans, start, key=lambda span: span.start)
    return spans[low : bisect_left(spans, end, lo=low, key=lambda span: span.start)]


def _between_children(elements: Elements, element: int) -> Iterator[TextStretch]:
    position = elements.content_starts[element]
    for child in children(elements, element):
        if position < elements.starts[child]:
            yield TextStretch(position, elements.starts[child], verbatim=False)
        position = elements.ends[child]
    if position < elements.content_ends[element]:
        yield TextStretch(position, elements.content_ends[element], verbatim=False)


def _between(start: int, end: int, cuts: Iterable[Opaque]) -> Iterator[TextStretch]:
    """Yield the stretches of ``[start, end)`` outside ``cuts``, and the text inside the cuts."""
    position = start
    for cut in sorted(cuts):
        if cut.start < position:
            continue  # inside the cut before it
        if position < cut.start:
            yield TextStretch(position, cut.start, verbatim=False)
        if cut.text_start < cut.text_end:
            yield TextStretch(cut.text_start, cut.text_end, verbatim=True)
        position = cut.end
    if position < end:
        yield TextStretch(position, end, verbatim=False)
