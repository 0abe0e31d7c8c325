"""Transplants: the place of an element of one version of a file in another, and its form there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from index.formats.xml.document import Document
from index.formats.xml.markup_writing import newline_of
from index.formats.xml.white_space import keeping
from index.model.margins import line_ends

_SAMPLE = 200
"""Elements looked at to learn how a file indents."""
_NUMBER = re.compile(r"(.+)\[(\d+)\]")


def field_path(name: str) -> tuple[list[tuple[str, int]], str]:
    """Read the name of a field: the elements from the entry on, each with its count, and the attribute.

    >>> field_path("steps/step[2]@id")
    ([('steps', 1), ('step', 2)], 'id')
    """
    path, _, attribute = name.partition("@")
    steps = []
    for part in path.split("/") if path else []:
        match = _NUMBER.fullmatch(part)
        steps.append((match[1], int(match[2])) if match else (part, 1))
    return steps, attribute.partition("[")[0]


def child_at(document: Document, parent: int, name: str, count: int) -> int | None:
    """Return the `count`-th child of this name, from 1; None when there are fewer."""
    for child in document.children(parent):
        if document.names[child] == name:
            count -= 1
            if not count:
                return child
    return None


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


def reindented(now: Document, at: int, then: Document, start: int, markup: str) -> str:
    """Write source of `then` that began at `start` as if it began at `at`: depth and line ends of `now`.

    Where both files are laid out alike it stays as it is, to the byte. A line of text keeps its distance to
    the tag above it, and its white space where `xml:space` says so. `at` is -1 where nothing shows the depth.
    """
    new, old = _margin(now, at), _margin(then, start)
    moved = new is not None and old is not None
    units = (_unit(then), _unit(now)) if moved else ("", "")
    newline = newline_of(now)
    if newline == newline_of(then) and (not moved or (old, units[0]) == (new, units[1])):
        return markup
    lines = line_ends(markup).split("\n")
    if new is not None and old is not None:
        alone = Document.parse("\n".join(lines).encode("utf-8", "surrogateescape"))
        keeps = keeping(alone, within=keeping(then)(start))
        before, after, offset = old, new, len(lines[0]) + 1
        for number, line in enumerate(lines[1:], 1):
            at, offset = offset, offset + len(line) + 1
            if keeps(at):
                continue
            margin = line[: len(line) - len(line.lstrip(" \t"))]
            if line[len(margin) :].startswith("<") and margin.startswith(old):
                before, after = margin, new + margin.removeprefix(old).replace(*units)
            if line and line.startswith(before):
                deeper = margin.removeprefix(before)
                if "\t" in units:
                    deeper = deeper.replace(*units)
                lines[number] = after + deeper + line[len(margin) :]
    return newline.join(lines)


def _unit(document: Document) -> str:
    """Return how much deeper than its parent most elements are written; two spaces when none shows it."""
    seen: Counter[str] = Counter()
    for element, parent in enumerate(document.parents[:_SAMPLE]):
        if parent >= 0:
            outer, inner = (_margin(document, document.starts[one]) for one in (parent, element))
            if outer is not None and inner is not None and inner != outer and inner.startswith(outer):
                seen[inner.removeprefix(outer)] += 1
    return seen.most_common(1)[0][0] if seen else "  "


def _margin(document: Document, offset: int) -> str | None:
    """Return the white space before an element on its line; None when there is more than that."""
    if offset < 0:
        return None
    line = max(document.source.rfind("\n", 0, offset), document.source.rfind("\r", 0, offset)) + 1
    before = document.source[line:offset]
    return None if before.strip(" \t") else before
