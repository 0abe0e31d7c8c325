"""An entry's own XML, edited as text."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from index.editing.edits import edit_message
from index.editing.plan_checks import others_unchanged, parse
from index.formats.xml.document import Document
from index.formats.xml.document_entries import entries_of, find_entry
from index.formats.xml.markup import WHITESPACE
from index.formats.xml.markup_writing import newline_of
from index.model.entry import Entry
from index.model.plan import CannotEdit, Plan, PlannedChange
from index.model.problems import Problem, Splice

_IN_CONTEXT = {"prefix"}
"""Problems that the text around the entry may solve, such as a prefix declared further out."""


class Markup(NamedTuple):
    """An entry's own XML, to be edited as text."""

    data: bytes
    """The bytes of its file."""
    document: Document
    entry: Entry
    text: str
    """Its markup with the indentation of its first line, so that columns are those of the file."""
    line: int
    """Number of the first line in the file."""


class BrokenMarkup(CannotEdit):
    """The text is no well-formed element; it was not saved."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(f"Line {first.line}, column {first.column}: {first.message}")
        self.problems = problems
        """All of them, by position; lines, columns and offsets are those of the file with the text in it."""


def open_markup(data: bytes, file: str, entry_id: str) -> Markup:
    """Return the XML of an entry as it is written.

    Raises:
        CannotEdit: the file does not hold it, or is past the bounds.
    """
    document = parse(data, file)
    entry = find_entry(document, file, entry_id)
    start = document.starts[entry.ref]
    line, column = document.line_column(start)
    indent = document.source[start - column + 1 : start]
    lead = indent if not indent.strip(WHITESPACE) else ""
    text = (lead + document.markup(entry.ref)).replace("\r\n", "\n").replace("\r", "\n")
    return Markup(data, document, entry, text, line)


def check_markup(document: Document, entry: Entry, markup: str) -> tuple[Problem, ...]:
    """Return the problems of a text that is to replace an entry, by position in the file.

    Cheap enough to be asked while someone types: only where the text is sound by itself is the file read.
    """
    text = _written(document, markup)
    start = document.starts[entry.ref]
    alone = Document.parse(text.encode("utf-8", "surrogateescape"))
    found = [problem for problem in alone.errors if problem.code not in _IN_CONTEXT]
    if not alone.names or (not found and (alone.parents.count(-1) != 1 or alone.markup(0) != text)):
        found = [_not_one(alone, len(text))]
    if found:
        return tuple(_moved(document, problem, start) for problem in found)
    at = document.encoding.misfit(text)
    if at >= 0:
        message = (
            f"The file's encoding has no character {text[at]!r}, and no reference can stand for it in a name "
            "or a comment: write it in another way."
        )
        return (_moved(document, _problem(alone, at, at + 1, message), start),)
    # A letter in place of what becomes a reference: so problems have their place in the text as it is typed.
    typed = text.translate({ord(sign): "x" for sign in document.encoding.lacking(text)})
    whole = document.spliced([Splice(start, document.ends[entry.ref], typed)])
    return tuple(problem for problem in whole.errors if start <= problem.start < start + len(text))


def plan_markup(data: bytes, file: str, entry_id: str, markup: str) -> Plan:
    """Plan another text for an entry, of which only its own span differs in the file.

    A character that the file's encoding lacks is written as a reference.

    Raises:
        BrokenMarkup: the text is not well-formed; it names every problem.
        CannotEdit: it would be no entry, or change how others read.
    """
    document = parse(data, file)
    entry = find_entry(document, file, entry_id)
    problems = check_markup(document, entry, markup)
    if problems:
        raise BrokenMarkup(problems)
    span = document.starts[entry.ref], document.ends[entry.ref]
    text = _written(document, markup)
    same = text == _written(document, document.source[slice(*span)])
    written = document.encoding.fit_markup(text)
    edited = document if same else document.spliced([Splice(*span, written)])
    before, after = entries_of(document, file), entries_of(edited, file)
    found = next((other for other in after if other.ref == entry.ref), None)
    if found is None:
        raise CannotEdit("This text would not read as an entry: it needs two fields, or an id.")
    last = document.last[entry.ref]
    inside = {other.ref for other in before if entry.ref <= other.ref <= last}
    now = {other.ref for other in after if entry.ref <= other.ref <= edited.last[entry.ref]}
    if not others_unchanged(before, after, inside, now):
        raise CannotEdit("Other entries of the file would read differently with this text.")
    old = {field.name: field.text for field in entry.fields}
    new = {field.name: field.text for field in found.fields}
    fields = tuple(name for name in {**old, **new} if old.get(name) != new.get(name))
    message = edit_message(entry, fields or ("markup",))
    return Plan((PlannedChange(file, data, edited.to_bytes()),), message, (found.id,), fields)


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
