"""The place of a new entry in a file: beside its like, else in the wrapper that waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.markup_writing import is_empty_tag
from index.model.counts import kind_words, plural
from index.model.entry import Entry
from index.model.kind_shape import KindShape
from index.model.plan import CannotEdit
from index.model.problems import first_step
from index.model.vocabulary import fold, is_about, numbered, singular, vocabulary


class Placement(NamedTuple):
    """A place where an entry may go, and its element name there."""

    parent: int
    """-1: it becomes a root."""
    at: int
    """Its number among the children of `parent`."""
    element: str
    """Name of its element."""
    samples: tuple[int, ...] = ()
    """Elements of its kind in the file, the nearest first: how they are written is how it is."""
    template: int = -1
    """The empty entry that it takes the place of."""
    wrapper: str = ""
    """Name of an element that has to be made around it."""


def places(document: Document, entries: Sequence[Entry], shape: KindShape, file: str) -> Iterator[Placement]:
    """Yield the places for an entry of this kind in a file that holds `entries`, the best first.

    Whether it reads as one there is for the caller to find out.

    Raises CannotEdit: the file as a whole is one entry of the kind.
    """
    mates = [entry for entry in entries if entry.kind == shape.kind]
    if mates:
        yield _beside(document, mates, file)
        return
    yield from _in_wrappers(document, shape)
    roots = list(document.children())
    if len(roots) != 1:
        yield Placement(-1, len(roots), shape.kind)
    elif not _is_one_record(document, entries):
        end = _end(document, roots[0])
        wrapper = shape.within[-1] if len(shape.within) > 1 else plural(shape.kind)
        for element in dict.fromkeys((shape.called or shape.kind, shape.kind)):
            yield Placement(roots[0], end, element, wrapper=wrapper)
        yield Placement(roots[0], end, shape.kind)


def is_whole(document: Document, entry: Entry) -> bool:
    """Whether an entry is the file itself: its root, beside which a second one would be no XML any more."""
    if document.parents[entry.ref] >= 0:
        return False
    return document.parents.count(-1) == 1 or fold(document.names[entry.ref]) in vocabulary().whole


def _beside(document: Document, mates: Sequence[Entry], file: str) -> Placement:
    """Return the place behind the last of an entry's like, in the wrapper with the most of them."""
    if all(is_whole(document, mate) for mate in mates):
        raise CannotEdit(
            f"{file} as a whole is one {kind_words(mates[0].kind)}: edit that one, or name another file."
        )
    count = Counter(document.parents[mate.ref] for mate in mates)
    parent = count.most_common(1)[0][0]
    here = [mate for mate in mates if document.parents[mate.ref] == parent]
    empty = next((mate.ref for mate in here if mate.template), -1)
    filled = [mate.ref for mate in reversed(here) if not mate.template]
    last = filled[0] if filled else empty
    if any(_is_open(document, element) for element in (last, parent) if element >= 0):
        step = first_step(document.errors)
        raise CannotEdit(f"{file} lacks an end tag where the entry would go: {step}.")
    index = list(document.children(parent)).index(last if empty < 0 else empty) + 1
    return Placement(parent, index, _next_name(document.names[last]), tuple(filled) or (empty,), empty)


def _is_open(document: Document, element: int) -> bool:
    return document.content_ends[element] == document.ends[element] and not is_empty_tag(document, element)


def _next_name(name: str) -> str:
    """Return the name of the next one: a name with a number counts on."""
    base = numbered(name)
    if not base or not name.startswith(base):
        return name
    digits = name[len(base) :].lstrip("-_").split("-")[0]
    return name if not digits.isdigit() else name.replace(digits, str(int(digits) + 1), 1)


def _in_wrappers(document: Document, shape: KindShape) -> Iterator[Placement]:
    """Yield the empty wrappers that fit, the inner before the outer."""
    words = vocabulary()
    wanted = {fold(name) for name in shape.within}
    for element in reversed(range(len(document.names))):
        parent = document.parents[element]
        name = fold(document.names[element])
        if (parent >= 0 and document.parents[parent] >= 0) or is_about(name):
            continue
        one = singular(name)
        fits = one == shape.kind or shape.kind.endswith(f"-{one}") or name in wanted
        if not fits and not (one in words.generic and parent >= 0):
            continue
        if parent >= 0 and (document.last[element] > element or document.text(element).strip(WHITESPACE)):
            continue  # it holds something else
        for own in dict.fromkeys((shape.called, one if one not in words.generic else "", shape.kind)):
            if own and (parent >= 0 or one == own):
                yield Placement(element, _end(document, element), own)


def _end(document: Document, element: int) -> int:
    """Return the place behind the last child that is no statistics of the others."""
    children = list(document.children(element))
    index = len(children)
    while index and is_about(document.names[children[index - 1]]):
        index -= 1
    return index or len(children)


def _is_one_record(document: Document, entries: Sequence[Entry]) -> bool:
    """Whether a file with one root is one entry that has no room for others, as a state has."""
    is_root = [entry.ref for entry in entries if not entry.template] == [0]
    return is_root and fold(document.names[0]) not in vocabulary().whole
