"""Problems inside the tags and the text: stray ``&``, characters XML forbids, ``]]>``."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Container

from index.formats.charsets import HALF_A_LETTER, unknown_bytes
from index.formats.xml.encoding import Encoding
from index.formats.xml.markup import Elements, is_name, opaque_at
from index.formats.xml.values import REFERENCE, html_entity, is_legal, legible, stand_in
from index.model.problems import Report, Splice
from index.model.text.letters import FORBIDDEN

_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_UNREADABLE = re.compile(rf"\x00+|{FORBIDDEN.pattern}")
_CDATA_END = re.compile(r"\]\]>")


def report_ampersands(source: str, elements: Elements, report: Report) -> None:
    """Report every ``&`` that is not part of a reference XML knows.

    What a broken DOCTYPE declares is not known: it is a guess that a name is none of its entities.
    """
    torn = _end_of_broken_doctype(elements, report)
    for match in _AMPERSAND.finditer(source):
        start = match.start()
        if opaque_at(elements.opaque, start):
            continue
        reference = REFERENCE.match(source, start)
        if reference is None or (reference[3] and not is_name(reference[3].replace(":", "_"))):
            message = "Bare &; repair writes it as &amp;."
            report.add("bare-amp", start, start + 1, message, _escape(start), guesses=start < torn)
        elif reference[3] is None:
            if not is_legal(reference[1], reference[2]):
                message = (
                    f"{reference[0][:20]} is not a character that XML allows; repair writes its & as &amp;."
                )
                end = reference.end()
                report.add("character-reference", start, end, message, _escape(start), guesses=start < torn)
        else:
            _report_entity(reference, elements.declared, report, guesses=torn > 0)


def _end_of_broken_doctype(elements: Elements, report: Report) -> int:
    """The offset up to which all may belong to a DOCTYPE that is broken; 0 where none is."""
    if not any(problem.code == "doctype" and problem.guesses for problem in report.problems):
        return 0
    return elements.starts[0] if elements.names else sys.maxsize


def _report_entity(
    reference: re.Match[str], declared: Container[str], report: Report, *, guesses: bool
) -> None:
    start, end, name = reference.start(), reference.end(), reference[3]
    text = html_entity(name)
    proper = "".join(f"&#{ord(character)};" for character in text)
    if name in declared:
        message = f"&{name}; is an entity of the DOCTYPE, which is never read."
        report.add("entity", start, end, message, _escape(start), level="note")
    elif text:
        message = f"&{name}; is known to HTML but not to XML; repair writes it as {proper}."
        report.add("html-entity", start, end, message, Splice(start, end, proper), guesses=guesses)
    else:
        message = f"&{name}; is not an entity that XML knows; repair writes its & as &amp;."
        report.add("bare-amp", start, start + 1, message, _escape(start), guesses=guesses)


def report_cdata_ends(source: str, elements: Elements, report: Report) -> None:
    """Report every ``]]>`` in text, where XML forbids it."""
    torn = _end_of_broken_doctype(elements, report)
    for match in _CDATA_END.finditer(source):
        start = match.start()
        if opaque_at(elements.opaque, start) or _in_tag(elements, start):
            continue
        sign = Splice(match.end() - 1, match.end(), "&gt;")
        message = "There is a ]]> in text; repair writes its > as &gt;."
        report.add("cdata-end", start, match.end(), message, sign, guesses=start < torn)


def report_forbidden(source: str, encoding: Encoding, report: Report) -> None:
    """Report every character that XML forbids, and every byte that is no character."""
    whole = len(source) - encoding.half(source)
    untold: list[Splice] = []
    is_untold = encoding.is_untold(source)
    for match in _UNREADABLE.finditer(source, 0, whole):
        start, code, proper = match.start(), ord(match[0][0]), stand_in(match[0][0])
        splice = Splice(start, start + 1, proper)
        if not code:
            _report_zeros(start, match.end(), report)
        elif encoding.errors == "surrogateescape" and code >= 0xDC80:
            if is_untold:
                untold.append(splice)
                continue
            message = f"Byte 0x{code - 0xDC00:02X} is not {encoding.label}; repair takes it for {proper}."
            report.add("wrong-byte", start, start + 1, message, splice, guesses=True)
        else:
            message = f"XML does not allow the character U+{code:04X}; repair writes {proper} for it."
            report.add("forbidden-character", start, start + 1, message, splice, guesses=True)
    if untold:
        message = unknown_bytes(len(untold), "UTF-8" if encoding.codec == "ascii" else encoding.label)
        report.add("unknown-bytes", *untold[0][:2], message, *untold)
    if whole < len(source):
        splice = Splice(whole, len(source), "\ufffd")
        report.add("half-letter", whole, len(source), HALF_A_LETTER, splice, guesses=True)


def _report_zeros(start: int, end: int, report: Report) -> None:
    """Report a run of zero bytes: no text anybody wrote, so there is nothing to put in its place but another
    version of the file."""
    count = "a zero byte" if end - start == 1 else f"{end - start:,} zero bytes"
    message = (
        f"Here {'is' if end - start == 1 else 'are'} {count}, as after a crash: put an earlier version back."
    )
    report.add("zeros", start, end, message, Splice(start, end, legible("\0" * (end - start))))


def _escape(start: int) -> Splice:
    return Splice(start, start + 1, "&amp;")


def _in_tag(elements: Elements, offset: int) -> bool:
    index = bisect_right(elements.starts, offset) - 1
    return index >= 0 and offset < elements.content_starts[index]
