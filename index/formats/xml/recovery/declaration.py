"""The prolog of a file: damaged XML declarations, and the entities that a DOCTYPE declares."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from index.formats.xml.markup import BOM, DECLARATION, NAME, WHITESPACE, S
from index.formats.xml.values import legible
from index.model.problems import Splice
from index.model.text.margins import line_ends

IS_DECLARATION = re.compile(rf"<\?xml(?={S}|[?/<>\[]|\Z)", re.IGNORECASE)
MISSPELT = re.compile(rf"<[?! \t]*xml{S}[^<>]*\?>", re.IGNORECASE)
"""``<xml version="1.0"?>``, which can be nothing else."""
_ATTRIBUTE = (
    rf"""{S}*+(?:version{S}*+={S}*+(["']?)1\.[0-9]*+\1"""
    rf"""|(?:encoding|standalone){S}*+={S}*+(["']?)[\w.:-]*+\2)"""
)
_BEGINS = rf"<(?:!--|!DOCTYPE|!\[CDATA|\?{NAME}(?:{S}|\?>)|/?{NAME}(?:{S}|/?>))"
"""Beginnings of markup behind a declaration that was cut off."""
_END = rf"(?:\?{S}*+>|/{S}*+>|>|(?={_BEGINS}))"
_KNOWN = re.compile(rf"<\?xml(?:{_ATTRIBUTE})*+{S}*+{_END}", re.IGNORECASE | re.ASCII)
_GOES_ON = r"(?:\r\n?|\n)(?=[ \t]*(?:[^\s<=]+[ \t]*=|[?/]?>))"
_SIGN = rf"(?:[^<\r\n]|(?!{_BEGINS})<)"
_LINES = re.compile(rf"(?:{_SIGN}|{_GOES_ON})*?>(?=[ \t]*(?:[\r\n]|{_BEGINS}|\Z))|{_SIGN}*")
"""The rest of a declaration that has no proper end: up to a ``>`` that ends a line, or to the line's end."""
_MORE_INSIDE = re.compile(rf">{S}*<|</|<\?{NAME}(?:{S}|\?>|\Z)")
_WINDOW = 4_096
"""Characters a declaration may take."""
_DASHES = re.compile(r"-(?=-|\Z)")
_OPENING = re.compile(r"<[?! \t]*")
_LINE_END = re.compile(r"\r\n?|\n|")


class Mend(NamedTuple):
    """The repair of a declaration, and the sentence that promises it."""

    message: str
    splices: tuple[Splice, ...]
    guesses: bool


def declaration_end(source: str, start: int, close: int, *, first: bool) -> int:
    """Return the end of the declaration at `start`; 0 when it is none.

    Args:
        start: the offset of `<?xml`.
        close: the next `?>`; -1 when there is none. It ends a declaration in which there is more than
            belongs there only if that cannot be a part of the file: nothing may end in it or begin another
            instruction.
        first: whether it is the first one, in front of all elements, where there can be no text.
    """
    known = _KNOWN.match(source, start, start + _WINDOW)
    if known is not None:
        return known.end()
    if close >= 0 and _is_one_piece(source[start + 2 : close]):
        return close + 2
    lines = _LINES.match(source, start + 2, start + _WINDOW) if first else None
    return lines.end() if lines else 0


def _is_one_piece(inside: str) -> bool:
    """Whether the text between ``<`` and ``?>`` can be a declaration and nothing else of the file."""
    if len(inside) > _WINDOW or _MORE_INSIDE.search(inside):
        return False
    return "<" not in inside or "\n" not in inside


def mend(source: str, start: int, end: int, label: str) -> Mend | None:
    """Return the repair of the first declaration, ``source[start:end]``; None where nothing is wrong."""
    written = source[start:end]
    proper = DECLARATION.fullmatch(written)
    if proper:
        kept, new = "", _with_encoding(proper, label)
    else:
        kept = _kept_of(written)
        new = f'<?xml version="1.0" encoding="{label}"?>{kept}'
    if not start:
        message = "The XML declaration is malformed; repair writes a plain one"
        splices: tuple[Splice, ...] = (Splice(0, end, new),)
        if proper:
            return None
    else:
        message = "The XML declaration must be the first thing in the file; repair "
        message += "writes a plain one there" if not proper else "moves it there"
        splices = _to_the_front(source, start, end, new)
    if proper and new != written:
        message += f", where it says that it is {label}"
    if kept:
        message += ", and this as a comment"
    return Mend(f"{message}.", splices, not proper and not _is_sure(written))


def _to_the_front(source: str, start: int, end: int, new: str) -> tuple[Splice, ...]:
    """Return the splices that write ``new`` at the front of the file, and no longer from ``start`` on."""
    if not source[:start].strip(WHITESPACE + BOM):
        return Splice(0, start, ""), Splice(start, end, new)
    line_end = next_line(source, end)
    return Splice(0, 0, new + (source[end:line_end] or "\n")), Splice(start, line_end, "")


def _with_encoding(declaration: re.Match[str], label: str) -> str:
    """Return a declaration that is well-formed with ``label`` as the encoding, where it names one."""
    if declaration[3] is None:
        return declaration[0]
    start, end = (at - declaration.start() for at in declaration.span(3))
    return declaration[0][:start] + label + declaration[0][end:]


def _is_sure(declaration: str) -> bool:
    """Whether nothing is lost, and nothing guessed, when a plain one takes its place."""
    return declaration.endswith("?>") and _KNOWN.fullmatch(declaration) is not None


def _kept_of(declaration: str) -> str:
    """A comment with the text of a declaration that does not belong into one, or nothing."""
    inside = _OPENING.sub("", declaration, count=1)
    if _KNOWN.match(f"<?{inside}<a>"):
        return ""
    inside = inside.removesuffix(">").removesuffix("?").strip(WHITESPACE)
    return f"<!-- {_DASHES.sub('- ', legible(inside))} -->"


def next_line(source: str, offset: int) -> int:
    """The offset behind the line end at ``offset``; ``offset`` itself when there is none."""
    match = _LINE_END.match(source, offset)
    return match.end() if match else offset


_PART = re.compile(
    r"""<!--.*?-->|<\?.*?\?>|"[^"]*+"|'[^']*+'|(?P<more>%)"""
    r"""|<!ENTITY[ \t\r\n]++(?:%[ \t\r\n]|(?P<name>[^ \t\r\n"'<>&%;]++)[ \t\r\n])""",
    re.DOTALL,
)
"""A declaration, after everything that only looks like one: a comment, an instruction, a quoted value."""
_EXTERNAL = re.compile(r"<!DOCTYPE[ \t\r\n]++[^ \t\r\n\[>]++[ \t\r\n]++(?:SYSTEM|PUBLIC)")

_PERCENT = re.compile(r"""(<!ENTITY[ \t\r\n]++%)|%(?![^ \t\r\n"'<>&%;]++;)""")
"""A percent sign that means itself, after one that tells the kind of entity that is declared."""


class _Anything:
    """The entities that a DOCTYPE may declare when a part of it is elsewhere."""

    def __contains__(self, name: object) -> bool:
        return True


def wrong_in(doctype: str) -> tuple[str, int]:
    """Return the fault of ``doctype`` in words, empty when it is well-formed, and its character.

    External parts and parameter entities are not looked at, and no entity is expanded.
    """
    from xml.parsers.expat import ExpatError, ParserCreate, errors

    try:
        read = _PERCENT.sub(lambda sign: sign[1] or "x", legible(doctype))  # "100%" is clear
        ParserCreate("utf-8").Parse(f"{read}<x-x/>".encode(), True)
    except ExpatError as error:
        lines = line_ends(doctype).split("\n")[: error.lineno - 1]
        at = sum(len(line) + 1 for line in lines) + error.offset
        return errors.messages[error.code], min(at, len(doctype) - 1)
    return "", 0


def declared_entities(doctype: str) -> Container[str]:
    """Return the names of the general entities that ``doctype`` declares.

    Any name may be declared where it has an external part or uses a parameter entity (``%more;``).
    """
    parts = list(_PART.finditer(doctype))
    if _EXTERNAL.match(doctype) or any(part["more"] for part in parts):
        return _Anything()
    return frozenset(part["name"] for part in parts if part["name"])
