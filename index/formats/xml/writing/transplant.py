"""Transplants: the place of an element of one version of a file in another, and its form there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.formats.xml.document import Document
from index.formats.xml.writing.field_paths import child_at
from index.formats.xml.writing.layout import Layout, layout_at, moved
from index.formats.xml.writing.white_space import keeping


def descend(now: Document, then: Document, element: int) -> tuple[int, list[int]]:
    """Find the innermost of the elements around one of `then` that `now` has too.

    Returns that element of `now` (-1: none, it goes beside the roots), and what of `then` is missing
    in it: the elements from the outermost missing one to `element` itself.
    """
    above = []
    outer = then.parents[element]
    while outer >= 0:
        above.append(outer)
        outer = then.parents[outer]
    place = -1
    for depth, old in enumerate(reversed(above)):
        found = child_at(now, place, then.names[old], 1)
        if found is None and not depth:
            roots = list(now.children())
            found = roots[0] if len(roots) == 1 else None  # the root was renamed
        if found is None:
            return place, [*list(reversed(above))[depth:], element]
        place = found
    return place, [element]


def nested(document: Document, chain: Sequence[int]) -> str:
    """Return the source of the last element of `chain`, in the others of it and nothing else of theirs."""
    text = document.markup(chain[-1])
    for outer in reversed(chain[:-1]):
        children = list(document.children(outer))
        head = document.source[document.starts[outer] : document.starts[children[0]]]
        text = head + text + document.source[document.ends[children[-1]] : document.ends[outer]]
    return text


def place_of(
    olds: Sequence[int], old: int, is_now: Callable[[int], int | None], siblings: Sequence[int]
) -> int:
    """Return at which place among `siblings` something belongs that was `old` among `olds`.

    Behind the nearest of those before it that is still there, else before the nearest of those behind.
    """
    at = olds.index(old)
    for before in reversed(olds[:at]):
        if (found := is_now(before)) in siblings and found is not None:
            return siblings.index(found) + 1
    for behind in olds[at + 1 :]:
        if (found := is_now(behind)) in siblings and found is not None:
            return siblings.index(found)
    return len(siblings)


def reindented(layout: Layout, then: Document, start: int, markup: str) -> str:
    """Return source of `then` that began at `start` as `now` would write it in that layout."""
    return moved(markup, layout_at(then, start), layout, within=keeping(then)(start))
