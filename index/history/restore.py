"""Putting an entry, or a field of it, back as it was: pure functions on documents, nothing is written.

Every result is read again and compared: what was to come back says what it said, and nothing else changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from index.formats.base import CannotRepair, EditRefused
from index.formats.xml.document import Document
from index.formats.xml.editing import set_attribute
from index.formats.xml.elements import content_of
from index.formats.xml.entries import read_entries
from index.formats.xml.items import set_items
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.markup_writing import is_empty_tag
from index.formats.xml.merge_layout import raw_attribute, set_raw_attribute
from index.formats.xml.repair import repair_document
from index.formats.xml.structure import insert_element, remove_element
from index.formats.xml.transplant import child_at, descend, field_path, nested, place_of, reindented
from index.formats.xml.white_space import SPACE, lay
from index.history.entry_at_commit import EntryAtCommit
from index.history.entry_matching import content, pair
from index.history.field_diff import compare
from index.model.entry import Entry
from index.model.field import Field
from index.model.problems import Splice


def entries_of(document: Document) -> list[Entry]:
    """Return the entries of a document in its order; `document.path` is its file."""
    return read_entries(content_of(document), document.path)


def entry_of(document: Document, entry_id: str) -> Entry:
    """Return the entry of this id; only the part after `#` counts.

    Raises:
        EditRefused: there is none.
    """
    key = entry_id.rpartition("#")[2]
    for entry in entries_of(document):
        if entry.id.rpartition("#")[2] == key:
            return entry
    raise EditRefused(f"{entry_id} is not in this version of its file.")


# ── an entry ──────────────────────────────────────────────────────────────────


def restore_entry(now: Document | None, entry_id: str, then: EntryAtCommit) -> Document:
    """Return the document with an entry as it was: in place of what it is now, or back at its place.

    Args:
        now: the file as it is; None when it is gone: then it comes back with this entry alone.
        entry_id: the entry's id in `now`, empty when it is deleted there.
        then: the entry and the whole file at the moment to go back to.

    Raises:
        EditRefused: it cannot be done without changing something else; one plain sentence.
    """
    if now is None or not now.to_bytes().strip():
        return _alone(then)
    return replace_entry(now, entry_of(now, entry_id), then) if entry_id else insert_entry(now, then)


def replace_entry(now: Document, entry: Entry, then: EntryAtCommit) -> Document:
    """Return the document with the source of `then` in place of `entry`, one of its own."""
    start, end = now.starts[entry.ref], now.ends[entry.ref]
    if any(entry.ref < other.ref <= now.last[entry.ref] for other in entries_of(now)):
        return _field_by_field(now, entry, then)  # what stands beside the entries of a file
    then = _mended(then)
    old = then.document.starts[then.entry.ref]
    for markup in _spellings(now, start, then.document, old, then.markup):
        edited = _spliced(now, Splice(start, end, markup))
        others = _beside(now, entry.ref)
        if edited is not None and _says(edited, entry.ref, then.entry, others, now):
            return edited
    raise _refused(then.entry)


def insert_entry(now: Document, then: EntryAtCommit) -> Document:
    """Return the document with a deleted entry back: in its wrapper, beside the neighbours it had."""
    then = _mended(then)
    before = entries_of(now)
    old = entries_of(then.document)
    gone = next(entry for entry in old if entry.ref == then.entry.ref)
    twins = {one.before.ref: one.after for one in pair(old, before) if one.before is not None}
    same = (other.ref for other in old if content(other) == content(gone))
    missing = next((element for element in same if twins.get(element) is None), gone.ref)
    twins[gone.ref], twins[missing] = twins.get(missing), twins.get(gone.ref)
    if twins[gone.ref] is not None:
        raise EditRefused(f"{_quoted_title(then.entry)} is in the file already.")
    wrapper, chain = descend(now, then.document, gone.ref)
    mine = {entry.ref for entry in before}

    def is_now(child: int) -> int | None:
        """Find a neighbour of then again: the same entry, or an element of its name that is none."""
        if child in twins:
            found = twins[child]
            return found.ref if found is not None else None
        place = child_at(now, wrapper, then.document.names[child], 1)
        return place if place not in mine else None

    siblings = list(now.children(wrapper))
    index = place_of(
        list(then.document.children(then.document.parents[chain[0]])), chain[0], is_now, siblings
    )
    beside = siblings[max(index - 1, 0)] if siblings else -1
    at = now.starts[beside] if siblings else -1
    start = then.document.starts[chain[0]]
    for markup in _spellings(now, at, then.document, start, nested(then.document, chain)):
        edited = insert_element(now, wrapper, index, markup)
        for entry in entries_of(edited):
            said = content(entry) == content(gone)
            if said and _says(edited, entry.ref, gone, _beside(now, wrapper), now):
                return edited
    raise _refused(then.entry)


def remove_entry(now: Document, entry: Entry) -> Document:
    """Return the document without one of its entries.

    Raises:
        EditRefused: it cannot be done without changing something else.
    """
    others = _beside(now, entry.ref)
    edited = remove_element(now, entry.ref)
    if _beside(edited, now.parents[entry.ref]) != others:
        raise EditRefused(
            f"{_quoted_title(entry)} cannot be removed without changing more; repair the file first."
        )
    return edited


def _beside(document: Document, element: int) -> list[tuple[object, ...]]:
    """Return the fields of all entries but the one at an element and those around it.

    A file that loses its last entry, or gets its first, is read as an entry itself before or after.
    """
    last = document.last
    found = entries_of(document)
    return [content(other) for other in found if not other.ref <= element <= last[other.ref]]


def _alone(then: EntryAtCommit) -> Document:
    """Return the file of then with no other entry in it."""
    then = _mended(then)
    document, wanted = then.document, then.entry.ref
    start, end = document.starts[wanted], document.ends[wanted]
    for entry in reversed(entries_of(then.document)):
        first = then.document.starts[entry.ref]
        around = first <= start and then.document.ends[entry.ref] >= end
        if not around and not start <= first < end:
            document = remove_element(document, entry.ref)
    return document


def _spellings(now: Document, at: int, then: Document, start: int, markup: str) -> Iterator[str]:
    """Yield source that began at `start` as this file would write it, and as it was written."""
    moved = reindented(now, at, then, start, markup)
    yield now.encoding.fit_markup(moved)
    if moved != markup:
        yield now.encoding.fit_markup(markup)


def _mended(then: EntryAtCommit) -> EntryAtCommit:
    """Return an entry in its file, without its broken parts."""
    start, end = then.document.starts[then.entry.ref], then.document.ends[then.entry.ref]
    if not any(start <= problem.start <= end for problem in then.document.errors):
        return then
    try:
        return EntryAtCommit(
            then.entry, repair_document(then.document)
        )  # its elements are those that were read already
    except CannotRepair as error:
        raise EditRefused(f"{_quoted_title(then.entry)} was broken then: {error}") from error


def _field_by_field(now: Document, entry: Entry, then: EntryAtCommit) -> Document:
    for change in compare(entry, then.entry):
        now = _restore_field(now, entry.ref, then, change.field)
    return now


def _says(
    edited: Document, element: int, wanted: Entry, others: list[tuple[object, ...]], now: Document
) -> bool:
    """Whether an entry reads as meant, and all others as before."""
    mine = next((entry for entry in entries_of(edited) if entry.ref == element), None)
    told = mine is not None and not compare(mine, wanted)
    return told and _beside(edited, element) == others and len(edited.errors) <= len(now.errors)


# ── a field ───────────────────────────────────────────────────────────────────


def restore_field(now: Document, entry_id: str, then: EntryAtCommit, name: str) -> Document:
    """Return the document with one field of an entry as it was: set, added back, or removed again.

    Raises:
        EditRefused: there is no such entry or field, or it cannot be done without changing something else.
    """
    entry = entry_of(now, entry_id)
    edited = _restore_field(now, entry.ref, then, name)
    if _beside(edited, entry.ref) != _beside(now, entry.ref) or len(edited.errors) > len(now.errors):
        raise EditRefused(f"{name} cannot be put back without changing more; repair the file first.")
    return edited


def _restore_field(now: Document, element: int, then: EntryAtCommit, name: str) -> Document:
    entry = next(entry for entry in entries_of(now) if entry.ref == element)
    is_, was = _field(entry, name), _field(then.entry, name)
    if is_ is None and was is None:
        raise EditRefused(f"The entry has no field {name}, now or then.")
    path, attribute = field_path(name)
    if attribute:
        target = _follow(now, element, path) if is_ is None else element + is_.ref
        if target is None:
            raise EditRefused(f"{name} cannot be put back: the element it was on is gone.")
        if was is None:
            return _without(now, target, attribute)
        tag = _start_tag(then.document, then.entry.ref + was.ref)
        edited = _with_attribute(now, target, attribute, raw_attribute(tag, attribute), was.text)
        return set_attribute(now, target, attribute, was.text) if edited is None else edited
    if was is None:
        assert is_ is not None
        return _removed(now, element, element + is_.ref)
    source = then.entry.ref + was.ref
    if is_ is None:
        return _added(now, element, then, path)
    target = element + is_.ref
    old, start = then.document, then.document.starts[source]
    is_list = bool(was.items or is_.items)
    if is_list or (now.last[target] == target and old.last[source] == source):
        for markup in _spellings(now, now.starts[target], old, start, _element(now, target, old, source)):
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
        {field.name: field.text for field in entry.fields if not field.name.startswith(f"{was.name}/")}
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


def _added(now: Document, element: int, then: EntryAtCommit, path: Sequence[tuple[str, int]]) -> Document:
    """Insert what is missing of the way to a field, and the field, between the neighbours it had."""
    parent, old_parent = element, then.entry.ref
    for step, (name, count) in enumerate(path):
        child, old = child_at(now, parent, name, count), child_at(then.document, old_parent, name, count)
        if old is None:
            raise EditRefused(f"{name} was no element of its own then.")
        if child is not None:
            parent, old_parent = child, old
            continue
        chain = [old]
        for deeper, times in path[step + 1 :]:
            inner = child_at(then.document, chain[-1], deeper, times)
            if inner is None:
                raise EditRefused(f"{deeper} was no element of its own then.")
            chain.append(inner)
        counted = _counted(then.document, old_parent)
        siblings = list(now.children(parent))
        index = place_of(
            list(then.document.children(old_parent)),
            old,
            partial(_same_place, now, parent, counted),
            siblings,
        )
        at = now.starts[siblings[max(index - 1, 0)]] if siblings else -1
        markup = nested(then.document, chain)
        moved = reindented(now, at, then.document, then.document.starts[old], markup)
        return insert_element(now, parent, index, now.encoding.fit_markup(moved))
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


def _removed(now: Document, entry: int, element: int) -> Document:
    """Remove an element, and what then holds nothing around it."""
    while True:
        parent = now.parents[element]
        if parent <= entry or list(now.children(parent)) != [element] or now.attributes(parent):
            return remove_element(now, element)
        if now.text(parent).strip(" \t\r\n"):
            return remove_element(now, element)
        element = parent


def _without(now: Document, element: int, attribute: str) -> Document:
    edited = _with_attribute(now, element, attribute, "", None)
    if edited is None:
        raise EditRefused(f"The attribute {attribute} cannot be removed; repair the file first.")
    return edited


def _with_attribute(now: Document, element: int, name: str, raw: str, value: str | None) -> Document | None:
    """Return the document with an attribute written as `raw`, or without it; None if it reads otherwise."""
    tag = set_raw_attribute(_start_tag(now, element), name, now.encoding.fit_markup(raw))
    edited = _spliced(now, Splice(now.starts[element], now.content_starts[element], tag))
    expected = {key: said for key, said in now.attributes(element).items() if key != name}
    if value is not None:
        expected[name] = value
    same = edited is not None and edited.names == now.names and edited.attributes(element) == expected
    return edited if same else None


def _follow(document: Document, element: int, path: Sequence[tuple[str, int]]) -> int | None:
    for name, count in path:
        found = child_at(document, element, name, count)
        if found is None:
            return None
        element = found
    return element


def _field(entry: Entry, name: str) -> Field | None:
    return next((field for field in entry.fields if field.name == name), None)


# ── both ──────────────────────────────────────────────────────────────────────


def _spliced(document: Document, splice: Splice) -> Document | None:
    try:
        return document.spliced([splice])
    except UnicodeEncodeError:
        return None


def _quoted_title(entry: Entry) -> str:
    return f"“{entry.title}”"


def _refused(entry: Entry) -> EditRefused:
    return EditRefused(
        f"{_quoted_title(entry)} cannot be put back without changing more; repair the file first."
    )
