"""An entry in another file, or a second time in its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from index.editing.adding import Added, frame_for, place_entry
from index.editing.composing import Style
from index.editing.deleting import without
from index.editing.field_edits import put_field
from index.editing.placement import Placement, is_whole, places
from index.editing.plan_checks import (
    at_element,
    kind_words,
    others_unchanged,
    parse,
    refusing,
    subject,
    with_others,
)
from index.editing.templates import next_id, shape_of
from index.formats.base import CannotRepair
from index.formats.xml.document import Document
from index.formats.xml.document_entries import entries_of, find_entry
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.markup_writing import doctype_of
from index.formats.xml.repair import repair_document
from index.formats.xml.structure import insert_element
from index.formats.xml.white_space import keeps_space
from index.model.entry import Entry
from index.model.known_entries import NONE, KnownEntries
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.model.problems import Splice, apply
from index.model.vocabulary import role


def plan_move(
    data: bytes,
    file: str,
    entry_id: str,
    target: bytes | None,
    target_file: str,
    *,
    entries: KnownEntries,
    now: datetime,
    project: str = "",
) -> Plan:
    """Plan an entry's move to another file: two files, one commit.

    Its text goes along as it is written, in the layout and under the element name of its like there;
    comments above it stay behind. Where the target has an entry with its id, it gets a new one.

    Args:
        data: the bytes of the entry's file.
        file: its path in the tree.
        entry_id: as `Entry.id`.
        target: the bytes of the other file; None: it is to be made.
        target_file: its path in the tree.
        entries: those of the tree.
        now: the time for a new file.
        project: written into the entry's own project field, if it has one.

    Raises:
        CannotEdit: the entry would not read there as it does here.
    """
    if file == target_file:
        raise CannotEdit(f"The entry is in {file} already.")
    source, there = parse(data, file), parse(target, target_file)
    entry = find_entry(source, file, entry_id)
    if is_whole(source, entry) or (source.parents[entry.ref] < 0 and target is None):
        return _rename(source, file, entry, data, target, target_file)
    rest, warning = without(source, file, entry)
    tree = with_others(entries, there, target_file)
    shape = shape_of(entry.kind, tree, target_file)
    markup = _markup(source, entry, there)
    if there.source.strip(WHITESPACE):
        spots = places(there, entries_of(there, target_file), shape, target_file)
    else:
        frame = frame_for(target_file, shape, data, now)
        there, spots = frame.document, iter(frame.places)
    said = {field.name: field.text for field in entry.fields}
    keeps = keeps_space(source, source.parents[entry.ref])
    added = place_entry(there, target_file, entry.kind, called(spots, markup), said, within=keeps)
    clash = [other.own_id for other in entries_of(there, target_file)]
    fresh = entry.own_id in clash
    texts = _texts(
        added.entry, project=project, own=next_id(entry.kind, tree, now, file=target_file) if fresh else ""
    )
    added = _with(added, target_file, texts)
    changes = (
        PlannedChange(target_file, target, added.document.to_bytes()),
        PlannedChange(file, data, None if rest is None else rest.to_bytes()),
    )
    message = subject("move", entry, f" to {target_file.rpartition('/')[2]}")
    return Plan(changes, message, (added.entry.id,), tuple(texts), warning)


def plan_duplicate(data: bytes, file: str, entry_id: str, *, entries: KnownEntries, now: datetime) -> Plan:
    """Plan a copy of an entry right behind it, with a new id and the time `now`.

    Raises:
        CannotEdit: the file as a whole is the entry, or two of it would not read as two.
    """
    document = parse(data, file)
    entry = find_entry(document, file, entry_id)
    before = entries_of(document, file)
    if is_whole(document, entry) or any(
        entry.ref < other.ref <= document.last[entry.ref] for other in before
    ):
        raise CannotEdit(f"{file} as a whole is this {kind_words(entry.kind)}: copy the file instead.")
    parent = document.parents[entry.ref]
    at = list(document.children(parent)).index(entry.ref) + 1
    with refusing(f"{entry.title} cannot be copied"):
        edited = insert_element(document, parent, at, _markup(document, entry, document))
    element = list(edited.children(parent))[at]
    after = entries_of(edited, file)
    copy = next((other for other in after if other.ref == element), None)
    if copy is None or not others_unchanged(before, after, new={element}):
        raise CannotEdit(f"{entry.title} cannot be copied: the file would read differently then.")
    tree = with_others(entries, document, file)
    shape = shape_of(entry.kind, tree, file)
    own = next_id(entry.kind, tree, now, file=file, title=entry.title) if entry.own_id else ""
    added = _with(Added(edited, copy), file, _texts(copy, own=own, time=shape.stamp(now)))
    change = PlannedChange(file, data, added.document.to_bytes())
    return Plan((change,), subject("duplicate", entry), (added.entry.id,))


def _rename(
    source: Document, file: str, entry: Entry, data: bytes, target: bytes | None, target_file: str
) -> Plan:
    """Plan the move of a file that is one entry."""
    if target is not None:
        raise CannotEdit(
            f"{file} as a whole is this {kind_words(entry.kind)}: name a file that is not there yet."
        )
    if source.last[entry.ref] != len(source.names) - 1 or len(entries_of(source, file)) > 1:
        raise CannotEdit(f"{file} holds other entries: move those.")
    moved = next(iter(entries_of(Document.parse(data), target_file)))
    changes = (PlannedChange(target_file, None, data), PlannedChange(file, data, None))
    return Plan(changes, subject("move", entry, f" to {target_file.rpartition('/')[2]}"), (moved.id,))


def _markup(document: Document, entry: Entry, there: Document) -> str:
    """Return an entry's markup, well-formed: characters that only need escaping are escaped.

    So are the entities of its DOCTYPE, which mean nothing, or something else, where `there` has another.

    Raises:
        CannotEdit: it needs more than that.
    """
    start, end = document.starts[entry.ref], document.ends[entry.ref]
    doctype = doctype_of(document)
    if doctype == doctype_of(there):
        markup = document.markup(entry.ref)
        alone = Document.parse((doctype + markup).encode("utf-8", "surrogateescape"))
        if not any(problem.code != "prefix" for problem in alone.errors):
            return markup
    entities = (problem for problem in document.found if problem.code == "entity")
    escapes = [s for problem in entities if start <= problem.start < end for s in problem.splices]
    markup = apply(document.source[start:end], (Splice(s - start, e - start, t) for s, e, t in escapes))
    alone = Document.parse(markup.encode("utf-8", "surrogateescape"))
    if not any(problem.code != "prefix" for problem in alone.errors):
        return markup
    try:
        mended = repair_document(alone, guesses=False)
    except CannotRepair as error:
        raise CannotEdit(f"{entry.title} is broken: repair the file first. {error}") from error
    if mended.errors or mended.names != alone.names:
        line = document.line_column(document.starts[entry.ref] + alone.errors[0].start)[0]
        raise CannotEdit(f"{entry.title} is broken in line {line}: repair the file first.")
    return mended.source


def called(spots: Iterator[Placement], markup: str) -> Iterator[tuple[Placement, str]]:
    """Give the entry's element the name that it has at each place."""
    element = Document.parse(markup.encode("utf-8", "surrogateescape"))
    name = element.names[0]
    for place in spots:
        end = element.content_ends[0] + 2
        start_tag = Splice(1, 1 + len(name), place.element)
        end_tag = Splice(end, end + len(name), place.element)
        splices = [start_tag, end_tag] if markup.startswith("</" + name, end - 2) else [start_tag]
        yield place, element.spliced(splices).source


def _texts(entry: Entry, *, project: str = "", own: str = "", time: str = "") -> dict[str, str]:
    """Return the values to set in a copy, for those of its fields that it has."""
    wanted = {"project": project, "id": own, "time": time}
    texts: dict[str, str] = {}
    for field in entry.fields:
        part = role(field.name)
        if field.text and wanted.get(part):
            texts[field.name] = wanted.pop(part)
    return texts


def _with(added: Added, file: str, texts: dict[str, str]) -> Added:
    """Return the document with those fields of the new entry set."""
    document, entry = added
    shape = shape_of(entry.kind, NONE)
    for name, text in texts.items():
        document = put_field(document, entry, name, text, shape, Style(document, ()))
        entry = at_element(document, file, entry)
    return Added(document, entry)
