"""The promises of the problems of an XML file, held against what its repair makes of it."""

from __future__ import annotations

import html
import re

from index.formats.xml.document import Document
from index.formats.xml.values import legible
from index.formats.xml.writing.repair import repair_document
from index.model.errors import CannotRepair
from index.model.problems import Problem

_REPLACED = re.compile(
    r"repair (?:removes|renames|corrects|takes it for|moves it)|writes a plain one|for it\.|repair writes </"
    r"|malformed; repair writes|says so if"
)
"""Sentences that say that characters go, or become others."""
_KEPT = "and this as a comment"
_REFERENCE = re.compile(r"&(?:#x[0-9a-fA-F]+|#[0-9]+|\w+);")
_GAP = "\ue000"


def broken_promise(document: Document, *, guesses: bool) -> str:
    """Return what a repair does and its problems do not say, or say and it does not do; empty for nothing.

    A refusal breaks no promise where no problem of the file is told as one that is repaired.
    """
    promised = [problem for problem in document.errors if guesses or not problem.guesses]
    try:
        repaired = repair_document(document, guesses=guesses)
    except CannotRepair as refusal:
        return f"refused: {refusal}" if any(problem.repairable for problem in promised) else ""
    if not _comes_again(_kept(document, promised), _bare(repaired.source)):
        return "characters are lost"
    if any(_words(document, problem) not in _bare(repaired.source) for problem in promised):
        return "the comment is lost"
    return _of_elements(document, repaired) if guesses else _of_sure(document, repaired)


def _of_elements(document: Document, repaired: Document) -> str:
    if repaired.errors:
        return f"left: {repaired.errors[0].message}"
    if repair_document(repaired) is not repaired:
        return "a second repair changes something"
    around = any(problem.code in {"text-outside", "no-root"} for problem in document.errors)
    if repaired.names != [*(["memory"] if around else []), *document.names]:
        return f"other elements: {repaired.names}"
    declared = any(problem.code == "declaration" for problem in document.errors)
    return "no declaration in front" if declared and not repaired.source.startswith("<?xml ") else ""


def _of_sure(document: Document, repaired: Document) -> str:
    if repaired.names != document.names:
        return f"other elements without a guess: {repaired.names}"
    left = [problem for problem in repaired.errors if problem.repairable and not problem.guesses]
    return f"left without a guess: {left[0].message}" if left else ""


def _words(document: Document, problem: Problem) -> str:
    """Return what a problem says that it keeps."""
    kept = _KEPT in problem.message
    return _bare(document.source[problem.start : problem.end]).strip("<>?!") if kept else ""


def _bare(text: str) -> str:
    """Return the characters of a text, however they are written, without white space."""
    return "".join(_REFERENCE.sub(_meant, legible(text)).split()).replace("\ufeff", "")


def _meant(reference: re.Match[str]) -> str:
    sign = html.unescape(reference[0])
    return reference[0] if sign == "\ufffd" else sign


def _kept(document: Document, promised: list[Problem]) -> str:
    """Return the characters of a file, but those of which a problem says that they are replaced."""
    said = (problem for problem in promised if _REPLACED.search(problem.message) or _KEPT in problem.message)
    spans = sorted((s.start, s.end) for problem in said for s in problem.splices if s.end > s.start)
    pieces, position = [], 0
    for start, end in spans:
        pieces.append(document.source[position:start])
        position = max(position, end)
    return _bare(_GAP.join([*pieces, document.source[position:]])).replace(_GAP, "")


def _comes_again(characters: str, text: str) -> bool:
    """Whether all characters are in ``text``, in their order."""
    rest = iter(text)
    return all(character in rest for character in characters)
