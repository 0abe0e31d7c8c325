"""One memory file, losslessly: its text is the only truth, everything else is offsets into it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from index.formats.xml import content
from index.formats.xml.encoding import Encoding, decode
from index.formats.xml.markup import ATTRIBUTE_PATTERN, DECLARATION, is_declaration
from index.formats.xml.parser import read
from index.formats.xml.values import attribute_value, legible, text_value
from index.model.problems import Problem, Splice, apply
from index.model.text.margins import line_ends

if TYPE_CHECKING:
    from lxml.etree import _Element


_STRANGE = {"forbidden-character", "half-letter", "unknown-bytes", "wrong-byte", "zeros"}


class ViewError(ValueError):
    """lxml refuses even the mended text: a name, text or attribute larger than libxml2's limits."""


class Document:
    """A memory file as it was read; it never changes, an edit makes a new one.

    Elements are numbered in document order, one slot in each column below. All offsets are characters of
    ``source``. In a file that is not well-formed, the elements are those that its repair would give.
    """

    __slots__ = (
        "_data",
        "_lines",
        "_mends",
        "_strange",
        "_view",
        "content_ends",
        "content_starts",
        "elements",
        "encoding",
        "ends",
        "found",
        "last",
        "names",
        "parents",
        "path",
        "problems",
        "readonly",
        "source",
        "starts",
    )

    def __init__(self, data: bytes, path: str = "") -> None:
        self.path = path
        """For display only."""
        self._data = data
        self.source: str
        """The file's text, without its byte order mark."""
        self.encoding: Encoding
        self.source, self.encoding = decode(data)
        reading = read(self.source, self.encoding, data)
        self.found = reading.problems
        """The problems in the order found: splices that meet at one offset keep that order."""
        self.elements = elements = reading.elements
        """All columns in one, for the rooms that edit and repair."""
        self.names = elements.names
        self.parents = elements.parents
        """The element each one is in; -1 for a root."""
        self.last = elements.last
        """The last element inside each one; itself when there is none."""
        self.starts = elements.starts
        self.content_starts = elements.content_starts
        self.content_ends = elements.content_ends
        self.ends = elements.ends
        """A start tag is ``starts:content_starts``, an end tag ``content_ends:ends``; empty when missing."""
        self.problems = tuple(sorted(reading.problems, key=lambda problem: problem.start))
        """By position."""
        self.readonly = reading.given_up
        """Whether the file is past the bounds (size, depth, problems): a text without elements."""
        self._strange = any(problem.code in _STRANGE for problem in self.found)
        self._lines = reading.lines
        self._mends: list[Splice] | None = None
        self._view: _Element | None = None

    @classmethod
    def parse(cls, data: bytes, path: str = "") -> Document:
        """Read a file's bytes; never raises, whatever they are."""
        return cls(data, path)

    def to_bytes(self) -> bytes:
        """The file's bytes, to the last one as they were read."""
        return self._data

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that make the file not well-formed."""
        return tuple(problem for problem in self.problems if problem.level == "error")

    # ---------------------------------------------------------------- reading

    def children(self, element: int = -1) -> Iterator[int]:
        """The child elements in order; of -1, the roots."""
        return content.children(self.elements, element)

    def attributes(self, element: int) -> dict[str, str]:
        """Attributes by name, in order; namespace declarations are not among them."""
        start, end = self.starts[element] + len(self.names[element]), self.content_starts[element]
        if end - start <= 2:  # ">" or "/>" and the name's last character
            return {}
        tag = self._mended(start, end) if self.found else self.source[start:end]
        return {
            match[1]: attribute_value(match[2] if match[2] is not None else match[3])
            for match in ATTRIBUTE_PATTERN.finditer(tag)
            if not is_declaration(match[1])
        }

    def text(self, element: int) -> str:
        """The text directly in an element, references resolved: lxml's ``text`` and its children's tails."""
        start, end = self.content_starts[element], self.content_ends[element]
        opaque = self.elements.opaque
        if self.last[element] == element and (not opaque or opaque[-1].end <= start):
            return self._value(start, end)
        return self._join(content.own_text(self.elements, element))

    def markup(self, element: int) -> str:
        """The source of an element, from its start tag to its end tag."""
        return self.source[self.starts[element] : self.ends[element]]

    def line(self, element: int) -> int:
        """The line an element starts on, from 1."""
        return self.line_column(self.starts[element])[0]

    def line_column(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, from 1."""
        return self._lines.locate(offset)

    def _join(self, stretches: Iterable[content.TextStretch]) -> str:
        return "".join(self._value(start, end, verbatim=verbatim) for start, end, verbatim in stretches)

    def _value(self, start: int, end: int, *, verbatim: bool = False) -> str:
        raw = self.source[start:end]
        if self._strange:
            half = self.encoding.half(self.source) if end == len(self.source) else 0
            raw = legible(self.source[start : end - half]) + "\ufffd" * bool(half)
        return line_ends(raw) if verbatim else text_value(raw, self.elements.declared)

    def _mended(self, start: int, end: int) -> str:
        """``source[start:end]`` with the repairs of the problems in it."""
        if self._mends is None:
            splices = (splice for problem in self.found for splice in problem.splices)
            self._mends = sorted(splices, key=lambda splice: splice.start)
        mends = self._mends
        low = bisect_left(mends, start, key=lambda splice: splice.start)
        high = bisect_left(mends, end, lo=low, key=lambda splice: splice.start)
        inside = (Splice(first - start, last - start, text) for first, last, text in mends[low:high])
        return apply(self.source[start:end], inside)

    # ---------------------------------------------------------------- changing

    def spliced(self, splices: Iterable[Splice]) -> Document:
        """The document of the text after ``splices``, read anew.

        Raises ``UnicodeEncodeError`` for a character that the file's encoding lacks.
        """
        return Document(self.encoding.encode(apply(self.source, splices)), self.path)

    # ---------------------------------------------------------------- lxml

    def view(self) -> _Element:
        """An lxml tree of the file, for XPath; made of a repaired copy of the text, and kept.

        The root is the file's, or a ``<fragment>`` around everything when it has several, none, or text
        beside it. Its DOCTYPE and conflict markers are left out. Never save it: the file is ``to_bytes``.
        Raises ``ViewError``.
        """
        if self._view is None:
            from lxml import etree

            parser = etree.XMLParser(
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                dtd_validation=False,
                attribute_defaults=False,
                huge_tree=True,  # the text is within this reader's bounds, and its DOCTYPE is left out
                recover=False,
                strip_cdata=False,
                collect_ids=False,
            )
            text, _ = self.mended_text()
            try:
                root = etree.fromstring(text.encode(), parser)
            except etree.XMLSyntaxError as error:
                raise ViewError(f"lxml cannot read this file: {error.msg}.") from error
            self._view = root
        return self._view

    def mended_text(self) -> tuple[str, bool]:
        """The text that ``view()`` is parsed from, and whether a ``<fragment>`` was put around it."""
        splices = [splice for problem in self.found for splice in problem.splices]
        hidden = [Splice(start, end, "") for start, end in self.elements.hidden]
        text = apply(self.source, splices + hidden)
        declaration = DECLARATION.match(text)
        if declaration:
            text = text[declaration.end() :]
        outside = any(problem.code == "text-outside" for problem in self.found)
        wrapped = outside or not self.names or self.last[0] + 1 < len(self.names)
        return (f"<fragment>{text}</fragment>" if wrapped else text), wrapped
