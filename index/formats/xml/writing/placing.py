"""Putting an entry into a file: at each place where it may go, laid out as those around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from index.formats.base import Excerpt, NewEntry
from index.formats.field_values import FieldValue
from index.formats.opened import refusing
from index.formats.xml.document import Document
from index.formats.xml.elements import entries_of
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.composing import NewElement, Style, composed, fill_inline
from index.formats.xml.writing.editing import set_attribute
from index.formats.xml.writing.layout import ON_ONE_LINE, laid_out, layout_for
from index.formats.xml.writing.markup_writing import doctype_of, newline_of
from index.formats.xml.writing.placement import Placement, places
from index.formats.xml.writing.repair import repair_document
from index.formats.xml.writing.structure import New, insert_element, remove_element
from index.formats.xml.writing.white_space import SPACE, keeps_space, kept
from index.model.counts import plural
from index.model.entry import Entry
from index.model.errors import CannotRepair
from index.model.kind_shape import KindShape, iso, project_of
from index.model.plan import CannotEdit
from index.model.problems import Splice, apply, first_step
from index.model.text.margins import dedent


class PlacedEntry(NamedTuple):
    """A document with one more entry."""

    document: Document
    element: int
    template: int = -1
    """The empty entry that it took the place of, in the document before."""


def insertions(document: Document, new: NewEntry) -> Iterator[PlacedEntry]:
    """Yield the document with an entry at each place where it may go, the best first.

    A document without a text becomes a new file. Raises `EditRefused`, `CannotEdit`.
    """
    within = new.excerpt is not None and new.excerpt.keeps_space
    document, spots = _spots(document, new)
    for place, node in spots:
        yield PlacedEntry(*_put(document, place, node, within=within), place.template)


def insert_double(document: Document, entry: Entry) -> PlacedEntry:
    """Return the document with a second one right behind an entry; raises `EditRefused`, `CannotEdit`."""
    parent = document.parents[entry.ref]
    at = list(document.children(parent)).index(entry.ref) + 1
    edited = insert_element(document, parent, at, portable(document, entry, document))
    return PlacedEntry(edited, list(edited.children(parent))[at])


def blank(file: str, shape: KindShape, now: datetime) -> Document:
    """Return a new file for entries of a kind, with none in it."""
    return _frame_for(file, NewEntry(shape, now)).document


def excerpt(document: Document, entry: Entry, there: Document) -> Excerpt:
    """Return the source of an entry as it may be put into another document; raises `CannotEdit`."""
    around = document.parents[entry.ref]
    text = portable(document, entry, there)
    alone = Document.parse(text.encode("utf-8", "surrogateescape"))
    prefixed = any(problem.code == "prefix" for problem in alone.errors)
    prefixed = prefixed or (around >= 0 and ":" in document.names[around])  # which its kind tells
    if prefixed and "xmlns:" not in there.source:
        raise CannotEdit(f"{entry.title} has a namespace prefix, which {there.path} does not declare.")
    return Excerpt(text, keeps_space(document, around))


def _spots(
    document: Document, new: NewEntry
) -> tuple[Document, Iterator[tuple[Placement, NewElement | str]]]:
    """Return the places for an entry with its element for each, and the document that they are in."""
    shape, frame = new.shape, None
    if document.source.strip(WHITESPACE):
        spots = places(document, entries_of(document), shape, document.path)
    else:
        frame = _frame_for(document.path, new)
        document = frame.document
        if not frame.places and new.excerpt is None:
            root = _root(frame, new)
            return document, iter([(Placement(-1, 0, root.name), root)])
        spots = iter(frame.places or (Placement(-1, 0, shape.called or shape.kind),))
    if new.excerpt is not None:
        return document, _called(spots, new.excerpt.text)
    return document, _composed(document, spots, new.values, frame)


def _composed(
    document: Document, spots: Iterator[Placement], values: tuple[FieldValue, ...], frame: Surroundings | None
) -> Iterator[tuple[Placement, NewElement]]:
    for place in spots:
        style = Style(document, place.samples) if frame is None else frame.style
        yield place, composed(place.element, values, style)


def _root(frame: Surroundings, new: NewEntry) -> NewElement:
    """Return the root of a file that is one entry, with its metadata in front."""
    root = composed(new.shape.called or new.shape.kind, new.values, frame.style)
    about = root.child("metadata", 1)
    for child in frame.about.children:
        about.child(child.name, 1).text = about.child(child.name, 1).text or child.text
    root.children.sort(key=lambda child: child is not about)
    return root


def _put(
    document: Document, place: Placement, node: NewElement | str, *, within: bool
) -> tuple[Document, int]:
    """Return the document with an element at that place, in the layout of those there, and where it is.

    The template that it replaces goes. Raises `EditRefused`.
    """
    if place.wrapper:
        document = insert_element(document, place.parent, place.at, New(place.wrapper))
        wrapper = list(document.children(place.parent))[place.at]
        return _put(document, place._replace(parent=wrapper, at=0, wrapper=""), node, within=within)
    layout = layout_for(document, place.parent, place.at)
    if place.samples and layout.newline not in document.markup(place.samples[0]):
        layout = ON_ONE_LINE._replace(newline=layout.newline)
    keeps = keeps_space(document, place.parent)
    if isinstance(node, str):
        node = _spaced(node, keep=within) if keeps != within else node
        document = insert_element(document, place.parent, place.at, laid_out(node, layout, within=keeps))
        element = list(document.children(place.parent))[place.at]
    else:
        if keeps and node.is_laid_out():
            node = replace(node, attributes={**node.attributes, SPACE: "default"})
        written = insert_element(document, place.parent, place.at, node.new())
        element = list(written.children(place.parent))[place.at]
        if layout.indent is None and len(written.markup(element).splitlines()) > 1:
            flat = laid_out(written.markup(element), layout, within=keeps)
            written = insert_element(document, place.parent, place.at, flat)
        document = fill_inline(written, element, node)
    if place.template >= 0:
        size = document.last[place.template] + 1 - place.template
        document = remove_element(document, place.template)
        element -= size if place.template < element else 0
    return document, element


def _spaced(markup: str, *, keep: bool) -> str:
    """Return an element that says by `xml:space` how its white space is read, where it would be misread."""
    document = Document.parse(markup.encode("utf-8", "surrogateescape"))
    ways = zip(kept(document), kept(document, within=True), strict=True)
    texts = (document.text(element) for element, (one, other) in enumerate(ways) if one != other)
    if all(text == dedent(text) for text in texts if text.strip(WHITESPACE)):
        return markup
    return set_attribute(document, 0, SPACE, "preserve" if keep else "default").source


class Surroundings(NamedTuple):
    """A new file that waits for its entry."""

    document: Document
    places: tuple[Placement, ...]
    """The places where the entry may go; none when it is the root, for which `document` is too early."""
    style: Style
    about: NewElement
    """The metadata."""


def _frame_for(file: str, new: NewEntry) -> Surroundings:
    """Return a new file but for its entry: declaration, root, metadata and wrapper.

    As the documented family has it, with the names of a file like it where there is one.

    Raises CannotEdit: a name that no element can have.
    """
    shape, model = new.shape, Document.parse(new.like or b"")
    mates = [entry for entry in entries_of(model) if entry.kind == shape.kind]
    within = shape.within if shape.called else (plural(shape.kind),)
    names = [shape.called or shape.kind, shape.kind]
    attributes: dict[str, str] = {}
    project = project_of(file)
    if mates and (outer := _above(model, mates[-1].ref)):
        within = tuple(model.names[element] for element in outer)
        names.insert(0, model.names[mates[-1].ref])
        attributes = {n: project for n in model.attributes(outer[0]) if n == "project" and project}
    about = NewElement("metadata")
    for name, text in (("project", project), ("last-updated", iso(new.now)), ("version", "1.0")):
        if text and name not in attributes:
            about.child(name, 1).text = text
    newline = newline_of(model)
    document = Document.parse(f'<?xml version="1.0" encoding="UTF-8"?>{newline}'.encode(), file)
    style = Style(model, [mate.ref for mate in mates])
    if not within:
        return Surroundings(document, (), style, about)
    root = inner = NewElement(within[0], attributes, children=[about])
    for name in within[1:]:
        inner.children.append(NewElement(name))
        inner = inner.children[-1]
    with refusing(f"{file} cannot be made"):
        document = insert_element(document, -1, 0, root.new())
    parent = len(document.names) - 1 if len(within) > 1 else 0
    at = len(list(document.children(parent)))
    return Surroundings(document, tuple(Placement(parent, at, n) for n in dict.fromkeys(names)), style, about)


def portable(document: Document, entry: Entry, there: Document) -> str:
    """Return an entry's markup, well-formed: characters that only need escaping are escaped.

    So are the entities of its DOCTYPE, which mean nothing, or something else, where `there` has another.

    Raises CannotEdit: it needs more than that.
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
        step = first_step(document.errors)
        raise CannotEdit(f"{entry.title} is broken: {step}. {error}") from error
    if mended.errors or mended.names != alone.names:
        line = document.line_column(document.starts[entry.ref] + alone.errors[0].start)[0]
        raise CannotEdit(f"{entry.title} is broken in line {line}: {first_step(document.errors)}.")
    return mended.source


def _called(spots: Iterator[Placement], markup: str) -> Iterator[tuple[Placement, str]]:
    """Give the entry's element the name that it has at each place."""
    element = Document.parse(markup.encode("utf-8", "surrogateescape"))
    name = element.names[0]
    for place in spots:
        end = element.content_ends[0] + 2
        start_tag = Splice(1, 1 + len(name), place.element)
        end_tag = Splice(end, end + len(name), place.element)
        splices = [start_tag, end_tag] if markup.startswith("</" + name, end - 2) else [start_tag]
        yield place, element.spliced(splices).source


def _above(document: Document, element: int) -> list[int]:
    """Return the elements around an element, from the root on."""
    found: list[int] = []
    while (element := document.parents[element]) >= 0:
        found.insert(0, element)
    return found
