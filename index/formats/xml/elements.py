"""The elements of a file for those who read entries: from lxml when it is well-formed, else as it is mended.

Two readers, one answer: `Document` alone could read everything, but lxml reads a well-formed file ten times
as fast, and nearly all files of a large tree are read only to be indexed. Tests hold the two equal.
"""

from __future__ import annotations

import re
from contextlib import suppress
from operator import attrgetter
from typing import TYPE_CHECKING

from lxml import etree

from index.formats.xml.document import Document
from index.formats.xml.entries import Content, read_entries
from index.formats.xml.markup import MAX_DEPTH
from index.model.entry import Entry
from index.model.problems import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element


def _parser(*, huge_tree: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=huge_tree,
        recover=False,
        remove_blank_text=True,  # what is between elements only to lay out the file
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


_PARSER = _parser(huge_tree=False)
_MENDED = _parser(huge_tree=True)
"""For a text that `Document` has read, in bounds of its own and without the DOCTYPE."""
_UTF8 = re.compile(
    rb"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"'](?:utf-8|us-ascii)[\"']|(?!\s*<\?xml[^>]*encoding)", re.I
)
"""A declaration of the encodings that need no thought, or of none."""
_START = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<([^/])", re.DOTALL)
_SPREAD_TAG = re.compile(rb"<[^/][^<>\n]*+\n")
"""A start tag that goes over several lines, or a comment that does."""
_ANGLE_IN_VALUE = re.compile(rb"=[ \t]*(?:\"[^\"<]*>|'[^'<]*>)")
_EXPECTED = 50_000
"""Bytes up to which lxml refuses a file only for its faults, not for the size of its parts."""
_ILLEGIBLE = frozenset({"too-deep", "too-broken", "too-large", "no-text", "unreadable"})
_DOCTYPE = re.compile(rb"(?:[^<]++|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)
"""Behind white space, comments and instructions: lxml refuses it anywhere else."""
_WIDE_DOCTYPE = tuple("<!DOCTYPE".encode(codec) for codec in ("utf-16-le", "utf-16-be"))
_TOO_DEEP = etree.XPath("/" + "/".join("*" * (MAX_DEPTH + 1)))
"""The elements that are deeper than `Document` reads, and an edit with it: lxml goes on."""
_COUNTED = 65_535
"""libxml2 counts lines no further."""
_sourceline: Callable[[Element], int] = attrgetter("sourceline")


def read_content(data: bytes, path: str = "") -> Content:
    """Read a file's bytes; never raises, whatever they are."""
    root = None
    with suppress(etree.XMLSyntaxError, ValueError):
        root = _strictly(data)
    if root is not None:
        problems = Document.parse(data, path).problems if _is_too_deep(root, data) else ()
        if _is_line_by_line(data):
            return Content([root], problems, {}, _sourceline)
        with suppress(UnicodeDecodeError):  # UTF-16, which lxml knows by its byte order mark
            order, lines = _order(root), _lines(data.decode("utf-8-sig"))
            return Content([root], problems, order, lambda element: lines[order[element]])
    return content_of(Document.parse(data, path))


def is_legible(content: Content) -> bool:
    """Whether the elements of a file could be read, or there are none: else its content is unknown."""
    return bool(content.roots) or not any(problem.code in _ILLEGIBLE for problem in content.problems)


def is_broken(data: bytes) -> bool:
    """Whether a file has an error in it; several roots, a fragment, are none."""
    try:
        root = _strictly(data)
        if root is not None:
            return _is_too_deep(root, data)
    except etree.XMLSyntaxError as error:
        # What is wrong with the rest is for `Document` to tell only where a second root ended this reading.
        code = getattr(error, "code", etree.ErrorTypes.ERR_DOCUMENT_END)
        if code != etree.ErrorTypes.ERR_DOCUMENT_END and len(data) < _EXPECTED:
            return True
    except ValueError:
        pass
    return bool(Document.parse(data).errors)


def _strictly(data: bytes) -> Element | None:
    """Return the root as lxml reads it; None for a file that it is not given to read.

    Entities of a DOCTYPE must stay as they are, and other encodings, UTF-32 too, are for `Document` to tell.

    Raises:
        etree.XMLSyntaxError: the file is not well-formed, or has several roots.
    """
    if b"\0" in data and (b"\0\0" in data[:4] or any(mark in data for mark in _WIDE_DOCTYPE)):
        return None
    if _DOCTYPE.match(data) or not _UTF8.match(data[:400]):
        return None
    return etree.fromstring(data, _PARSER)


def _is_too_deep(root: Element, data: bytes) -> bool:
    """Whether elements are deeper than `Document` reads: each of them ends in a tag with a slash."""
    return data.count(b"/") > MAX_DEPTH and bool(_TOO_DEEP(root))


def _is_line_by_line(data: bytes) -> bool:
    """Whether every start tag ends in the line it starts in: then lxml's `sourceline` is right."""
    if b"\r" in data or _SPREAD_TAG.search(data) or _ANGLE_IN_VALUE.search(data):
        return False
    return len(data) < _COUNTED or data.count(b"\n") < _COUNTED


def content_of(document: Document) -> Content:
    """Return the elements of a document that is read already."""
    if document.readonly or not document.names:
        return Content([], document.problems, {}, _sourceline)
    text, wrapped = document.mended_text()
    try:
        root = etree.fromstring(text.encode(), _MENDED)
    except etree.XMLSyntaxError as error:
        report = Report(document.source)
        report.add("unreadable", 0, 0, f"lxml does not read this file: {error.msg}.")
        return Content([], (*document.problems, *report.problems), {}, _sourceline)
    roots = list(root) if wrapped else [root]
    order = _order(root)
    if wrapped:
        order = {element: index - 1 for element, index in order.items()}
    return Content(roots, document.problems, order, lambda element: document.line(order[element]))


def entries_of(document: Document) -> list[Entry]:
    """Return the entries of a document that is read already, with their elements as refs."""
    return read_entries(content_of(document), document.path)


def _order(root: Element) -> dict[Element, int]:
    return {element: index for index, element in enumerate(root.iter())}


def _lines(text: str) -> list[int]:
    """Return the line of every start tag of a well-formed text; `sourceline` is that of the tag's end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    line, position, lines = 1, 0, []
    count = text.count
    for match in _START.finditer(text):
        if match.lastindex:
            start = match.start()
            line += count("\n", position, start)
            position = start
            lines.append(line)
    return lines
