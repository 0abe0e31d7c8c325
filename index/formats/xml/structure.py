"""Adding, removing and moving elements: laid out as the file lays out those around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.markup import NAME_PATTERN, WHITESPACE, is_name
from index.formats.xml.writing.markup_writing import (
    doctype_of,
    is_empty_tag,
    newline_of,
    require_editable,
    write_attribute,
    write_text,
)
from index.model.errors import EditRefused
from index.model.problems import Splice

_SAMPLE = 200
"""Elements looked at to learn how the file indents."""


class New(NamedTuple):
    """An element to be written: its content is text, or elements."""

    name: str
    attributes: Mapping[str, str] = MappingProxyType({})
    content: str | Sequence[New] = ""


class _Layout(NamedTuple):
    """The layout of an element: behind ``indent``, its children ``unit`` deeper; on one line when None."""

    newline: str
    indent: str | None
    unit: str

    def deeper(self) -> _Layout:
        return self if self.indent is None else self._replace(indent=self.indent + self.unit)

    def line(self) -> str:
        return "" if self.indent is None else self.newline + self.indent


_ON_ONE_LINE = _Layout("\n", None, "")


def insert_element(document: Document, parent: int, index: int, node: New | str) -> Document:
    """The document with ``node`` as child number ``index`` of ``parent``; past the end means last.

    ``remove`` gives the same bytes back, unless the parent was written ``<a/>`` or ``<a></a>``.
    """
    require_editable(document)
    if isinstance(node, str):
        node = document.encoding.fit_markup(node)
    siblings = list(document.children(parent))
    index = max(0, min(index, len(siblings)))
    place = siblings[index] if index < len(siblings) else _after(document, parent)
    splice = beside(document, siblings, index, node) if siblings else _first_child(document, parent, node)
    added = _parse_alone(document, node if isinstance(node, str) else _render(document, node, _ON_ONE_LINE))
    size = len(added.names)
    return _verified(
        document,
        splice,
        document.names[:place] + added.names + document.names[place:],
        document.parents[:place]
        + [parent if above < 0 else above + place for above in added.parents]
        + [above + size if above >= place else above for above in document.parents[place:]],
    )


def remove_element(document: Document, element: int) -> Document:
    """The document without ``element``, and without the line or the gap it was in."""
    require_editable(document)
    size = document.last[element] + 1 - element
    after = element + size
    return _verified(
        document,
        Splice(*removed_span(document, element), ""),
        document.names[:element] + document.names[after:],
        document.parents[:element]
        + [above - size if above >= after else above for above in document.parents[after:]],
    )


def remove_emptied(document: Document, element: int, within: int) -> Document:
    """The document without ``element``, and without what then holds nothing around it, up to ``within``."""
    while True:
        parent = document.parents[element]
        if parent <= within or list(document.children(parent)) != [element] or document.attributes(parent):
            return remove_element(document, element)
        if document.text(parent).strip(WHITESPACE):
            return remove_element(document, element)
        element = parent


def _verified(document: Document, splice: Splice, names: list[str], parents: list[int]) -> Document:
    return verified(document, [splice], names, parents)


def verified(document: Document, splices: Iterable[Splice], names: list[str], parents: list[int]) -> Document:
    """The document after ``splices``, which must hold these elements; raises ``EditRefused``."""
    try:
        edited = document.spliced(splices)
    except UnicodeEncodeError as error:
        raise EditRefused(f"The file's encoding has no character {error.object[error.start]!r}.") from error
    if edited.names != names or edited.parents != parents or len(edited.errors) > len(document.errors):
        raise EditRefused("The file would then read differently in other places too; repair it first.")
    return edited


def _parse_alone(document: Document, markup: str) -> Document:
    """Parse markup below the file's DOCTYPE; raises ``EditRefused`` unless it is one element."""
    added = Document.parse((doctype_of(document) + markup).encode(errors="surrogateescape"))
    wrong = [problem for problem in added.errors if problem.code != "prefix"]  # declared further out, perhaps
    if wrong or added.parents.count(-1) != 1 or added.markup(0) != markup:
        raise EditRefused("What is inserted must be one well-formed element.")
    return added


def _after(document: Document, parent: int) -> int:
    return document.last[parent] + 1 if parent >= 0 else len(document.names)


# -------------------------------------------------------------------- where, and with what around it


def beside(document: Document, siblings: list[int], index: int, node: New | str) -> Splice:
    """Insert next to a sibling, with the white space between two of them."""
    source = document.source
    sibling = siblings[index - 1] if index else siblings[0]
    layout = _layout_at(document, document.starts[sibling])
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
    if parent < 0:
        at = len(source.rstrip(WHITESPACE))
        layout = _Layout(newline_of(document), "", unit_of(document))
        return Splice(at, at, (layout.newline if at else "") + _render(document, node, layout))
    start, end = document.content_starts[parent], document.content_ends[parent]
    at = start + len(source[start:end].rstrip(WHITESPACE))
    outer = _layout_at(document, document.starts[parent])
    if start < at == end:
        outer = _ON_ONE_LINE  # behind text that its end tag follows at once
    layout = outer.deeper()
    text = layout.line() + _render(document, node, layout)
    if at == end:
        text += outer.line()
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


def _layout_at(document: Document, offset: int) -> _Layout:
    """The layout of the markup that starts at ``offset``: with its indentation when it starts its line."""
    return _Layout(newline_of(document), indent_at(document, offset), unit_of(document))


def indent_at(document: Document, offset: int) -> str | None:
    """Return the white space before an offset on its line; None when there is more than that."""
    source = document.source
    line = max(source.rfind("\n", 0, offset), source.rfind("\r", 0, offset)) + 1
    before = source[line:offset]
    return None if before.strip(" \t") else before


def unit_of(document: Document) -> str:
    """Return the indentation of a child below its parent; two spaces when the file does not show it."""
    seen: Counter[str] = Counter()
    for element, parent in enumerate(document.parents[:_SAMPLE]):
        if parent < 0:
            continue
        outer = indent_at(document, document.starts[parent])
        inner = indent_at(document, document.starts[element])
        if outer is not None and inner is not None and inner.startswith(outer) and inner != outer:
            seen[inner.removeprefix(outer)] += 1
    return seen.most_common(1)[0][0] if seen else "  "


def _render(document: Document, node: New | str, layout: _Layout) -> str:
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
