"""The source of an entry: replaced as a text, or changed in a document of its own and put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from index.formats.xml.document import Document
from index.formats.xml.encoding import lacking_words
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.editing import common_head
from index.formats.xml.writing.layout import indent_at
from index.formats.xml.writing.markup_writing import newline_of
from index.model.errors import EditRefused
from index.model.problems import Problem, Splice

_IN_CONTEXT = {"prefix"}
"""Problems that the text around the entry may solve, such as a prefix declared further out."""


def check_source(document: Document, element: int, markup: str) -> tuple[Problem, ...]:
    """Return the problems of a text that is to replace an entry, by position in the file.

    Cheap enough to be asked while someone types: only where the text is sound by itself is the file read.
    """
    text = _written(document, markup)
    start = document.starts[element]
    alone = Document.parse(text.encode("utf-8", "surrogateescape"))
    found = [problem for problem in alone.errors if problem.code not in _IN_CONTEXT]
    if not alone.names or (not found and (alone.parents.count(-1) != 1 or alone.markup(0) != text)):
        found = [_not_one(alone, len(text))]
    if found:
        return tuple(_moved(document, problem, start) for problem in found)
    at = document.encoding.misfit(text)
    if at >= 0:
        return (_moved(document, _problem(alone, at, at + 1, lacking_words(text[at])), start),)
    # A letter in place of what becomes a reference: so problems have their place in the text as it is typed.
    typed = text.translate({ord(sign): "x" for sign in document.encoding.lacking(text)})
    whole = document.spliced([Splice(start, document.ends[element], typed)])
    return tuple(problem for problem in whole.errors if start <= problem.start < start + len(text))


def with_source(document: Document, element: int, markup: str) -> Document:
    """Return the document with another source of an element, which was checked.

    A character that the file's encoding lacks is written as a reference.
    """
    text, old = _written(document, markup), document.markup(element)
    if text == _written(document, old):
        return document
    splice = Splice(document.starts[element], document.ends[element], document.encoding.fit_markup(text))
    return document.spliced([splice])


def _written(document: Document, markup: str) -> str:
    """Return a text with the line ends of the file, and nothing around it."""
    text = markup.strip(WHITESPACE).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", newline_of(document))


def _not_one(alone: Document, size: int) -> Problem:
    """Say where the text stops being one element."""
    if not alone.names:
        return _problem(alone, 0, size, "There is no element here: an entry is one element.")
    if alone.starts[0] > 0:
        return _problem(
            alone, 0, alone.starts[0], "An entry begins with its start tag: nothing may come before it."
        )
    end = alone.ends[0]
    return _problem(alone, end, size, f"The entry ends with </{alone.names[0]}>: nothing may come after it.")


def _problem(alone: Document, start: int, end: int, message: str) -> Problem:
    line, column = alone.line_column(start)
    return Problem("not-one", start, end, line, column, message)


def _moved(document: Document, problem: Problem, start: int) -> Problem:
    """Return a problem of the text where it will be in the file."""
    line, column = document.line_column(start)
    return replace(
        problem,
        start=problem.start + start,
        end=problem.end + start,
        line=line + problem.line - 1,
        column=problem.column + (column - 1 if problem.line == 1 else 0),
        splices=tuple(Splice(a + start, b + start, text) for a, b, text in problem.splices),
    )


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
