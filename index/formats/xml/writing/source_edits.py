"""The source of an entry, replaced as a text: checked while it is typed, and written as the file writes."""

from __future__ import annotations

from dataclasses import replace

from index.formats.xml.document import Document
from index.formats.xml.encoding import lacking_words
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.writing.markup_writing import newline_of
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
            alone, 0, alone.starts[0], "An entry begins with its start tag: nothing stands before it."
        )
    end = alone.ends[0]
    return _problem(alone, end, size, f"The entry ends with </{alone.names[0]}>: nothing stands behind it.")


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
