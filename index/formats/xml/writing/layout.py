"""The layout of a file's elements: learned from those there, and put on one from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.formats.xml.document import Document
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.markup_writing import newline_of
from index.formats.xml.writing.white_space import keeping, kept
from index.model.problems import Splice, apply
from index.model.text.margins import line_ends

_SAMPLE = 200
"""Elements looked at to learn how the file indents."""


class Layout(NamedTuple):
    """The layout of an element at one place: behind `indent`, its children `unit` deeper."""

    newline: str
    indent: str | None
    """None: all on one line."""
    unit: str

    def deeper(self) -> Layout:
        return self if self.indent is None else self._replace(indent=self.indent + self.unit)

    def line(self, depth: int = 0) -> str:
        """Return the white space before a tag `depth` levels inside the element."""
        return "" if self.indent is None else self.newline + self.indent + depth * self.unit


ON_ONE_LINE = Layout("\n", None, "")


# ── learned ───────────────────────────────────────────────────────────────────


def layout_for(document: Document, parent: int, index: int) -> Layout:
    """Return the layout of a new child of `parent`, which has that number among its siblings."""
    siblings = list(document.children(parent))
    if siblings:
        return layout_at(document, document.starts[siblings[max(0, min(index, len(siblings)) - 1)]])
    if parent < 0:
        return Layout(newline_of(document), "", unit_of(document))
    return layout_around(document, parent).deeper()


def layout_around(document: Document, parent: int) -> Layout:
    """Return the layout of an element that gets its first child."""
    source = document.source
    start, end = document.content_starts[parent], document.content_ends[parent]
    if start < start + len(source[start:end].rstrip(WHITESPACE)) == end:
        return ON_ONE_LINE  # behind text that its end tag follows at once
    return layout_at(document, document.starts[parent])


def layout_at(document: Document, offset: int) -> Layout:
    """Return the layout of the markup at an offset: with its indentation when it starts its line."""
    return Layout(newline_of(document), indent_at(document, offset), unit_of(document))


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


# ── put on ────────────────────────────────────────────────────────────────────


def moved(markup: str, was: Layout, now: Layout, *, within: bool = False) -> str:
    """Return markup that began in one layout as it begins in another: other depth, unit, and line ends.

    Where both are alike it stays as it is, to the byte. A line of text keeps its distance to the tag above
    it, and its white space where `xml:space` says so; `within` is so around the markup.
    """
    if was.newline == now.newline and (None in (was.indent, now.indent) or was[1:] == now[1:]):
        return markup
    text = line_ends(markup)
    if was.indent is not None and now.indent is not None:
        keeps = keeping(Document.parse(text.encode("utf-8", "surrogateescape")), within=within)
        text = "\n".join(_moved_lines(text.split("\n"), was, now, keeps))
    return text.replace("\n", now.newline)


def _moved_lines(lines: list[str], was: Layout, now: Layout, keeps: Callable[[int], bool]) -> Iterator[str]:
    """Yield lines at another margin: those of a text only where all have that of the tag above them."""
    units = (was.unit, now.unit)
    before, after = was.indent or "", now.indent or ""
    held: list[tuple[str, bool]] = []

    def texts() -> Iterator[str]:
        free = all(line.startswith(before) for line, kept in held if line.strip(WHITESPACE) and not kept)
        for line, kept in held:
            if kept or not free or not line.startswith(before):
                yield line
            else:
                margin = _margin(line).removeprefix(before)
                deeper = margin.replace(*units) if "\t" in units else margin
                yield after + deeper + line.lstrip(" \t")
        held.clear()

    offset = len(lines[0]) + 1
    yield lines[0]
    for line in lines[1:]:
        margin, kept = _margin(line), keeps(offset)
        offset += len(line) + 1
        if kept or not line.startswith("<", len(margin)) or not margin.startswith(was.indent or ""):
            held.append((line, kept))
            continue
        yield from texts()
        before = margin
        after = (now.indent or "") + margin.removeprefix(was.indent or "").replace(*units)
        yield after + line[len(margin) :]
    yield from texts()


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def laid_out(markup: str, layout: Layout, *, within: bool = False) -> str:
    """Return an element's markup in another layout: only line ends, white space between tags, and the
    margin of texts that are indented with them are changed; code that starts at the margin stays there.

    An element on one line stays so, and one that `xml:space` keeps; `within` is so around the element.
    """
    document = Document.parse(line_ends(markup).encode("utf-8", "surrogateescape"))
    splices = _splices(document, layout._replace(newline="\n"), kept(document, within=within))
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
    margin = line.lstrip("\n")
    at = source.find("\n", start) + 1
    lines = source[at:end].split("\n")[:-1]
    filled = [text for text in lines if text.strip(WHITESPACE)]
    deeper = bool(last) and all(text.startswith(last) and len(text) > len(last) for text in filled)
    for text in lines:
        if deeper and text.strip(WHITESPACE):
            yield Splice(at, at + len(last), margin)
        at += len(text) + 1
    yield Splice(at, end, margin)
