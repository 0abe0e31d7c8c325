"""Adding, removing and moving elements: laid out as the file lays out those around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.encoding import lacking_words
from index.formats.xml.markup import NAME_PATTERN, WHITESPACE, is_name
from index.formats.xml.writing.layout import ON_ONE_LINE, Layout, layout_around, layout_at, layout_for
from index.formats.xml.writing.markup_writing import (
    doctype_of,
    is_empty_tag,
    require_editable,
    write_attribute,
    write_text,
)
from index.model.errors import EditRefused
from index.model.problems import Splice, first_step


class New(NamedTuple):
    """An element to be written: its content is text, or elements."""

    name: str
    attributes: Mapping[str, str] = MappingProxyType({})
    content: str | Sequence[New] = ""


def insert_element(
    document: Document, parent: int, index: int, node: New | str, *, broken: bool = False
) -> Document:
    """The document with ``node`` as child number ``index`` of ``parent``; past the end means last.

    ``remove`` gives the same bytes back, unless the parent was written ``<a/>`` or ``<a></a>``.
    ``broken`` is for source that may bring errors of its own along.
    """
    require_editable(document)
    if isinstance(node, str):
        node = document.encoding.fit_markup(node)
    siblings = list(document.children(parent))
    index = max(0, min(index, len(siblings)))
    place = siblings[index] if index < len(siblings) else _after(document, parent)
    splice = beside(document, siblings, index, node) if siblings else _first_child(document, parent, node)
    markup = node if isinstance(node, str) else _render(document, node, ON_ONE_LINE)
    added, wrong = _parse_alone(document, markup)
    if wrong and not broken:
        raise EditRefused(_NOT_ONE)
    size = len(added.names)
    return verified(
        document,
        [splice],
        document.names[:place] + added.names + document.names[place:],
        document.parents[:place]
        + [parent if above < 0 else above + place for above in added.parents]
        + [above + size if above >= place else above for above in document.parents[place:]],
        wrong,
    )


def remove_element(document: Document, element: int) -> Document:
    """The document without ``element``, and without the line or the gap it was in."""
    require_editable(document)
    size = document.last[element] + 1 - element
    after = element + size
    return verified(
        document,
        [Splice(*removed_span(document, element), "")],
        document.names[:element] + document.names[after:],
        document.parents[:element]
        + [above - size if above >= after else above for above in document.parents[after:]],
    )


def remove_emptied(document: Document, element: int, within: int) -> Document:
    """The document without ``element``, and without the emptied elements around it, up to ``within``."""
    while True:
        parent = document.parents[element]
        if parent <= within or list(document.children(parent)) != [element] or document.attributes(parent):
            return remove_element(document, element)
        if document.text(parent).strip(WHITESPACE):
            return remove_element(document, element)
        element = parent


def verified(
    document: Document, splices: Iterable[Splice], names: list[str], parents: list[int], errors: int = 0
) -> Document:
    """The document after ``splices``, which must hold these elements; raises ``EditRefused``.

    There may be so many more ``errors`` in it.
    """
    errors += len(document.errors)
    try:
        edited = document.spliced(splices)
    except UnicodeEncodeError as error:
        raise EditRefused(lacking_words(error.object[error.start])) from error
    if edited.names != names or edited.parents != parents or len(edited.errors) > errors:
        step = first_step(document.errors)
        raise EditRefused(f"The file would then read differently in other places too; {step}.")
    return edited


_NOT_ONE = "What is inserted must be one well-formed element."


def _parse_alone(document: Document, markup: str) -> tuple[Document, int]:
    """Parse one element below the file's DOCTYPE, and count its errors; raises ``EditRefused``."""
    added = Document.parse((doctype_of(document) + markup).encode(errors="surrogateescape"))
    wrong = [problem for problem in added.errors if problem.code != "prefix"]  # declared further out, perhaps
    if added.parents.count(-1) != 1 or added.markup(0) != markup:
        raise EditRefused(_NOT_ONE)
    return added, len(wrong)


def _after(document: Document, parent: int) -> int:
    return document.last[parent] + 1 if parent >= 0 else len(document.names)


# -------------------------------------------------------------------- where, and with what around it


def beside(document: Document, siblings: list[int], index: int, node: New | str) -> Splice:
    """Insert next to a sibling, with the white space between two of them."""
    source = document.source
    sibling = siblings[index - 1] if index else siblings[0]
    layout = layout_at(document, document.starts[sibling])
    gap = layout.line()
    if len(siblings) > 1 and layout.indent is not None:
        one = max(0, min(index, len(siblings)) - 2)
        between = source[document.ends[siblings[one]] : document.starts[siblings[one + 1]]]
        if between and not between.strip(WHITESPACE) and layout.newline in between:
            gap = between
    markup = _render(document, node, layout)
    if index:
        return Splice(document.ends[sibling], document.ends[sibling], gap + markup)
    return Splice(document.starts[sibling], document.starts[sibling], markup + gap)


def _first_child(document: Document, parent: int, node: New | str) -> Splice:
    source = document.source
    layout = layout_for(document, parent, 0)
    if parent < 0:
        at = len(source.rstrip(WHITESPACE))
        return Splice(at, at, (layout.newline if at else "") + _render(document, node, layout))
    start, end = document.content_starts[parent], document.content_ends[parent]
    at = start + len(source[start:end].rstrip(WHITESPACE))
    text = layout.line() + _render(document, node, layout)
    if at == end:
        text += layout_around(document, parent).line()
    if is_empty_tag(document, parent):
        tag = len(source[:start].removesuffix("/>").rstrip(WHITESPACE))
        return Splice(tag, start, f">{text}</{document.names[parent]}>")
    return Splice(at, at, text)


def removed_span(document: Document, element: int) -> tuple[int, int]:
    """The element, and as much white space beside it as ``insert`` would have written."""
    source = document.source
    start, end = document.starts[element], document.ends[element]
    parent = document.parents[element]
    is_first = element == parent + 1 if parent >= 0 else element == 0
    following = document.last[element] + 1
    if is_first and following < _after(document, parent):
        behind = source[end : document.starts[following]]
        if not behind.strip(WHITESPACE):
            return start, document.starts[following]
    gap = len(source[:start].rstrip(WHITESPACE))
    return (gap if "\n" in source[gap:start] or "\r" in source[gap:start] else start), end


# -------------------------------------------------------------------- how it is written


def _render(document: Document, node: New | str, layout: Layout) -> str:
    if isinstance(node, str):
        return node
    if not NAME_PATTERN.fullmatch(node.name) or not is_name(node.name):
        raise EditRefused(f"{node.name!r} cannot be the name of an element.")
    tag = node.name + "".join(
        f' {name}="{write_attribute(document, value)}"' for name, value in node.attributes.items()
    )
    if isinstance(node.content, str):
        return f"<{tag}>{write_text(document, node.content)}</{node.name}>"
    inner = layout.deeper()
    children = "".join(inner.line() + _render(document, child, inner) for child in node.content)
    return f"<{tag}>{children}{layout.line() if children else ''}</{node.name}>"
