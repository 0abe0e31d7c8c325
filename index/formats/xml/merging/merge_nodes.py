"""A file's elements as nodes that can be compared and paired, whatever their layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from index.formats.xml.content import opaque_in
from index.formats.xml.document import Document
from index.formats.xml.entries import read_entries
from index.formats.xml.markup import DECLARATION, WHITESPACE, Opaque
from index.formats.xml.writing.white_space import SPACE, keeps_space
from index.model.entry import Entry
from index.model.field import Field
from index.model.field_path import attribute, told_apart
from index.model.text.margins import dedent
from index.model.vocabulary import own_id, role

FILE = "/"
"""The name of the node that is the whole file: no element can have it."""
_NAMESPACE = re.compile(r"""[ \t\r\n](xmlns(?::[^ \t\r\n=]+)?)[ \t\r\n]*=[ \t\r\n]*("[^"]*"|'[^']*')""")


class MergeValue(NamedTuple):
    """The value of a node, without its layout; equal values mean equal content."""

    name: str
    attributes: frozenset[tuple[str, str]]
    text: str
    children: tuple[MergeValue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class MergeNode:
    """An element; or a comment or instruction, without a name; or the whole file.

    Offsets are those of the document's source.
    """

    document: Document
    start: int
    content_start: int
    content_end: int
    end: int
    value: MergeValue
    children: tuple[MergeNode, ...]
    mixed: bool
    """Text and elements beside each other: compared and taken as a whole."""
    entry: Entry | None
    """The entry that it is, if it is one."""
    own: str
    """Its name and the id that it gives itself; empty where it gives none."""

    @property
    def key(self) -> str:
        """A name that its siblings do not have: the entry's id, or its own; else empty."""
        return self.entry.id if self.entry else self.own

    @property
    def name(self) -> str:
        return self.value.name

    @property
    def text(self) -> str:
        """The text in it, without the file's indentation; of mixed content and comments, the markup."""
        return self.value.text

    @property
    def markup(self) -> str:
        return self.document.source[self.start : self.end]

    @property
    def content(self) -> str:
        """The source between its tags."""
        return self.document.source[self.content_start : self.content_end]

    @property
    def start_tag(self) -> str:
        return self.document.source[self.start : self.content_start]

    @property
    def is_list(self) -> bool:
        """Whether it is a list of plain elements: of one name, with nothing but text."""
        plain = not self.mixed and len({child.name for child in self.children}) == 1
        return plain and all(
            child.name and not child.children and not child.mixed and not child.value.attributes
            for child in self.children
        )

    def gaps(self) -> tuple[list[str], str]:
        """Return the white space before each child, and behind the last."""
        source, position, gaps = self.document.source, self.content_start, []
        for child in self.children:
            gaps.append(source[position : child.start])
            position = child.end
        return gaps, source[position : self.content_end]

    def margin(self) -> str | None:
        """Return its indentation; None when it does not start its line."""
        source = self.document.source
        line = max(source.rfind("\n", 0, self.start), source.rfind("\r", 0, self.start)) + 1
        before = source[line : self.start]
        return None if before.strip(" \t") else before

    def field_names(self, above: str) -> list[str]:
        """Return the names of its children as fields of the entry; `above` is its own.

        The children of a file's only root are named as if the root were the file.
        """
        if self.name == FILE and sum(1 for child in self.children if child.name) == 1:
            return [""] * len(self.children)
        names = told_apart(child.name for child in self.children)
        return [f"{above}/{name}" for name in names] if above else names

    def walk(self) -> Iterator[MergeNode]:
        """Yield the node and all in it."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_nodes(document: Document, path: str) -> MergeNode:
    """Return the file as one node; `path` is relative to the tree, and begins the ids of its entries."""
    from index.formats.xml.elements import content_of  # loads lxml

    entries = {entry.ref: entry for entry in read_entries(content_of(document), path)}
    source = document.source
    head = _head_end(document)
    top = [span for span in document.elements.opaque if span.start >= head]
    return _node(document, -1, (0, head, len(source), len(source)), sorted(top), entries)


def _head_end(document: Document) -> int:
    """The end of the XML declaration and the DOCTYPE, which a merge of elements leaves alone."""
    declaration = DECLARATION.match(document.source)
    ends = [declaration.end() if declaration else 0, *(end for _, end in document.elements.hidden)]
    return max(ends)


def _node(
    document: Document,
    element: int,
    span: tuple[int, int, int, int],
    opaque: list[Opaque],
    entries: dict[int, Entry],
) -> MergeNode:
    """Build an element, or the file (-1); `opaque` are the comments and the like within its content."""
    inside: list[MergeNode] = []
    for child in document.children(element):
        tags = (
            document.starts[child],
            document.content_starts[child],
            document.content_ends[child],
            document.ends[child],
        )
        inside.append(_node(document, child, tags, opaque_in(opaque, tags[1], tags[2]), entries))
    comments = [_comment(document, span) for span in _outside(opaque, inside, document.source)]
    text = document.text(element) if element >= 0 else ""
    says = bool(text.strip(WHITESPACE))
    mixed = says and bool(inside or comments)
    keep = not mixed and SPACE in document.source and keeps_space(document, element)
    children = tuple(sorted([*inside, *comments], key=lambda node: node.start)) if not mixed else ()
    _, content_start, content_end, _ = span
    if mixed:
        text = document.source[content_start:content_end].replace("\r\n", "\n")
    value = MergeValue(
        document.names[element] if element >= 0 else FILE,
        frozenset(document.attributes(element).items()) if element >= 0 else frozenset(),
        (text if keep else dedent(text)) if says else "",
        tuple(child.value for child in children),
    )
    return MergeNode(document, *span, value, children, mixed, entries.get(element), _own(value))


def _outside(opaque: list[Opaque], inside: list[MergeNode], source: str) -> Iterator[Opaque]:
    """Yield the comments and instructions outside of all these nodes."""
    ends = iter([*(node.start for node in inside), len(source)])
    bounds = iter(inside)
    before, limit = 0, next(ends)
    for span in opaque:
        while span.start > limit:
            before, limit = next(bounds).end, next(ends)
        if span.start >= before and not source.startswith("<![CDATA[", span.start):
            yield span


def _comment(document: Document, span: Opaque) -> MergeNode:
    text = document.source[span.start : span.end].replace("\r\n", "\n")
    value = MergeValue("", frozenset(), dedent(text), ())
    return MergeNode(document, span.start, span.end, span.end, span.end, value, (), False, None, "")


def _own(value: MergeValue) -> str:
    parts = [(attribute(name), text) for name, text in value.attributes]
    parts += [(child.name, child.text) for child in value.children]
    named = own_id([Field(name, text) for name, text in parts if role(name) == "id"])
    return f"{value.name} {named}" if named else ""


def namespaces(document: Document) -> frozenset[tuple[str, str]]:
    """Return the namespaces that a file declares, anywhere."""
    return frozenset((name, uri[1:-1]) for name, uri in _NAMESPACE.findall(document.source))
