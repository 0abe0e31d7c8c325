"""Putting a file right: its problems' own splices, round after round until nothing is wrong."""

from __future__ import annotations

from index.formats.conflict_markers import CHOOSE
from index.formats.xml.document import Document, ViewError
from index.formats.xml.markup import BOM, DECLARATION
from index.formats.xml.recovery.sureness import names_and_texts
from index.formats.xml.writing.markup_writing import newline_of
from index.model.errors import CannotRepair
from index.model.problems import Splice, apply

_ROUNDS = 4
"""One does for nearly every file; a repair may uncover faults that the error hid."""

_REFUSALS = {
    "empty": "The file is empty; there is nothing to repair.",
    "leftovers": "There is nothing in this file to repair: delete it, or put an earlier version back.",
    "conflict": CHOOSE,
    "doctype-broken": "The DOCTYPE of the file is broken: fix it by hand first.",
    "too-deep": "The file is nested too deep to be repaired.",
    "too-broken": "The file has too many problems to be repaired.",
    "too-large": "The file is too large to be repaired.",
    "zeros": "There are zero bytes in the file, as after a crash: put an earlier version of it back.",
    "unmarked": "The file is UTF-16 without a byte order mark: save it with one, or as UTF-8.",
}
_WRAPPED = {"text-outside", "no-root"}


def repair_document(document: Document, *, guesses: bool = True) -> Document:
    """The document without its errors; or, without ``guesses``, without those that need none.

    Raises ``CannotRepair``: the result never has more problems than the document given.
    """
    _refuse(document)
    repaired = document
    for _ in range(_ROUNDS):
        splices = _splices(repaired, guesses=guesses)
        if not splices:
            break
        mended = repaired.spliced(splices)
        text = apply(repaired.source, splices)
        if mended.source not in (text, text.removeprefix(BOM)):
            raise CannotRepair("A repair would change how the bytes of this file are read.")
        was, now = (names_and_texts(one.source, one.elements) for one in (repaired, mended))
        if not guesses and now != was:
            break  # what is escaped now made the rest look different
        repaired = mended
    if guesses:
        repaired = _wrapped(repaired)
        if repaired.errors:
            raise CannotRepair(f"No repair is known for this: {repaired.errors[0].message}")
        try:
            repaired.view()
        except ViewError as error:
            raise CannotRepair(str(error)) from error
    elif len(repaired.errors) > len(document.errors):
        raise CannotRepair("Nothing in this file can be repaired without guessing.")
    return repaired


def _refuse(document: Document) -> None:
    for problem in document.problems:
        if problem.code in {"no-text", "unknown-bytes"}:
            raise CannotRepair(problem.message)
        if problem.code in _REFUSALS:
            raise CannotRepair(_REFUSALS[problem.code])


def _splices(document: Document, *, guesses: bool) -> list[Splice]:
    return [
        splice._replace(text=document.encoding.fit(splice.text))
        for problem in document.found
        if problem.level == "error" and (guesses or not problem.guesses)
        for splice in problem.splices
    ]


def _wrapped(document: Document) -> Document:
    """The document with ``<memory>`` around it, if there is text in no element."""
    if not any(problem.code in _WRAPPED for problem in document.errors):
        return document
    source, newline = document.source, newline_of(document)
    declaration = DECLARATION.match(source)
    doctype = document.elements.doctype
    start = doctype[1] if doctype else declaration.end() if declaration else 0
    opening = f"{newline}<memory>" if start else f"<memory>{newline}"
    closing = f"</memory>{newline}" if source.endswith(("\n", "\r")) else f"{newline}</memory>{newline}"
    return document.spliced([Splice(start, start, opening), Splice(len(source), len(source), closing)])
