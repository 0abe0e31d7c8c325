"""The layout of a file's entries: learned by trying, and put on an entry that comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.structure import New, insert_element
from index.formats.xml.writing.markup_writing import newline_of
from index.formats.xml.writing.white_space import kept
from index.model.problems import Splice, apply
from index.model.text.margins import line_ends

_LINE_ENDS = "\r\n"


class Layout(NamedTuple):
    """The layout of an element at one place: behind `indent`, its children `unit` deeper."""

    newline: str
    indent: str | None
    """None: all on one line."""
    unit: str

    def line(self, depth: int) -> str:
        """Return the white space before a tag `depth` levels inside the element, with `\\n` as line end."""
        return "" if self.indent is None else "\n" + self.indent + depth * self.unit


def layout_for(document: Document, parent: int, index: int, sample: int = -1) -> Layout:
    """Return how a new child of `parent` would be laid out; on one line where its `sample` is.

    Raises `EditRefused`.
    """
    probe = insert_element(document, parent, index, New("x", content=[New("y")]))
    markup = probe.markup(list(probe.children(parent))[index])
    inner, outer = markup.removeprefix("<x>").removesuffix("</x>").split("<y></y>")
    newline = newline_of(document)
    if not inner or (sample >= 0 and newline not in document.markup(sample)):
        return Layout(newline, None, "")
    indent = outer.lstrip(_LINE_ENDS)
    return Layout(newline, indent, inner.lstrip(_LINE_ENDS).removeprefix(indent))


def laid_out(markup: str, layout: Layout, *, within: bool = False) -> str:
    """Return an element's markup in another layout: only line ends, white space between tags, and the
    margin of texts that are indented with them are changed; code that starts at the margin stays there.

    An element on one line stays so, and one that `xml:space` keeps; `within` is so around the element.
    """
    document = Document.parse(line_ends(markup).encode("utf-8", "surrogateescape"))
    splices = _splices(document, layout, kept(document, within=within))
    return apply(document.source, splices).replace("\n", layout.newline)


def _splices(document: Document, layout: Layout, keep: list[bool]) -> Iterator[Splice]:
    source = document.source
    depths: list[int] = []
    for element, parent in enumerate(document.parents):
        depth = depths[parent] + 1 if parent >= 0 else 0
        depths.append(depth)
        start, end = document.content_starts[element], document.content_ends[element]
        if depth and not keep[parent]:
            yield from _gap(source, document.starts[element], layout.line(depth))
        if keep[element]:
            continue
        if document.last[element] > element:
            yield from _gap(source, end, layout.line(depth))
        elif "\n" in source[start:end] and layout.indent is not None:
            yield from _text(source, start, end, layout.line(depth))
    for span in document.elements.opaque:
        if source.startswith("<!--", span.start):
            inside = [e for e, at in enumerate(document.starts) if at < span.start < document.ends[e]]
            if not keep[inside[-1]]:
                yield from _gap(source, span.start, layout.line(depths[inside[-1]] + 1))


def _gap(source: str, end: int, line: str) -> Iterator[Splice]:
    """The white space between the tag before and the one at `end`, when it holds a line end."""
    start = len(source[:end].rstrip(WHITESPACE))
    ends = source.count("\n", start, end)
    if ends and source[start - 1] == ">":
        yield Splice(start, end, (ends - 1) * "\n" + line if line else "")


def _text(source: str, start: int, end: int, line: str) -> Iterator[Splice]:
    """The margin of a text whose end tag is on a line of its own, as deep as its start tag."""
    if "<![CDATA[" in source[start:end]:
        return
    *_, last = source[start:end].rpartition("\n")
    if last.strip(WHITESPACE):
        return
    margin = line.lstrip(_LINE_ENDS)
    at = source.find("\n", start) + 1
    lines = source[at:end].split("\n")[:-1]
    filled = [text for text in lines if text.strip(WHITESPACE)]
    deeper = bool(last) and all(text.startswith(last) and len(text) > len(last) for text in filled)
    for text in lines:
        if deeper and text.strip(WHITESPACE):
            yield Splice(at, at + len(last), margin)
        at += len(text) + 1
    yield Splice(at, end, margin)
