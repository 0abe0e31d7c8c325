"""The grammar of XML, and one fast pass over text that follows it.

A file in which nothing is wrong is read by a single compiled pattern. At the first anomaly that pass stops,
and the tolerant reader in ``index.memory.recovery`` goes on from there with the same grammar.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

WHITESPACE = " \t\r\n"
"""White space by the XML grammar; ``str.strip()`` and ``\\s`` take U+0085 and U+00A0 too, which are text."""

BOM = "\ufeff"
"""A byte order mark that was decoded: white space by nobody's grammar, and seen by nobody."""

MAX_DEPTH = 200
"""Elements inside one another; libxml2 stops at 256, real files were seen to go to 10."""

S = r"[ \t\r\n]"
# Names are matched loosely (any character beyond ASCII) and those beyond ASCII checked by `is_name`: the
# exact classes of https://www.w3.org/TR/xml/#NT-Name take 30 ms to compile, which every start would pay.
_PART = r"[^\x00-@\[-^`{-\x7f][^\x00-,/:-@\[-^`{-\x7f]*+"
NAME = rf"{_PART}(?::{_PART})?+"
ATTRIBUTES = rf"""(?:{S}++{NAME}{S}*+={S}*+(?:"[^"<]*+"|'[^'<]*+'))*+"""
ATTRIBUTE_PATTERN = re.compile(rf"""{S}++({NAME}){S}*+={S}*+(?:"([^"<]*+)"|'([^'<]*+)')""")
NAME_PATTERN = re.compile(NAME)
DECLARATION = re.compile(
    rf"""<\?xml{S}+version{S}*={S}*(["'])1\.[0-9]*\1"""
    rf"""(?:{S}+encoding{S}*={S}*(["'])([A-Za-z][A-Za-z0-9._\-]*)\2)?"""
    rf"""(?:{S}+standalone{S}*={S}*(["'])(?:yes|no)\4)?{S}*\?>"""
)
INSTRUCTION = re.compile(rf"<\?({_PART})(?={S}|\?>)")

TAG = re.compile(
    rf"<(?:({NAME})({ATTRIBUTES}){S}*+(?:>(?:([^<]*+)</\1{S}*+>|)|(/)>)"
    rf"|/({NAME}){S}*+>|(!--|!\[CDATA\[|\?|!DOCTYPE)|)"
)
"""Everything that a ``<`` can start; ``lastindex`` tells which, and is None when it starts nothing.

Groups: 1 name and 2 attributes of a start tag, then 3 the text up to the end tag when there is nothing else
inside, or 4 the slash of an empty element; 5 the name of an end tag; 6 the opening of anything else.
"""
START, LEAF, EMPTY, END, SPECIAL = 2, 3, 4, 5, 6
_PREFIXED_ATTRIBUTE = re.compile(rf"""[ \t\r\n"'](?:xmlns|{_PART}:{_PART})[ \t\r\n=/>]""")
_EXTRA_NAME_CHARACTERS = ((0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
_NAME_CHARACTERS = (
    *((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D)),
    *((0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD)),
    (0x10000, 0xEFFFF),
)


class Opaque(NamedTuple):
    """A span in which ``<`` and ``&`` mean nothing: a comment, an instruction, a CDATA section.

    What it adds to the text around it is in ``source[text_start:text_end]``: nothing, and that at
    ``start``, but for CDATA.
    """

    start: int
    end: int
    text_start: int
    text_end: int


def opaque_at(spans: list[Opaque], offset: int) -> Opaque | None:
    """The span, of those sorted by position, that holds the character at ``offset``."""
    index = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and offset < spans[index].end else None


@dataclass(slots=True)
class Elements:
    """The elements of a text in document order, one slot in each column; all offsets are into the text."""

    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    content_starts: list[int] = field(default_factory=list)
    content_ends: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    opaque: list[Opaque] = field(default_factory=list)
    """By position."""
    hidden: list[tuple[int, int]] = field(default_factory=list)
    """Opaque spans that an XML parser must not see: a DOCTYPE, conflict markers."""
    doctype: tuple[int, int] | None = None
    declared: Container[str] = ()
    """Names of the entities that the DOCTYPE declares, or may declare."""
    prefixed: bool = False
    """Whether a name has a namespace prefix or an attribute declares one."""


class _Anomaly(Exception):
    """The text is not plain well-formed XML."""


def scan(source: str) -> tuple[Elements, bool]:
    """The elements of ``source`` up to the first sign that it is not well-formed, and whether that is all.

    Several roots are fine (a fragment file); a DOCTYPE or a merge conflict is not. Characters and references
    in text are not looked at here. Short of the end, the last element may be half read.
    """
    elements = Elements()
    if "<<<<<<<" in source:
        return elements, False
    try:
        _scan_tags(source, elements)
        _check_names(source, elements)
        _check_outside(source, elements)
    except _Anomaly:
        return elements, False
    return elements, True


def _scan_tags(source: str, elements: Elements) -> None:
    names, parents, last = elements.names, elements.parents, elements.last
    starts, content_starts = elements.starts, elements.content_starts
    content_ends, ends = elements.content_ends, elements.ends
    above: list[int] = []
    parent = -1
    index = 0
    position = 0
    while True:
        for match in TAG.finditer(source, position):
            kind = match.lastindex
            if kind == END:
                if parent < 0 or names[parent] != match[5]:
                    raise _Anomaly
                content_ends[parent], ends[parent] = match.span()
                last[parent] = index - 1
                parent = above.pop()
                continue
            if kind == SPECIAL:
                position = _scan_special(source, match, elements, parent)
                break
            if kind is None:
                raise _Anomaly
            start, end = match.span()
            names.append(match[1])
            parents.append(parent)
            starts.append(start)
            last.append(index)
            ends.append(end)
            if kind == LEAF:
                content_start, content_end = match.span(3)
                content_starts.append(content_start)
                content_ends.append(content_end)
            else:
                content_starts.append(end)
                content_ends.append(end)
            if attributes := match[2]:
                if ":" in attributes or "xmlns" in attributes:
                    elements.prefixed = elements.prefixed or bool(_PREFIXED_ATTRIBUTE.search(attributes))
                if attributes.count("=") > 1 or not attributes.isascii():
                    _check_attributes(attributes)
            if kind == START:
                above.append(parent)
                parent = index
                if len(above) >= MAX_DEPTH:
                    raise _Anomaly
            index += 1
        else:
            break
    if above:
        raise _Anomaly


def _scan_special(source: str, match: re.Match[str], elements: Elements, parent: int) -> int:
    """Read a comment, CDATA section, instruction or declaration; returns its end."""
    start, after = match.span()
    text = (start, start)
    opening = match[6]
    if opening == "!--":
        end = source.find("--", after) + 3
        if end < 3 or source[end - 1 : end] != ">":
            raise _Anomaly
    elif opening == "?":
        end = source.find("?>", after) + 2
        target = INSTRUCTION.match(source, start)
        if end < 2 or target is None or not is_name(target[1]):
            raise _Anomaly
        if target[1].lower() == "xml" and (start or not DECLARATION.match(source)):
            raise _Anomaly
    elif opening == "![CDATA[":
        end = source.find("]]>", after) + 3
        if end < 3 or parent < 0:
            raise _Anomaly
        text = (after, end - 3)
    else:
        raise _Anomaly
    elements.opaque.append(Opaque(start, end, *text))
    return end


def _check_attributes(attributes: str) -> None:
    names = [match[1] for match in ATTRIBUTE_PATTERN.finditer(attributes)]
    if len(names) != len(set(names)) or not all(map(is_name, names)):
        raise _Anomaly


def _check_names(source: str, elements: Elements) -> None:
    distinct = set(elements.names)
    if not source.isascii() and not all(map(is_name, distinct)):
        raise _Anomaly
    for name in distinct:
        if ":" in name:
            elements.prefixed = True
            if name.startswith("xmlns:"):
                raise _Anomaly


def _check_outside(source: str, elements: Elements) -> None:
    """Around and between the roots there may be white space, comments and instructions only."""
    spans = [(opaque.start, opaque.end) for opaque in elements.opaque]
    root = 0
    while root < len(elements.names):
        spans.append((elements.starts[root], elements.ends[root]))
        root = elements.last[root] + 1
    edges = [0]
    for start, end in sorted(spans):
        if start >= edges[-1]:  # else it is inside the root before it
            edges += (start, end)
    edges.append(len(source))
    for start, end in list(pairwise(edges))[::2]:
        if source[start:end].strip(WHITESPACE):
            raise _Anomaly


def is_declaration(name: str) -> bool:
    """Whether an attribute of that name declares a namespace."""
    return name.startswith("xmlns") and (len(name) == 5 or name[5] == ":")


def has_prefixes(attributes: str, names: Iterable[str]) -> bool:
    """Whether namespaces matter: a name has a prefix, or an attribute seems to have or declare one."""
    return any(":" in name for name in names) or bool(_PREFIXED_ATTRIBUTE.search(attributes))


@lru_cache(maxsize=4096)
def is_name(name: str) -> bool:
    """Whether a loosely matched name (``a`` or ``a:b``) is one by the letter of the standard."""
    return name.isascii() or all(_is_name_part(part) for part in name.split(":"))


def _is_name_part(part: str) -> bool:
    beyond = [ord(character) for character in part if character > "\x7f"]
    first = part[0] <= "\x7f" or _in_ranges(ord(part[0]), _NAME_CHARACTERS)
    return first and all(_in_ranges(code, _NAME_CHARACTERS + _EXTRA_NAME_CHARACTERS) for code in beyond)


def _in_ranges(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)
