"""Putting an element of another version back: pure functions on documents, the result is checked above."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from index.formats.opened import field_of
from index.formats.xml.document import Document
from index.formats.xml.elements import entries_of
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.editing import set_attribute, without_attribute
from index.formats.xml.writing.field_paths import child_at, follow, written_path
from index.formats.xml.writing.items import set_items
from index.formats.xml.writing.layout import Layout, layout_at, layout_for, moved
from index.formats.xml.writing.markup_writing import is_empty_tag, raw_attribute, set_raw_attribute
from index.formats.xml.writing.structure import insert_element, remove_emptied
from index.formats.xml.writing.white_space import SPACE, keeping, lay
from index.model.entry import Entry
from index.model.errors import EditRefused
from index.model.field import Field
from index.model.field_path import FieldStep
from index.model.problems import Splice


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


# ── an entry ──────────────────────────────────────────────────────────────────


def put_back(now: Document, element: int, then: Document, was: int) -> Iterator[Document]:
    """Yield the document with an element as another version writes it, in the layout of now or of then."""
    start, end = now.starts[element], now.ends[element]
    for markup in _spellings(now, layout_at(now, start), then, then.starts[was], then.markup(was)):
        edited = _spliced(now, Splice(start, end, markup))
        if edited is not None:
            yield edited


def insert_back(
    now: Document, then: Document, gone: int, twins: Mapping[int, int | None]
) -> Iterator[Document]:
    """Yield the document with an element of `then` in its wrapper, beside the neighbours it had.

    `twins` gives the place here of each entry of `then`, None of those that are gone. Raises `EditRefused`.
    """
    wrapper, chain = descend(now, then, gone)
    mine = {entry.ref for entry in entries_of(now)}

    def is_now(child: int) -> int | None:
        """Find a neighbour of then again: the same entry, or an element of its name that is none."""
        if child in twins:
            return twins[child]
        place = child_at(now, wrapper, then.names[child], 1)
        return place if place not in mine else None

    siblings = list(now.children(wrapper))
    index = place_of(list(then.children(then.parents[chain[0]])), chain[0], is_now, siblings)
    layout = layout_for(now, wrapper, index)
    for markup in _spellings(now, layout, then, then.starts[chain[0]], nested(then, chain)):
        yield insert_element(now, wrapper, index, markup, broken=True)


def _spellings(now: Document, layout: Layout, then: Document, start: int, markup: str) -> Iterator[str]:
    """Yield source that began at `start` as this file would write it, and as it was written."""
    moved = reindented(layout, then, start, markup)
    yield now.encoding.fit_markup(moved)
    if moved != markup:
        yield now.encoding.fit_markup(markup)


# ── a field ───────────────────────────────────────────────────────────────────


def put_field_back(now: Document, entry: Entry, name: str, then: Document, old_entry: Entry) -> Document:
    """Return the document with one field of an entry as another version of it writes it.

    Set, added back, or removed again. Raises `EditRefused`.
    """
    is_, was = field_of(entry, name), field_of(old_entry, name)
    element, old_element = entry.ref, old_entry.ref
    steps, attribute = written_path(name)
    if attribute:
        target = follow(now, element, steps) if is_ is None else element + is_.ref
        if target is None:
            raise EditRefused(f"{name} cannot be restored: the element it was on is gone.")
        if was is None:
            return without_attribute(now, target, attribute)
        tag = _start_tag(then, old_element + was.ref)
        edited = _with_attribute(now, target, attribute, raw_attribute(tag, attribute), was.text)
        return set_attribute(now, target, attribute, was.text) if edited is None else edited
    if was is None:
        assert is_ is not None
        return remove_emptied(now, element + is_.ref, element)
    source = old_element + was.ref
    if is_ is None:
        return _added(now, element, then, old_element, steps)
    target = element + is_.ref
    start = then.starts[source]
    is_list = bool(was.items or is_.items)
    if is_list or (now.last[target] == target and then.last[source] == source):
        layout, changed = layout_at(now, now.starts[target]), _element(now, target, then, source)
        for markup in _spellings(now, layout, then, start, changed):
            edited = _spliced(now, Splice(now.starts[target], now.ends[target], markup))
            if edited is not None and _reads(edited, now, element, was):
                return edited
    return set_items(now, target, list(was.items)) if is_list else lay(now, target, was.text)


def _element(now: Document, target: int, then: Document, source: int) -> str:
    """Return the markup of an element as it was, with the attributes that it has now.

    They are fields of their own, but for `xml:space`, which is how a text is written.
    """
    attributes = [
        {key: value for key, value in document.attributes(element).items() if key != SPACE}
        for document, element in ((now, target), (then, source))
    ]
    if attributes[0] == attributes[1]:
        return then.markup(source)
    tag = set_raw_attribute(_start_tag(now, target), SPACE, raw_attribute(_start_tag(then, source), SPACE))
    if is_empty_tag(then, source):
        return f"{tag.removesuffix('>').removesuffix('/').rstrip(WHITESPACE)}/>"
    tag = f"{tag.removesuffix('/>').rstrip(WHITESPACE)}>" if tag.endswith("/>") else tag
    return tag + then.source[then.content_starts[source] : then.ends[source]]


def _reads(edited: Document, now: Document, element: int, was: Field) -> bool:
    """Whether a field of an entry reads as it did then, and all others as they do now."""
    said = [
        {field.name: field.text for field in entry.fields if not field.path.is_inside(was.path)}
        for document in (edited, now)
        for entry in entries_of(document)
        if entry.ref == element
    ]
    return (
        len(said) == 2
        and said[0] == {**said[1], was.name: was.text}
        and len(edited.errors) <= len(now.errors)
    )


def _start_tag(document: Document, element: int) -> str:
    return document.source[document.starts[element] : document.content_starts[element]]


def _added(
    now: Document, element: int, then: Document, old_element: int, steps: Sequence[FieldStep]
) -> Document:
    """Insert the missing part of the way to a field, and the field, between the neighbours it had."""
    parent, old_parent = element, old_element
    for step, (name, count) in enumerate(steps):
        child, old = child_at(now, parent, name, count), child_at(then, old_parent, name, count)
        if old is None:
            raise EditRefused(f"{name} was not an element of its own then.")
        if child is not None:
            parent, old_parent = child, old
            continue
        chain = [old]
        for deeper, times in steps[step + 1 :]:
            inner = child_at(then, chain[-1], deeper, times)
            if inner is None:
                raise EditRefused(f"{deeper} was not an element of its own then.")
            chain.append(inner)
        counted = _counted(then, old_parent)
        siblings = list(now.children(parent))
        index = place_of(
            list(then.children(old_parent)), old, partial(_same_place, now, parent, counted), siblings
        )
        markup = nested(then, chain)
        moved = reindented(layout_for(now, parent, index), then, then.starts[old], markup)
        return insert_element(now, parent, index, now.encoding.fit_markup(moved), broken=True)
    raise EditRefused("The field is there already.")


def _same_place(now: Document, parent: int, counted: dict[int, tuple[str, int]], sibling: int) -> int | None:
    return child_at(now, parent, *counted[sibling])


def _counted(document: Document, parent: int) -> dict[int, tuple[str, int]]:
    """Return the children with their names, and which of that name each is."""
    seen: dict[str, int] = {}
    found = {}
    for child in document.children(parent):
        name = document.names[child]
        seen[name] = seen.get(name, 0) + 1
        found[child] = (name, seen[name])
    return found


def _with_attribute(now: Document, element: int, name: str, raw: str, value: str) -> Document | None:
    """Return the document with an attribute written as `raw`; None if it does not read as `value`."""
    tag = set_raw_attribute(_start_tag(now, element), name, now.encoding.fit_markup(raw))
    edited = _spliced(now, Splice(now.starts[element], now.content_starts[element], tag))
    expected = {**now.attributes(element), name: value}
    same = edited is not None and edited.names == now.names and edited.attributes(element) == expected
    return edited if same else None


# ── both ──────────────────────────────────────────────────────────────────────


def _spliced(document: Document, splice: Splice) -> Document | None:
    try:
        return document.spliced([splice])
    except UnicodeEncodeError:
        return None
