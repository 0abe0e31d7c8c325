"""One text to its elements and its problems: the fast pass first, the tolerant reader when it must be."""

from __future__ import annotations

import re
from typing import NamedTuple

from index.formats.xml.encoding import Encoding, has_controls
from index.formats.xml.markup import BOM, WHITESPACE, Elements, Opaque, scan
from index.model.problems import GiveUp, Problem, Report, Splice, apply, without_broken_promises
from index.model.text.line_index import LineIndex

MAX_BYTES = 64 << 20
"""The largest file that is read into elements; the largest real one seen had half a MiB."""

_UNKNOWN_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_DECLARED_ENCODING = re.compile(
    r"""(?:[ \t\r\n]|<!--(?:(?!-->)[^\0])*+-->)*+<\?xml[ \t\r\n]"""
    r"""[^<>]*?\bencoding[ \t\r\n]*=[ \t\r\n]*["']([^"'<>]*)["'][^<>]*\?>"""
)
_GAVE_UP = {
    "too-deep": "Elements are nested more than 200 deep here; the file is listed, but cannot be edited.",
    "too-broken": "There are more than 2,000 problems up to here; the file is shown as plain text.",
    "too-large": "The file is larger than 64 MiB; it is shown as plain text.",
}

_IS_UNMARKED = (
    "The file is UTF-16 without a byte order mark, so XML parsers refuse it: save it with one, or as UTF-8."
)


class Reading(NamedTuple):
    """The elements and problems found in one text."""

    elements: Elements
    problems: list[Problem]
    """In the order found: their splices keep that order where they meet."""
    lines: LineIndex
    given_up: bool = False


def read(source: str, encoding: Encoding, data: bytes) -> Reading:
    """Read ``source``, decoded from ``data``; never fails, but gives up past the bounds on size and depth."""
    report = Report(source)
    try:
        if encoding.refusal:
            raise GiveUp("no-text", 0, encoding.refusal)
        if len(data) > MAX_BYTES:
            raise GiveUp("too-large", 0)
        elements, whole = scan(source)
        if not whole:
            elements = _recover(source, encoding, report, elements)
        _check(source, encoding, data, elements, report)
        return Reading(elements, without_broken_promises(report.problems), report.lines)
    except GiveUp as stop:
        return _give_up(source, stop)


def _recover(source: str, encoding: Encoding, report: Report, scanned: Elements) -> Elements:
    # Imported when first needed: most files are well-formed, and so may be all of a tree.
    from index.formats.xml.recovery.balance import Balance
    from index.formats.xml.recovery.handover import behind
    from index.formats.xml.recovery.sureness import hold_sure
    from index.formats.xml.recovery.tokens import Tokens

    def balanced(text: str, scanned: Elements, report: Report) -> Elements:
        start = behind(text, scanned)
        return Balance(text, Tokens(text, encoding.label, report, start), report, start).elements()

    def again(text: str) -> Elements:
        elements, whole = scan(text)
        return elements if whole else balanced(text, elements, Report(text))

    elements = balanced(source, scanned, report)
    hold_sure(source, elements, report, again)
    return elements


def _check(source: str, encoding: Encoding, data: bytes, elements: Elements, report: Report) -> None:
    """Report problems other than of structure; a check costs next to nothing when there is none."""
    if "&" in source and _UNKNOWN_AMPERSAND.search(source):
        from index.formats.xml.recovery.characters import report_ampersands

        report_ampersands(source, elements, report)
    if "]]>" in source:
        from index.formats.xml.recovery.characters import report_cdata_ends

        report_cdata_ends(source, elements, report)
    plain = encoding.codec == "utf-8" and encoding.errors == "strict"
    if not plain or has_controls(data) or "\ufffe" in source or "\uffff" in source:
        from index.formats.xml.recovery.characters import report_forbidden

        report_forbidden(source, encoding, report)
    if elements.prefixed:
        from index.formats.xml.recovery.namespaces import report_namespaces

        report_namespaces(source, elements, report)
    if encoding.unmarked:
        report.add("unmarked", 0, 1, _IS_UNMARKED)
    if not encoding.honest and not encoding.is_untold(source):
        _report_encoding(source, encoding, report)
    _check_roots(source, elements, report)


def _check_roots(source: str, elements: Elements, report: Report) -> None:
    if not elements.names:
        if source.strip(WHITESPACE + BOM) and not _left(source, report):
            # A repair that removes all of a file is none; the view is made by its splices all the same.
            splices = [splice for problem in report.problems for splice in problem.splices]
            report.problems.clear()
            message = "There is nothing in this file but what a tool left behind."
            report.add("leftovers", 0, 0, message, *splices)
        elif source.strip(WHITESPACE + BOM):
            message = "There is no element in the file; repair puts <memory> around it."
            report.add("no-root", 0, 0, message, guesses=True)
        else:
            report.add("empty", 0, 0, "The file is empty.")
    elif elements.last[0] + 1 < len(elements.names):
        second = elements.last[0] + 1
        span = elements.starts[second], elements.content_starts[second]
        message = (
            "This is a second root: the file is a fragment, several entries without one element around them."
        )
        report.add("fragment", *span, message, level="note")


def _left(source: str, report: Report) -> str:
    """Return all of a text that is seen after the repairs of its problems."""
    splices = (splice for problem in report.problems for splice in problem.splices)
    return apply(source, splices).strip(WHITESPACE + BOM)


def _report_encoding(source: str, encoding: Encoding, report: Report) -> None:
    match = _DECLARED_ENCODING.match(source)
    if match is None:
        return  # it is in a declaration that is malformed, and replaced as a whole
    start, end = match.span(1)
    said = f"The file says it is {match[1][:40]!r}"
    unsure = encoding.unknown or encoding.errors != "strict"
    message = f"{said} but it is {encoding.label}; repair corrects what it says."
    if encoding.unknown:
        message = (
            f"{said}, and this encoding is not known here; it reads as {encoding.label}, "
            "and repair says so if it is."
        )
    report.add("encoding", start, end, message, Splice(start, end, encoding.label), guesses=unsure)


def _give_up(source: str, stop: GiveUp) -> Reading:
    report = Report(source)
    message = stop.message or _GAVE_UP[stop.code]
    report.add(stop.code, stop.offset, min(stop.offset + 1, len(source)), message)
    everything = Elements(opaque=[Opaque(0, len(source), 0, len(source))], hidden=[(0, len(source))])
    return Reading(everything, report.problems, report.lines, given_up=True)
