"""Entries in documents of their own, changed there, and put back all at once.

Reading the file after each change of many would take the square of their number.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.formats.xml.document import Document
from index.formats.xml.writing.editing import common_head
from index.formats.xml.writing.layout import indent_at
from index.formats.xml.writing.markup_writing import newline_of
from index.model.errors import EditRefused
from index.model.problems import Splice


def part(document: Document, element: int) -> Document:
    """Return an element in a document of its own, behind its indentation.

    Raises EditRefused: it would read differently by itself.
    """
    source = document.source[_line(document, element) : document.ends[element]]
    own = Document.parse(source.encode("utf-8", "surrogateescape"), document.path)
    if own.names != document.names[element : document.last[element] + 1]:
        raise EditRefused(f"reads differently by itself: repair {document.path} first.")
    return own


def with_parts(document: Document, parts: Mapping[int, Document]) -> Document:
    """Return the document with these elements as they were changed; raises `UnicodeEncodeError`."""
    return document.spliced([_splice(document, element, own.source) for element, own in parts.items()])


def _splice(document: Document, element: int, text: str) -> Splice:
    """Return the smallest splice that puts a changed element back."""
    line, end = _line(document, element), document.ends[element]
    source = document.source[line:end]
    if "\n" not in source and newline_of(document) == "\r\n":
        text = text.replace("\n", "\r\n")  # it had no line end to go by
    head = common_head(source, text)
    tail = common_head(source[head:][::-1], text[head:][::-1])
    return Splice(line + head, end - tail, text[head : len(text) - tail])


def _line(document: Document, element: int) -> int:
    """Return where an element's line begins; where the element does, if it shares its line."""
    start = document.starts[element]
    return start - len(indent_at(document, start) or "")
